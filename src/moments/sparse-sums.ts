import type { FloatArray } from '../data/dataset.js';
import type { SumsAbout } from './sums-about.js';

/** A column with more values than this share that are not 0 is added up as others are. */
const MOST_NONZERO = 1 / 16;

/** With fewer such columns, or fewer rows, nothing is gained. */
const LEAST_COLUMNS = 8;
const LEAST_ROWS = 256;

/** The places of columns by the way in which they are added up. */
export interface SplitColumns {
  dense: readonly number[];
  sparse: readonly number[];
}

/** Finds columns that are mostly 0, such as levels of categories: their products take a few additions a row, not one for each pair. */
export function splitColumns(columns: readonly FloatArray[]): SplitColumns {
  const places = columns.map((_, i) => i);
  const rowCount = columns[0]?.length ?? 0;
  if (columns.length < LEAST_COLUMNS || rowCount < LEAST_ROWS) return { dense: places, sparse: [] };
  const sparse = places.filter((i) => isMostlyZero(columns[i] as FloatArray));
  if (sparse.length < LEAST_COLUMNS) return { dense: places, sparse: [] };
  const isSparse = new Set(sparse);
  return { dense: places.filter((i) => !isSparse.has(i)), sparse };
}

function isMostlyZero(column: FloatArray): boolean {
  const most = column.length * MOST_NONZERO;
  let count = 0;
  for (let i = 0; i < column.length; i++) if (column[i] !== 0 && ++count > most) return false;
  return true;
}

/** Sums about the centres of n columns, as `SumsAbout` has them. */
export type SumsInPlace = Pick<SumsAbout, 'shift' | 'sums' | 'products'>;

/**
 * Σ w·z and Σ w·zzᵀ of columns of which some are mostly 0. Those have the shift 0: with so many zeros the mean is small beside the
 * spread, and no digits are lost. Only what is not 0 is multiplied.
 */
export class SparseSums implements SumsInPlace {
  readonly shift: Float64Array; //    [n]
  readonly sums: Float64Array; //     [n]
  readonly products: Float64Array; // [n, n] row-major, the upper triangle

  constructor(
    private readonly columns: readonly FloatArray[],
    private readonly places: SplitColumns,
    shift: Float64Array,
  ) {
    this.shift = shift.slice();
    for (const i of places.sparse) this.shift[i] = 0;
    this.sums = new Float64Array(columns.length);
    this.products = new Float64Array(columns.length ** 2);
  }

  /** Adds rows `from` to before `to`, but for the products of dense columns. */
  add(weights: FloatArray | undefined, from: number, to: number): void {
    const { starts, places, values } = this.#entries(from, to);
    for (let row = from; row < to; row++) {
      const weight = weights ? (weights[row] as number) : 1;
      if (weight === 0) continue;
      const end = starts[row - from + 1] as number;
      for (let at = starts[row - from] as number; at < end; at++) {
        this.#addEntry(places[at] as number, weight * (values[at] as number), row);
        for (let other = at; other < end; other++) {
          this.#addProduct(places[at] as number, places[other] as number, weight * (values[at] as number) * (values[other] as number)); // prettier-ignore
        }
      }
    }
  }

  /** Puts in the sums of the dense columns, in their order. */
  join({ sums, products }: SumsInPlace): this {
    const { dense } = this.places;
    dense.forEach((i, at) => {
      this.sums[i] = sums[at] as number;
      for (let other = at; other < dense.length; other++)
        this.products[i * this.sums.length + (dense[other] as number)] = products[at * dense.length + other] as number;
    });
    return this;
  }

  /** Adds a value that is not 0, and its products with the dense columns. */
  #addEntry(place: number, value: number, row: number): void {
    this.sums[place] = (this.sums[place] as number) + value;
    for (const i of this.places.dense) {
      const z = ((this.columns[i] as FloatArray)[row] as number) - (this.shift[i] as number);
      this.#addProduct(Math.min(i, place), Math.max(i, place), value * z);
    }
  }

  #addProduct(i: number, j: number, product: number): void {
    const at = i * this.sums.length + j;
    this.products[at] = (this.products[at] as number) + product;
  }

  /** The values that are not 0, row by row, with their places, which rise within a row. */
  #entries(from: number, to: number) {
    const { sparse } = this.places;
    const starts = new Uint32Array(to - from + 1);
    for (const i of sparse) {
      const column = this.columns[i] as FloatArray;
      for (let row = from; row < to; row++) if (column[row] !== 0) starts[row - from + 1] = (starts[row - from + 1] as number) + 1; // prettier-ignore
    }
    for (let k = 1; k < starts.length; k++) starts[k] = (starts[k] as number) + (starts[k - 1] as number);
    const next = starts.slice();
    const count = starts[to - from] as number;
    const places = new Uint32Array(count);
    const values = new Float64Array(count);
    for (const i of sparse) {
      const column = this.columns[i] as FloatArray;
      for (let row = from; row < to; row++) {
        const value = column[row] as number;
        if (value === 0) continue;
        const at = next[row - from] as number;
        next[row - from] = at + 1;
        places[at] = i;
        values[at] = value;
      }
    }
    return { starts, places, values };
  }
}
