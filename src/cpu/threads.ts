import type { Soon } from '../base/soon.js';
import { Turn } from '../base/turns.js';
import type { KernelKind } from './kernels/module.js';
import type { Pass, Rows } from './rows.js';

/** Consecutive examples: `first` to before `end`, as they are stored. */
export interface RowRange {
  first: number;
  end: number;
}

/**
 * Returns the sums of a kernel over ranges of examples, at parameters as for `Pass.begin`, with a column of targets: at
 * once, or later where it takes long or other threads. They are valid until the next call.
 */
export type Sums = (model: Float64Array, ranges: readonly RowRange[], target: number) => Soon<Float64Array>;

/** The threads that hold the examples. */
export interface Threads {
  readonly count: number;
  /** Makes a kernel ready on all of them. */
  sums(kind: KernelKind): Promise<Sums>;
  dispose(): void;
}

/** Numbers read between two looks at the clock: some milliseconds. */
const NUMBERS_PER_LOOK = 2 ** 24;

/** All examples on the caller's thread. */
export class OneThread implements Threads {
  readonly count = 1;
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async sums(kind: KernelKind): Promise<Sums> {
    const pass = await this.#rows.pass(kind);
    const perRow = this.#rows.shape.featureCount + (kind.loss === 'logistic' ? 16 : 2);
    const stretch = Math.ceil(NUMBERS_PER_LOOK / perRow);
    return (model, ranges, target) => {
      pass.begin(model);
      if (this.#rows.count > stretch) return inStretches(pass, ranges, target, stretch);
      for (const { first, end } of ranges) pass.add(first, end, target);
      return pass.read();
    };
  }

  dispose(): void {
    // Memory is all there is.
  }
}

/** Adds up some rows at a time, and gives way in between. */
async function inStretches(
  pass: Pass,
  ranges: readonly RowRange[],
  target: number,
  stretch: number,
): Promise<Float64Array> {
  const turn = new Turn();
  for (const { first, end } of ranges) {
    for (let from = first; from < end; from += stretch) {
      if (turn.isOver) await turn.next();
      pass.add(from, Math.min(from + stretch, end), target);
    }
  }
  return pass.read();
}
