// A step of Newton's method for the logistic loss, from the rows themselves, in f64.

import { eliminated } from '../../test/support/newton.js';

/** Gradient and Hessian of the logistic loss at a model, added up over blocks of rows about a point near the means. */
export class RowNewton {
  /** [n] n = d + 1, the bias last. */
  readonly #gradient: Float64Array;
  /** [n, n] */
  readonly #hessian: Float64Array;

  constructor(
    /** [d] */
    private readonly centers: readonly number[],
    /** [n] The bias is that at the centres. */
    private readonly parameters: readonly number[],
  ) {
    const size = parameters.length;
    this.#gradient = new Float64Array(size);
    this.#hessian = new Float64Array(size * size);
  }

  /** Adds a block: [d + 1] columns, features and labels. */
  add(columns: readonly ArrayLike<number>[]): void {
    const { centers, parameters } = this;
    const size = parameters.length;
    const [gradient, hessian] = [new Float64Array(size), new Float64Array(size * size)];
    const z = new Float64Array(size).fill(1);
    const labels = columns[size - 1] as ArrayLike<number>;
    for (let i = 0; i < labels.length; i++) {
      let h = parameters[size - 1] as number;
      for (let j = 0; j < size - 1; j++) {
        z[j] = ((columns[j] as ArrayLike<number>)[i] as number) - (centers[j] as number);
        h += (parameters[j] as number) * (z[j] as number);
      }
      const p = 1 / (1 + Math.exp(-h));
      const slope = p - (labels[i] as number);
      const curvature = p * (1 - p);
      for (let j = 0; j < size; j++) {
        gradient[j] = (gradient[j] as number) + slope * (z[j] as number);
        const by = curvature * (z[j] as number);
        for (let k = j; k < size; k++)
          hessian[j * size + k] = (hessian[j * size + k] as number) + by * (z[k] as number);
      }
    }
    // Short sums first: a hundred million terms in one would lose digits.
    gradient.forEach((value, j) => (this.#gradient[j] = (this.#gradient[j] as number) + value));
    hessian.forEach((value, j) => (this.#hessian[j] = (this.#hessian[j] as number) + value));
  }

  /** [n] The parameters one step on. */
  next(): number[] {
    const size = this.parameters.length;
    const matrix = Array.from({ length: size }, (_, j) =>
      Array.from({ length: size }, (_, k) => this.#hessian[Math.min(j, k) * size + Math.max(j, k)] as number),
    );
    const step = eliminated(matrix, Array.from(this.#gradient));
    return this.parameters.map((value, j) => value - (step[j] as number));
  }
}
