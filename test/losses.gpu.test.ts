// Losses, weights of examples and models without a bias on the GPU: against the reference, and what must be the same.

import { describe, expect, it } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { crossValidate } from '../src/cross-validate.js';
import { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { lossSurface } from '../src/loss-surface.js';
import { LOSSES, type Loss } from '../src/options/names.js';
import { syntheticClassification } from '../src/data/synthetic.js';
import { csvSource } from '../src/data/csv.js';
import challenger from './data/challenger.csv?raw';
import { expectClose } from './support/close.js';
import { examples, normals, rowsOf, uniforms } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openShared, withContext } from './support/kernel.js';
import { reweighted } from './support/newton.js';
import { parametersOf } from './support/models.js';

const gpu = withContext(openShared);

const because = 'f32 rounds each of some ten operations of an epoch by 2^-24 of its size';

/** Noisy data that the loss learns: labels for the logistic one, some far targets for Huber's. */
function problem(loss: Loss, rows: number, features: number, weighted = false): Dataset {
  const data = examples(3, rows, features);
  const noise = normals(17, rows);
  const targets = Float64Array.from(data.targets, (y, i) => {
    if (loss === 'logistic') return y + (noise[i] as number) > 0 ? 1 : 0;
    return y + (i % 7 === 0 ? 20 : 0);
  });
  if (loss === 'logistic' && rows > 1) targets.set([0, 1]);
  const weights = uniforms(23, rows).map((value) => Math.max(0, 1.5 * value + 0.75));
  weights.fill(1, 0, 2);
  return new Dataset(data.columns, targets, data.featureNames, data.targetName, weighted ? weights : undefined);
}

const FORMS = LOSSES.flatMap((loss) =>
  [false, true].flatMap((weighted) => [true, false].flatMap((fitIntercept) => [{ loss, weighted, fitIntercept }])),
).filter(({ loss, weighted, fitIntercept }) => loss !== 'squared' || weighted || !fitIntercept);

describe.each(FORMS)(
  'loss $loss, weighted $weighted, with an intercept $fitIntercept',
  ({ loss, weighted, fitIntercept }) => {
    const options = {
      ...({ loss, fitIntercept, epochs: 20, tolerance: 0, strategy: 'streaming' } as const),
      ...(loss === 'huber' && { huberDelta: 2.5 }),
    };
    const shapes = [
      { rows: 65, features: 2, kernels: 'auto' },
      { rows: 65, features: 2, kernels: 'textbook' },
      { rows: 20_003, features: 3, kernels: 'auto' },
      { rows: 257, features: 17, kernels: 'auto' },
    ] as const;

    it.each(shapes)(
      'equals the reference at $rows × $features, kernels $kernels',
      async ({ rows, features, kernels }) => {
        const data = problem(loss, rows, features, weighted);
        for (const standardize of kernels === 'textbook' ? [true] : [true, false]) {
          const asked = { ...options, kernels, standardize };
          const onGpu = await withErrorScopes(gpu.context.device, () => fit(data, { ...asked, context: gpu.context }));
          const onCpu = await fit(data, { ...asked, backend: 'cpu' });
          expectClose(parametersOf(onGpu), parametersOf(onCpu), { absolute: 2e-5, relative: 2e-5, because });
          expectClose(onGpu.report.lossHistory, onCpu.report.lossHistory, { relative: 2e-5, because });
          const limits = [onGpu, onCpu].map(({ report }) => report.learningRateLimit ?? 0);
          expectClose([limits[0] as number], [limits[1] as number], { relative: 2e-5, because });
          if (!fitIntercept) expect(onGpu.bias).toBe(0);
        }
      },
    );

    it('is the same where X takes one shard, and what lies beside it two', async () => {
      const small = await openShared({ maxStorageBufferBindingSize: 1024 });
      try {
        const data = problem(loss, 203, 1, weighted); // 812 bytes of X, and twice that beside it
        for (const kernels of ['auto', 'textbook'] as const) {
          const onGpu = await fit(data, { ...options, kernels, context: small });
          const onCpu = await fit(data, { ...options, backend: 'cpu' });
          expectClose(parametersOf(onGpu), parametersOf(onCpu), { absolute: 2e-5, relative: 2e-5, because });
          const limits = [onGpu, onCpu].map(({ report }) => report.learningRateLimit ?? 0);
          expectClose([limits[0] as number], [limits[1] as number], { relative: 2e-5, because });
        }
      } finally {
        small.dispose();
      }
    });

    it('is the same for several models, on shards and in folds', async () => {
      const small = await openShared({ maxStorageBufferBindingSize: 4096 });
      try {
        for (const features of [2, 17]) {
          const data = problem(loss, 257, features, weighted);
          const penalties = [{ l2: 0 }, { l2: 0.1 }, { l2: 1, epochs: 7 }];
          for (const kernels of fitIntercept ? (['auto'] as const) : (['auto', 'textbook'] as const)) {
            const asked = { ...options, kernels };
            const models = await fitMany(data, penalties, { ...asked, context: small });
            const expected = await fitMany(data, penalties, { ...asked, backend: 'cpu' });
            models.forEach((model, k) => {
              const its = expected[k] as (typeof expected)[0];
              expectClose(parametersOf(model), parametersOf(its), { absolute: 2e-5, relative: 2e-5, because });
              expectClose(model.report.lossHistory, its.report.lossHistory, { relative: 2e-5, because });
            });
          }
          const shared = { ...options, folds: 3, seed: 4 };
          const [found, expected] = await Promise.all([
            crossValidate(data, penalties, { ...shared, context: small }),
            crossValidate(data, penalties, { ...shared, backend: 'cpu' }),
          ]);
          expectClose(
            found.flatMap(({ validationLosses }) => validationLosses),
            expected.flatMap(({ validationLosses }) => validationLosses),
            { relative: 2e-5, because },
          );
        }
      } finally {
        small.dispose();
      }
    });

    it('reaches the optimum that reweighted least squares finds', async () => {
      const data = problem(loss, 500, 3, weighted);
      const model = await fit(data, { ...options, epochs: 3000, context: gpu.context });
      const optimum = reweighted(data, { loss, fitIntercept, huberDelta: 2.5 });
      expectClose(parametersOf(model), optimum, {
        absolute: 2e-4,
        relative: 2e-4,
        because: 'f32 where the loss is flat',
      });
    });
  },
);

const SURFACES = LOSSES.flatMap((loss) => [false, true].map((weighted) => ({ loss, weighted })));

it.each(SURFACES)('a surface has the losses of its points: $loss, weighted $weighted', async ({ loss, weighted }) => {
  for (const features of [2, 17]) {
    const data = problem(loss, 257, features, weighted);
    const axis = (parameter: number) => ({ parameter, from: -3, to: 2, steps: 9 });
    const at = { weights: new Float64Array(features).fill(0.25), bias: 0.5 };
    const grid = { x: axis(0), y: axis(features), at };
    const asked = { loss, ...(loss === 'huber' && { huberDelta: 2.5 }) };
    const found = await lossSurface(data, grid, { ...asked, context: gpu.context });
    expectClose(found, await lossSurface(data, grid, { ...asked, backend: 'cpu' }), { relative: 1e-5, because });
  }
});

describe.each(LOSSES)('an example of weight k counts as k examples for loss %s', (loss) => {
  const WEIGHTS = [0, 1, 3, 2];

  /** The same examples with weights and as often as these say, one of weight 0 far from the others. */
  function twice(features: number): { weighted: Dataset; repeated: Dataset } {
    const data = problem(loss, 203, features);
    const weights = Float64Array.from(data.targets, (_, i) => WEIGHTS[i % 4] as number);
    const columns = data.columns.map((column) => column.map((value, i) => (weights[i] === 0 ? 50 : value)));
    const moved = new Dataset(columns, data.targets, data.featureNames, data.targetName);
    const rows = Array.from(weights).flatMap((weight, i) => new Array<number>(weight).fill(i));
    const weighted = new Dataset(columns, data.targets, data.featureNames, data.targetName, weights);
    return { weighted, repeated: rowsOf(moved, rows) };
  }

  const ways = (['streaming', 'moments'] as const)
    .filter((strategy) => loss === 'squared' || strategy === 'streaming')
    .flatMap((strategy) => [true, false].map((standardize) => ({ strategy, standardize })));
  it.each(ways)('trains the same: strategy $strategy, standardize $standardize', async ({ strategy, standardize }) => {
    for (const features of [2, 17]) {
      for (const fitIntercept of [true, false]) {
        const { weighted, repeated } = twice(features);
        const options = { loss, strategy, standardize, fitIntercept, epochs: 20, tolerance: 0, context: gpu.context };
        const [one, other] = [await fit(weighted, options), await fit(repeated, options)];
        expectClose(parametersOf(one), parametersOf(other), { absolute: 3e-5, relative: 3e-5, because });
        expectClose(one.report.lossHistory, other.report.lossHistory, { relative: 3e-5, because });
        expectClose([await one.score(weighted)], [await one.score(repeated)], { absolute: 1e-12, because });
      }
    }
  });
});

it.each(LOSSES)('examples of weight 0 count nothing, though their %s loss is infinite in f32', async (loss) => {
  for (const features of [2, 17]) {
    const data = problem(loss, 1003, features, true);
    const weights = data.exampleWeights as Float64Array;
    const far = data.columns.map((column) =>
      column.map((x, i) => (weights[i] === 0 ? (i % 2 === 0 ? 1e38 : -1e38) : x)),
    );
    const strange = new Dataset(far, data.targets, data.featureNames, data.targetName, weights);
    for (const kernels of ['auto', 'textbook'] as const) {
      const options = { loss, kernels, epochs: 10, tolerance: 0, strategy: 'streaming', context: gpu.context } as const;
      const model = await fit(strange, options);
      expect(parametersOf(model)).toEqual(parametersOf(await fit(data, options)));
      const [several] = await fitMany(strange, [{}, { l2: 1 }], options);
      const [expected] = await fitMany(data, [{}, { l2: 1 }], options);
      expect(several && parametersOf(several)).toEqual(expected && parametersOf(expected));
    }
  }
});

it('moments with weights are those of examples that are repeated, and of any unit of the weights', async () => {
  const data = problem('squared', 5003, 4);
  const weights = Float64Array.from(data.targets, (_, i) => i % 3);
  const rows = Array.from(weights).flatMap((weight, i) => new Array<number>(weight).fill(i));
  const repeated = await computeMoments(rowsOf(data, rows), { backend: 'cpu' });
  for (const unit of [1, 1e30]) {
    const scaled = weights.map((weight) => weight * unit);
    const weighted = new Dataset(data.columns, data.targets, data.featureNames, data.targetName, scaled);
    const moments = await computeMoments(weighted, { context: gpu.context });
    expectClose([moments.count], [repeated.count * unit], { relative: 1e-12, because });
    expectClose(moments.means, repeated.means, { absolute: 1e-6, because });
    const largest = Math.max(...repeated.scatter);
    const scatter = moments.scatter.map((value) => value / unit);
    expectClose(scatter, repeated.scatter, { absolute: 2e-6 * largest, because: 'roots and products in f32' });
    const cross = moments.crossScatter.map((value) => value / unit);
    expectClose(cross, repeated.crossScatter, { absolute: 2e-6 * largest, because: 'roots and products in f32' });
  }
});

it('the logistic loss of synthetic labels made on the device equals that of those of the host', async () => {
  const made = syntheticClassification({ rows: 3001, features: 2, seed: 5 });
  const options = { loss: 'logistic', standardize: false, epochs: 30, tolerance: 0, context: gpu.context } as const;
  const [device, host] = [await fit(made, options), await fit(made.dataset, options)];
  expectClose(parametersOf(device), parametersOf(host), { absolute: 2e-5, because });
});

it('the published logistic curve is found for Challenger (Dalal, Fowlkes and Hoadley 1989)', async () => {
  const source = csvSource(challenger, { target: 'distress' });
  const model = await fit(source, { loss: 'logistic', tolerance: 0, epochs: 2000, context: gpu.context });
  expectClose([...model.weights, model.bias], [-0.2322, 15.0429], {
    relative: 5e-4,
    because: 'four published digits, and what f32 leaves of a flat optimum',
  });
});
