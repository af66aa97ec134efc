/** A loop may hold the thread for about this long. */
const SLICE_MS = 50;

/** Turns that a long loop gives to the page: between two of them it stays alive, and signals arrive. */
export class Turns {
  #sinceMs = performance.now();

  /** Gives a turn if the last one is long ago. */
  async give(): Promise<void> {
    if (performance.now() - this.#sinceMs <= SLICE_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#sinceMs = performance.now();
  }
}
