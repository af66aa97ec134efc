import type { AdapterReport } from '../../src/descent/report.js';
import type { Arm } from '../arm.js';
import type { BenchCase } from '../cases.js';
import type { JobName, JobSolution } from '../jobs/job.js';
import type { KernelTime, ManyTime } from '../result.js';
import type { TunedAdapter } from '../tuning-row.js';

/** The part of an arm that crosses over. */
export type ArmDescription = Pick<Arm, 'name' | 'kind' | 'describe' | 'isOnCpu' | 'isJobOnly'>;

/** The service of a page or a process for the process that drives it: the arms of one library, over messages. */
export interface RemoteBench {
  arms(library: string): Promise<ArmDescription[]>;
  /** Makes the problem of the case and opens a session on it; resolves to the session's number. */
  open(arm: number, size: BenchCase): Promise<number>;
  /** Resolves to the milliseconds that the training took. */
  train(session: number, epochs: number): Promise<number>;
  parameters(session: number): Promise<{ weights: number[]; bias: number }>;
  reset(session: number): Promise<void>;
  close(session: number): Promise<void>;
  /** Milliseconds of a whole job. */
  job(arm: number, size: BenchCase, epochs: number): Promise<number>;
  adapter(): Promise<AdapterReport>;
  /** The speed of the adapter's copy, in GB/s. */
  copyBandwidth(): Promise<number>;
  /** The kernels of an epoch of this size, each by itself. */
  kernels(size: BenchCase): Promise<KernelTime[]>;
  /** Several models at a time beside one. */
  many(size: BenchCase): Promise<ManyTime>;
  /** A job to the optimum by one of our fits; with its passes over the examples if they are to be counted. */
  solve(fit: string, job: JobName, size: BenchCase, isCounted: boolean): Promise<JobSolution>;
  /** Looks for a faster tuning of the adapter. */
  tune(): Promise<TunedAdapter>;
  /** Milliseconds from before the import of the library to the first finished epoch of 1,000 × 2. */
  coldStart(): Promise<number>;
}
