// Our engine on the CPU beside that on WebGPU: which speedup is whose, in numbers, table and chart.

import { expect, it } from 'vitest';
import { oursCpu } from '../../bench/arms/ours.js';
import { runCase } from '../../bench/harness.js';
import { markdownOf } from '../../bench/markdown.js';
import { crossover, linesOf } from '../../bench/page/lines.js';
import { makeProblem } from '../../bench/problem.js';
import { arm, benchResult, sized } from './sample.js';

const result = (rows: number, webgpu: number, cpu: number) =>
  sized(
    rows,
    2,
    arm('webgpu-descent', 'ours', webgpu),
    arm('webgpu-descent cpu', 'ours', cpu),
    arm('tfjs WebGPU', 'peer-webgpu', 30),
    arm('numpy: rows', 'peer-cpu', 1),
  );

it('WebGPU peers are held against our arm on WebGPU, CPU peers against the faster of both', () => {
  expect(result(1000, 10, 0.5)).toMatchObject({ speedupOverFastestWebgpuPeer: 3, speedupOverFastestCpuPeer: 2 });
  expect(result(1000, 0.25, 0.5)).toMatchObject({ speedupOverFastestWebgpuPeer: 120, speedupOverFastestCpuPeer: 4 });
});

it('both have a column of the table', () => {
  const table = markdownOf(benchResult(result(1000, 10, 0.5)));
  expect(table).toContain('| rows × features | webgpu-descent | GB/s | webgpu-descent cpu | fastest WebGPU peer |');
  expect(table).toContain('| 1,000 × 2 | 10.0 | 0.100 | 0.500 | tfjs WebGPU 30.0 | 3.00× as fast | numpy 1.00 |');
});

it('the crossover of the chart is from the CPU, our engine included, to WebGPU', () => {
  const lines = linesOf(benchResult(result(1000, 4, 0.5), result(100_000, 4, 32)), 2, 'page');
  // Below 100,000 rows our CPU engine is ahead, there numpy: log 1/4 at 1,000 to log 1/4 again.
  expect(crossover(lines)).toMatchObject({ kind: 'always-slower' });
  const without = lines.filter(({ library }) => library !== 'numpy');
  expect(crossover(without)).toMatchObject({ kind: 'at', rival: 'webgpu-descent cpu' });
});

it('the arm trains the problem of a case', async () => {
  const problem = makeProblem({ rows: 2000, features: 3 });
  const measured = await runCase(problem, [{ name: 'webgpu-descent cpu', kind: 'ours', arms: oursCpu }], {
    checkedEpochs: 5,
    repeats: 1,
    repeatMs: 1,
    jobRepeats: 0,
    copyGigabytesPerSecond: 100,
    onProgress: () => undefined,
  });
  expect(measured.results[0]).toMatchObject({
    name: 'webgpu-descent cpu',
    kind: 'ours',
    correct: true,
    shareOfCopyBandwidth: null,
  });
  expect(measured.results[0]?.msPerEpoch?.median).toBeGreaterThan(0);
});
