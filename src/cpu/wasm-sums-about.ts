import type { WorkInParts } from '../base/turns.js';
import type { FloatArray } from '../data/dataset.js';
import { SumsAbout } from '../moments/sums-about.js';
import { type ColumnBlocks, openColumnBlocks } from './column-blocks.js';

/** Fewer rows are for plain loops: their sums are the same on every host, and take microseconds. */
const LEAST_ROWS = 256;

/** `SumsAbout` whose sums without weights are added up by vectors of WebAssembly, in f64 too. */
export class WasmSumsAbout extends SumsAbout {
  readonly #blocks: ColumnBlocks;

  constructor(shift: Float64Array, blocks: ColumnBlocks) {
    super(shift);
    this.#blocks = blocks;
  }

  override *add(columns: readonly FloatArray[], from: number, to: number): WorkInParts<void> {
    const size = this.shift.length;
    if (to - from < LEAST_ROWS) return yield* super.add(columns, from, to);
    const { rowCount, rowStep } = this.#blocks;
    this.#blocks.reserve(size);
    const end = to - ((to - from) % rowStep); // the rest is for plain loops
    for (let block = from; block < end; block += rowCount) {
      const rows = Math.min(rowCount, end - block);
      for (let j = 0; j < size; j++) {
        const sum = this.#blocks.center(j, columns[j] as FloatArray, block, rows, this.shift[j] as number);
        this.sums[j] = (this.sums[j] as number) + sum;
      }
      this.#blocks.addProducts(size, rows, this.products);
      yield; // never between the two: the memory of blocks is that of others, too
    }
    yield* super.add(columns, end, to);
  }
}

/** Opens sums about shifts: by vectors where the host has them. */
export async function sumsAboutOpener(): Promise<(shift: Float64Array) => SumsAbout> {
  const blocks = await openColumnBlocks();
  return (shift) => (blocks ? new WasmSumsAbout(shift, blocks) : new SumsAbout(shift));
}
