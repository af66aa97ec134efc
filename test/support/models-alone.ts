import type { Dataset } from '../../src/data/dataset.js';
import { expect } from 'vitest';
import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import type { ModelOptions } from '../../src/fitting/many-options.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import { expectClose } from './close.js';
import { parametersOf } from './models.js';

const because = 'f32 rounds each of some ten operations of 25 epochs by 2^-24 of its size';

/** Every model equals the f64 reference that is trained by itself. */
export async function expectAlone(
  data: Dataset,
  options: readonly ModelOptions[],
  shared: FitOptions,
  models: readonly LinearModel[],
): Promise<void> {
  expect(models).toHaveLength(options.length);
  for (const [k, model] of models.entries()) {
    const expected = await fit(data, { ...shared, ...options[k], strategy: 'streaming', backend: 'cpu' });
    expectClose(parametersOf(model), parametersOf(expected), { absolute: 5e-6, relative: 5e-6, because });
    const losses = expected.report.lossHistory;
    expectClose(model.report?.lossHistory ?? [], losses, {
      absolute: 1e-6 * (losses[0] ?? 1),
      relative: 1e-5,
      because,
    });
    expect(model.report?.stopReason).toBe(expected.report.stopReason);
  }
}

/** So many models that differ in rate, penalties and seed. */
export function grid(count: number): ModelOptions[] {
  return Array.from({ length: count }, (_, k) => ({
    learningRate: 0.05 + 0.02 * (k % 7),
    l1: k % 3 === 0 ? 0.01 : 0,
    l2: 0.1 * (k % 4),
    seed: k,
    epochs: 15 + (k % 5),
  }));
}
