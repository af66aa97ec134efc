import { inTurns, type WorkInParts } from '../base/turns.js';
import { type Checkpoint, checkpointOf } from './checkpoint.js';
import { areFinite } from '../data/finite.js';
import type { FloatArray, Numbers } from '../data/numbers.js';
import { type BufferInput, isBufferInput, isGpuBuffer } from '../data/buffer-input.js';
import type { ExampleData } from '../data/inputs.js';
import { requireObject } from '../base/require-object.js';
import type { BufferOptions, PredictOptions } from '../gpu/evaluate/predict.js';
import { type DeviceBuffer } from '../gpu/examples/tables.js';
import { Encoder, type EncoderJson } from '../data/table/encoder.js';
import { type ClassLabel, type Classes, ZERO_AND_ONE } from '../data/table/encoding.js';
import { isTableFile } from '../data/table/is-table-file.js';
import type { Loss } from '../options/names.js';
import { joinColumn } from '../data/join.js';
import type { TableFile } from '../data/table/table-file.js';
import { hypothesis, predictionsOf, sigmoid } from './hypothesis.js';
import type { ModelJson } from './model-format.js';
import { modelFromJson, modelToJson, reportOf } from './model-json.js';
import { type ModelObjective, objectiveIn } from './model-objective.js';
import type { Moments } from '../moments/moments.js';
import type { FitReport } from '../descent/report.js';
import { type FeatureInput, type FeatureValues, featureValues } from './predict-input.js';
import { labelOf } from './label.js';
import type { ModelSummary } from './summary/model-summary.js';
import type { ScoreSqlOptions } from '../sql/score-text.js';
import type { SummaryOptions } from './summary/summary-options.js';

/** Features in f64, or in plain arrays, which count as f64. */
type DoubleFeatures =
  Float64Array | readonly number[] | readonly Numbers[] | Readonly<Record<string, readonly number[] | Float64Array>>;

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
  /** The two classes after the logistic loss: the one that counts as 0, and the one that counts as 1; null for numbers. */
  readonly classes: Classes | null;
  /** The way from the columns of a table to the features; null where each column is a feature as it is. */
  readonly encoder: Encoder | null;
  /** The intercept and the penalties that it was trained with; null for a model that an earlier version saved. */
  readonly objective: ModelObjective | null;
  /** null for a model that was loaded. */
  readonly report: FitReport | null;

  constructor(parts: {
    weights: Float64Array;
    bias: number;
    featureNames: readonly string[];
    targetName: string;
    /** Default 'squared'. */
    loss?: Loss;
    /** Default 0 and 1 for the logistic loss. */
    classes?: Classes | null;
    encoder?: EncoderJson | null;
    /** Default: that of the report. */
    objective?: ModelObjective | null;
    report: FitReport | null;
  }) {
    this.weights = parts.weights;
    this.bias = parts.bias;
    this.featureNames = parts.featureNames;
    this.targetName = parts.targetName;
    this.loss = parts.loss ?? 'squared';
    this.classes = this.loss === 'logistic' ? (parts.classes ?? ZERO_AND_ONE) : null;
    this.encoder = parts.encoder ? Encoder.from(parts.encoder) : null;
    this.objective = parts.objective ?? (parts.report && objectiveIn(parts.report.settings));
    this.report = parts.report;
  }

  /**
   * Predictions for features [m, d], row-major or as a list of rows, or for d columns of [m] under their names, in any
   * order: [m], in the precision of the features, summed in f64. After the logistic loss they are the probabilities of label 1.
   * On the CPU: one pass over the rows costs less than their way to the GPU. It gives way to the page every 12 ms, so leave
   * arrays alone until it resolves.
   *
   * Records, a table of Apache Arrow and a file (`csvTable`) give their columns by name and may have others; categories, dates,
   * notations and missing values are read as in training.
   *
   * Features [m, d] in f32 in a GPUBuffer of the usage STORAGE give a new GPUBuffer [m] of the usages STORAGE, COPY_SRC
   * and COPY_DST on the same device: nothing passes through the host, and the sums are in f32. It is yours to destroy.
   * A buffer of any size is read where it lies, piece by piece.
   *
   * Throws `SHAPE_MISMATCH` when the values are not whole rows of d or columns of one length, and `UNKNOWN_COLUMN` when
   * a column has another name than the features of the model, with the nearest; `NON_FINITE_VALUE` for a feature or a
   * prediction that is no finite number; and for buffers `BUFFER_USAGE`,
   * `BUFFER_TOO_SMALL`, `BUFFER_NOT_READY`, `BUFFER_OF_ANOTHER_DEVICE`, and `INVALID_OPTION` without a context.
   *
   *     await model.predict(new Float32Array([0.5, -0.25])) // Float32Array [1]
   *     await model.predict({ area: [120, 80], rooms: [4, 3] }) // Float64Array [2]
   *     await model.predict(buffer, { context: contextFromDevice(device) }) // GPUBuffer [m]
   */
  predict(features: DeviceBuffer, options: PredictOptions): Promise<DeviceBuffer>;
  predict(features: Float32Array | Readonly<Record<string, Float32Array>>): Promise<Float32Array>;
  predict(features: DoubleFeatures | TableFile): Promise<Float64Array>;
  predict(features: FeatureInput | object): Promise<FloatArray>; // `object` for interfaces, which have no index of names
  async predict(
    input: FeatureInput | TableFile | DeviceBuffer,
    options?: PredictOptions,
  ): Promise<FloatArray | DeviceBuffer> {
    if (isGpuBuffer(input)) return (await import('../gpu/evaluate/predict.js')).predictOnDevice(this, input, options);
    const of = this.loss === 'logistic' ? sigmoid : (h: number) => h;
    return isTableFile(input) ? this.#predictionsOfFile(input, of) : this.#predictionsFor(input, of, true);
  }

  /**
   * The more probable class for features as `predict` takes them: [m], in a Uint8Array for the labels 0 and 1, and else in a
   * list of the labels of the training data. At odds of one to one it is the first class.
   *
   * Throws as `predict` does, and `INVALID_OPTION` for a model that does not tell classes apart.
   *
   *     await model.predictClass([[0.5, -0.25]]) // Uint8Array [1], or ['yes']
   */
  async predictClass(input: FeatureInput | TableFile): Promise<Uint8Array | ClassLabel[]> {
    const { classes } = this;
    if (!classes) throw (await import('./class-errors.js')).noClasses(this.loss);
    const codes = isTableFile(input)
      ? await this.#predictionsOfFile(input, labelOf)
      : await this.#predictionsFor(input, labelOf);
    const gap = codes.findIndex(Number.isNaN);
    if (gap >= 0) throw (await import('./class-errors.js')).noClass(gap);
    const isCode = classes[0] === ZERO_AND_ONE[0] && classes[1] === ZERO_AND_ONE[1];
    return isCode ? new Uint8Array(codes) : Array.from(codes, (code) => classes[code as 0 | 1]);
  }

  /** `of` each h(x). With `mustBeFinite` throws `NON_FINITE_VALUE` for one that is no number. */
  async #predictionsFor(input: unknown, of: (h: number) => number, mustBeFinite = false): Promise<FloatArray> {
    const given = featureValues(this, input);
    const reading = given instanceof Promise ? await given : given; // few arrays are read before predict returns
    const { features, predictions } = await inTurns(predictionsIn(this, reading, of));
    if (mustBeFinite && !areFinite(predictions)) throw (await import('./finite-results.js')).noPrediction(predictions, this.featureNames, features); // prettier-ignore
    return predictions;
  }

  /** The same for the rows of a file, batch by batch; NaN for a row with a missing value. */
  async #predictionsOfFile(file: TableFile, of: (h: number) => number): Promise<Float64Array> {
    const parts: Float64Array[] = [];
    for await (const { features } of file.source(this).batches()) {
      const rowCount = features[0]?.length ?? 0;
      parts.push(
        Float64Array.from({ length: rowCount }, (_, i) => of(this.#hypothesis((j) => features[j]?.[i] as number))),
      );
    }
    return joinColumn(parts);
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
  score(data: ExampleData): Promise<number>;
  score(data: BufferInput, options: BufferOptions): Promise<number>;
  async score(data: ExampleData | BufferInput, options?: BufferOptions): Promise<number> {
    requireObject(data);
    if (isBufferInput(data)) return (await import('../gpu/evaluate/predict.js')).scoreOnDevice(this, data, options);
    const { scoreOf } = await import('./score.js');
    return scoreOf(this, data, (feature) => this.#hypothesis(feature));
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

  /**
   * The SQL that predicts where the data are: an expression, or with `from` a statement that adds a column of predictions,
   * after the logistic loss of probabilities. Throws `INVALID_OPTION` for a model of dates or of words for missing values.
   *
   *     await model.toSql({ dialect: 'duckdb', from: 'trips' }) // SELECT *, … AS "prediction" FROM trips
   */
  async toSql(options: ScoreSqlOptions): Promise<string> {
    return (await import('../sql/score-text.js')).scoreText(this, options);
  }

  /** For `JSON.stringify`: every number to its last bit, without the report. */
  toJSON(): ModelJson {
    return modelToJson(this);
  }

  /**
   * Reads the parsed result of `toJSON`: the same model to the last bit, without a report. A model that came by `postMessage` or
   * `structuredClone`, which leave its methods behind, is read too, with its report. Throws `INVALID_FILE`, with the place, for
   * anything else.
   *
   *     LinearModel.fromJSON(JSON.parse(await readFile('model.json', 'utf8')))
   */
  static fromJSON(parsed: unknown): LinearModel {
    return new LinearModel({ ...modelFromJson(parsed), report: reportOf(parsed) });
  }

  #hypothesis(feature: (j: number) => number): number {
    return hypothesis(this.weights, this.bias, feature);
  }
}

/** [m] `of` each h(x) of features that are yet to be read, and the features. */
function* predictionsIn(
  model: LinearModel,
  reading: WorkInParts<FeatureValues>,
  of: (h: number) => number,
): WorkInParts<{ features: FeatureValues; predictions: FloatArray }> {
  const features = yield* reading;
  return { features, predictions: yield* predictionsOf(model, features, of) };
}
