/** A loop on the host holds the thread for about this long between two turns of the event loop: less than a frame. */
const TURN_MS = 12;

/** Resolves in a later turn of the event loop, after what waits for one. Timers of a page would wait for 4 ms or, hidden, 1 s. */
export function nextTurn(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** The time that a loop has held the thread. */
export class Turn {
  #startMs = performance.now();

  /** True if it is time for the loop to give way. */
  get isOver(): boolean {
    return performance.now() - this.#startMs > TURN_MS;
  }

  /** Gives way if it is time to. */
  async give(): Promise<void> {
    if (this.isOver) await this.next();
  }

  /** Gives way to what waits for a turn. Rejects with the reason of the signal. */
  async next(signal?: AbortSignal): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
    this.#startMs = performance.now();
  }
}

/** Work in parts of some milliseconds each, which pauses between two of them. */
export type WorkInParts<Result> = Generator<undefined, Result, undefined>;

/** [n] What `map` gives for each item, one of them in each part of the work. */
export function* mapInParts<Item, Result>(
  items: Iterable<Item>,
  map: (item: Item, index: number) => Result,
): WorkInParts<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    results.push(map(item, results.length));
    yield;
  }
  return results;
}

/** The result of work that is done at once. */
export function atOnce<Result>(work: WorkInParts<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The result of work that gives way to others between its parts. Rejects with the reason of the signal. */
export async function inTurns<Result>(work: WorkInParts<Result>, signal?: AbortSignal): Promise<Result> {
  const turn = new Turn();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (turn.isOver) await turn.next(signal);
  }
}

/** A result, or the reason of a signal that aborts before there is one: what is waited for then ends by itself, or never. */
export function beforeAbort<Result>(result: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return result;
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
