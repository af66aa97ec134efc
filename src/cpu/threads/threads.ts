import type { Soon } from '../../base/soon.js';
import type { StoredColumn } from '../fill.js';
import type { KernelKind } from '../kernels/module.js';
import type { Shape } from '../kernels/shape.js';
import type { Rows } from '../rows.js';

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
  readonly shape: Shape;
  /** The examples of each thread. */
  readonly parts: readonly RowRange[];
  /** The kernels that they run. */
  readonly kernels: Rows['kernels'];
  /** Stores all examples, with turns of the event loop in between. Rejects with the reason of the signal. */
  fill(
    columns: readonly StoredColumn[],
    order: Uint32Array | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void>;
  /** Makes a kernel ready on all threads. */
  sums(kind: KernelKind): Promise<Sums>;
  dispose(): void;
}

/** Numbers read between two looks at the clock: some milliseconds. */
const NUMBERS_PER_LOOK = 2 ** 24;

/** Rows of a kernel's pass that take a thread some milliseconds. */
export function rowsPerLook({ featureCount }: Shape, { loss, withHessian }: KernelKind): number {
  const ofLoss = loss === 'logistic' ? 16 : 2;
  return Math.ceil(NUMBERS_PER_LOOK / (featureCount + ofLoss + (withHessian ? featureCount ** 2 : 0)));
}

/** Adds an array to another. */
export function addTo(sums: Float64Array, others: Float64Array): void {
  for (let j = 0; j < sums.length; j++) sums[j] = (sums[j] as number) + (others[j] as number);
}
