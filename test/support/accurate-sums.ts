import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import type { GpuContext } from '../../src/gpu/device/device.js';
import { expectClose } from './close.js';
import { withErrorScopes } from './gpu.js';
import { withContext } from './kernel.js';

/** Numbers in [0, 1) from the index alone: a Weyl sequence, as quick as its data are large. */
function weyl(count: number, step: number, map: (u: number) => number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0, u = step; i < count; i++, u += step) {
    if (u >= 1) u -= 1;
    values[i] = map(u);
  }
  return values;
}

const STEPS = [0.6180339887, 0.7548776662, 0.5698402909, 0.8566748838, 0.4142135624];

/** d columns and targets; `maps` say how each feature is spread. */
function made(rows: number, maps: ((u: number) => number)[]): Dataset {
  const columns = maps.map((map, j) => weyl(rows, (STEPS[j % 5] as number) / (1 + 0.37 * Math.floor(j / 5)), map));
  const targets = weyl(rows, 0.3247179572, (u) => 3 * u - 1);
  return new Dataset(columns, targets, maps.map((_, j) => `x${j}`), 'y'); // prettier-ignore
}

/** In f64: the gradient [d + 1], the loss, and the sums of the sizes of the gradient's terms, all over m. */
function expectedAt({ columns, targets, exampleCount }: Dataset, weights: number[], bias: number) {
  const gradient = new Float64Array(columns.length + 1);
  const sizes = new Float64Array(columns.length + 1);
  let loss = 0;
  const r = new Float64Array(exampleCount).fill(bias);
  const size = new Float64Array(exampleCount).fill(Math.abs(bias)); // of the terms that the residual is the sum of
  columns.forEach((column, j) => {
    const weight = weights[j] as number;
    for (let i = 0; i < exampleCount; i++) {
      r[i] = (r[i] as number) + weight * (column[i] as number);
      size[i] = (size[i] as number) + Math.abs(weight * (column[i] as number));
    }
  });
  for (let i = 0; i < exampleCount; i++) {
    r[i] = (r[i] as number) - (targets[i] as number);
    size[i] = (size[i] as number) + Math.abs(targets[i] as number);
    loss += (r[i] as number) ** 2;
  }
  const ones = { length: exampleCount } as ArrayLike<number>;
  [...columns, ones].forEach((column, j) => {
    for (let i = 0; i < exampleCount; i++) {
      const x = column === ones ? 1 : (column[i] as number);
      gradient[j] = (gradient[j] as number) + (r[i] as number) * x;
      sizes[j] = (sizes[j] as number) + Math.abs((size[i] as number) * x);
    }
  });
  const mean = (sum: number) => sum / exampleCount;
  return { gradient: gradient.map(mean), sizes: sizes.map(mean), loss: loss / (2 * exampleCount) };
}

/** A step so long that the parameters before it are lost in it: what is left is −λ times the gradient. */
const LONG_STEP = 2 ** 40;

async function gradientOf(
  context: GpuContext,
  dataset: Dataset,
  weights: number[],
  bias: number,
  kernels: 'auto' | 'textbook',
) {
  const model = await withErrorScopes(context.device, () =>
    fit(dataset, {
      epochs: 1,
      learningRate: LONG_STEP,
      standardize: false,
      strategy: 'streaming',
      initialParameters: { weights, bias },
      kernels,
      context,
    }),
  );
  const gradient = [...model.weights, model.bias].map((parameter) => -parameter / LONG_STEP);
  return { gradient, loss: model.report.lossHistory[0] as number, kernels: model.report.kernels };
}

/** Features, each by its map of uniform numbers in [0, 1), and how many examples of them. */
export interface AccuracyCase {
  what: string;
  rows: number;
  maps: ((u: number) => number)[];
}

/** Gradient and loss held against f64 where sums in f32 are hardest: many examples, offsets, mixed scales. */
export function describeAccuracy(cases: readonly AccuracyCase[]): void {
  const gpu = withContext();
  describe('the gradient on the GPU', () => {
    it.each(cases)(
      'is right to 1e-5 of its terms for features that are $what, at $rows examples',
      { timeout: 120_000 },
      async ({ rows, maps }) => {
        const dataset = made(rows, maps);
        const weights = maps.map((_, j) => Math.fround(0.3 - 0.17 * (j % 4)));
        const expected = expectedAt(dataset, weights, 0.75);
        for (const kernels of ['auto', 'textbook'] as const) {
          const actual = await gradientOf(gpu.context, dataset, weights, 0.75, kernels);
          const errors = actual.gradient.map((value, j) => {
            return (value - (expected.gradient[j] as number)) / (expected.sizes[j] as number);
          });
          expectClose(errors, new Float64Array(errors.length), {
            absolute: 1e-5,
            because: 'what the library promises',
          });
          expectClose([actual.loss], [expected.loss], { relative: 1e-5, because: 'squares have one sign' });
          expect(actual.kernels === 'textbook').toBe(kernels === 'textbook');
        }
      },
    );
  });
}
