// The exact solver with moments added up on the GPU: passes in f64 bring it to the digits that the CPU has.

import { describe, expect, it } from 'vitest';
import { createDataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { leastSquares } from '../src/reference/qr.js';
import { solveExact } from '../src/solve-exact.js';
import { csvSource } from '../src/data/csv.js';
import longley from './data/longley.csv?raw';
import { expectClose } from './support/close.js';
import { examples, uniforms } from './support/examples.js';
import { sourceOf } from './support/source.js';
import { codes } from './support/models.js';

describe('solveExact on the GPU', () => {
  it.each([
    [50, 3],
    [257, 17],
    [100_003, 8],
  ])('keeps the digits of f64 with sums in f32: %i examples of %i features', async (m, d) => {
    const dataset = examples(m, m, d);
    const { weights, bias, report } = await solveExact(dataset, { backend: 'webgpu' });
    const oracle = leastSquares(dataset);
    const because = 'corrected in f64; the oracle keeps 16 digits less those of its condition and of sums of m';
    expectClose([...weights, bias], [...oracle.weights, oracle.bias], { relative: 1e-10, absolute: 1e-11, because });
    expect(report).toMatchObject({ backend: 'webgpu', kernels: 'moments', strategy: 'exact', stopReason: 'converged' });
    expect(report.solver?.precision).toBe('f32');
    expect(codes(report)).toEqual([]);
    // Each pass gains about seven digits: the sums' own seven, then to the end and a look at nothing left.
    expect(report.epochsRun).toBeGreaterThanOrEqual(2);
    expect(report.epochsRun).toBeLessThanOrEqual(4);
  });

  it('arrives where the CPU does from a source, in passes over its batches, with l2', async () => {
    const dataset = examples(3, 500, 4);
    const options = { method: 'moments', l2: 0.2, standardize: false } as const;
    const source = sourceOf(dataset, [120, 33]);
    const model = await solveExact(source, { ...options, backend: 'webgpu' });
    const cpu = await solveExact(dataset, { ...options, backend: 'cpu' });
    const because = 'both corrected in f64';
    expectClose([...model.weights, model.bias], [...cpu.weights, cpu.bias], { relative: 1e-11, absolute: 1e-12, because }); // prettier-ignore
    expect(source.passes).toBe(1 + model.report.epochsRun);
  });

  it('corrects longley to ten certified digits where f32 alone has none', async () => {
    const { weights, bias, report } = await solveExact(csvSource(longley, { target: 'employed' }), {
      backend: 'webgpu',
    });
    const certified = [
      15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359, -0.0511041056535807, 1829.15146461355,
      -3482258.63459582,
    ];
    const because = 'passes in f64, whose rounding the condition number of 111 multiplies';
    expectClose([...weights, bias], certified, { relative: 1e-10, because });
    expect(report.solver?.conditionNumber).toBeCloseTo(110.5, 0);
  });

  it('adds up features that only f64 can tell apart once more on the CPU, and says so', async () => {
    const { columns, targets } = examples(9, 300, 2);
    const [x1, x2] = columns as [Float64Array, Float64Array];
    const rest = uniforms(7, 300);
    const near = x1.map((value, i) => value + 1e-5 * (rest[i] as number));
    const dataset = createDataset({ columns: { x1, x2, near }, targets });
    const { weights, bias, report } = await solveExact(dataset, { backend: 'webgpu' });
    expect(report).toMatchObject({ backend: 'cpu', adapter: null, stopReason: 'converged' });
    expect(codes(report)).toEqual(['ILL_CONDITIONED']);
    const oracle = leastSquares(dataset);
    const because = 'a condition number of 1e5 takes five digits, and residuals cost as many again';
    expectClose([...weights, bias], [...oracle.weights, oracle.bias], { relative: 1e-6, absolute: 1e-6, because });
  });
});

describe('the distance to the optimum on the GPU', () => {
  it('is what the loss says, streaming or by moments', async () => {
    const dataset = examples(5, 400, 3);
    for (const strategy of ['streaming', 'moments'] as const) {
      const options = { backend: 'webgpu', strategy, tolerance: 0, learningRate: 0.3, seed: 4 } as const;
      const { report } = await fit(dataset, { ...options, epochs: 4 });
      const { report: longer } = await fit(dataset, { ...options, epochs: 5 }); // its last loss is where the other ended
      const best = (await solveExact(dataset, { backend: 'cpu' })).report.lossHistory.at(-1) as number;
      const [first, last] = [longer.lossHistory[0] as number, longer.lossHistory[4] as number];
      const because = 'losses in f32, of which the best is taken off';
      expectClose([report.distanceToOptimum as number], [(last - best) / (first - best)], { relative: 1e-3, because });
    }
  });
});
