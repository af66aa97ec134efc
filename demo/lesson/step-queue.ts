/** A step of descent. `isWanted` becomes false when it is dropped meanwhile. Resolves to true while there is another one to make. */
export type Step = (isWanted: () => boolean) => Promise<boolean>;

/** Steps one after another, each from where the one before has led, however fast they are asked for. */
export class StepQueue {
  #last: Promise<unknown> = Promise.resolve();
  #drops = 0;

  /** Makes a step after those before it; resolves to false for one that was dropped. */
  add(step: Step): Promise<boolean> {
    const drops = this.#drops;
    const isWanted = () => drops === this.#drops;
    const made = this.#last.then(() => isWanted() && step(isWanted));
    this.#last = made.catch(() => undefined);
    return made;
  }

  /** Drops what was asked for and is not done: it would lead on from a place that was left. */
  drop(): void {
    this.#drops += 1;
  }
}
