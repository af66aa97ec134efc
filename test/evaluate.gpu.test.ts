// Loss, gradient and Hessian on the device, against the reference and against differences, for all that data can be.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import { syntheticClassification, syntheticRegression } from '../src/data/synthetic.js';
import type { Trainer, UploadOptions } from '../src/descent/backend.js';
import type { Evaluation } from '../src/descent/evaluation.js';
import { openGpuBackend } from '../src/gpu/backend.js';
import type { GpuContext } from '../src/gpu/device/device.js';
import { BufferExamples } from '../src/gpu/examples/buffer-examples.js';
import { LOSSES } from '../src/options/names.js';
import { openReferenceBackend } from '../src/reference/backend.js';
import { expectClose } from './support/close.js';
import { examplesOnDevice } from './support/device-data.js';
import {
  DELTA,
  expectDerivatives,
  expectZeros,
  GRADIENT_ONLY,
  learnable,
  pointFor,
  WITH_HESSIAN,
  withConstant,
} from './support/evaluation.js';
import { withErrorScopes } from './support/gpu.js';
import { withContextKinds } from './support/kernel.js';
import { eliminated, reweighted } from './support/newton.js';
import { RUN } from './support/run-settings.js';

const gpu = withContextKinds();

type Examples = Parameters<Awaited<ReturnType<typeof openGpuBackend>>['upload']>[0];

const PLAIN: UploadOptions = { standardize: true, kernels: 'auto', storage: 'f32' };

/** A trainer for some data on a device, within error scopes, and gone afterwards. */
async function withTrainer<Result>(
  context: GpuContext,
  examples: Examples,
  options: Partial<UploadOptions>,
  body: (trainer: Trainer) => Promise<Result>,
): Promise<Result> {
  return withErrorScopes(context.device, async () => {
    const backend = await openGpuBackend(context);
    const trainer = await backend.upload(examples, { ...PLAIN, ...options });
    try {
      return await body(trainer);
    } finally {
      trainer.dispose();
    }
  });
}

const onHost = (dataset: Dataset, options: Partial<UploadOptions>) =>
  openReferenceBackend().upload(dataset, { ...PLAIN, ...options });

const because = 'roundings of 2^-24 in each prediction and in sums of some hundred terms';

/** Holds an evaluation against that of the reference: each number by the largest of its kind. */
function expectEqual(actual: Evaluation, expected: Evaluation, relative = 2e-6): void {
  const size = (values: ArrayLike<number>) => Math.max(0, ...Array.from(values, Math.abs));
  expectClose([actual.loss], [expected.loss], { relative, because });
  // At a minimum the gradient is a small sum of large terms, about as large as the curvature.
  const scale = Math.max(size(expected.gradient), size(expected.hessian ?? []));
  expectClose(actual.gradient, expected.gradient, { absolute: relative * scale, because });
  const hessian = expected.hessian ?? [];
  expectClose(actual.hessian ?? [], hessian, { absolute: relative * size(hessian), because });
}

const FORMS = LOSSES.flatMap((loss) => [false, true].map((weighted) => ({ loss, weighted })));
// Few numbers of features: for each the kernels are compiled anew.
const SHAPES = [
  { rows: 2, features: 1 },
  { rows: 257, features: 1 },
  { rows: 20_011, features: 2 },
  { rows: 5_003, features: 11 },
  { rows: 3_001, features: 20 },
  { rows: 515, features: 130 },
];

describe.each(FORMS)('of the $loss loss, weighted: $weighted, an evaluation is that of the reference', (form) => {
  const { loss, weighted } = form;
  it.each(SHAPES)('$rows × $features', async ({ rows, features }) => {
    const dataset = learnable(loss, rows, features, weighted);
    const settings = [
      { context: gpu.whole, standardize: true, fitIntercept: true },
      { context: gpu.tiny, standardize: true, fitIntercept: false },
      { context: gpu.tiny, standardize: false, fitIntercept: true, kernels: 'textbook' },
      { context: gpu.portable, standardize: false, fitIntercept: false },
    ] as const;
    for (const { context, ...options } of settings) {
      const reference = await onHost(dataset, { loss, ...options });
      const point = pointFor(reference);
      const expected = await reference.evaluate(point, WITH_HESSIAN);
      await withTrainer(context, dataset, { loss, ...options }, async (trainer) => {
        expect(trainer.featureCount).toBe(features);
        const actual = await trainer.evaluate(point, WITH_HESSIAN);
        expectEqual(actual, expected);
        const alone = await trainer.evaluate(point, GRADIENT_ONLY);
        expect(alone.hessian).toBeNull();
        expectEqual({ ...alone, hessian: actual.hessian }, expected);
      });
    }
  });

  it.each([
    { rows: 2_003, features: 5, kind: 'tiny' },
    { rows: 2_003, features: 20, kind: 'whole' },
    { rows: 2_003, features: 20, kind: 'portable' },
  ] as const)('$rows × $features in halves, $kind', async ({ rows, features, kind }) => {
    const given = learnable(loss, rows, features, weighted);
    const halves = given.columns.map((column) => Float32Array.from(column, (x) => Math.round(128 * x) / 128));
    const dataset = new Dataset(halves, given.targets, given.featureNames, 'y', given.exampleWeights);
    const options = { loss, standardize: false, storage: 'f16' } as const;
    const reference = await onHost(dataset, options);
    const point = pointFor(reference);
    await withTrainer(gpu[kind], dataset, options, async (trainer) =>
      expectEqual(await trainer.evaluate(point, WITH_HESSIAN), await reference.evaluate(point, WITH_HESSIAN)),
    );
  });

  it.each([
    { kind: 'whole', features: 4, fitIntercept: true },
    { kind: 'tiny', features: 10, fitIntercept: false },
    { kind: 'tiny', features: 18, fitIntercept: true },
  ] as const)('and its derivatives are those of the loss: $kind, $features', async ({ kind, features, ...rest }) => {
    const dataset = withConstant(loss, 2_001, features, weighted);
    await withTrainer(gpu[kind], dataset, { loss, ...rest }, async (trainer) => {
      const at = await expectDerivatives(trainer, pointFor(trainer), DELTA, {
        step: 0.03,
        gradient: 2e-4,
        hessian: 2e-4,
        because: 'differences over 0.06: roundings of 1e-7, and a third derivative of a tenth at most times 2e-4',
      });
      const fixed = rest.fitIntercept ? [features] : [features + 1];
      expectZeros(at, fixed);
    });
  });
});

describe('examples that come another way', () => {
  it.each(FORMS)('from buffers: $loss, weighted $weighted', async ({ loss, weighted }) => {
    const dataset = learnable(loss, 3_001, 11, weighted);
    const reference = await onHost(dataset, { loss });
    const point = pointFor(reference);
    const input = examplesOnDevice(gpu.tiny, dataset);
    try {
      await withTrainer(gpu.tiny, new BufferExamples(input), { loss }, async (trainer) => {
        // Centres are rounded to f32 there, so training units differ by as much.
        const moved = trainer.toTrainingUnits(reference.toCallerUnits(point));
        expectEqual(await trainer.evaluate(moved, WITH_HESSIAN), await reference.evaluate(point, WITH_HESSIAN), 5e-6);
      });
    } finally {
      input.destroy();
    }
  });

  it.each([
    syntheticRegression({ rows: 4_001, features: 5, seed: 3 }),
    syntheticRegression({ rows: 1_501, features: 30, seed: 3 }),
    syntheticClassification({ rows: 4_001, features: 5, seed: 3 }),
  ])('made on the device', async (data) => {
    const loss = data.spec.targets === 'logistic' ? 'logistic' : 'squared';
    const options = { loss, standardize: false } as const;
    const reference = await onHost(data.dataset, options);
    const point = pointFor(reference);
    for (const context of [gpu.whole, gpu.tiny]) {
      await withTrainer(context, data, options, async (trainer) =>
        expectEqual(await trainer.evaluate(point, WITH_HESSIAN), await reference.evaluate(point, WITH_HESSIAN)),
      );
    }
  });

  it.each([16, 700])('in mini-batches of %i, over all of them', async (batchSize) => {
    const dataset = learnable('huber', 2_003, 5, true);
    const batches = { batchSize, shuffle: true, seed: 4 };
    const reference = await onHost(dataset, { loss: 'huber' });
    const point = pointFor(reference);
    for (const context of [gpu.whole, gpu.tiny]) {
      await withTrainer(context, dataset, { loss: 'huber', ...batches }, async (trainer) =>
        expectEqual(await trainer.evaluate(point, WITH_HESSIAN), await reference.evaluate(point, WITH_HESSIAN)),
      );
    }
  });

  it.each([5, 20])('with others for validation, which do not count: %i features', async (features) => {
    const dataset = learnable('squared', 2_003, features, false);
    const reference = await onHost(dataset, {});
    const point = pointFor(reference);
    const validation = learnable('squared', 301, features, false);
    await withTrainer(gpu.tiny, dataset, { validation }, async (trainer) =>
      expectEqual(await trainer.evaluate(point, WITH_HESSIAN), await reference.evaluate(point, WITH_HESSIAN)),
    );
  });

  it.each([true, false])(
    'for several models, of which the first column of targets counts: weighted %s',
    async (weighted) => {
      for (const features of [5, 20]) {
        const dataset = learnable('squared', 2_003, features, weighted);
        const targets = [dataset.targets, dataset.targets.map((y) => 2 * y + 1)].map((values, k) => ({
          name: `y${k}`,
          values,
        }));
        const folds = [0, 1].map((fold) => Uint32Array.from({ length: 1001 + fold }, (_, i) => 2 * i + (1 - fold)));
        const data = { dataset, targets, folds, roles: [{ target: 0, validationFold: 0 }] };
        const reference = await openReferenceBackend().uploadMany(data, PLAIN);
        const point = pointFor(reference);
        await withErrorScopes(gpu.tiny.device, async () => {
          const trainer = await (await openGpuBackend(gpu.tiny)).uploadMany(data, PLAIN);
          expectEqual(await trainer.evaluate(point, WITH_HESSIAN), await reference.evaluate(point, WITH_HESSIAN));
          const settings = { ...RUN, epochs: 3, learningRate: 0.1 };
          const [trained, expected] = [await trainer.run(point, settings), await reference.run(point, settings)];
          expectClose(trained.parameters, expected.parameters, { absolute: 1e-5, because });
          trainer.dispose();
        });
      }
    },
  );
});

describe("Newton's method by them", () => {
  it.each(FORMS)('ends at the minimum of the $loss loss, weighted: $weighted', async ({ loss, weighted }) => {
    const dataset = learnable(loss, 50_003, 5, weighted);
    const minimum = reweighted(dataset, { loss, huberDelta: DELTA });
    for (const context of [gpu.whole, gpu.tiny]) {
      await withTrainer(context, dataset, { loss, standardize: false }, async (trainer) => {
        let point = new Float64Array(6);
        for (let round = 0; round < 10; round++) {
          const { gradient, hessian } = await trainer.evaluate(point, WITH_HESSIAN);
          const rows = Array.from(point, (_, i) => Array.from((hessian ?? []).slice(6 * i, 6 * i + 6)));
          const step = eliminated(rows, Array.from(gradient));
          point = point.map((value, j) => value - (step[j] as number));
        }
        expectClose(point, minimum, {
          absolute: loss === 'logistic' ? 4e-7 : 2.5e-8,
          because: 'slopes rounded to f32, at random over the examples; that of the logistic loss leans to a side',
        });
      });
    }
  });
});
