import type { FloatArray } from '../dataset.js';

/** Rows that are centred at a time: with 64 columns they still fit the second cache. A multiple of 4. */
const BLOCK_ROWS = 256;

/** Columns whose products are added up together: nine sums and six factors fit the registers. */
const TILE = 3;

/**
 * The sums of src/reference/moments.ts, in f64 on the host, of any ranges of examples: Σ w·z and, in the upper triangle
 * of the products, Σ w·zzᵀ. A block of rows is centred once for all the products that it takes part in, products are
 * taken in tiles, and every sum is one of few terms added to the sum of the blocks.
 */
export class SumsAbout {
  readonly shift: Float64Array; //    [n]
  readonly sums: Float64Array; //     [n]
  readonly products: Float64Array; // [n, n] row-major
  readonly #centred: readonly Float64Array[];
  /** Times the weights; the same arrays where there are none. */
  #weighted: readonly Float64Array[];

  constructor(shift: Float64Array) {
    const size = shift.length;
    this.shift = shift;
    this.sums = new Float64Array(size);
    this.products = new Float64Array(size * size);
    this.#centred = Array.from(shift, () => new Float64Array(BLOCK_ROWS));
    this.#weighted = this.#centred;
  }

  /** Adds examples `from` to before `to` of n columns; `weights` are those of all examples. */
  add(columns: readonly FloatArray[], from: number, to: number, weights?: Float64Array): void {
    if (weights) this.#weighted = this.#centred.map(() => new Float64Array(BLOCK_ROWS));
    for (let block = from; block < to; block += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, to - block);
      columns.forEach((column, i) => {
        const centred = this.#centred[i] as Float64Array;
        const total = center(column, block, rows, this.shift[i] as number, centred);
        this.sums[i] =
          (this.sums[i] as number) +
          (weights ? weigh(centred, weights, block, rows, this.#weighted[i] as Float64Array) : total);
      });
      this.#addProducts(rows);
    }
  }

  #addProducts(rows: number): void {
    const size = this.shift.length;
    const whole = size - (size % TILE);
    for (let i = 0; i < whole; i += TILE) {
      for (let j = i; j < whole; j += TILE) this.#addTile(i, j, rows);
    }
    for (let j = whole; j < size; j++) {
      for (let i = 0; i <= j; i++) {
        const at = i * size + j;
        const product = dot(this.#weighted[i] as Float64Array, this.#centred[j] as Float64Array, rows);
        this.products[at] = (this.products[at] as number) + product;
      }
    }
  }

  /** Rows i to i + 2 of the products by columns j to j + 2; on the diagonal the lower triangle is not looked at. */
  #addTile(i: number, j: number, rows: number): void {
    const size = this.shift.length;
    const at0 = i * size + j;
    const at1 = at0 + size;
    const at2 = at1 + size;
    const left = this.#weighted;
    const right = this.#centred;
    const a0 = left[i] as Float64Array;
    const a1 = left[i + 1] as Float64Array;
    const a2 = left[i + 2] as Float64Array;
    const b0 = right[j] as Float64Array;
    const b1 = right[j + 1] as Float64Array;
    const b2 = right[j + 2] as Float64Array;
    if (i === j) addTriangle(a0, a1, a2, b0, b1, b2, rows, this.products, at0, at1, at2);
    else addSquare(a0, a1, a2, b0, b1, b2, rows, this.products, at0, at1, at2);
  }
}

// Written out sum by sum, since sums in an array would be loaded and stored in every row.

function addSquare(
  a0: Float64Array,
  a1: Float64Array,
  a2: Float64Array,
  b0: Float64Array,
  b1: Float64Array,
  b2: Float64Array,
  rows: number,
  products: Float64Array,
  at0: number,
  at1: number,
  at2: number,
): void {
  let p00 = 0;
  let p01 = 0;
  let p02 = 0;
  let p10 = 0;
  let p11 = 0;
  let p12 = 0;
  let p20 = 0;
  let p21 = 0;
  let p22 = 0;
  for (let row = 0; row < rows; row++) {
    const x0 = a0[row] as number;
    const x1 = a1[row] as number;
    const x2 = a2[row] as number;
    const y0 = b0[row] as number;
    const y1 = b1[row] as number;
    const y2 = b2[row] as number;
    p00 += x0 * y0;
    p01 += x0 * y1;
    p02 += x0 * y2;
    p10 += x1 * y0;
    p11 += x1 * y1;
    p12 += x1 * y2;
    p20 += x2 * y0;
    p21 += x2 * y1;
    p22 += x2 * y2;
  }
  addThree(products, at0, p00, p01, p02);
  addThree(products, at1, p10, p11, p12);
  addThree(products, at2, p20, p21, p22);
}

function addTriangle(
  a0: Float64Array,
  a1: Float64Array,
  a2: Float64Array,
  b0: Float64Array,
  b1: Float64Array,
  b2: Float64Array,
  rows: number,
  products: Float64Array,
  at0: number,
  at1: number,
  at2: number,
): void {
  let p00 = 0;
  let p01 = 0;
  let p02 = 0;
  let p11 = 0;
  let p12 = 0;
  let p22 = 0;
  for (let row = 0; row < rows; row++) {
    const x0 = a0[row] as number;
    const x1 = a1[row] as number;
    const y1 = b1[row] as number;
    const y2 = b2[row] as number;
    p00 += x0 * (b0[row] as number);
    p01 += x0 * y1;
    p02 += x0 * y2;
    p11 += x1 * y1;
    p12 += x1 * y2;
    p22 += (a2[row] as number) * y2;
  }
  addThree(products, at0, p00, p01, p02);
  addThree(products, at1, 0, p11, p12);
  addThree(products, at2, 0, 0, p22);
}

function addThree(products: Float64Array, at: number, first: number, second: number, third: number): void {
  products[at] = (products[at] as number) + first;
  products[at + 1] = (products[at + 1] as number) + second;
  products[at + 2] = (products[at + 2] as number) + third;
}

/** Writes a block of a column less the shift, and returns its sum: four side by side, so that none waits for another. */
function center(column: FloatArray, from: number, rows: number, shift: number, out: Float64Array): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  const whole = rows - (rows % 4);
  for (let row = 0; row < whole; row += 4) {
    const z0 = (column[from + row] as number) - shift;
    const z1 = (column[from + row + 1] as number) - shift;
    const z2 = (column[from + row + 2] as number) - shift;
    const z3 = (column[from + row + 3] as number) - shift;
    out[row] = z0;
    out[row + 1] = z1;
    out[row + 2] = z2;
    out[row + 3] = z3;
    sum0 += z0;
    sum1 += z1;
    sum2 += z2;
    sum3 += z3;
  }
  for (let row = whole; row < rows; row++) {
    const z = (column[from + row] as number) - shift;
    out[row] = z;
    sum0 += z;
  }
  return sum0 + sum1 + (sum2 + sum3);
}

/** Writes a block times its weights, and returns its sum. */
function weigh(centred: Float64Array, weights: Float64Array, from: number, rows: number, out: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const weighted = (weights[from + row] as number) * (centred[row] as number);
    out[row] = weighted;
    sum += weighted;
  }
  return sum;
}

/** Four sums side by side, as above. */
export function dot(a: Float64Array, b: FloatArray, length: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    sum0 += (a[i] as number) * (b[i] as number);
    sum1 += (a[i + 1] as number) * (b[i + 1] as number);
    sum2 += (a[i + 2] as number) * (b[i + 2] as number);
    sum3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (; i < length; i++) sum0 += (a[i] as number) * (b[i] as number);
  return sum0 + sum1 + (sum2 + sum3);
}
