import type { WorkInParts } from '../base/turns.js';
import type { Part } from './residual-sums.js';

/** Rows that are worked on at a time: with their features they stay in the second cache up to some hundreds of features. */
export const ROWS_AT_ONCE = 256;

/** Multiply-adds of a part of the work at least: some fifty microseconds. */
const PART_WORK = 2 ** 16;

/** Some rows in training units, with what is computed of each. */
export class TrainingBlock {
  rows = 0;
  readonly predictions = new Float64Array(ROWS_AT_ONCE);
  /** w·∂loss/∂prediction */
  readonly slopes = new Float64Array(ROWS_AT_ONCE);
  /** w·∂²loss/∂prediction² */
  readonly curvatures = new Float64Array(ROWS_AT_ONCE);
  /** d columns of [rows], in training units. */
  readonly #columns: readonly Float64Array[];
  readonly #scratch = new Float64Array(ROWS_AT_ONCE);

  constructor(featureCount: number) {
    this.#columns = Array.from({ length: featureCount }, () => new Float64Array(ROWS_AT_ONCE));
  }

  load({ features, targets }: Part, from: number, centers: Float64Array, scales: Float64Array): void {
    this.rows = Math.min(ROWS_AT_ONCE, targets.length - from);
    features.forEach((column, j) => {
      const [center, scale, into] = [centers[j] as number, scales[j] as number, this.#columns[j] as Float64Array];
      for (let i = 0; i < this.rows; i++) into[i] = ((column[from + i] as number) - center) / scale;
    });
  }

  predict(parameters: Float64Array): void {
    const { rows, predictions } = this;
    predictions.fill(parameters.at(-1) as number, 0, rows);
    this.#columns.forEach((column, j) => {
      const weight = parameters[j] as number;
      if (weight === 0) return;
      for (let i = 0; i < rows; i++) predictions[i] = (predictions[i] as number) + weight * (column[i] as number);
    });
  }

  addGradient(gradient: Float64Array): void {
    this.#columns.forEach((column, j) => {
      gradient[j] = (gradient[j] as number) + dot(this.slopes, column, this.rows);
    });
    let sum = 0;
    for (let i = 0; i < this.rows; i++) sum += this.slopes[i] as number;
    gradient[this.#columns.length] = (gradient[this.#columns.length] as number) + sum;
  }

  /** Adds to the lower triangle, row-major; some rows of it in a part of the work. */
  *addHessian(hessian: Float64Array): WorkInParts<void> {
    const { rows, curvatures } = this;
    const size = this.#columns.length + 1;
    const weighted = this.#scratch;
    let total = 0;
    for (let i = 0; i < rows; i++) total += curvatures[i] as number;
    hessian[size * size - 1] = (hessian[size * size - 1] as number) + total;
    if (total === 0) return;
    let work = 0;
    for (const [j, column] of this.#columns.entries()) {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        weighted[i] = (curvatures[i] as number) * (column[i] as number);
        sum += weighted[i] as number;
      }
      const last = (size - 1) * size + j;
      hessian[last] = (hessian[last] as number) + sum;
      for (let k = 0; k <= j; k++) {
        const at = j * size + k;
        hessian[at] = (hessian[at] as number) + dot(weighted, this.#columns[k] as Float64Array, rows);
      }
      work += rows * (j + 2);
      if (work < PART_WORK) continue;
      yield;
      work = 0;
    }
  }
}

/** Four sums, so that an addition need not wait for the one before. */
function dot(a: Float64Array, b: Float64Array, rows: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = rows - (rows % 4);
  for (let i = 0; i < whole; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = whole; i < rows; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}
