import { describe, expect, it } from 'vitest';
import { crossover, crossoverSentence, featureCounts, linesOf, logSplits } from '../../bench/page/lines.js';
import { arm, benchResult, missing, sized } from './sample.js';

/** Rows, our ms, the plain loop's ms, numpy's ms. */
function sweep(...points: [number, number, number, number][]) {
  const cases = points.map(([rows, ours, loop, numpy]) => {
    const rivals = [arm('plain JS loop', 'cpu', loop), arm('numpy: rows', 'peer-cpu', numpy)];
    return sized(rows, 2, arm('webgpu-descent', 'ours', ours), ...rivals);
  });
  return linesOf(benchResult(...cases), 2, 'page');
}

describe('lines', () => {
  it('join the forms of a library, in order of rows, without what failed or was wrong', () => {
    const result = benchResult(
      sized(1000, 2, arm('numpy: rows', 'peer-cpu', 2), missing('tfjs WebGPU', 'peer-webgpu', 'x')),
      sized(100, 2, arm('numpy: columns', 'peer-cpu', 1), { ...arm('jax-js wasm: a', 'peer-cpu', 1), correct: false }),
      sized(1000, 8, arm('numpy: rows', 'peer-cpu', 3)),
    );
    const [line, ...others] = linesOf(result, 2, 'file');
    expect(others).toEqual([]);
    expect(line).toMatchObject({ library: 'numpy', kind: 'peer-cpu', source: 'file' });
    expect(line?.points.map(({ rows }) => rows)).toEqual([100, 1000]);
    // 4·1000·3 bytes in 2 ms, and the slow times are the low speeds
    const speed = line?.points[1]?.gigabytesPerSecond;
    expect(speed?.median).toBeCloseTo(0.006, 12);
    expect(speed?.q1).toBeLessThan(speed?.q3 as number);
    expect(featureCounts([result])).toEqual([2, 8]);
  });
});

describe('the crossover', () => {
  it('is interpolated on log axes against the fastest CPU arm', () => {
    const found = crossover(sweep([1000, 1, 0.1, 0.2], [100_000, 1, 20, 10]));
    expect(found).toMatchObject({ kind: 'at', rival: 'numpy' });
    expect(found.kind === 'at' && found.rows).toBeCloseTo(10_000, 6);
    expect(found.kind === 'at' && found.msPerEpoch).toBeCloseTo(1, 12);
    expect(crossoverSentence(found, 2)).toBe(
      'With 2 features, webgpu-descent overtakes the fastest library on the CPU (numpy) at about 10,000 rows.',
    );
  });

  it('is the last one, after which we stay ahead', () => {
    const found = crossover(sweep([10, 1, 2, 2], [100, 1, 0.5, 0.5], [10_000, 1, 2, 2]));
    expect(found.kind === 'at' && found.rows).toBeCloseTo(1000, 6);
  });

  it('is not made up where there is none', () => {
    expect(crossover(sweep([10, 1, 2, 2], [100, 1, 3, 3]))).toEqual({ kind: 'always-faster' });
    expect(crossover(sweep([10, 3, 2, 4], [100, 4, 3, 5]))).toEqual({ kind: 'always-slower' });
    expect(crossover(sweep([10, 1, 2, 2], [100, 4, 3, 5]))).toEqual({ kind: 'mixed' });
    expect(crossover(sweep([10, 1, 2, 2]))).toEqual({ kind: 'too-few' });
    expect(crossover([])).toEqual({ kind: 'too-few' });
    for (const kind of ['always-faster', 'always-slower', 'mixed'] as const) {
      expect(crossoverSentence({ kind }, 1)).toMatch(/^No crossover in this range: with 1 feature, /);
    }
  });
});

describe('the axis', () => {
  it('has powers of ten, and more where they are few', () => {
    expect(logSplits(625, 1.6e6)).toEqual([1e3, 1e4, 1e5, 1e6]);
    expect(logSplits(0.0008, 0.2)).toEqual([0.001, 0.01, 0.1]);
    expect(logSplits(0.8, 30)).toEqual([1, 2, 5, 10, 20]);
  });
});
