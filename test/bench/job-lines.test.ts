// Jobs to the optimum in the terminal, in Markdown and in files.

import { afterEach, describe, expect, it } from 'vitest';
import { type BenchCommand, parseBenchCommand } from '../../bench/arguments.js';
import { hasBrokenPromise, jobsMarkdown, jobTable } from '../../bench/jobs/job-lines.js';
import type { JobArmResult, JobResult } from '../../bench/jobs/job.js';
import { markdownOf } from '../../bench/markdown.js';
import { report } from '../../bench/measure.js';
import { parseBenchResult } from '../../bench/validate.js';
import { arm, benchResult, sized } from './sample.js';

/** An arm that reached the optimum in this time, with quartiles 10 % off. */
function reached(name: string, ms: number, passes: number | null, kind: JobArmResult['kind'] = 'ours'): JobArmResult {
  const spread = { median: ms, q1: 0.9 * ms, q3: 1.1 * ms };
  return { name, kind, describe: 'd', mustReach: kind === 'ours', ms: spread, excess: 2e-16, passes, correct: true };
}

const missed: JobArmResult = {
  ...reached('1,000 epochs of gradient descent', 1, 1000),
  ...{ mustReach: false, ms: null, excess: 3.2e-5, correct: false },
};

const absent: JobArmResult = {
  ...reached('numpy', 1, null, 'peer-cpu'),
  ...{ ms: null, excess: null, correct: false, reason: 'python3 | is not\ninstalled' },
};

const squared: JobResult = {
  job: 'squared',
  rows: 1_000_000,
  features: 8,
  optimum: 0.5,
  tolerance: 1e-9,
  arms: [reached('webgpu-descent', 200, 3), reached('numpy', 50, null, 'peer-cpu'), missed],
  fitOverDescentOnMoments: 0.75,
};

const logistic: JobResult = {
  ...{ job: 'logistic', rows: 1_000_000, features: 8, optimum: 0.4, tolerance: 1e-9 },
  arms: [{ ...reached('webgpu-descent', 1, 7), ms: null }, absent, { ...missed, excess: null }],
};

describe('a job in the terminal', () => {
  it('is a table of those that reached the optimum, fastest first, and a line for each that did not', () => {
    expect(jobTable(squared).map((line) => line.replace(/ {2,}/g, '  ').trim())).toEqual([
      'squared loss, 1,000,000 × 8, to within 1e-9 of the optimum',
      'whole job  quartiles  passes  above the optimum',
      'numpy  50.0 ms  45.0–55.0  2e-16',
      'webgpu-descent  200 ms  180–220  3  2e-16',
      '1,000 epochs of gradient descent: MISSED, 3e-5 above the optimum after 1,000 passes',
      'fit without options takes 0.750 times as long as descent on moments, its default before',
    ]);
    expect(jobTable(logistic).slice(1)).toEqual([
      'webgpu-descent: right, 2e-16 above the optimum after 7 passes',
      'numpy: did not run: python3 | is not\ninstalled',
      '1,000 epochs of gradient descent: MISSED, no finite number above the optimum after 1,000 passes',
    ]);
  });

  it('of which the result is lower by rounding is at the optimum', () => {
    const lower = { ...reached('webgpu-descent', 200, 1), excess: -1e-16 };
    expect(jobTable({ ...squared, arms: [lower] })[2]).toMatch(/ 1 +0$/);
  });
});

describe('jobs in Markdown', () => {
  const lines = [
    'Whole jobs to the optimum at 1,000,000 × 8, from arrays on the host to parameters: milliseconds, median, and passes over the examples. The objective is within 1e-9 of the optimum, relatively; where it is not, the table says how far it is.',
    '',
    '|  | squared loss | logistic loss |',
    '| --- | --: | --: |',
    '| webgpu-descent | 200 (3 passes) | right |',
    '| numpy | 50.0 | – |',
    '| 1,000 epochs of gradient descent | missed by 3e-5 (1,000 passes) | missed by no finite number (1,000 passes) |',
    '',
    '- logistic loss: numpy: did not run: python3 \\| is not installed',
    '',
    'fit without options takes 0.750 times as long as descent on moments, its default before.',
    '',
  ];

  it('have a line for each arm and a column for each job', () => {
    expect(jobsMarkdown([squared, logistic])).toEqual(lines);
  });

  it('have a table for each size', () => {
    const heads = jobsMarkdown([squared, { ...squared, rows: 10 }]).filter((line) => line.startsWith('Whole'));
    expect(heads.map((line) => line.slice(0, 38))).toEqual([
      'Whole jobs to the optimum at 1,000,000',
      'Whole jobs to the optimum at 10 × 8, f',
    ]);
  });

  it('come after the table of epochs, or alone', () => {
    const alone = markdownOf({ ...benchResult(), jobs: [squared, logistic] });
    expect(alone).toBe(['Adapter: acme one, which copies 100 GB/s; Chrome/147.0; 8 cores; 2025-01-31.', '', ...lines].join('\n')); // prettier-ignore
    const epochs = benchResult(sized(1000, 2, arm('webgpu-descent', 'ours', 1)));
    expect(markdownOf({ ...epochs, jobs: [squared, logistic] })).toBe(`${markdownOf(epochs)}\n${lines.join('\n')}`);
  });
});

describe('jobs in a result file', () => {
  const result = { ...benchResult(), jobs: [squared, logistic] };
  const spoilt = (from: string, to: string) => {
    const json = JSON.stringify(result);
    expect(json).toContain(from);
    return () => parseBenchResult(json.replace(from, to));
  };

  it('come back as they were written', () => {
    expect(parseBenchResult(JSON.stringify(result))).toEqual(result);
  });

  it('are refused with the place of what is wrong', () => {
    expect(spoilt('"job":"logistic"', '"job":"hinge"')).toThrow('jobs[1].job is "hinge"; expected one of squared, ');
    expect(spoilt('"passes":3', '"passes":0.5')).toThrow('jobs[0].arms[0].passes is 0.5; expected a whole number');
    expect(spoilt('"mustReach":true,', '')).toThrow('jobs[0].arms[0].mustReach is missing; expected true or false');
    expect(spoilt('"tolerance":1e-9', '"tolerance":null')).toThrow('jobs[0].tolerance is null; expected a number');
    expect(spoilt('Moments":0.75', 'Moments":"less"')).toThrow('jobs[0].fitOverDescentOnMoments is "less"');
  });
});

it('is an error if a fit that promises the optimum misses it or does not run, and no other', () => {
  expect(hasBrokenPromise([squared, logistic])).toBe(false);
  for (const broken of [missed, absent])
    expect(hasBrokenPromise([squared, { ...logistic, arms: [{ ...broken, mustReach: true }] }])).toBe(true);
});

describe('the exit code', () => {
  const before = process.exitCode;

  afterEach(() => {
    process.exitCode = before;
  });

  it.each([
    { broken: [], code: before },
    { broken: [{ ...missed, mustReach: true }], code: 1 },
  ])('is 1 after a broken promise: $code', async ({ broken, code }) => {
    const command = parseBenchCommand(['--jobs', '--no-save'], ['webgpu-descent']) as BenchCommand;
    await report(command, { ...benchResult(), jobs: [squared, { ...logistic, arms: [...logistic.arms, ...broken] }] });
    expect(process.exitCode).toBe(code);
  });
});
