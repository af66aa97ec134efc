import type { Backend, Descent, DescendSettings, Trainer } from '../backend.js';
import { Dataset } from '../dataset.js';
import { collectMoments } from '../moments/collect.js';
import { momentsOfColumns, momentsOfDataset } from '../moments/columns.js';
import type { Moments } from '../moments/moments.js';
import type { ExampleSource } from '../sources/source.js';
import { gradient } from './gradient.js';
import { residual } from './residual.js';
import { zScores } from './standardize.js';
import { update } from './update.js';

/** The CPU reference: plain f64 loops over the same examples. */
export function openReferenceBackend(): Backend {
  return {
    name: 'cpu',
    adapter: null,
    upload: (dataset, { standardize }) => Promise.resolve(new ReferenceTrainer(dataset, standardize)),
    moments: addUpMoments,
    dispose: () => undefined,
  };
}

async function addUpMoments(data: Dataset | ExampleSource, signal?: AbortSignal): Promise<Moments> {
  if (data instanceof Dataset) return momentsOfDataset(data);
  return collectMoments(data, (batch, firstRow) => momentsOfColumns(batch, undefined, firstRow), signal);
}

/** Between two waits the loop holds the thread for about this long. */
const SLICE_MS = 50;

class ReferenceTrainer implements Trainer {
  readonly #features: readonly Float64Array[];
  readonly #targets: Float64Array;
  /** What was taken off each feature and off the targets, and what each feature was divided by. */
  readonly #means: readonly number[];
  readonly #deviations: readonly number[];
  readonly #targetMean: number;
  readonly kernels = 'reference';
  readonly warnings = [];
  readonly constantFeatures: readonly number[];

  constructor(dataset: Dataset, standardize: boolean) {
    const scores = standardize ? dataset.columns.map(zScores) : undefined;
    this.#features = scores
      ? scores.map(({ values }) => values)
      : dataset.columns.map((column) => Float64Array.from(column));
    this.#means = scores ? scores.map(({ mean }) => mean) : dataset.columns.map(() => 0);
    this.#deviations = scores ? scores.map(({ deviation }) => deviation) : dataset.columns.map(() => 1);
    this.constantFeatures = scores ? scores.flatMap(({ isConstant }, j) => (isConstant ? [j] : [])) : [];
    const targets = Float64Array.from(dataset.targets);
    const targetMean = standardize ? targets.reduce((sum, y) => sum + y, 0) / dataset.exampleCount : 0;
    this.#targetMean = targetMean;
    this.#targets = targets.map((y) => y - targetMean);
  }

  curvature(direction: Float64Array): Promise<Float64Array> {
    const exampleCount = this.#targets.length;
    const products = new Float64Array(exampleCount);
    const sums = new Float64Array(direction.length + 1);
    residual(this.#features, new Float64Array(exampleCount), direction, products);
    gradient(this.#features, products, sums);
    return Promise.resolve(direction.map((_, j) => (sums[j] as number) / exampleCount));
  }

  async descend(initial: Float64Array, settings: DescendSettings): Promise<Descent> {
    const startMs = performance.now();
    const exampleCount = this.#targets.length;
    const residuals = new Float64Array(exampleCount);
    const sums = new Float64Array(initial.length + 1);
    const parameters = initial.slice();
    for (const j of this.constantFeatures) parameters[j] = 0;
    let before = parameters.slice();
    const lossHistory: number[] = [];
    let stopReason: Descent['stopReason'] = 'epochs';
    let quietEpochs = 0;
    let sliceMs = startMs;
    let told = -1; // the epoch that was last told of
    while (lossHistory.length < settings.epochs) {
      residual(this.#features, this.#targets, parameters, residuals);
      gradient(this.#features, residuals, sums);
      const previous = parameters.slice();
      const loss = update(sums, exampleCount, settings, parameters);
      if (!Number.isFinite(loss)) {
        // The parameters that led here have no finite loss: those before them are the last that do.
        parameters.set(before);
        stopReason = 'diverged';
        break;
      }
      before = previous;
      const lastLoss = lossHistory.at(-1);
      lossHistory.push(loss);
      if (!parameters.every(Number.isFinite)) {
        // Their loss would not be finite either, but the last epoch has none after it to find that out.
        parameters.set(before);
        stopReason = 'diverged';
        break;
      }
      if (lastLoss !== undefined && settings.tolerance > 0) {
        quietEpochs = lastLoss - loss <= settings.tolerance * lastLoss ? quietEpochs + 1 : 0;
        if (quietEpochs >= settings.patience) {
          stopReason = 'converged';
          break;
        }
      }
      if (performance.now() - sliceMs > SLICE_MS) {
        settings.onProgress?.(lossHistory.length, loss);
        told = lossHistory.length;
        await new Promise((resolve) => setTimeout(resolve, 0));
        sliceMs = performance.now();
        if (settings.signal?.aborted) {
          stopReason = lossHistory.length < settings.epochs ? 'aborted' : 'epochs';
          break;
        }
      }
    }
    if (told !== lossHistory.length) settings.onProgress?.(lossHistory.length, lossHistory.at(-1) ?? Number.NaN);
    return {
      parameters,
      lossHistory: Float64Array.from(lossHistory),
      stopReason,
      timings: { trainMs: performance.now() - startMs, readbackMs: 0, gpuMs: null },
    };
  }

  toCallerUnits(parameters: Float64Array): { weights: Float64Array; bias: number } {
    const weights = Float64Array.from(this.#deviations, (deviation, j) => (parameters[j] as number) / deviation);
    let bias = (parameters[weights.length] as number) + this.#targetMean;
    weights.forEach((weight, j) => (bias -= weight * (this.#means[j] as number)));
    return { weights, bias };
  }

  dispose(): void {
    // Nothing is held outside this object.
  }
}
