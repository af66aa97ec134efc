import { coreCount } from '../../base/host.js';
import { columnsOfTile, type Shape } from '../kernels/shape.js';
import type { Rows } from '../rows.js';

/** More threads than this wait for memory, or for one another. */
const MOST_THREADS = 16;

/**
 * Numbers of a thread for which a thread of its own pays. By shared memory a job begins and ends within 3 µs if all cores are
 * free, but a thread that waits for a core holds up all others: 2^18 numbers are 35 µs of work,
 */
const LEAST_SHARED = 2 ** 18;
/** and 2^20 numbers 140 µs, where messages take some 100 µs. */
const LEAST_BY_MESSAGES = 2 ** 20;

/** Numbers that are read in all epochs in the time that workers take to start, some 30 ms. */
const LEAST_IN_ALL = 2 ** 28;

/** The use of the examples, as far as it decides how many threads pay. */
export interface ThreadChoice {
  kernels: Rows['kernels'];
  /** Epochs that are to come at most. */
  epochs: number;
  /** Default: as many as pay. */
  threads?: number | undefined;
}

/** The number of threads that pay. */
export function threadsFor(shape: Shape, count: number, { kernels, epochs }: ThreadChoice): number {
  const numbers = count * columnsOfTile(shape);
  if (kernels === 'loops' || numbers * epochs < LEAST_IN_ALL) return 1;
  const least = typeof SharedArrayBuffer === 'undefined' ? LEAST_BY_MESSAGES : LEAST_SHARED;
  return Math.max(1, Math.min(coreCount(), MOST_THREADS, Math.floor(numbers / least)));
}
