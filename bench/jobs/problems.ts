import { syntheticClassification, syntheticRegression } from '../../src/data/synthetic.js';
import type { Loss } from '../../src/options/names.js';
import type { BenchCase } from '../cases.js';
import type { JobName } from './job.js';

/** The options of `fit` that state an objective, and no other. */
export interface JobOptions {
  loss?: Loss;
  huberDelta?: number;
  l1?: number;
}

/** An objective and its seeded examples: the same numbers in every process. */
export interface JobProblem extends BenchCase {
  job: JobName;
  options: JobOptions;
  /** d columns of [m] */
  columns: Float32Array[];
  targets: Float32Array; // [m]
}

const SEED = 1;

/** Errors of standard deviation 1, and one in twenty with ten times as much: beyond Huber's δ, which is 1.35. */
const NOISE = { noise: 1, outliers: 0.05 };

/** The penalty of the lasso, in units of standardized features, is enough to set some of eight weights to 0. */
const JOB_OPTIONS: Record<JobName, JobOptions> = {
  squared: {},
  logistic: { loss: 'logistic' },
  huber: { loss: 'huber', huberDelta: 1.35 },
  lasso: { l1: 0.1 },
};

/** The problem of a job in this size. */
export function makeJob(job: JobName, { rows, features }: BenchCase): JobProblem {
  const drawn = { rows, features, seed: SEED };
  const { dataset } = job === 'logistic' ? syntheticClassification(drawn) : syntheticRegression({ ...drawn, ...NOISE });
  return {
    job,
    options: JOB_OPTIONS[job],
    rows,
    features,
    columns: dataset.columns.map((column) => Float32Array.from(column)),
    targets: Float32Array.from(dataset.targets),
  };
}
