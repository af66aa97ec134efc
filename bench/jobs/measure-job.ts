import type { Arm } from '../arm.js';
import { spreadOf } from '../harness.js';
import type { Spread } from '../result.js';
import { DESCENT_ON_MOMENTS, WITHOUT_OPTIONS } from './fits.js';
import { JOB_TOLERANCE, type JobArmResult, type JobResult, type JobSolution } from './job.js';
import { JobOptimum } from './optimum.js';
import type { JobProblem } from './problems.js';

/** An arm that can do the job, data at hand. */
export interface JobArm extends Pick<JobArmResult, 'name' | 'describe' | 'mustReach'> {
  kind: Arm['kind'];
  /** The whole job; the passes over the examples are counted the first time. */
  solve(isFirst: boolean): Promise<JobSolution>;
  close?(): Promise<void>;
}

/** An arm by its name, which opens when its turn comes first. */
export interface NamedJobArm extends Pick<JobArm, 'name' | 'kind' | 'describe' | 'mustReach'> {
  open(problem: JobProblem): Promise<Pick<JobArm, 'solve' | 'close'> & { describe?: string }>;
}

export interface JobMeasuring {
  /** Timed repeats of every arm; 0 only checks. */
  repeats: number;
  onProgress: (note: string) => void;
  signal?: AbortSignal;
}

/** A job that takes longer than this is timed once, when it is checked. */
const LONG_JOB_MS = 10_000;

/** An arm that has done the job once. */
interface Tried {
  arm: JobArm;
  passes: number | null;
  excess: number;
  samples: number[];
  isLong: boolean;
  /** The error that ended a repeat. */
  failure?: unknown;
}

/**
 * Has every arm do a job, first to check it, then in turn with the others for the time. Every result, timed or not, is held
 * against the optimum: an arm that misses it has no time.
 */
export async function measureJob(
  problem: JobProblem,
  arms: readonly NamedJobArm[],
  { repeats, onProgress, signal }: JobMeasuring,
): Promise<JobResult> {
  onProgress(`${problem.job}: finding the optimum`);
  const optimum = new JobOptimum(problem);
  const results: JobArmResult[] = [];
  const tried: Tried[] = [];
  try {
    for (const arm of arms) {
      signal?.throwIfAborted();
      onProgress(`${problem.job}: checking ${arm.name}`);
      await tryArm(problem, arm, optimum).then(
        (one) => tried.push(one),
        (error: unknown) => results.push(failed(arm, error)),
      );
    }
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const one of tried) {
        if (one.isLong || !isRight(one.excess) || one.failure !== undefined) continue;
        signal?.throwIfAborted();
        onProgress(`${problem.job}: ${one.arm.name}, ${repeat + 1} of ${repeats}`);
        await repeatJob(one, optimum).catch((error: unknown) => (one.failure = error));
      }
    }
  } finally {
    await Promise.all(tried.map(async ({ arm }) => arm.close?.().catch(() => undefined)));
  }
  results.unshift(...tried.map((one) => resultOf(one, repeats)));
  const { job, rows, features } = problem;
  const comparison = job === 'squared' ? { fitOverDescentOnMoments: fitOverDescent(results) } : {};
  return { job, rows, features, optimum: optimum.objective, tolerance: JOB_TOLERANCE, arms: results, ...comparison };
}

async function tryArm(problem: JobProblem, named: NamedJobArm, optimum: JobOptimum): Promise<Tried> {
  const arm: JobArm = { ...named, ...(await named.open(problem)) };
  try {
    const solution = await arm.solve(true);
    const isLong = solution.ms > LONG_JOB_MS;
    const samples = isLong ? [solution.ms] : []; // a short one has compiled its code and shaders in this time
    return { arm, passes: solution.passes, excess: optimum.excessOf(solution), samples, isLong };
  } catch (error) {
    await arm.close?.().catch(() => undefined);
    throw error;
  }
}

async function repeatJob(one: Tried, optimum: JobOptimum): Promise<void> {
  const solution = await one.arm.solve(false);
  one.samples.push(solution.ms);
  one.excess = furtherOff(one.excess, optimum.excessOf(solution));
}

/** True for an objective within the stated precision of the optimum; an excess that is no number is not. */
function isRight(excess: number): boolean {
  return Math.abs(excess) <= JOB_TOLERANCE;
}

/** The excess that is further from 0; NaN is furthest. */
function furtherOff(one: number, other: number): number {
  return Math.abs(one) >= Math.abs(other) || Number.isNaN(one) ? one : other;
}

function resultOf({ arm, passes, excess, samples, failure }: Tried, repeats: number): JobArmResult {
  if (failure !== undefined) return failed(arm, failure);
  const { name, kind, describe, mustReach } = arm;
  const correct = isRight(excess);
  const ms: Spread | null = correct && repeats > 0 ? spreadOf(samples) : null;
  return { name, kind, describe, mustReach, ms, excess: Number.isFinite(excess) ? excess : null, passes, correct };
}

function failed({ name, kind, describe, mustReach }: Omit<NamedJobArm, 'open'>, error: unknown): JobArmResult {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return { name, kind, describe, mustReach, ms: null, excess: null, passes: null, correct: false, reason };
}

function fitOverDescent(arms: readonly JobArmResult[]): number | null {
  const medianOf = (wanted: string) => arms.find(({ name }) => name === wanted)?.ms?.median;
  const [fit, descent] = [medianOf(WITHOUT_OPTIONS), medianOf(DESCENT_ON_MOMENTS)];
  return fit === undefined || descent === undefined ? null : fit / descent;
}
