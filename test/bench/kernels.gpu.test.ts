// The times of kernels by themselves. Speed is not judged here; that something ran is.

import { expect, it } from 'vitest';
import { makeProblem } from '../../bench/problem.js';
import { timeKernels } from '../../bench/kernels.js';

it.each([
  { rows: 20_000, features: 8, kernels: ['fused_narrow', 'update'] },
  { rows: 1000, features: 200, kernels: expect.arrayContaining(['update']) as string[] },
])('are those of an epoch of $rows × $features, each with a time of its own', async ({ rows, features, kernels }) => {
  const times = await timeKernels(makeProblem({ rows, features }));
  expect(times.map(({ name }) => name)).toEqual(kernels);
  for (const { msPerEpoch, gigabytesPerSecond } of times) {
    expect(msPerEpoch.median).toBeGreaterThan(0); // commands that the device refuses take no time
    expect(gigabytesPerSecond).toBeGreaterThan(0);
  }
});
