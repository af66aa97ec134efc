import type { WorkInParts } from '../base/turns.js';
import type { FloatArray } from '../data/dataset.js';

/** Rows that are centred at a time: with 64 columns they still fit the second cache. A multiple of 4. */
export const BLOCK_ROWS = 256;

/** Multiply-adds of a part of the work at least: some fifty microseconds. */
const PART_WORK = 2 ** 16;

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
  readonly #size: number;
  readonly #centred: readonly Float64Array[];

  constructor(shift: Float64Array) {
    this.#size = shift.length;
    this.shift = shift;
    this.sums = new Float64Array(shift.length);
    this.products = new Float64Array(shift.length ** 2);
    this.#centred = Array.from(shift, () => new Float64Array(BLOCK_ROWS));
  }

  /** Adds examples `from` to before `to` of n columns; some rows of tiles in each part of the work. */
  *add(columns: readonly FloatArray[], from: number, to: number): WorkInParts<void> {
    const whole = this.#size - (this.#size % TILE);
    let work = 0;
    for (let block = from; block < to; block += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, to - block);
      for (let i = 0; i < whole; i += TILE) this.#addDiagonal(columns, i, block, rows);
      for (let i = 0; i < whole; i += TILE) {
        for (let j = i + TILE; j < whole; j += TILE) this.#addTile(i, j, rows);
        work += rows * TILE * (whole - i);
        if (work < PART_WORK) continue;
        yield;
        work = 0;
      }
      for (let j = whole; j < this.#size; j++) {
        const centred = this.#centred[j] as Float64Array;
        this.sums[j] =
          (this.sums[j] as number) + center(columns[j] as FloatArray, block, rows, this.shift[j] as number, centred);
        for (let i = 0; i <= j; i++)
          this.#addProduct(i, j, unrolledDot(this.#centred[i] as Float64Array, centred, rows));
      }
    }
  }

  /** The same with the weights of all examples, which few have: product by product. */
  *addWeighted(columns: readonly FloatArray[], weights: Float64Array, from: number, to: number): WorkInParts<void> {
    const weighted = new Float64Array(BLOCK_ROWS);
    let work = 0;
    for (let block = from; block < to; block += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, to - block);
      const blockWeights = weights.subarray(block, block + rows);
      for (let j = 0; j < this.#size; j++) {
        const centred = this.#centred[j] as Float64Array;
        center(columns[j] as FloatArray, block, rows, this.shift[j] as number, centred);
        this.sums[j] = (this.sums[j] as number) + multiply(blockWeights, centred, weighted);
        for (let i = 0; i <= j; i++)
          this.#addProduct(i, j, unrolledDot(this.#centred[i] as Float64Array, weighted, rows));
        work += rows * (j + 2);
        if (work < PART_WORK) continue;
        yield;
        work = 0;
      }
    }
  }

  #addProduct(i: number, j: number, product: number): void {
    const at = i * this.#size + j;
    this.products[at] = (this.products[at] as number) + product;
  }

  /** Centres columns i to i + 2, and adds their sums and the triangle of their products in the same pass. */
  #addDiagonal(columns: readonly FloatArray[], i: number, from: number, rows: number): void {
    const column0 = columns[i] as FloatArray;
    const column1 = columns[i + 1] as FloatArray;
    const column2 = columns[i + 2] as FloatArray;
    const shift0 = this.shift[i] as number;
    const shift1 = this.shift[i + 1] as number;
    const shift2 = this.shift[i + 2] as number;
    const centred0 = this.#centred[i] as Float64Array;
    const centred1 = this.#centred[i + 1] as Float64Array;
    const centred2 = this.#centred[i + 2] as Float64Array;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let product00 = 0;
    let product01 = 0;
    let product02 = 0;
    let product11 = 0;
    let product12 = 0;
    let product22 = 0;
    for (let row = 0; row < rows; row++) {
      const z0 = (column0[from + row] as number) - shift0;
      const z1 = (column1[from + row] as number) - shift1;
      const z2 = (column2[from + row] as number) - shift2;
      centred0[row] = z0;
      centred1[row] = z1;
      centred2[row] = z2;
      sum0 += z0;
      sum1 += z1;
      sum2 += z2;
      product00 += z0 * z0;
      product01 += z0 * z1;
      product02 += z0 * z2;
      product11 += z1 * z1;
      product12 += z1 * z2;
      product22 += z2 * z2;
    }
    addThree(this.sums, i, sum0, sum1, sum2);
    const at = i * this.#size + i;
    addThree(this.products, at, product00, product01, product02);
    addThree(this.products, at + this.#size, 0, product11, product12);
    addThree(this.products, at + 2 * this.#size, 0, 0, product22);
  }

  /** Adds rows i to i + 2 of the products by columns j to j + 2. */
  #addTile(i: number, j: number, rows: number): void {
    const left0 = this.#centred[i] as Float64Array;
    const left1 = this.#centred[i + 1] as Float64Array;
    const left2 = this.#centred[i + 2] as Float64Array;
    const right0 = this.#centred[j] as Float64Array;
    const right1 = this.#centred[j + 1] as Float64Array;
    const right2 = this.#centred[j + 2] as Float64Array;
    let product00 = 0;
    let product01 = 0;
    let product02 = 0;
    let product10 = 0;
    let product11 = 0;
    let product12 = 0;
    let product20 = 0;
    let product21 = 0;
    let product22 = 0;
    for (let row = 0; row < rows; row++) {
      const x0 = left0[row] as number;
      const x1 = left1[row] as number;
      const x2 = left2[row] as number;
      const y0 = right0[row] as number;
      const y1 = right1[row] as number;
      const y2 = right2[row] as number;
      product00 += x0 * y0;
      product01 += x0 * y1;
      product02 += x0 * y2;
      product10 += x1 * y0;
      product11 += x1 * y1;
      product12 += x1 * y2;
      product20 += x2 * y0;
      product21 += x2 * y1;
      product22 += x2 * y2;
    }
    const at = i * this.#size + j;
    addThree(this.products, at, product00, product01, product02);
    addThree(this.products, at + this.#size, product10, product11, product12);
    addThree(this.products, at + 2 * this.#size, product20, product21, product22);
  }
}

function addThree(to: Float64Array, at: number, first: number, second: number, third: number): void {
  to[at] = (to[at] as number) + first;
  to[at + 1] = (to[at + 1] as number) + second;
  to[at + 2] = (to[at + 2] as number) + third;
}

/** Writes a block of a column less the shift, and returns the sum. */
function center(column: FloatArray, from: number, rows: number, shift: number, out: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const z = (column[from + row] as number) - shift;
    out[row] = z;
    sum += z;
  }
  return sum;
}

/** Writes the products of weights and values, and returns their sum. */
function multiply(weights: Float64Array, values: Float64Array, out: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < weights.length; row++) {
    const product = (weights[row] as number) * (values[row] as number);
    out[row] = product;
    sum += product;
  }
  return sum;
}

/** Four sums side by side, so that an addition need not wait for the one before. */
export function unrolledDot(a: Float64Array, b: FloatArray, length: number): number {
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
