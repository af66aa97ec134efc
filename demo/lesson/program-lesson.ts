import { type Dataset, DescentError } from '../../src/index.js';
import type { SharedDevice } from '../page/device.js';
import { Player } from '../page/player.js';
import type { PageState } from '../page/state.js';
import type { Store } from '../page/store.js';
import { executedAfter, positionAt, SETUP_LINES } from './program-lines.js';
import { type Best, bestOf, programData, type Run, runsOf, type Surface, surfaceOf } from './program-runs.js';

/** Everything that section 5 shows, calculated together. */
export interface ProgramPicture {
  data: Dataset;
  best: Best;
  surface: Surface;
  /** The program's own run first. */
  runs: readonly Run[];
}

type Listener = (picture: ProgramPicture | null, error: DescentError | null) => void;

/** A hundred epochs in some seconds. */
const EPOCH_INTERVAL_MS = 70;

/** The runs of section 5. The device makes them as a whole; the page then plays what is recorded of them. */
export class ProgramLesson {
  readonly player: Player;
  #aboutData: (Pick<ProgramPicture, 'data' | 'best' | 'surface'> & { key: string }) | undefined;
  #picture: ProgramPicture | null = null;
  #error: DescentError | null = null;
  #calculation: Promise<void> | undefined;
  #isStale = false;
  readonly #listeners = new Set<Listener>();

  constructor(
    readonly store: Store,
    readonly device: SharedDevice,
  ) {
    this.player = new Player(
      () => Promise.resolve(this.#playOn()),
      EPOCH_INTERVAL_MS,
      () => this.#tell(),
    );
    store.subscribe((state, before) => {
      const names = ['spread', 'seed', 'programRate', 'runs'] as const;
      if (names.some((name) => state[name] !== before[name])) this.#calculate();
    });
    this.#calculate();
  }

  /** Calls back with every new picture, and at once with the last one. */
  subscribe(listener: Listener, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    if (this.#picture ?? this.#error) listener(this.#picture, this.#error);
  }

  /** The last line that can be executed: a run that diverges ends early. */
  get lastLine(): number {
    return executedAfter(Math.max(0, (this.#picture?.runs[0]?.path.length ?? 1) - 1));
  }

  /** Lines executed: what the address says, as far as the run goes. */
  get line(): number {
    return Math.min(this.store.state.at, this.lastLine);
  }

  /** Executes as many lines as take the program to the end of an epoch. */
  stepEpoch(): void {
    const { line } = this;
    this.moveTo(executedAfter(line < SETUP_LINES ? 0 : positionAt(line).epochs + 1));
  }

  moveTo(line: number): void {
    this.store.set({ at: Math.max(0, Math.min(this.lastLine, line)) });
  }

  #playOn(): boolean {
    this.stepEpoch();
    return this.line < this.lastLine;
  }

  #calculate(): void {
    this.#isStale = true;
    this.#calculation ??= this.#untilFresh().finally(() => (this.#calculation = undefined));
  }

  async #untilFresh(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      try {
        this.#picture = await this.#draw(this.store.state);
        this.#error = null;
      } catch (error) {
        if (!(error instanceof DescentError)) throw error;
        this.#error = error;
      }
      this.#tell();
    }
  }

  async #draw({ spread, seed, programRate: rate, runs: kind }: PageState): Promise<ProgramPicture> {
    const key = `${spread} ${seed}`;
    if (this.#aboutData?.key !== key) {
      const data = programData(spread, seed);
      const best = await this.device.run((place) => bestOf(data, place));
      const surface = await this.device.run((place) => surfaceOf(data, best, place));
      this.#aboutData = { key, data, best, surface };
    }
    const { data, best, surface } = this.#aboutData;
    const runs = await this.device.run((place) => runsOf(data, kind, { rate, seed }, place));
    return { data, best, surface, runs };
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener(this.#picture, this.#error);
  }
}
