import { mapInParts, type WorkInParts } from '../../base/turns.js';
import type { FloatArray } from '../../data/dataset.js';
import { totalWeight } from '../../data/example-weights.js';
import { type Center, weightedCenter } from '../../moments/centers.js';
import type { ShiftedSums } from '../../moments/shifted-sums.js';

/**
 * Columns whose examples have weights, for a pass that knows no weights: with each row times √w the products of two columns
 * are Σ w·zᵢzⱼ, and those with one more column, of ones, Σ w·zᵢ.
 */
export class WeightedColumns {
  /** n + 1 of [m]: the given ones, and the ones. */
  readonly columns: readonly FloatArray[];
  /** [n + 1] about the weighted means; the ones as they are. */
  readonly centers: readonly Center[];
  /** [m] The weights over the largest of them, so that none leaves f32. */
  readonly scaled: Float64Array;
  readonly #largest: number;
  readonly #total: number;

  /** Finds the centers, a column in each part of the work. */
  static *of(columns: readonly FloatArray[], weights: FloatArray): WorkInParts<WeightedColumns> {
    const centers = yield* mapInParts(columns, (column) => weightedCenter(column, weights));
    return new WeightedColumns(columns, weights, centers);
  }

  private constructor(columns: readonly FloatArray[], weights: FloatArray, centers: readonly Center[]) {
    this.columns = [...columns, new Float64Array(weights.length).fill(1)];
    this.centers = [...centers, { shift: 0, exponent: 0 }];
    let largest = 0;
    for (const weight of weights) largest = Math.max(largest, weight);
    this.scaled = Float64Array.from(weights, (weight) => weight / largest);
    this.#largest = largest;
    this.#total = totalWeight(weights.length, weights);
  }

  /** The sums of the n columns, from those of n + 1. */
  sumsOf({ shift, products }: ShiftedSums): ShiftedSums {
    const size = this.columns.length;
    const count = size - 1;
    const at = (row: number, column: number) => (products[row * size + column] as number) * this.#largest;
    return {
      count: this.#total,
      shift: shift.slice(0, count),
      sums: Float64Array.from({ length: count }, (_, i) => at(i, count)),
      products: Float64Array.from({ length: count * count }, (_, k) => at(Math.floor(k / count), k % count)),
    };
  }
}
