import { createDataset, Dataset, type DatasetInput, type FloatArray, isNested, type Numbers } from './dataset.js';
import { DescentError } from './errors.js';
import { type BufferInput, isBufferInput } from './gpu/buffer-examples.js';
import { type BufferOptions, predictOnDevice, type PredictOptions, scoreOnDevice } from './gpu/predict.js';
import { type DeviceBuffer, isGpuBuffer } from './gpu/tables.js';
import type { FitReport } from './report.js';

const FORMAT = 'webgpu-descent/linear-model';
const VERSION = 1;

/** A model as JSON holds it. */
export interface ModelJson {
  format: typeof FORMAT;
  version: typeof VERSION;
  featureNames: string[];
  targetName: string;
  weights: number[];
  bias: number;
}

/** h(x) = X·w + b with learned parameters, and the report of how they were learned. */
export class LinearModel {
  /** [d] in the units of the training features. */
  readonly weights: Float64Array;
  readonly bias: number;
  readonly featureNames: readonly string[];
  readonly targetName: string;
  /** null for a model that was loaded. */
  readonly report: FitReport | null;

  constructor(parts: {
    weights: Float64Array;
    bias: number;
    featureNames: readonly string[];
    targetName: string;
    report: FitReport | null;
  }) {
    this.weights = parts.weights;
    this.bias = parts.bias;
    this.featureNames = parts.featureNames;
    this.targetName = parts.targetName;
    this.report = parts.report;
  }

  /**
   * Predictions for features [m, d], row-major or as a list of rows: [m], in the precision of the features, summed in
   * f64.
   * On the CPU: one pass over the rows costs less than their way to the GPU.
   *
   * Features [m, d] in f32 in a GPUBuffer of the usage STORAGE give a new GPUBuffer [m] of the usages STORAGE, COPY_SRC
   * and COPY_DST on the same device: nothing passes through the host, and the sums are in f32. It is yours to destroy.
   * A buffer of any size is read where it lies, piece by piece.
   *
   * Throws `SHAPE_MISMATCH` when the values are not whole rows of d; and for buffers `BUFFER_USAGE`, `BUFFER_TOO_SMALL`,
   * `BUFFER_NOT_READY`, `BUFFER_OF_ANOTHER_DEVICE`, and `INVALID_OPTION` without a context.
   *
   *     await model.predict(new Float32Array([0.5, -0.25])) // Float32Array [1]
   *     await model.predict(buffer, { context: contextFromDevice(device) }) // GPUBuffer [m]
   */
  predict(features: Float32Array): Promise<Float32Array>;
  predict(features: Float64Array | readonly number[] | readonly Numbers[]): Promise<Float64Array>;
  predict(features: DeviceBuffer, options: PredictOptions): Promise<DeviceBuffer>;
  predict(
    given: FloatArray | readonly number[] | readonly Numbers[] | DeviceBuffer,
    options?: PredictOptions,
  ): Promise<FloatArray | DeviceBuffer> {
    if (isGpuBuffer(given)) return predictOnDevice(this, given, options);
    const featureCount = this.weights.length;
    const features = isNested(given) ? flattenRows(given, featureCount) : given;
    const rows = features ? features.length / featureCount : Number.NaN;
    if (!features || !Number.isInteger(rows)) {
      const error = new DescentError('SHAPE_MISMATCH', {
        got: features ? `${features.length} feature values` : 'rows of other lengths',
        expected: `whole rows of ${featureCount}: ${this.featureNames.join(', ')}`,
        fix: 'Pass features row by row, all of them in each row.',
      });
      return Promise.reject(error);
    }
    const predictions = features instanceof Float32Array ? new Float32Array(rows) : new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      predictions[i] = this.#predictOne((j) => features[i * featureCount + j] as number);
    }
    return Promise.resolve(predictions);
  }

  /**
   * R², the share of the targets' variance that the model explains: 1 is perfect, 0 no better than the mean.
   * For targets of one value: 1 when all are met, else −∞ is avoided and 0 returned, as scikit-learn does.
   *
   * Examples in GPUBuffers are read where they are, in f32, and the sums are folded in f64; that takes the context of
   * their device.
   *
   * Throws `SHAPE_MISMATCH` when the data has other features than the model, `NON_FINITE_VALUE` with the place, and for
   * buffers what `predict` throws.
   *
   *     await model.score({ features, targets, featureCount: 2 }) // 0.98
   */
  score(data: DatasetInput | Dataset): Promise<number>;
  score(data: BufferInput, options: BufferOptions): Promise<number>;
  score(data: DatasetInput | Dataset | BufferInput, options?: BufferOptions): Promise<number> {
    if (isBufferInput(data)) return scoreOnDevice(this, data, options);
    return new Promise((resolve) => {
      resolve(this.#scoreDataset(data instanceof Dataset ? data : createDataset(data)));
    });
  }

  toJSON(): ModelJson {
    return {
      format: FORMAT,
      version: VERSION,
      featureNames: [...this.featureNames],
      targetName: this.targetName,
      weights: [...this.weights],
      bias: this.bias,
    };
  }

  #scoreDataset({ columns, targets, featureCount }: Dataset): number {
    if (featureCount !== this.weights.length) {
      throw new DescentError('SHAPE_MISMATCH', {
        got: `data of ${featureCount} features`,
        expected: `${this.weights.length}: ${this.featureNames.join(', ')}`,
        fix: 'Score with the features that the model was trained on.',
      });
    }
    let total = 0;
    for (const target of targets) total += target;
    const mean = total / targets.length;
    const isConstant = targets.every((target) => target === targets[0]); // the mean of equal numbers may be rounded
    let residualSquares = 0;
    let totalSquares = 0;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i] as number;
      residualSquares += (this.#predictOne((j) => columns[j]?.[i] as number) - target) ** 2;
      totalSquares += (target - mean) ** 2;
    }
    if (isConstant) return residualSquares === 0 ? 1 : 0;
    return 1 - residualSquares / totalSquares;
  }

  #predictOne(feature: (j: number) => number): number {
    let prediction = this.bias;
    for (let j = 0; j < this.weights.length; j++) prediction += (this.weights[j] as number) * feature(j);
    return prediction;
  }
}

/** Rows of d, one after another; nothing when one has another length. */
function flattenRows(rows: readonly Numbers[], featureCount: number): Float64Array | undefined {
  if (rows.some((row) => row.length !== featureCount)) return undefined;
  return Float64Array.from(rows.flatMap((row) => Array.from(row)));
}
