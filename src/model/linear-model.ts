import { type Checkpoint, checkpointOf } from './checkpoint.js';
import { createDataset, Dataset, type DatasetInput, type FloatArray, isNested, type Numbers } from '../data/dataset.js';
import { DescentError } from '../base/errors.js';
import { type ExampleData, type BufferInput, isBufferInput, isGpuBuffer } from '../data/inputs.js';
import { requireObject } from '../base/check-names.js';
import type { BufferOptions, PredictOptions } from '../gpu/evaluate/predict.js';
import { type DeviceBuffer } from '../gpu/examples/tables.js';
import { requireLabels } from '../data/labels.js';
import type { Loss } from '../options/names.js';
import { columnOrder, columnsByName } from '../data/match-columns.js';
import { modelFromJson, type ModelJson, modelToJson } from './model-json.js';
import type { Moments } from '../moments/moments.js';
import type { FitReport } from '../descent/report.js';
import { accuracy, explainedShare, labelOf } from './score.js';
import type { ModelSummary } from './summary/model-summary.js';
import type { SummaryOptions } from './summary/summary-options.js';

/** Features for predictions: row by row, as a flat list or a list of rows, or column by column under their names. */
type FeatureInput = FloatArray | readonly number[] | readonly Numbers[] | Readonly<Record<string, Numbers>>;

/**
 * h(x) = X·w + b with learned parameters, and the report of how they were learned. After the logistic loss h is the log-odds
 * of label 1.
 */
export class LinearModel {
  /** [d] in the units of the training features. */
  readonly weights: Float64Array;
  readonly bias: number;
  readonly featureNames: readonly string[];
  readonly targetName: string;
  /** The loss that the model was trained with. */
  readonly loss: Loss;
  /** null for a model that was loaded. */
  readonly report: FitReport | null;

  constructor(parts: {
    weights: Float64Array;
    bias: number;
    featureNames: readonly string[];
    targetName: string;
    /** Default 'squared'. */
    loss?: Loss;
    report: FitReport | null;
  }) {
    this.weights = parts.weights;
    this.bias = parts.bias;
    this.featureNames = parts.featureNames;
    this.targetName = parts.targetName;
    this.loss = parts.loss ?? 'squared';
    this.report = parts.report;
  }

  /**
   * Predictions for features [m, d], row-major or as a list of rows, or for d columns of [m] under their names, in any
   * order: [m], in the precision of the features, summed in f64. After the logistic loss they are the probabilities of label 1.
   * On the CPU: one pass over the rows costs less than their way to the GPU.
   *
   * Features [m, d] in f32 in a GPUBuffer of the usage STORAGE give a new GPUBuffer [m] of the usages STORAGE, COPY_SRC
   * and COPY_DST on the same device: nothing passes through the host, and the sums are in f32. It is yours to destroy.
   * A buffer of any size is read where it lies, piece by piece.
   *
   * Throws `SHAPE_MISMATCH` when the values are not whole rows of d or columns of one length, and `UNKNOWN_COLUMN` when
   * a column has another name than the features of the model, with the nearest; and for buffers `BUFFER_USAGE`,
   * `BUFFER_TOO_SMALL`, `BUFFER_NOT_READY`, `BUFFER_OF_ANOTHER_DEVICE`, and `INVALID_OPTION` without a context.
   *
   *     await model.predict(new Float32Array([0.5, -0.25])) // Float32Array [1]
   *     await model.predict({ area: [120, 80], rooms: [4, 3] }) // Float64Array [2]
   *     await model.predict(buffer, { context: contextFromDevice(device) }) // GPUBuffer [m]
   */
  predict(features: DeviceBuffer, options: PredictOptions): Promise<DeviceBuffer>;
  predict(features: Float32Array | Readonly<Record<string, Float32Array>>): Promise<Float32Array>;
  predict(features: Exclude<FeatureInput, Float32Array>): Promise<Float64Array>;
  async predict(input: FeatureInput | DeviceBuffer, options?: PredictOptions): Promise<FloatArray | DeviceBuffer> {
    if (isGpuBuffer(input)) return (await import('../gpu/evaluate/predict.js')).predictOnDevice(this, input, options);
    return this.#predictionsFor(input, this.loss === 'logistic' ? sigmoid : (h) => h);
  }

  /**
   * The more probable label, 0 or 1, for features as `predict` takes them: [m]. At odds of one to one it is 0.
   *
   * Throws as `predict` does, and `INVALID_OPTION` for a model that does not tell classes apart.
   *
   *     await model.predictClass([[0.5, -0.25]]) // Uint8Array [1] of 0 or 1
   */
  async predictClass(input: FeatureInput): Promise<Uint8Array> {
    if (this.loss !== 'logistic') {
      throw new DescentError('INVALID_OPTION', {
        got: `classes of a model with loss '${this.loss}'`,
        expected: "a model with loss 'logistic'",
        fix: 'Use predict, or train with the logistic loss.',
      });
    }
    return Uint8Array.from(this.#predictionsFor(input, labelOf));
  }

  /** `of` each h(x). */
  #predictionsFor(input: FeatureInput, of: (h: number) => number): FloatArray {
    requireObject(input, 'features', 'a typed array, a list of rows, or columns by name');
    return isList(input) ? this.#ofRows(input, of) : this.#ofColumns(input, of);
  }

  #ofRows(input: FloatArray | readonly number[] | readonly Numbers[], of: (h: number) => number): FloatArray {
    const featureCount = this.weights.length;
    const features = isNested(input) ? flattenRows(input, featureCount) : input;
    const rows = features ? features.length / featureCount : Number.NaN;
    if (!features || !Number.isInteger(rows)) {
      throw new DescentError('SHAPE_MISMATCH', {
        got: features ? `${features.length} feature values` : 'rows of different lengths',
        expected: `complete rows of ${featureCount}: ${this.featureNames.join(', ')}`,
        fix: 'Pass features row by row, with every feature in each row.',
      });
    }
    const predictions = features instanceof Float32Array ? new Float32Array(rows) : new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      predictions[i] = of(this.#hypothesis((j) => features[i * featureCount + j] as number));
    }
    return predictions;
  }

  #ofColumns(input: Readonly<Record<string, Numbers>>, of: (h: number) => number): FloatArray {
    const columns = columnsByName(this.featureNames, input);
    const isF32 = columns.every((column) => column instanceof Float32Array);
    const rows = (columns[0] as Numbers).length;
    const predictions = isF32 ? new Float32Array(rows) : new Float64Array(rows);
    for (let i = 0; i < rows; i++) predictions[i] = of(this.#hypothesis((j) => columns[j]?.[i] as number));
    return predictions;
  }

  /**
   * R², the share of the targets' variance that the model explains: 1 is perfect, 0 no better than the mean. For
   * targets of one value: 1 when all are met, else −∞ is avoided and 0 returned, as scikit-learn does. After the
   * logistic loss it is the accuracy instead, the share of examples whose label is `predictClass`'s. Examples with
   * weights count by them.
   *
   * Examples in GPUBuffers are read where they are, in f32, and the sums are folded in f64; that takes the context of
   * their device.
   *
   * Data with names are matched by name, in any order.
   *
   * Throws `SHAPE_MISMATCH` or `UNKNOWN_COLUMN` when the data has other features than the model, `INVALID_LABEL` for
   * targets that are no labels, `NON_FINITE_VALUE` with the place, and for buffers what `predict` throws, and what `fit`
   * does of weights.
   *
   *     await model.score({ features, targets, featureCount: 2 }) // 0.98
   */
  score(data: DatasetInput | Dataset): Promise<number>;
  score(data: BufferInput, options: BufferOptions): Promise<number>;
  async score(data: DatasetInput | Dataset | BufferInput, options?: BufferOptions): Promise<number> {
    requireObject(data);
    if (isBufferInput(data)) return (await import('../gpu/evaluate/predict.js')).scoreOnDevice(this, data, options);
    return this.#scoreDataset(data instanceof Dataset ? data : createDataset(data));
  }

  /**
   * Statistics of a least-squares model on its training examples, or on their moments: standard error, t and p value of
   * each parameter, R², the residual standard error, and the distance of the model from the exact optimum, which is
   * where the standard errors hold. For a logistic model z values by the Fisher information, the deviance and McFadden's R².
   * `String(summary)` is a table.
   *
   * The errors of least squares are those of residuals of one variance that do not depend on one another, or with weights
   * as precisions of a variance inversely proportional to the weight. Where features are linearly dependent, only
   * the parameters that the data do not determine have none. Throws `INVALID_OPTION` for a model of the Huber loss or one
   * that was trained with penalties, and for weights as counts that are not whole numbers; and as `score` does.
   *
   *     const summary = await model.summary(data);
   *     summary.rows[0] // { name: 'area', value: 2.1, standardError: 0.3, t: 7, p: 0.0001 }
   */
  async summary(data: ExampleData | Moments, options: SummaryOptions = {}): Promise<ModelSummary> {
    return (await import('./summary/summarize.js')).summarize(this, data, options);
  }

  /**
   * The state from which `resume` continues, as plain data that JSON can hold: the training state and the options in
   * force.
   *
   * Throws `INVALID_OPTION` for a model that was loaded, which has no report.
   */
  checkpoint(): Checkpoint {
    return checkpointOf(this);
  }

  /** For `JSON.stringify`: every number to its last bit, without the report. */
  toJSON(): ModelJson {
    return modelToJson(this);
  }

  /**
   * Reads the parsed result of `toJSON`: the same model to the last bit, without a report. Throws `INVALID_FILE`, with
   * the place, for anything else.
   *
   *     LinearModel.fromJSON(JSON.parse(await readFile('model.json', 'utf8')))
   */
  static fromJSON(parsed: unknown): LinearModel {
    return new LinearModel({ ...modelFromJson(parsed), report: null });
  }

  #scoreDataset({ columns: dataColumns, targets, featureNames, targetName, exampleWeights }: Dataset): number {
    const columns = columnOrder(this.featureNames, featureNames).map((at) => dataColumns[at] as FloatArray);
    const predictions = Float64Array.from(targets, (_, i) => this.#hypothesis((j) => columns[j]?.[i] as number));
    if (this.loss !== 'logistic') return explainedShare(predictions, targets, exampleWeights);
    requireLabels(targets, targetName);
    return accuracy(predictions, targets, exampleWeights);
  }

  #hypothesis(feature: (j: number) => number): number {
    let prediction = this.bias;
    for (let j = 0; j < this.weights.length; j++) prediction += (this.weights[j] as number) * feature(j);
    return prediction;
  }
}

function sigmoid(h: number): number {
  return 1 / (1 + Math.exp(-h));
}

function isList(input: FeatureInput): input is FloatArray | readonly number[] | readonly Numbers[] {
  return Array.isArray(input) || ArrayBuffer.isView(input);
}

/** Rows of d, one after another; nothing when one has another length. */
function flattenRows(rows: readonly Numbers[], featureCount: number): Float64Array | undefined {
  if (rows.some((row) => row.length !== featureCount)) return undefined;
  return Float64Array.from(rows.flatMap((row) => Array.from(row)));
}
