// The jobs of a benchmark run: our fits on a side of their own, and numpy in a process.

import type { BenchCommand } from '../arguments.js';
import { caseName } from '../cases.js';
import type { Remote } from '../remote/remote.js';
import { JOB_FITS } from './fits.js';
import { JOB_NAMES, type JobName, type JobResult } from './job.js';
import { measureJob, type NamedJobArm } from './measure-job.js';
import { NumpyJob } from './numpy-jobs.js';
import { makeJob } from './problems.js';

/** Five, of which a busy machine may spoil two. */
const REPEATS = 5;

const NUMPY: NamedJobArm = {
  name: 'numpy',
  kind: 'peer-cpu',
  describe: 'numpy',
  mustReach: false,
  open: async (problem) => {
    const opened = await NumpyJob.open(problem);
    return { describe: opened.describe, solve: () => opened.solve(), close: () => opened.close() };
  },
};

/** Has each arm that the command names do each job in each size; `onResult` is called as they come. */
export async function runJobs(
  { jobs, arms, effort }: Pick<BenchCommand, 'jobs' | 'arms' | 'effort'>,
  open: () => Promise<Remote>,
  hooks: { onProgress: (note: string) => unknown; onResult: (result: JobResult) => void; signal: AbortSignal },
): Promise<JobResult[]> {
  const results: JobResult[] = [];
  const repeats = effort.repeats > 0 ? REPEATS : 0;
  for (const size of jobs) {
    let remote: Promise<Remote> | undefined; // a fresh one for each size: its memory is full of the last
    const openOnce = () => (remote ??= open());
    try {
      for (const job of JOB_NAMES) {
        const named = [
          ...(arms.includes('webgpu-descent') ? ourArms(job, openOnce) : []),
          ...(arms.includes('numpy') ? [NUMPY] : []),
        ];
        const onProgress = (note: string) => hooks.onProgress(`${caseName(size)}: ${note}`);
        const result = await measureJob(makeJob(job, size), named, { repeats, onProgress, signal: hooks.signal });
        results.push(result);
        hooks.onResult(result);
      }
    } finally {
      await remote?.then((opened) => opened.close()).catch(() => undefined);
    }
  }
  return results;
}

function ourArms(job: JobName, open: () => Promise<Remote>): NamedJobArm[] {
  return JOB_FITS.filter(({ jobs = JOB_NAMES }) => jobs.includes(job)).map(({ name, describe, mustReach }) => ({
    name,
    kind: 'ours',
    describe,
    mustReach,
    open: async ({ rows, features }) => {
      const remote = await open();
      return { solve: (isFirst) => remote.call('solve', name, job, { rows, features }, isFirst) };
    },
  }));
}
