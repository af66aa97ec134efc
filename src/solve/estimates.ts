import { mapInParts, type WorkInParts } from '../base/turns.js';
import type { Precision } from '../moments/moments.js';
import { coefficientsOf, freeColumns } from './dependence.js';
import type { UpperFactor } from './pivoted-qr.js';

/** The method that gave a factor: QR of the columns, or Cholesky of sums of their products in this precision. */
export type FactorMethod = 'qr' | Precision;

/**
 * The relative error of a dependence between columns, given the smallest share of its length that a pivot keeps: a few
 * roundings over that share, and where products of columns were added up, over its square.
 */
const DEPENDENCE_ERROR: Record<FactorMethod, (share: number) => number> = {
  qr: (share) => 2 ** -42 / share,
  f64: (share) => 2 ** -46 / share ** 2,
  f32: (share) => 2 ** -18 / share ** 2,
};

/** However much rounding there may be, a part of a dependence beyond this share is no rounding. */
const MOST_ERROR = 1e-3;

/**
 * The variances of linear combinations of the solution of a least-squares problem with the factor R. The data determine
 * a·x if and only if a is in the row space of R, that is, if it is orthogonal to every null vector (Searle, Linear Models,
 * 1971, section 5.4): features that depend on others leave many combinations, and often weights, determined. A column
 * of zeros stands for a feature that was left out of the model.
 */
export class Estimates {
  readonly #factor: UpperFactor;
  /** Null vectors of [size], without their rounding. */
  #nullVectors: readonly Float64Array[] = [];
  readonly #error: number;
  readonly #lengths: Float64Array; // [size]
  readonly #isZero: readonly boolean[];

  /** Some d² multiply-adds for each column that depends on others, in a part of the work. */
  static *of(factor: UpperFactor, method: FactorMethod): WorkInParts<Estimates> {
    const estimates = new Estimates(factor, method);
    estimates.#nullVectors = yield* mapInParts(freeColumns(factor), (column) => estimates.#nullVector(column));
    return estimates;
  }

  private constructor(factor: UpperFactor, method: FactorMethod) {
    const { rows, pivots, size } = factor;
    const lengths = Float64Array.from({ length: size }, (_, j) => Math.hypot(...rows.map((row) => row[j] as number)));
    const shares = rows.map((row, k) => {
      const pivot = pivots[k] as number;
      return Math.abs(row[pivot] as number) / (lengths[pivot] as number);
    });
    this.#factor = factor;
    this.#lengths = lengths;
    this.#error = Math.min(MOST_ERROR, DEPENDENCE_ERROR[method](Math.min(...shares)));
    this.#isZero = Array.from(lengths, (length) => length === 0);
  }

  /** The weights of all columns whose sum is 0, by what a column depends on. */
  #nullVector(column: number): Float64Array {
    const { pivots, size } = this.#factor;
    const vector = new Float64Array(size);
    coefficientsOf(this.#factor, column).forEach((value, k) => (vector[pivots[k] as number] = value));
    vector[column] = -1;
    const part = (j: number) => Math.abs(vector[j] as number) * (this.#lengths[j] as number);
    const largest = vector.reduce((most, _, j) => Math.max(most, part(j)), 0);
    return vector.map((value, j) => (part(j) > this.#error * largest ? value : 0));
  }

  /** aᵀ(RᵀR)⁻a: the variance of a·x over that of the residuals; null if the data do not determine a·x. */
  varianceOf(combination: Float64Array): number | null {
    const counted = combination.map((value, j) => (this.#isZero[j] ? 0 : value));
    if (!this.#nullVectors.every((vector) => this.#isOrthogonal(vector, counted))) return null;
    return this.#factor.solveTransposed(counted).reduce((sum, value) => sum + value * value, 0);
  }

  /** The variance of one unknown over `scale`; null if the data do not determine it. */
  varianceOfOne(at: number, scale: number): number | null {
    if (this.#isZero[at]) return null;
    const unit = new Float64Array(this.#factor.size);
    unit[at] = 1 / scale;
    return this.varianceOf(unit);
  }

  #isOrthogonal(vector: Float64Array, combination: Float64Array): boolean {
    let [product, size] = [0, 0];
    vector.forEach((value, j) => {
      const term = value * (combination[j] as number);
      product += term;
      size += Math.abs(term);
    });
    return Math.abs(product) <= this.#error * size;
  }
}
