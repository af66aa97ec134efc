/** Loops on the host hold the thread for about this long between two turns of the event loop: less than a frame. */
const TURN_MS = 12;

/**
 * When loops of this thread began or first looked at the clock in this turn of the event loop; 0 where none has. One clock for all:
 * the loops of a call follow on one another within a turn, and each with a clock of its own would hold the thread anew.
 */
let turnStartMs = 0;

/** Resolves in a later turn of the event loop, after what waits for one. Timers of a page would wait for 4 ms or, hidden, 1 s. */
function laterTurn(): Promise<unknown> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(port1.close());
      port2.postMessage(0);
    }
  });
}

/** True if it is time to give way. */
export function isTurnOver(): boolean {
  if (turnStartMs === 0) {
    turnStartMs = performance.now();
    void laterTurn().then(() => (turnStartMs = 0));
  }
  return performance.now() - turnStartMs > TURN_MS;
}

/** Gives way. Rejects with the reason of the signal. */
export async function nextTurn(signal?: AbortSignal): Promise<void> {
  await laterTurn();
  turnStartMs = 0; // others may have had a turn meanwhile, whose end is yet to be told
  isTurnOver(); // the clock runs from the beginning
  signal?.throwIfAborted();
}

/** Gives way if it is time to. Rejects with the reason of the signal. */
export async function giveWay(signal?: AbortSignal): Promise<void> {
  if (isTurnOver()) await nextTurn(signal);
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
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (isTurnOver()) await nextTurn(signal);
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
