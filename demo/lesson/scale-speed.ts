/** The time that a step may take of a frame, which has 16 ms in all. */
const STEP_MS = 10;

/** A measured speed is that of the last second. */
const WINDOW_MS = 1000;

/** The speed of descent while it plays, and the epochs of a step that keep the page alive. */
export class Speed {
  #epochs = 0;
  #epochsPerStep = 1;
  #marks: { atMs: number; epochs: number }[] = [];

  /** After a pause: what was before it does not count. */
  restart(): void {
    this.#marks = [];
  }

  /** A step of so many epochs has ended, and took so long. */
  add(epochs: number, elapsedMs: number, nowMs = performance.now()): void {
    if (this.#marks.length === 0) this.#marks.push({ atMs: nowMs - elapsedMs, epochs: this.#epochs });
    this.#epochs += epochs;
    this.#marks.push({ atMs: nowMs, epochs: this.#epochs });
    while (this.#marks.length > 2 && nowMs - (this.#marks[0]?.atMs ?? 0) > WINDOW_MS) this.#marks.shift();
    if (epochs < this.#epochsPerStep) return; // a step of another length tells nothing of this one
    if (elapsedMs < STEP_MS / 2) this.#epochsPerStep *= 2;
    else if (elapsedMs > STEP_MS) this.#epochsPerStep = Math.max(1, Math.floor(this.#epochsPerStep / 2));
  }

  /** Number of epochs that a step has time for. */
  get epochsPerStep(): number {
    return this.#epochsPerStep;
  }

  /** null before the first step. */
  get epochsPerSecond(): number | null {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (!first || !last || last.atMs === first.atMs) return null;
    return (1000 * (last.epochs - first.epochs)) / (last.atMs - first.atMs);
  }
}
