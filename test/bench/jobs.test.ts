// Whole jobs to the optimum: how they are judged, timed, shown, saved and asked for.

import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseBenchCommand } from '../../bench/arguments.js';
import { datasetOf } from '../../bench/arms/ours.js';
import { CASES } from '../../bench/cases.js';
import { DESCENT_ON_MOMENTS, JOB_FITS, WITHOUT_OPTIONS } from '../../bench/jobs/fits.js';
import { JOB_CASE, JOB_NAMES, JOB_TOLERANCE, type JobSolution, QUICK_JOB_CASE } from '../../bench/jobs/job.js';
import { measureJob, type NamedJobArm } from '../../bench/jobs/measure-job.js';
import { NumpyJob } from '../../bench/jobs/numpy-jobs.js';
import { JobOptimum } from '../../bench/jobs/optimum.js';
import { countPasses, OurFits } from '../../bench/jobs/our-fits.js';
import { makeJob } from '../../bench/jobs/problems.js';
import { HostEvaluator } from '../../src/solve/host-evaluator.js';

const SIZE = { rows: 3000, features: 5 };
const ARMS = ['webgpu-descent', 'numpy', 'plain JS loop'];

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(JOB_NAMES)('the optimum of the job %s', (job) => {
  const problem = makeJob(job, SIZE);
  const optimum = new JobOptimum(problem);

  it('is that of a default fit, and a weight off by a thousandth of its size is not', async () => {
    const { weights, bias, passes } = await new OurFits().solve('webgpu-descent cpu', job, SIZE, false);
    expect(passes).toBeNull();
    expect(Math.abs(optimum.excessOf({ weights, bias }))).toBeLessThan(1e-12);
    const largest = weights.reduce((most, weight, j) => (Math.abs(weight) > Math.abs(weights[most] as number) ? j : most), 0); // prettier-ignore
    const off = weights.map((weight, j) => (j === largest ? 1.001 * weight : weight));
    expect(optimum.excessOf({ weights: off, bias })).toBeGreaterThan(JOB_TOLERANCE);
    expect(optimum.excessOf({ weights, bias: bias + 1e-3 })).toBeGreaterThan(JOB_TOLERANCE);
    expect(optimum.excessOf({ weights, bias: Number.NaN })).toBeNaN();
  });
});

describe('the problems', () => {
  it('have what their objectives are about: errors beyond δ, weights at 0, both labels', async () => {
    const { weights } = await new OurFits().solve('webgpu-descent cpu', 'lasso', JOB_CASE_SMALL, false);
    const zeros = weights.filter((weight) => weight === 0).length;
    expect(zeros).toBeGreaterThan(0);
    expect(zeros).toBeLessThan(JOB_CASE.features);
    const labels = new Set(makeJob('logistic', SIZE).targets);
    expect([...labels].sort()).toEqual([0, 1]);
    const { columns, targets } = makeJob('huber', SIZE);
    const far = targets.filter((target) => Math.abs(target) > 10).length; // no prediction is larger than d + 1
    expect(columns).toHaveLength(SIZE.features);
    expect(far).toBeGreaterThan(10);
  });
});

const JOB_CASE_SMALL = { rows: 3000, features: JOB_CASE.features };

describe('the passes of a fit', () => {
  it.each(['logistic', 'huber', 'lasso'] as const)(
    'are the sums over all examples that it asks for: %s',
    async (job) => {
      const problem = makeJob(job, SIZE);
      const sums = vi.spyOn(HostEvaluator.prototype, 'evaluate');
      const passes = await countPasses(datasetOf(problem), { ...problem.options, backend: 'cpu' });
      expect(passes).toBe(sums.mock.calls.length);
      expect(passes).toBeGreaterThan(1);
    },
  );

  it('with δ to be found are those of every threshold, and one for each scale', async () => {
    const sums = vi.spyOn(HostEvaluator.prototype, 'evaluate');
    const scales = vi.spyOn(HostEvaluator.prototype, 'eachPrediction');
    const passes = await countPasses(datasetOf(makeJob('huber', SIZE)), { loss: 'huber', backend: 'cpu' });
    expect(scales.mock.calls.length).toBeGreaterThan(1);
    expect(passes).toBe(sums.mock.calls.length + scales.mock.calls.length);
  });

  it('are epochs where it descends, and one where it descends on moments', async () => {
    const data = datasetOf(makeJob('squared', SIZE));
    expect(await countPasses(data, { optimizer: 'gradientDescent', epochs: 7 })).toBe(7);
    expect(await countPasses(data, { optimizer: 'gradientDescent', strategy: 'moments' })).toBe(1);
  });

  it('with the squared loss are one for moments and one for each correction, and unknown with QR', async () => {
    const many = datasetOf(makeJob('squared', { rows: 300_000, features: 3 }));
    const passes = await countPasses(many, { backend: 'cpu' });
    expect(passes).toBeGreaterThan(1);
    expect(passes).toBeLessThanOrEqual(3);
    expect(await countPasses(datasetOf(makeJob('squared', SIZE)), { backend: 'cpu' })).toBeNull();
  });
});

describe('a measured job', () => {
  const problem = makeJob('squared', SIZE);
  const right = async () => new OurFits().solve('webgpu-descent cpu', 'squared', SIZE, true);

  /** An arm that gives these solutions one after another, and the last one from then on. */
  function armOf(name: string, solutions: readonly (JobSolution | Error)[], mustReach = true) {
    const calls = { solved: 0, closed: 0 };
    const arm: NamedJobArm = {
      name,
      kind: 'ours',
      describe: 'made up',
      mustReach,
      open: () =>
        Promise.resolve({
          solve: () => {
            const next = solutions[Math.min(calls.solved++, solutions.length - 1)] as JobSolution | Error;
            return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
          },
          close: () => {
            calls.closed++;
            return Promise.resolve();
          },
        }),
    };
    return { arm, calls };
  }

  const measured = (arms: readonly NamedJobArm[], repeats = 3) =>
    measureJob(problem, arms, { repeats, onProgress: () => undefined });

  it('has the times of what is right, the first one left out', async () => {
    const solution = { ...(await right()), passes: 4 };
    const { arm, calls } = armOf(
      'a',
      [100, 3, 1, 2].map((ms) => ({ ...solution, ms })),
    );
    const { arms, rows, features, tolerance, optimum } = await measured([arm]);
    expect({ rows, features, tolerance }).toEqual({ ...SIZE, tolerance: 1e-9 });
    expect(optimum).toBeGreaterThan(0);
    expect(arms).toMatchObject([{ correct: true, ms: { median: 2, q1: 1.5, q3: 2.5 }, passes: 4 }]);
    expect(calls).toEqual({ solved: 4, closed: 1 });
  });

  it('has no time of what is off the optimum, but how far it is', async () => {
    const solution = await right();
    const off = { ...solution, bias: solution.bias + 0.01 };
    const first = armOf('off', [off]);
    const later = armOf('off later', [solution, solution, off]);
    const nothing = armOf('not a number', [{ ...solution, bias: Number.NaN }]);
    const { arms } = await measured([first.arm, later.arm, nothing.arm]);
    expect(arms.map(({ correct, ms }) => ({ correct, ms }))).toEqual(Array(3).fill({ correct: false, ms: null }));
    const [one, two, three] = arms.map(({ excess }) => excess);
    expect(one).toBeGreaterThan(1e-6);
    expect(two).toBe(one);
    expect(three).toBeNull();
    expect(first.calls.solved).toBe(1);
  });

  it('is only checked without repeats', async () => {
    const { arms } = await measured([armOf('a', [await right()]).arm], 0);
    expect(arms).toMatchObject([{ correct: true, ms: null }]);
  });

  it('times a job of more than ten seconds once', async () => {
    const { arm, calls } = armOf('long', [{ ...(await right()), ms: 12_000 }]);
    const { arms } = await measured([arm]);
    expect(arms[0]?.ms).toEqual({ median: 12_000, q1: 12_000, q3: 12_000 });
    expect(calls.solved).toBe(1);
  });

  it('has the reason of what did not run, at first or later, and goes on', async () => {
    const solution = await right();
    const never = armOf('never', [new Error('no adapter\nand more')]);
    const later = armOf('later', [solution, new Error('lost')]);
    const { arms } = await measured([never.arm, later.arm, armOf('a', [solution]).arm]);
    expect(arms.map(({ name, reason }) => [name, reason])).toEqual([
      ['later', 'lost'],
      ['a', undefined],
      ['never', 'no adapter'],
    ]);
    expect([never.calls.closed, later.calls.closed]).toEqual([1, 1]);
  });

  it('compares fit without options with descent on moments, if both are right', async () => {
    const solution = await right();
    const fit = armOf(WITHOUT_OPTIONS, [{ ...solution, ms: 3 }]).arm;
    const descent = armOf(DESCENT_ON_MOMENTS, [{ ...solution, ms: 4 }]).arm;
    const off = armOf(DESCENT_ON_MOMENTS, [{ ...solution, bias: 0 }]).arm;
    expect((await measured([fit, descent])).fitOverDescentOnMoments).toBe(0.75);
    expect((await measured([fit, off])).fitOverDescentOnMoments).toBeNull();
  });
});

describe('the fits', () => {
  it('that promise the optimum are the defaults, and every other states its options', () => {
    expect(JOB_FITS.filter(({ mustReach }) => mustReach).map(({ options }) => options)).toEqual([
      { backend: 'webgpu' },
      { backend: 'cpu' },
      {},
    ]);
    const others = JOB_FITS.filter(({ mustReach }) => !mustReach);
    for (const { options } of others) expect(options.optimizer).toBe('gradientDescent');
  });

  it('are refused by another name', async () => {
    await expect(new OurFits().solve('webgpu', 'lasso', SIZE, false)).rejects.toThrow('no fit webgpu; expected one of');
  });
});

describe('numpy', () => {
  const isThere = (() => {
    try {
      execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();

  it.runIf(isThere).each(JOB_NAMES)('gets to the optimum of the job %s', async (job) => {
    const problem = makeJob(job, SIZE);
    const opened = await NumpyJob.open(problem);
    const solution = await opened.solve().finally(() => opened.close());
    expect(Math.abs(new JobOptimum(problem).excessOf(solution))).toBeLessThan(1e-12);
    expect(solution.ms).toBeGreaterThan(0);
    expect(opened.describe).toMatch(/; numpy \d/);
  });
});

describe('the command line', () => {
  it('has jobs in a run of everything', () => {
    expect(parseBenchCommand([], ARMS)).toMatchObject({ cases: CASES, jobs: [JOB_CASE] });
    for (const words of [['--quick'], ['--check-only'], ['--cases', '10x2'], ['--rows', '10']])
      expect(parseBenchCommand(words, ARMS)).toMatchObject({ jobs: [] });
  });

  it('has nothing else with --jobs, in the size that is named', () => {
    expect(parseBenchCommand(['--jobs'], ARMS)).toMatchObject({ cases: [], jobs: [JOB_CASE] });
    expect(parseBenchCommand(['--jobs', '--quick'], ARMS)).toMatchObject({ cases: [], jobs: [QUICK_JOB_CASE] });
    const named = parseBenchCommand(['--jobs', '--cases', '100x3,50x2'], ARMS);
    expect(named).toMatchObject({ cases: [], jobs: [{ rows: 100, features: 3 }, { rows: 50, features: 2 }] }); // prettier-ignore
    expect(parseBenchCommand(['--jobs', '--rows', '100'], ARMS)).toMatchObject({ jobs: [{ rows: 100, features: 8 }] });
  });
});
