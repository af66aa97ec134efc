import type { FloatArray } from '../data/dataset.js';
import { COLUMN_BYTES, COLUMN_ROWS, columnsModule, ROW_STEP, COLUMN_TILE } from './kernels/columns.js';
import { allocated } from './memory.js';
import { PAGE_BYTES } from './kept-memory.js';
import { hasWasm } from './wasm-rows.js';

/** Numbers before the columns: a shift, the sum of a column, the weights of a tile, and the sums of the pairs of two tiles. */
const AT = { shift: 0, sum: 8, weights: 16, out: 48, given: 128 } as const;

/** The address of the first column: after a block of a column as it was given. */
const AT_COLUMNS = AT.given + COLUMN_BYTES;

type Kernel = (a: number, b: number, c: number, d: number, e: number) => void;

/** The kernels of src/cpu/kernels/columns.ts, by the size of their tile, or its height · 4 + width. */
interface Kernels {
  center: { f32: Kernel; f64: Kernel };
  products: readonly Kernel[];
  triangle: readonly Kernel[];
  subtract: readonly Kernel[];
}

/**
 * Blocks of a few hundred rows of columns in memory of WebAssembly, centred, in f64. The memory is the same for all fits: what
 * one writes it reads in the same turn of the event loop.
 */
export class ColumnBlocks {
  /** Rows of a whole block; others have a multiple of `rowStep`. */
  readonly rowCount = COLUMN_ROWS;
  readonly rowStep = ROW_STEP;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  #columnCount = 0;
  #numbers = new Float64Array(0);
  #given = { f32: new Float32Array(0), f64: new Float64Array(0) };

  constructor(memory: WebAssembly.Memory, kernels: Kernels) {
    this.#memory = memory;
    this.#kernels = kernels;
  }

  /** Has room for so many columns. Throws `OUT_OF_MEMORY`. */
  reserve(columnCount: number): void {
    if (columnCount <= this.#columnCount) return;
    const missing = AT_COLUMNS + columnCount * COLUMN_BYTES - this.#memory.buffer.byteLength;
    if (missing > 0) allocated(missing, () => this.#memory.grow(Math.ceil(missing / PAGE_BYTES)));
    const { buffer } = this.#memory;
    this.#columnCount = columnCount;
    this.#numbers = new Float64Array(buffer);
    this.#given = {
      f32: new Float32Array(buffer, AT.given, COLUMN_ROWS),
      f64: new Float64Array(buffer, AT.given, COLUMN_ROWS),
    };
  }

  /** Writes rows of a column less the shift as column j of the block, and returns their sum. */
  center(j: number, column: FloatArray, from: number, rows: number, shift: number): number {
    const numbers = this.#numbers;
    const values = column.subarray(from, from + rows);
    const isF32 = values instanceof Float32Array;
    if (isF32) this.#given.f32.set(values);
    else this.#given.f64.set(values);
    numbers[AT.shift / 8] = shift;
    const to = AT_COLUMNS + j * COLUMN_BYTES;
    const { f32, f64 } = this.#kernels.center;
    (isF32 ? f32 : f64)(AT.given, to, to + 8 * rows, AT.shift, AT.sum);
    return numbers[AT.sum / 8] as number;
  }

  /** Adds the products of all pairs of the first `size` columns to the upper triangle of a matrix [size, size]. */
  addProducts(size: number, rows: number, products: Float64Array): void {
    for (let i = 0; i < size; i += COLUMN_TILE) {
      const height = Math.min(COLUMN_TILE, size - i);
      const left = AT_COLUMNS + i * COLUMN_BYTES;
      (this.#kernels.triangle[height] as Kernel)(left, left + 8 * rows, AT.out, 0, 0);
      this.#addTile(products, size, i, height, i, height);
      for (let j = i + COLUMN_TILE; j < size; j += COLUMN_TILE) {
        const width = Math.min(COLUMN_TILE, size - j);
        this.#multiply(i, height, j, width, rows);
        this.#addTile(products, size, i, height, j, width);
      }
    }
  }

  /** Takes Σ weight·column of the first columns, as many as there are weights, from another; returns that one. */
  subtract(weights: Float64Array, from: number, rows: number): Float64Array {
    const to = AT_COLUMNS + from * COLUMN_BYTES;
    for (let j = 0; j < weights.length; j += COLUMN_TILE) {
      const width = Math.min(COLUMN_TILE, weights.length - j);
      for (let k = 0; k < width; k++) this.#numbers[AT.weights / 8 + k] = weights[j + k] as number;
      const columns = AT_COLUMNS + j * COLUMN_BYTES;
      (this.#kernels.subtract[width] as Kernel)(columns, to, columns + 8 * rows, AT.weights, 0);
    }
    return this.#numbers.subarray(to / 8, to / 8 + rows);
  }

  /** Adds the products of a column with each of the first ones. */
  addProductsWith(column: number, rows: number, products: Float64Array): void {
    for (let j = 0; j < products.length; j += COLUMN_TILE) {
      const width = Math.min(COLUMN_TILE, products.length - j);
      this.#multiply(column, 1, j, width, rows);
      for (let k = 0; k < width; k++) add(products, j + k, this.#numbers[AT.out / 8 + k] as number);
    }
  }

  /** The sum of a column. */
  sumOf(column: number, rows: number): number {
    const at = AT_COLUMNS + column * COLUMN_BYTES;
    this.#numbers[AT.shift / 8] = 0;
    this.#kernels.center.f64(at, at, at + 8 * rows, AT.shift, AT.sum);
    return this.#numbers[AT.sum / 8] as number;
  }

  /** The sum of its squares. */
  squaresOf(column: number, rows: number): number {
    const at = AT_COLUMNS + column * COLUMN_BYTES;
    (this.#kernels.triangle[1] as Kernel)(at, at + 8 * rows, AT.out, 0, 0);
    return this.#numbers[AT.out / 8] as number;
  }

  #multiply(i: number, height: number, j: number, width: number, rows: number): void {
    const [left, right] = [AT_COLUMNS + i * COLUMN_BYTES, AT_COLUMNS + j * COLUMN_BYTES];
    const multiply = this.#kernels.products[height * (COLUMN_TILE + 1) + width] as Kernel;
    multiply(left, right, left + 8 * rows, AT.out, 0);
  }

  /** Adds the sums of a tile of pairs; of one on the diagonal those from there on. */
  #addTile(products: Float64Array, size: number, i: number, height: number, j: number, width: number): void {
    let at = AT.out / 8;
    for (let a = 0; a < height; a++) {
      for (let b = i === j ? a : 0; b < width; b++)
        add(products, (i + a) * size + j + b, this.#numbers[at++] as number);
    }
  }
}

function add(to: Float64Array, at: number, value: number): void {
  to[at] = (to[at] as number) + value;
}

let opened: Promise<ColumnBlocks | null> | undefined;

/** The blocks of this thread; null on a host that forbids WebAssembly. */
export function openColumnBlocks(): Promise<ColumnBlocks | null> {
  return (opened ??= open().catch((error: unknown) => {
    opened = undefined; // it is tried again
    throw error;
  }));
}

async function open(): Promise<ColumnBlocks | null> {
  if (!(await hasWasm())) return null;
  const memory = allocated(PAGE_BYTES, () => new WebAssembly.Memory({ initial: 1 }));
  const { instance } = await WebAssembly.instantiate(columnsModule(), { env: { memory } });
  const named = (name: string) => instance.exports[name] as unknown as Kernel;
  const sizes = Array.from({ length: COLUMN_TILE + 1 }, (_, size) => size);
  return new ColumnBlocks(memory, {
    center: { f32: named('center4'), f64: named('center8') },
    products: sizes.flatMap((height) => sizes.map((width) => named(`products${height}${width}`))),
    triangle: sizes.map((size) => named(`triangle${size}`)),
    subtract: sizes.map((size) => named(`subtract${size}`)),
  });
}
