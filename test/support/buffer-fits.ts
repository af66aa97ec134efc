import { Dataset } from '../../src/data/dataset.js';
import type { Loss } from '../../src/options/names.js';
import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import type { GpuContext } from '../../src/gpu/device/device.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import { examplesOnDevice } from './device-data.js';
import { examples, normals, uniforms } from './examples.js';
import { withErrorScopes } from './gpu.js';

export const OPTIONS = { epochs: 20, tolerance: 0, strategy: 'streaming' } as const;

/** The loss, and a δ of its own where it is the Huber loss: other losses refuse one. */
export const withDelta = (loss?: Loss): FitOptions => ({
  ...(loss && { loss }),
  ...(loss === 'huber' && { huberDelta: 2.5 }),
});

/** Data that the loss learns, all of it f32, with weights in eighths, whose sums are exact. */
export function problem(loss: Loss, rows: number, features: number, weighted = false): Dataset {
  const { columns, targets, featureNames, targetName } = examples(3, rows, features);
  const noise = normals(17, rows);
  const learned = Float32Array.from(targets, (y, i) => {
    if (loss === 'logistic') return y + (noise[i] as number) > 0 ? 1 : 0;
    return y + (i % 7 === 0 ? 20 : 0);
  });
  const weights = Float32Array.from(uniforms(23, rows), (u) => Math.max(0, Math.round(10 * u + 5)) / 8);
  if (rows > 1 && loss === 'logistic') learned.set([0, 1]);
  weights.fill(1, 0, 2);
  const x = columns.map((column) => Float32Array.from(column));
  return new Dataset(x, learned, featureNames, targetName, weighted ? weights : undefined);
}

/** A fit of the dataset from buffers, which are gone afterwards. */
export async function fitted(dataset: Dataset, context: GpuContext, options: FitOptions = {}): Promise<LinearModel> {
  const input = examplesOnDevice(context, dataset);
  try {
    return await withErrorScopes(context.device, () => fit(input, { ...OPTIONS, ...options, context }));
  } finally {
    input.destroy();
  }
}
