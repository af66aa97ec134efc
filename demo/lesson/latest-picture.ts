/** A picture that is calculated anew after each change; where changes come faster than that, the last one counts. */
export class LatestPicture<Picture> {
  #last: Picture | undefined;
  #calculation: Promise<void> | undefined;
  #isStale = false;
  readonly #draw: () => Promise<Picture>;
  readonly #listeners = new Set<(picture: Picture) => void>();

  /** `draw` calculates the picture of the state as it is then. */
  constructor(draw: () => Promise<Picture>) {
    this.#draw = draw;
  }

  /** The picture that was calculated last; undefined before there is one. */
  get last(): Picture | undefined {
    return this.#last;
  }

  /** Calls back with every new picture, and at once with the last one. */
  subscribe(listener: (picture: Picture) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    if (this.#last) listener(this.#last);
  }

  /** The picture of the state as it is now. */
  async now(): Promise<Picture> {
    await this.#calculation;
    return this.#last as Picture;
  }

  calculate(): void {
    this.#isStale = true;
    this.#calculation ??= this.#untilFresh().finally(() => (this.#calculation = undefined));
  }

  /** Calls back with the last picture again, where something beside it has changed. */
  tell(): void {
    const picture = this.#last;
    if (picture) for (const listener of [...this.#listeners]) listener(picture);
  }

  async #untilFresh(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      this.#last = await this.#draw();
      this.tell();
    }
  }
}
