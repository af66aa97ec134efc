import type { Arm } from '../arm.js';
import type { BenchCase } from '../cases.js';
import type { Spread } from '../result.js';

/** The objectives that jobs minimize. */
export const JOB_NAMES = ['squared', 'logistic', 'huber', 'lasso'] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** The size of the jobs, and that of a quick look. */
export const JOB_CASE: BenchCase = { rows: 1_000_000, features: 8 };
export const QUICK_JOB_CASE: BenchCase = { rows: 100_000, features: 8 };

/** The stated precision: (F − F*)/F* of the objective F and its minimum F* is at most this. */
export const JOB_TOLERANCE = 1e-9;

/** The end of one job: from arrays on the host to parameters, in the units of the data. */
export interface JobSolution {
  weights: number[];
  bias: number;
  /** By the clock of the side that did the job. */
  ms: number;
  /** Passes over the examples; null if they were not counted. */
  passes: number | null;
}

/** One arm on one job. */
export interface JobArmResult {
  name: string;
  kind: Arm['kind'];
  /** The algorithm, or the options of the fit. */
  describe: string;
  /** True for fits that promise the optimum: it is an error of the library if they miss it. */
  mustReach: boolean;
  /** The whole job; null if the arm did not run, was only checked, or missed the optimum. */
  ms: Spread | null;
  /** (F − F*)/F* in f64, the largest of all runs; null if there is none. */
  excess: number | null;
  passes: number | null;
  /** The excess is at most the stated precision. */
  correct: boolean;
  /** The cause, where there is no result. */
  reason?: string;
}

/** One job: an objective on seeded data, brought to its minimum by every arm. */
export interface JobResult {
  job: JobName;
  rows: number;
  features: number;
  /** F*, by the minimization in f64 of optimum.ts. */
  optimum: number;
  /** The stated precision. */
  tolerance: number;
  arms: JobArmResult[];
  /** Median over median, of `fit` without options and of its default before; only where both are right. */
  fitOverDescentOnMoments?: number | null;
}
