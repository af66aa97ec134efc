import { requireCallback, requireSignal } from '../base/require-watch.js';
import { giveWay } from '../base/turns.js';

/** The progress of one pass over a table. */
export interface ReadProgress {
  /** Number of rows read so far. */
  rows: number;
  /** Rows read in a second, since the pass began. */
  rowsPerSecond: number;
}

/** The callbacks of a source that is read. */
export interface ReadWatch {
  /** Ends reading between two blocks of rows, with the reason of the signal. */
  signal?: AbortSignal | undefined;
  /** Called after each block of rows. */
  onRead?: ((progress: ReadProgress) => void) | undefined;
}

/** The names of these options. */
export const WATCH_OPTIONS: readonly (keyof ReadWatch)[] = ['signal', 'onRead'];

/** The progress of a pass that began at `startMs`. */
export function progressOf(rows: number, startMs: number): ReadProgress {
  const seconds = Math.max(performance.now() - startMs, 1) / 1000;
  return { rows, rowsPerSecond: rows / seconds };
}

/** Counts the rows of a pass, and ends it if one of the signals says so. */
export class ReadMeter {
  readonly #startMs = performance.now();
  #rows = 0;

  constructor(
    /** Those of a source, and those of the call that reads it. */
    private readonly watches: readonly ReadWatch[],
  ) {}

  async add(rows: number): Promise<void> {
    await giveWay();
    for (const { signal } of this.watches) signal?.throwIfAborted();
    this.#rows += rows;
    const progress = progressOf(this.#rows, this.#startMs);
    for (const { onRead } of this.watches) onRead?.(progress);
  }
}

/** Throws `INVALID_OPTION` for a watch of another kind: callers without types hand in anything. */
export function requireWatch({ signal, onRead }: ReadWatch): void {
  requireSignal(signal);
  requireCallback('onRead', onRead);
}
