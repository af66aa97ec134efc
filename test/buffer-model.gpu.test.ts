// A model on buffers of the caller: predictions go into a buffer, the score is one number.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDataset, Dataset } from '../src/data/dataset.js';
import type { GpuContext } from '../src/gpu/device/device.js';
import type { Loss } from '../src/options/names.js';
import { LinearModel } from '../src/model/linear-model.js';
import { countBuffers } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { sumOfSizes } from './support/data.js';
import { contentsOf, examplesOnDevice, onDevice, rowMajor } from './support/device-data.js';
import { examples, uniforms } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openContext, withContext } from './support/kernel.js';
import { expectRefusal } from './support/refusal.js';

const whole = withContext();
const tiny = withContext(() => openContext({ maxStorageBufferBindingSize: 65_536 }));

afterEach(() => vi.restoreAllMocks());

function modelOf(weights: ArrayLike<number>, bias: number, loss: Loss = 'squared'): LinearModel {
  const featureNames = Array.from(weights, (_, j) => `x${j + 1}`);
  const rest = { featureNames, targetName: 'y', loss, report: null };
  return new LinearModel({ weights: Float64Array.from(weights), bias, ...rest });
}

const SHAPES = [
  { rows: 1, features: 1 },
  { rows: 65, features: 3 },
  { rows: 31, features: 513 },
  { rows: 50_003, features: 3 },
  { rows: 300, features: 255 },
];

describe('predict', () => {
  it.each(SHAPES)(
    'equals prediction on the host at $rows × $features, in one binding and in many',
    async ({ rows, features }) => {
      const X = rowMajor(examples(1, rows, features));
      const model = modelOf(uniforms(2, features), 0.75);
      const expected = await model.predict(Float64Array.from(X));
      const largest = X.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      for (const context of [whole.context, tiny.context]) {
        const given = onDevice(context, X);
        const buffer = await withErrorScopes(context.device, () => model.predict(given, { context }));
        expectClose(await contentsOf(context, buffer), expected, {
          absolute: (features + 3) * 2 ** -24 * (largest * sumOfSizes(model.weights) + 1),
          because: 'weights, products and sums are rounded to f32',
        });
        for (const made of [given, buffer]) made.destroy();
      }
    },
  );

  it('leaves the caller one buffer, on the same device, of as many rows as asked for', async () => {
    const model = modelOf([2, -1], 0.5);
    const given = onDevice(whole.context, [1, 2, 3, 4, 5, 6]);
    const buffers = countBuffers(whole.context.device);
    const buffer = await model.predict(given, { context: whole.context, exampleCount: 2 });
    expect(buffers.live()).toBe(1);
    expect([...(await contentsOf(whole.context, buffer))]).toEqual([0.5, 2.5]);
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    expect(buffer.usage & (STORAGE | COPY_SRC | COPY_DST)).toBe(STORAGE | COPY_SRC | COPY_DST);
    // What one call gives is what the next one takes.
    const again = await modelOf([10], 0).predict(buffer, { context: whole.context });
    expect([...(await contentsOf(whole.context, again))]).toEqual([5, 25]);
    for (const made of [given, buffer, again]) made.destroy();
  });

  it('gives probabilities after the logistic loss', async () => {
    const model = modelOf([2, -1], 0.5, 'logistic');
    const X = Float32Array.of(1, 2, 40, -30, -50, 60);
    const given = onDevice(whole.context, X);
    const buffer = await withErrorScopes(whole.context.device, () => model.predict(given, { context: whole.context }));
    expectClose(await contentsOf(whole.context, buffer), await model.predict(X), {
      absolute: 2 ** -22,
      because: 'σ is no steeper than 1/4, and exp, sum and quotient are each right to some units of 2^-24',
    });
    for (const made of [given, buffer]) made.destroy();
  });

  it('refuses what does not fit, with nothing left behind', async () => {
    const model = modelOf([2, -1], 0.5);
    const given = onDevice(whole.context, [1, 2, 3, 4, 5]);
    const destroyed = onDevice(whole.context, [1, 2]);
    destroyed.destroy();
    const buffers = countBuffers(whole.context.device);
    await expectRefusal(() => model.predict(given, { context: whole.context }), 'SHAPE_MISMATCH', '20 bytes', 'x1, x2');
    for (const exampleCount of [0, 1.5, -2]) {
      const refused = () => model.predict(given, { context: whole.context, exampleCount });
      await expectRefusal(refused, 'SHAPE_MISMATCH', `exampleCount ${exampleCount}`);
    }
    await expectRefusal(
      () => model.predict(given, { context: whole.context, exampleCount: 3 }),
      'BUFFER_TOO_SMALL',
      '24',
    );
    await expectRefusal(() => model.predict(given, undefined as never), 'INVALID_OPTION', 'without a context');
    await expectRefusal(
      () => model.predict(given, { context: tiny.context, exampleCount: 2 }),
      'BUFFER_OF_ANOTHER_DEVICE',
    );
    await expectRefusal(() => model.predict(destroyed, { context: whole.context }), 'BUFFER_NOT_READY', 'destroyed');
    const huge = modelOf([2, 1e39], 0.5);
    const texts = ["1e+39 as weight of 'x2'"];
    await expectRefusal(
      () => huge.predict(given, { context: whole.context, exampleCount: 2 }),
      'NON_FINITE_VALUE',
      ...texts,
    );
    expect(buffers.live()).toBe(0);
    given.destroy();
  });
});

describe('score', () => {
  async function scores(model: LinearModel, dataset: Dataset, context: GpuContext) {
    vi.restoreAllMocks();
    const input = examplesOnDevice(context, dataset);
    const buffers = countBuffers(context.device);
    const onGpu = await withErrorScopes(context.device, () => model.score(input, { context }));
    expect(buffers.live()).toBe(0);
    input.destroy();
    return { onGpu, onHost: await model.score(dataset) };
  }

  it.each([{ rows: 2, features: 1 }, ...SHAPES.slice(1)])(
    'equals the score on the host at $rows × $features',
    async ({ rows, features }) => {
      const { columns, targets } = examples(4, rows, features);
      const X = Object.fromEntries(columns.map((column, j) => [`x${j}`, Float32Array.from(column)]));
      const dataset = createDataset({ columns: X, targets: Float32Array.from(targets) });
      for (const weights of [uniforms(7, features), new Float64Array(features)]) {
        for (const context of [whole.context, tiny.context]) {
          const { onGpu, onHost } = await scores(modelOf(weights, 0.1), dataset, context);
          expectClose([onGpu], [onHost], {
            absolute: 1e-5 * (1 + Math.abs(1 - onHost)),
            because: 'Σ r² and Σ (y − mean)² are right to some roundings of f32',
          });
        }
      }
    },
  );

  it('keeps its digits for targets far from 0', async () => {
    const x = Float32Array.from(uniforms(3, 5_000));
    const targets = x.map((value) => Math.fround(10_000 + value));
    const { onGpu, onHost } = await scores(
      modelOf([1], 10_000),
      createDataset({ columns: { x }, targets }),
      tiny.context,
    );
    expect(onHost).toBeGreaterThan(0.999);
    expectClose([onGpu], [onHost], { absolute: 1e-5, because: 'sums are about the mean, not about 0' });
  });

  it('is 1 for targets of one value when all are met, and 0 otherwise', async () => {
    const dataset = createDataset({
      columns: { x: new Float32Array([1, 2, 3]) },
      targets: new Float32Array(3).fill(0.1),
    });
    expect(await scores(modelOf([0], Math.fround(0.1)), dataset, whole.context)).toEqual({ onGpu: 1, onHost: 1 });
    expect(await scores(modelOf([0.5], 0), dataset, whole.context)).toEqual({ onGpu: 0, onHost: 0 });
  });

  /** The dataset with weights in eighths from 0 to 2, and a far target that counts nothing. */
  function weighted({ columns, targets, featureNames, targetName }: Dataset, far: number): Dataset {
    const exampleWeights = Float32Array.from(uniforms(8, targets.length), (u) =>
      Math.max(0, Math.round(10 * u + 5) / 8),
    );
    exampleWeights[0] = 1;
    const wrong = exampleWeights.indexOf(0);
    const given = Float32Array.from(targets, (y, i) => (i === wrong ? far : y));
    return new Dataset(columns, given, featureNames, targetName, exampleWeights);
  }

  it('counts examples by their weights', async () => {
    for (const { rows, features } of SHAPES.slice(1)) {
      const { columns, targets } = examples(4, rows, features);
      const X = Object.fromEntries(columns.map((column, j) => [`x${j}`, Float32Array.from(column)]));
      const dataset = weighted(createDataset({ columns: X, targets: Float32Array.from(targets) }), 1e6);
      for (const context of [whole.context, tiny.context]) {
        const { onGpu, onHost } = await scores(modelOf(uniforms(7, features), 0.1), dataset, context);
        expectClose([onGpu], [onHost], {
          absolute: 1e-5 * (1 + Math.abs(1 - onHost)),
          because: 'Σ w·r² and Σ w·(y − mean)² are right to some roundings of f32',
        });
      }
    }
  });

  it('counts targets as one value if those of weight above 0 are', async () => {
    const columns = { x: new Float32Array([1, 2, 3]) };
    const targets = new Float32Array([0.5, 7, 0.5]);
    const dataset = createDataset({ columns, targets, exampleWeights: [1, 0, 2] });
    expect(await scores(modelOf([0], 0.5), dataset, whole.context)).toEqual({ onGpu: 1, onHost: 1 });
    expect(await scores(modelOf([0.5], 0), dataset, whole.context)).toEqual({ onGpu: 0, onHost: 0 });
  });

  it('is the accuracy after the logistic loss, to the last bit if no odds are near even', async () => {
    const [rows, features] = [50_003, 3];
    const { columns } = examples(6, rows, features);
    const weights = [0.5, -1, 0.75];
    // In quarters: h is a multiple of 1/8 off by 1/16, exact in f32, and never 0.
    const quarters = columns.map((column) => Float32Array.from(column, (x) => Math.round(4 * x) / 4));
    const noise = uniforms(31, rows);
    const labels = noise.map((u, i) => {
      const h = quarters.reduce((sum, column, j) => sum + (weights[j] as number) * (column[i] as number), 1 / 32);
      return h + u > 0 ? 1 : 0;
    });
    const X = Object.fromEntries(quarters.map((column, j) => [`x${j}`, column]));
    const dataset = createDataset({ columns: X, targets: Float32Array.from(labels) });
    for (const given of [dataset, weighted(dataset, 1)]) {
      for (const context of [whole.context, tiny.context]) {
        const { onGpu, onHost } = await scores(modelOf(weights, 1 / 32, 'logistic'), given, context);
        expect(onHost).toBeGreaterThan(0.6);
        expect(onHost).toBeLessThan(0.95);
        expect(onGpu).toBe(onHost);
      }
    }
  });

  it('refuses labels and weights that are none, and log-odds that leave f32', async () => {
    const data = { features: onDevice(whole.context, [1, 2, 3, 4]), featureCount: 1 };
    const context = whole.context;
    const score = async (model: LinearModel, targets: number[], weights?: number[]) => {
      vi.restoreAllMocks();
      const made = [targets, ...(weights ? [weights] : [])].map((numbers) => onDevice(whole.context, numbers));
      const buffers = countBuffers(whole.context.device);
      const [y, w] = made as [GPUBuffer, GPUBuffer?];
      try {
        return await model.score({ ...data, targets: y, ...(w && { exampleWeights: w }) }, { context });
      } finally {
        expect(buffers.live()).toBe(0);
        made.forEach((buffer) => buffer.destroy());
      }
    };
    const model = modelOf([1], -2.5, 'logistic');
    expect(await score(model, [0, 0, 0, 0])).toBe(0.5); // one class alone has a score, as on the host
    await expectRefusal(() => score(model, [0, 1, 2, 1]), 'INVALID_LABEL', "2 in row 2 of 'y'");
    await expectRefusal(() => score(model, [0, 1, Number.NaN, 1]), 'NON_FINITE_VALUE', "NaN in row 2 of 'y'");
    await expectRefusal(() => score(modelOf([3e38], 0, 'logistic'), [0, 1, 0, 1]), 'NON_FINITE_VALUE', 'log-odds');
    for (const loss of ['squared', 'huber', 'logistic'] as const) {
      const its = modelOf([1], 0, loss);
      await expectRefusal(() => score(its, [0, 1, 0, 1], [1, -1, 1, -2]), 'INVALID_OPTION', 'weight of example 1');
      await expectRefusal(() => score(its, [0, 1, 0, 1], [0, 0, 0, 0]), 'EMPTY_DATA', 'weight 0 for all of 4');
      await expectRefusal(() => score(its, [0, 1, 0, 1], [1, 1]), 'BUFFER_TOO_SMALL', 'exampleWeights');
    }
    data.features.destroy();
  });

  it('refuses other features, and names what is not finite', async () => {
    const features = onDevice(whole.context, [1, 2, 3, Number.NaN]);
    const targets = onDevice(whole.context, [1, 2]);
    const buffers = countBuffers(whole.context.device);
    const score = (weights: number[], featureCount: number) =>
      modelOf(weights, 0).score({ features, targets, featureCount, exampleCount: 2 }, { context: whole.context });
    await expectRefusal(() => score([1], 2), 'SHAPE_MISMATCH', 'buffers of 2 features');
    await expectRefusal(() => score([1, 1], 2), 'NON_FINITE_VALUE', "NaN in row 1 of 'x2'");
    await expectRefusal(() => score([3e38], 1), 'NON_FINITE_VALUE', "Infinity in row 1 of 'residual'");
    expect(buffers.live()).toBe(0);
    for (const made of [features, targets]) made.destroy();
  });
});
