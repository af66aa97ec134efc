import { isTurnOver, nextTurn } from '../../base/turns.js';
import { fillTiles, inStretches, type StoredColumn } from '../fill.js';
import type { KernelKind } from '../kernels/module.js';
import { numbersOfTiles, type Shape } from '../kernels/shape.js';
import { openRows, type Pass, type Rows } from '../rows.js';
import { type RowRange, rowsPerLook, type Sums, type Threads } from './threads.js';

/** All examples on the caller's thread. */
export class OneThread implements Threads {
  readonly shape: Shape;
  readonly parts: readonly RowRange[];
  readonly kernels: Rows['kernels'];
  readonly #rows: Rows;

  /** Throws `OUT_OF_MEMORY`. */
  constructor(shape: Shape, count: number, kernels: Rows['kernels']) {
    this.shape = shape;
    this.parts = [{ first: 0, end: count }];
    this.kernels = kernels;
    this.#rows = openRows(shape, count, kernels);
  }

  fill(
    columns: readonly StoredColumn[],
    order: Uint32Array | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { numbers } = this.#rows;
    return inStretches(this.shape, { first: 0, end: this.#rows.count }, signal, (first, end) => {
      fillTiles(numbers.subarray(numbersOfTiles(this.shape, first)), this.shape, columns, { first, end, order });
    });
  }

  async sums(kind: KernelKind): Promise<Sums> {
    const pass = await this.#rows.pass(kind);
    const most = rowsPerLook(this.shape, kind);
    const isShort = this.#rows.count <= most;
    return (model, ranges, target) => {
      pass.begin(model);
      if (!isShort) return addInTurns(pass, ranges, target, most).then(() => pass.read());
      for (const { first, end } of ranges) pass.add(first, end, target);
      return pass.read();
    };
  }

  dispose(): void {
    this.#rows.dispose();
  }
}

/** Adds up ranges of rows, this many at a time, and gives way in between. */
export async function addInTurns(pass: Pass, ranges: readonly RowRange[], target: number, most: number): Promise<void> {
  for (const { first, end } of ranges) {
    for (let from = first; from < end; from += most) {
      if (isTurnOver()) await nextTurn();
      pass.add(from, Math.min(from + most, end), target);
    }
  }
}
