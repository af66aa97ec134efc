// Whole jobs with moments: shown under their own name, and never the basis of a speedup per epoch.

import { describe, expect, it } from 'vitest';
import { plainLoop } from '../../bench/arms/plain-loop.js';
import { runCase } from '../../bench/harness.js';
import { linesOf } from '../../bench/page/lines.js';
import { makeProblem } from '../../bench/problem.js';
import { caseTable } from '../../bench/report.js';
import type { ArmResult } from '../../bench/result.js';
import { parseBenchResult } from '../../bench/validate.js';
import { arm, benchResult, jobOnly, sized } from './sample.js';

const withJob = (result: ArmResult, ms: number): ArmResult => ({ ...result, jobMs: { median: ms, q1: ms, q3: ms } });

const result = sized(
  1_000_000,
  8,
  withJob(arm('webgpu-descent', 'ours', 8), 800),
  jobOnly('webgpu-descent moments', 20),
  arm('tfjs WebGPU: sums', 'peer-webgpu', 24),
  withJob(arm('numpy: rows', 'peer-cpu', 1.5), 150),
  withJob(arm('plain JS loop', 'cpu', 7), 700),
  { ...withJob(arm('jax-js wasm: a', 'peer-cpu', 1), 1), correct: false },
);

describe('the job with moments', () => {
  it('is compared with whole jobs of the CPU, and epochs with epochs of streaming', () => {
    expect(result.jobSpeedupOverFastestCpuPeer).toBe(7.5);
    expect(result.jobSpeedupOverPlainLoop).toBe(35);
    expect(result.speedupOverFastestCpuPeer).toBe(1.5 / 8);
    expect(result.speedupOverFastestWebgpuPeer).toBe(3);
  });

  it('is not the job of streaming where moments did not run or were wrong', () => {
    const others = result.results.filter(({ isJobOnly }) => !isJobOnly);
    expect(sized(1, 1, ...others).jobSpeedupOverFastestCpuPeer).toBeNull();
    const wrong = { ...jobOnly('webgpu-descent moments', 20), correct: false };
    expect(sized(1, 1, wrong, ...others).jobSpeedupOverPlainLoop).toBeNull();
  });

  it('has its own line in the table, after all epochs, and a sentence that names it', () => {
    const lines = caseTable(result);
    const row = lines.findIndex((line) => line.startsWith('webgpu-descent moments'));
    expect(lines[row]).toMatch(/^webgpu-descent moments +20\.0 ms +correct$/);
    expect(lines[row - 1]).toMatch(/^tfjs WebGPU: sums +24\.0/);
    expect(lines.at(-2)).toBe(
      'webgpu-descent is 3.00 times as fast as the fastest WebGPU peer and 5.33 times slower than the fastest CPU peer',
    );
    expect(lines.at(-1)).toBe(
      'with moments, its whole job of 100 epochs is 7.50 times as fast as the fastest CPU peer and 35.0 times as fast as the plain loop',
    );
  });

  it('is in no chart of epochs', () => {
    expect(linesOf(benchResult(result), 8, 'page').map(({ library }) => library)).not.toContain(
      'webgpu-descent moments',
    );
  });

  it('is read from a file, and may be missing from an older one', () => {
    const json = JSON.stringify(benchResult(result));
    expect(parseBenchResult(json).cases[0]).toEqual(result);
    const { jobSpeedupOverFastestCpuPeer, jobSpeedupOverPlainLoop, ...older } = result;
    expect([jobSpeedupOverFastestCpuPeer, jobSpeedupOverPlainLoop]).toEqual([7.5, 35]);
    expect(parseBenchResult(JSON.stringify(benchResult(older))).cases[0]).toEqual(older);
    const spoilt = json.replace('"jobSpeedupOverPlainLoop":35', '"jobSpeedupOverPlainLoop":"35"');
    expect(() => parseBenchResult(spoilt)).toThrow('cases[0].jobSpeedupOverPlainLoop is "35"');
  });

  it('is checked and timed, while no epoch is', async () => {
    const arms = async () => (await plainLoop()).map((each) => ({ ...each, isJobOnly: true }));
    const [measured] = (
      await runCase(makeProblem({ rows: 65, features: 3 }), [{ name: 'job', kind: 'ours', arms }], {
        checkedEpochs: 5,
        repeats: 2,
        repeatMs: 1,
        jobRepeats: 2,
        copyGigabytesPerSecond: 10,
        onProgress: () => undefined,
      })
    ).results;
    expect(measured).toMatchObject({ correct: true, isJobOnly: true, msPerEpoch: null, gigabytesPerSecond: null });
    expect(measured?.jobMs?.median).toBeGreaterThan(0);
  });
});
