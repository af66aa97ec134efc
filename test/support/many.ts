import { PROGRESS_BYTES } from '../../src/gpu/kernels/uniforms.js';
import { type ModelEntry, writeJobs } from '../../src/gpu/kernels/model-list.js';
import type { ReferenceModel } from '../../src/reference/many.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { columns, numbers } from './data.js';
import { sizesOfTargets, targetsFor } from './terms.js';

/** Features, columns of targets, and models of them, each with parameters of its own. */
export interface ManyProblem {
  X: Float64Array[];
  Y: Float64Array[];
  models: ReferenceModel[];
  /** All models but the first, last one first, so that a job is not the model of its number. */
  jobs: ModelEntry[];
  jobBytes: ArrayBuffer;
  /** [models, d + 1] */
  parameters: Float64Array;
}

/** `jobCount` models at work, and one more that is not. With `columnCount` 1 all learn the second column of two. */
export function manyProblem(
  rows: number,
  features: number,
  jobCount: number,
  columnCount = 1,
  form: Terms = PLAIN,
): ManyProblem {
  const Y = Array.from({ length: Math.max(columnCount, 2) }, (_, t) =>
    targetsFor(form, numbers(50 + t, rows, 2, 0.2 * t)),
  );
  const models = Array.from({ length: jobCount + 1 }, (_, k): ReferenceModel => ({
    parameters: numbers(60 + k, features + 1),
    target: columnCount === 1 ? 1 : k % columnCount,
  }));
  const jobs = models
    .map(({ target }, model) => ({ model, target }))
    .slice(1)
    .toReversed();
  const parameters = new Float64Array(models.length * (features + 1));
  models.forEach((model, k) => parameters.set(model.parameters, k * (features + 1)));
  return { X: columns(4, rows, features), Y, models, jobs, jobBytes: writeJobs(jobs).buffer, parameters };
}

/** The same with every number positive and every target negative: sums of the sizes of all terms, for tolerances. */
export function sizesOf({ X, Y, models }: ManyProblem): Pick<ManyProblem, 'X' | 'Y' | 'models'> {
  const absolute = (values: Float64Array) => values.map(Math.abs);
  return {
    X: X.map(absolute),
    Y: Y.map(sizesOfTargets),
    models: models.map(({ parameters, target }) => ({ parameters: absolute(parameters), target })),
  };
}

/** `struct Progress` of each model: 0 is running, 1 to 3 are stopped. */
export function progressOf(stopReasons: readonly number[]): ArrayBuffer {
  const words = PROGRESS_BYTES / Uint32Array.BYTES_PER_ELEMENT;
  const all = new Uint32Array(words * stopReasons.length);
  stopReasons.forEach((reason, k) => (all[words * k + 1] = reason));
  return all.buffer;
}
