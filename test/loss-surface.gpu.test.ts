import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDataset, type Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { lossSurface } from '../src/loss-surface.js';
import { losses } from '../src/reference/losses.js';
import { countBuffers } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { numbers } from './support/data.js';
import { examples, normals } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openShared, withContextPerTest } from './support/kernel.js';
import { expectRefusal } from './support/refusal.js';

const gpu = withContextPerTest();
afterEach(() => void vi.restoreAllMocks());

/** So many points about the origin, one after another. */
const pointsOf = (count: number, features: number) => numbers(31, count * (features + 1), 2);

/** The losses in f64, in the units of the data as they are. */
function expected({ columns, targets }: Dataset, points: Float64Array): Float64Array {
  const size = columns.length + 1;
  const each = Array.from({ length: points.length / size }, (_, k) => points.subarray(k * size, (k + 1) * size));
  return losses(
    columns.map((column) => Float64Array.from(column)),
    Float64Array.from(targets),
    each,
  );
}

const because = 'residuals in f32 of roundings 2^-24, squared, in sums of bounded length';

describe('lossSurface on the GPU', () => {
  it.each([
    { rows: 1, features: 1, count: 1 },
    { rows: 5, features: 2, count: 3 },
    { rows: 1003, features: 2, count: 200 },
    { rows: 257, features: 3, count: 65 },
    { rows: 1001, features: 8, count: 33 },
    { rows: 300, features: 16, count: 17 },
    { rows: 300, features: 17, count: 17 },
    { rows: 99, features: 70, count: 5 },
  ])('equals the losses in f64: $rows × $features at $count points', async ({ rows, features, count }) => {
    const data = examples(1, rows, features);
    const points = pointsOf(count, features);
    for (const standardize of [true, false]) {
      const found = await withErrorScopes(gpu.context.device, () =>
        lossSurface(data, { points }, { standardize, context: gpu.context }),
      );
      expectClose(found, expected(data, points), { relative: 1e-5, because });
    }
  });

  it('equals them at thousands of points', async () => {
    const data = examples(2, 20_003, 2);
    const points = pointsOf(5000, 2);
    const found = await lossSurface(data, { points }, { context: gpu.context });
    expectClose(found, expected(data, points), { relative: 1e-5, because });
  });

  it('equals them near the best model, whose residuals are a thousandth of the targets', async () => {
    const x = numbers(3, 50_001, 1, 0);
    const y = normals(4, 50_001).map((noise, i) => 3 * (x[i] as number) - 2 + 1e-3 * noise);
    const data = createDataset({ columns: { x }, targets: y });
    const points = Float64Array.from([3, -2, 3.0001, -2, 3, -2.0001, 2.9, -1.9]);
    const found = await lossSurface(data, { points }, { context: gpu.context });
    expectClose(found, expected(data, points), { relative: 1e-5, because });
  });

  it('equals them on features far from 0, one of a single value', async () => {
    const x = numbers(5, 5000, 10, 300);
    const data = createDataset({ columns: { x, same: new Float64Array(5000).fill(7) }, targets: normals(6, 5000) });
    const points = Float64Array.from([0.01, 1, -10, 0.02, -0.5, -2, 0, 0, 0]);
    const found = await lossSurface(data, { points }, { context: gpu.context });
    expectClose(found, expected(data, points), { relative: 1e-5, because });
  });

  it('equals them in shards, with the points in several runs', async () => {
    const small = await openShared({ maxStorageBufferBindingSize: 8192 });
    const buffers = countBuffers(small.device);
    for (const features of [3, 20]) {
      const data = examples(7, 2001, features);
      const points = pointsOf(700, features);
      const found = await withErrorScopes(small.device, () => lossSurface(data, { points }, { context: small }));
      expectClose(found, expected(data, points), { relative: 1e-5, because });
    }
    expect(buffers.largest()).toBeLessThanOrEqual(8192);
    small.dispose();
  });

  it('equals them on the CPU', async () => {
    const data = examples(8, 503, 2);
    const points = pointsOf(20, 2);
    const rounding = { relative: 1e-12, because: 'f64' };
    expectClose(await lossSurface(data, { points }, { backend: 'cpu' }), expected(data, points), rounding);
  });
});

describe('a grid', () => {
  const data = examples(9, 300, 2);
  const at = { weights: [0.5, -0.25], bias: 1 };

  it('comes row by row for two parameters, ends included', async () => {
    const x = { parameter: 0, from: -1, to: 1, steps: 5 };
    const y = { parameter: 2, from: 0, to: 3, steps: 4 };
    const found = await lossSurface(data, { x, y, at }, { context: gpu.context });
    const points = [0, 1, 2, 3].flatMap((bias) => [-1, -0.5, 0, 0.5, 1].flatMap((weight) => [weight, -0.25, bias]));
    expectClose(found, expected(data, Float64Array.from(points)), { relative: 1e-5, because });
  });

  it('is a line for one parameter, whose lowest point is the model', async () => {
    const model = await fit(data, { epochs: 500, context: gpu.context });
    const best = model.weights[1] as number;
    const line = { parameter: 1, from: best - 1, to: best + 1, steps: 101 };
    const found = await lossSurface(data, { x: line, at: model }, { context: gpu.context });
    expect(found).toHaveLength(101);
    expect(found.indexOf(Math.min(...found))).toBe(50);
  });

  it('is a point for one step', async () => {
    const found = await lossSurface(
      data,
      { x: { parameter: 1, from: 2, to: 9, steps: 1 }, at },
      { context: gpu.context },
    );
    expectClose(found, expected(data, Float64Array.from([0.5, 2, 1])), { relative: 1e-5, because });
  });
});

describe('lossSurface', () => {
  const data = examples(10, 400, 2);
  const points = pointsOf(100, 2);

  it('is infinite where f32 overflows', async () => {
    const far = Float64Array.from([1e30, 0, 0, 3e38, -3e38, 0, 0, 0, 0]);
    const found = await lossSurface(data, { points: far }, { context: gpu.context });
    expect([...found.slice(0, 2)]).toEqual([Infinity, Infinity]);
    expect(found[2]).toBeLessThan(10);
  });

  it('gives the same bits every time', async () => {
    const first = await lossSurface(data, { points }, { context: gpu.context });
    for (let run = 0; run < 3; run++)
      expect(await lossSurface(data, { points }, { context: gpu.context })).toEqual(first);
  });

  it('leaves the points alone, and frees all buffers', async () => {
    const buffers = countBuffers(gpu.context.device);
    const before = points.slice();
    await lossSurface(data, { points }, { context: gpu.context });
    expect(points).toEqual(before);
    expect(buffers.made()).toBeGreaterThan(4);
    expect(buffers.live()).toBe(0);
  });

  it('tells how far it is, and rejects with the reason of an abort', async () => {
    const controller = new AbortController();
    const buffers = countBuffers(gpu.context.device);
    const small = await openShared({ maxStorageBufferBindingSize: 4096 });
    const told: number[] = [];
    await lossSurface(data, { points }, { context: small, onProgress: (done, of) => told.push(done / of) });
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    const stopped = lossSurface(
      data,
      { points },
      {
        context: gpu.context,
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      },
    );
    await expect(stopped).rejects.toThrow('enough');
    expect(buffers.live()).toBe(0);
    small.dispose();
  });

  it.each([
    ['points that are not whole', { points: new Float64Array(5) }, 'SHAPE_MISMATCH', '5 numbers'],
    ['no points', { points: new Float64Array(0) }, 'SHAPE_MISMATCH', '3 for each point'],
    ['points that are not finite', { points: Float64Array.from([1, NaN, 2]) }, 'INVALID_OPTION', 'NaN'],
    ['parameters of another model', { x: axis({}), at: { weights: [1], bias: 0 } }, 'SHAPE_MISMATCH', '2 weights'],
    ['a parameter that there is not', { x: axis({ parameter: 3 }), at: at2() }, 'INVALID_OPTION', '0 to 2'],
    ['no steps', { x: axis({ steps: 0 }), at: at2() }, 'INVALID_OPTION', '0 steps'],
    ['an end at infinity', { x: axis({}), y: axis({ to: Infinity }), at: at2() }, 'INVALID_OPTION', 'y of'],
  ] as const)('refuses %s', (_, grid, code, text) =>
    expectRefusal(() => lossSurface(data, grid, { context: gpu.context }), code, text),
  );
});

function axis(change: Partial<{ parameter: number; from: number; to: number; steps: number }>) {
  return { parameter: 0, from: -1, to: 1, steps: 3, ...change };
}

function at2() {
  return { weights: [1, 2], bias: 0 };
}
