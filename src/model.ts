import { type Checkpoint, checkpointOf } from './checkpoint.js';
import { createDataset, Dataset, type DatasetInput, type FloatArray, isNested, type Numbers } from './dataset.js';
import { DescentError } from './errors.js';
import { columnOrder, columnsByName } from './match-columns.js';
import { modelFromJson, type ModelJson, modelToJson } from './model-json.js';
import type { FitReport } from './report.js';

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
   * Predictions for features [m, d], row-major or as a list of rows, or for d columns of [m] under their names, in any
   * order: [m], in the precision of the features, summed in f64.
   * On the CPU: one pass over the rows costs less than their way to the GPU.
   *
   * Throws `SHAPE_MISMATCH` when the values are not whole rows of d or columns of one length, and `UNKNOWN_COLUMN` when a
   * column has another name than the features of the model, with the nearest.
   *
   *     await model.predict(new Float32Array([0.5, -0.25])) // Float32Array [1]
   *     await model.predict({ area: [120, 80], rooms: [4, 3] }) // Float64Array [2]
   */
  predict(features: Float32Array | Readonly<Record<string, Float32Array>>): Promise<Float32Array>;
  predict(
    features: Float64Array | readonly number[] | readonly Numbers[] | Readonly<Record<string, Numbers>>,
  ): Promise<Float64Array>;
  predict(
    given: FloatArray | readonly number[] | readonly Numbers[] | Readonly<Record<string, Numbers>>,
  ): Promise<FloatArray> {
    return new Promise((resolve) => {
      resolve(isList(given) ? this.#predictRows(given) : this.#predictColumns(given));
    });
  }

  /**
   * R², the share of the targets' variance that the model explains: 1 is perfect, 0 no better than the mean.
   * For targets of one value: 1 when all are met, else −∞ is avoided and 0 returned, as scikit-learn does.
   *
   * Data with names are matched by name, in any order.
   *
   * Throws `SHAPE_MISMATCH` or `UNKNOWN_COLUMN` when the data has other features than the model.
   */
  score(data: DatasetInput | Dataset): Promise<number> {
    return new Promise((resolve) => {
      resolve(this.#scoreDataset(data instanceof Dataset ? data : createDataset(data)));
    });
  }

  /**
   * What `resume` goes on from, as JSON can hold it: where descent stands, and the options in force.
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
   * What `toJSON` gave, parsed: the same model to the last bit, without a report. Throws `INVALID_FILE`, with the place,
   * for anything else.
   *
   *     LinearModel.fromJSON(JSON.parse(await readFile('model.json', 'utf8')))
   */
  static fromJSON(parsed: unknown): LinearModel {
    return new LinearModel({ ...modelFromJson(parsed), report: null });
  }

  #predictRows(given: FloatArray | readonly number[] | readonly Numbers[]): FloatArray {
    const featureCount = this.weights.length;
    const features = isNested(given) ? flattenRows(given, featureCount) : given;
    const rows = features ? features.length / featureCount : Number.NaN;
    if (!features || !Number.isInteger(rows)) {
      throw new DescentError('SHAPE_MISMATCH', {
        got: features ? `${features.length} feature values` : 'rows of other lengths',
        expected: `whole rows of ${featureCount}: ${this.featureNames.join(', ')}`,
        fix: 'Pass features row by row, all of them in each row.',
      });
    }
    const predictions = features instanceof Float32Array ? new Float32Array(rows) : new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      predictions[i] = this.#predictOne((j) => features[i * featureCount + j] as number);
    }
    return predictions;
  }

  #predictColumns(given: Readonly<Record<string, Numbers>>): FloatArray {
    const columns = columnsByName(this.featureNames, given);
    const rows = columns[0]?.length ?? 0;
    const wrong = columns.findIndex((column) => column.length !== rows);
    if (wrong >= 0) {
      throw new DescentError('SHAPE_MISMATCH', {
        got: `${columns[wrong]?.length} values in column '${this.featureNames[wrong]}' and ${rows} in '${this.featureNames[0]}'`,
        expected: 'as many in each',
        fix: 'Give every column one value for each example.',
      });
    }
    const isF32 = columns.every((column) => column instanceof Float32Array);
    const predictions = isF32 ? new Float32Array(rows) : new Float64Array(rows);
    for (let i = 0; i < rows; i++) predictions[i] = this.#predictOne((j) => columns[j]?.[i] as number);
    return predictions;
  }

  #scoreDataset({ columns: given, targets, featureNames }: Dataset): number {
    const columns = columnOrder(this.featureNames, featureNames).map((at) => given[at] as FloatArray);
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

function isList(
  given: FloatArray | readonly number[] | readonly Numbers[] | Readonly<Record<string, Numbers>>,
): given is FloatArray | readonly number[] | readonly Numbers[] {
  return Array.isArray(given) || ArrayBuffer.isView(given);
}

/** Rows of d, one after another; nothing when one has another length. */
function flattenRows(rows: readonly Numbers[], featureCount: number): Float64Array | undefined {
  if (rows.some((row) => row.length !== featureCount)) return undefined;
  return Float64Array.from(rows.flatMap((row) => Array.from(row)));
}
