/**
 * Does something again and again, a while apart, until there is no more of it. A hidden page waits, and goes on when it is
 * seen.
 */
export class Player {
  readonly #act: () => Promise<boolean>;
  readonly #onChange: () => void;
  readonly #intervalMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `act` says whether it can be done again. */
  constructor(act: () => Promise<boolean>, intervalMs: number, onChange: () => void) {
    this.#act = act;
    this.#intervalMs = intervalMs;
    this.#onChange = onChange;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.isPlaying) this.#schedule();
    });
  }

  get isPlaying(): boolean {
    return this.#timer !== undefined;
  }

  play(): void {
    if (!this.isPlaying) this.#schedule(0);
    this.#onChange();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onChange();
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  #schedule(afterMs = this.#intervalMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!document.hidden) void this.#once();
    }, afterMs);
  }

  async #once(): Promise<void> {
    const goesOn = await this.#act();
    if (!this.isPlaying) return;
    if (goesOn) this.#schedule();
    else this.pause();
  }
}
