import { Turn } from '../base/turns.js';

/** The progress of one pass over a table. */
export interface ReadProgress {
  /** Number of rows read so far. */
  rows: number;
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

/** Counts the rows of a pass, and ends it if one of the signals says so. */
export class ReadMeter {
  readonly #startMs = performance.now();
  readonly #turns = new Turn();
  #rows = 0;

  constructor(
    private readonly watch: ReadWatch,
    private readonly signal?: AbortSignal,
  ) {}

  async add(rows: number): Promise<void> {
    await this.#turns.give();
    this.watch.signal?.throwIfAborted();
    this.signal?.throwIfAborted();
    this.#rows += rows;
    if (!this.watch.onRead) return;
    const seconds = Math.max(performance.now() - this.#startMs, 1) / 1000;
    this.watch.onRead({ rows: this.#rows, rowsPerSecond: this.#rows / seconds });
  }
}
