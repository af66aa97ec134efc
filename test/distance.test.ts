// The share of the way down that is left: against losses, and where nobody says.

import { describe, expect, it } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { createDataset, type Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { fitSteps } from '../src/fit-steps.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { Moments } from '../src/moments/moments.js';
import { type FitOptions } from '../src/fitting/fit-options.js';
import { SEED_PROGRAM } from '../src/options/presets.js';
import { solveExact } from '../src/solve-exact.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { objectiveOf } from './support/objective.js';
import { expectRefusal } from './support/refusal.js';

const DATASET = examples(5, 80, 3);
const distanceAfter = async (data: Parameters<typeof fit>[0], options: FitOptions) =>
  (await fit(data, { backend: 'cpu', ...options })).report.distanceToOptimum;

/** The model before the first epoch. */
async function startOf(data: Dataset, options: FitOptions): Promise<LinearModel> {
  const steps = fitSteps(data, options);
  const model = await steps.model();
  await steps.return();
  return model;
}

describe('the distance to the optimum', () => {
  it.each([
    { strategy: 'streaming', l2: 0, standardize: true },
    { strategy: 'streaming', l2: 0.2, standardize: false },
    { strategy: 'moments', l2: 0.2, standardize: true },
    { strategy: 'moments', l2: 0, standardize: false },
  ] as const)('is (L − L*)/(L₀ − L*): %o', async (options) => {
    const settings = { ...options, tolerance: 0, learningRate: 0.2, seed: 3 };
    const distance = await distanceAfter(DATASET, { ...settings, epochs: 6 });
    const longer = await fit(DATASET, { backend: 'cpu', ...settings, epochs: 7 }); // its last loss is where the other ended
    const { l2, standardize } = options;
    const best = (await solveExact(DATASET, { l2, standardize })).report.lossHistory.at(-1) as number;
    const [first, last] = [longer.report.lossHistory[0] as number, longer.report.lossHistory[6] as number];
    const because = 'differences of losses near 1, of which a hundredth is left';
    expectClose([distance as number], [(last - best) / (first - best)], { relative: 1e-11, because });
    expect(distance).toBeGreaterThan(1e-4);
  });

  it('shrinks with the epochs, far below what losses can tell', async () => {
    const after = (epochs: number) => distanceAfter(DATASET, { epochs, tolerance: 0, strategy: 'streaming' });
    const [few, more, most] = [await after(5), await after(20), await after(200)] as [number, number, number];
    expect(few).toBeLessThan(1);
    expect(more).toBeLessThan(few);
    expect(most).toBeLessThan(1e-20);
  });

  it('is 0 at the optimum and over 1 after a divergence', async () => {
    const data = { features: [1, 2, 4], targets: [2, 4, 8], featureCount: 1 };
    const start = { standardize: false, initialParameters: { weights: [2], bias: 0 } };
    expect(await distanceAfter(data, start)).toBe(0);
    expect(await distanceAfter(DATASET, { ...SEED_PROGRAM, learningRate: 5 })).toBeGreaterThan(1e6);
  });

  it('counts dependent features as one way down: what does not change the loss is no distance', async () => {
    const { columns, targets } = examples(8, 50, 2);
    const [x1, x2] = columns as [Float64Array, Float64Array];
    const doubled = createDataset({ columns: { x1, x2, copy: x1, same: new Float64Array(50).fill(3) }, targets });
    expect(await distanceAfter(doubled, { tolerance: 0, epochs: 500, strategy: 'streaming' })).toBeLessThan(1e-18);
  });

  it('is null for moments in f32 whose dependence may be rounding', async () => {
    const { columns, targets } = examples(8, 50, 2);
    const [x1, x2] = columns as [Float64Array, Float64Array];
    const data = { columns: { x1, x2, copy: x1 }, targets };
    const json = (await computeMoments(data, { backend: 'cpu' })).toJSON();
    const options = { backend: 'auto', optimizer: 'gradientDescent' } as const;
    expect(await distanceAfter(Moments.fromJSON(json), options)).toBeLessThan(1e-3);
    expect(await distanceAfter(Moments.fromJSON({ ...json, precision: 'f32' }), options)).toBeNull();
  });

  it.each<FitOptions>([
    { l1: 0.1 },
    { l1: 0.05, l2: 0.1 },
    { loss: 'huber', huberDelta: 0.3 },
    { loss: 'huber', l2: 0.2 },
  ])('of gradient descent with %o is that of the losses, too', async (options) => {
    const settings = { ...options, backend: 'cpu', strategy: 'streaming', tolerance: 0, learningRate: 0.2, seed: 3 } as const; // prettier-ignore
    const model = await fit(DATASET, { ...settings, epochs: 6 });
    const { report } = model;
    const { huberDelta } = report.settings;
    const optimum = await fit(DATASET, { ...options, ...(options.loss && { huberDelta }), backend: 'cpu' });
    const problem = { ...report.settings, huberDelta: Number(huberDelta) };
    const [first, last, best] = [await startOf(DATASET, settings), model, optimum].map((at) => objectiveOf(DATASET, problem, at)) as [number, number, number]; // prettier-ignore
    const because = 'differences of objectives near 1, of which a hundredth is left';
    expectClose([report.distanceToOptimum as number], [(last - best) / (first - best)], { relative: 1e-9, because });
    expect(report.distanceBy).toBe('optimum');
    expect(report.distanceToOptimum).toBeGreaterThan(1e-4);
  });

  it('is not looked for where it would take long', async () => {
    const rows = 600_000;
    const large = { columns: { x: Float64Array.from({ length: 4 * rows }, (_, i) => Math.sin(i)) }, targets: new Float64Array(4 * rows) }; // prettier-ignore
    expect(await distanceAfter(large, { epochs: 1, strategy: 'streaming' })).toBeNull();
    const wide = (features: number) => distanceAfter(examples(2, 40, features), { epochs: 3, l2: 0.1 });
    expect(await wide(80)).toBeGreaterThan(0);
    expect(await wide(513)).toBeNull();
  });

  it('of several models is that of each', async () => {
    const shared = { backend: 'cpu', strategy: 'streaming' } as const;
    const models = await fitMany(DATASET, [{ epochs: 2 }, { epochs: 9, l2: 0.1 }], shared);
    for (const [k, options] of [{ epochs: 2 }, { epochs: 9, l2: 0.1 }].entries()) {
      const alone = await distanceAfter(DATASET, { ...shared, ...options });
      const because = 'the same moments of the same examples';
      expectClose([models[k]?.report.distanceToOptimum as number], [alone as number], { relative: 1e-9, because });
    }
  });

  it('is not asked for when squares leave f64: such a fit is refused', async () => {
    const data = { features: [[1e200], [-2e200], [3e200]], targets: [1, 2, 3] };
    const options = { standardize: false, learningRate: 1e-3 };
    await expectRefusal(() => distanceAfter(data, options), 'NON_FINITE_VALUE', 'before the first step');
  });

  it('is the same for synthetic data on the CPU as for their dataset', async () => {
    const made = syntheticRegression({ rows: 100, features: 2, seed: 1 });
    const options = { epochs: 4, strategy: 'streaming' } as const;
    expect(await distanceAfter(made, options)).toBe(await distanceAfter(made.dataset, options));
  });
});
