import { type ColumnSpread, isRounding, spreadOf } from './column-layout.js';
import { totalWeight } from './example-weights.js';

/**
 * Mean, spread and range of a column that comes batch by batch, in f64, over the examples with a weight above 0. Each batch is
 * measured about a mean of its own, and merged (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", The American
 * Statistician 37 (1983), 242–247), so that neither an offset nor a drift costs digits, and no square overflows.
 */
export class StreamedColumn {
  #weight = 0;
  #mean = 0;
  #deviation = 0;
  #least = Infinity;
  #greatest = -Infinity;
  /** The first value that counts. */
  #first = 0;

  /** Adds a batch of finite numbers, of which some count. */
  add(values: Float64Array, weights: Float64Array | undefined): void {
    const { center, deviation, isConstant } = spreadOf(values, weights, true);
    if (this.#weight === 0) this.#first = values[weights ? weights.findIndex((weight) => weight > 0) : 0] as number;
    const { least, greatest } = rangeOf(values, weights);
    this.#least = Math.min(this.#least, least);
    this.#greatest = Math.max(this.#greatest, greatest);
    this.#merge(totalWeight(values.length, weights), center, isConstant ? 0 : deviation);
  }

  /** The mean. */
  get mean(): number {
    return this.#mean;
  }

  /** The largest size of a value. */
  get size(): number {
    return Math.max(this.#greatest, -this.#least);
  }

  /** Center and spread as `spreadOf` has them of the whole column. */
  spread(isCentered: boolean): ColumnSpread {
    if (!isCentered) {
      const rootMeanSquare = Math.hypot(this.#mean, this.#deviation);
      const isConstant = this.size === 0;
      return { center: 0, deviation: isConstant ? 1 : rootMeanSquare, isConstant };
    }
    const reach = Math.max(this.#greatest - this.#mean, this.#mean - this.#least);
    if (reach === 0 || isRounding(reach, this.size, F64))
      return { center: this.#first, deviation: 1, isConstant: true };
    return { center: this.#mean, deviation: this.#deviation, isConstant: false };
  }

  #merge(weight: number, mean: number, deviation: number): void {
    const total = this.#weight + weight;
    const [before, added] = [this.#weight / total, weight / total];
    const way = mean - this.#mean;
    const roots = [Math.sqrt(before) * this.#deviation, Math.sqrt(added) * deviation, Math.sqrt(before * added) * way];
    this.#deviation = Math.hypot(...roots);
    this.#mean += added * way;
    this.#weight = total;
  }
}

/** The least and the greatest value with a weight above 0. */
function rangeOf(values: Float64Array, weights: Float64Array | undefined): { least: number; greatest: number } {
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (weights?.[i] === 0) continue;
    const value = values[i] as number;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}

/** Batches hold f64. */
const F64 = new Float64Array(0);
