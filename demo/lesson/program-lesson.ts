import { type Dataset, DescentError, fit, SEED_PROGRAM } from '../../src/index.js';
import { Player } from '../page/player.js';
import type { PageState } from '../page/state.js';
import type { Store } from '../page/store.js';
import { LatestPicture } from './latest-picture.js';
import { type Best, bestOf, ON_CPU, programData, Surface } from './program-data.js';
import { executedAfter, positionAt, SETUP_LINES } from './program-lines.js';
import { type Compared } from './program-names.js';
import { type Fastest, fastestOf, mapOf, type RateMap } from './program-rates.js';
import { type Run, runsOf } from './program-runs.js';

/** Everything that follows from the data alone. */
interface AboutData {
  data: Dataset;
  best: Best;
  surface: Surface;
  /** The λ over which plain gradient descent diverges. */
  limit: number;
}

/** Everything that section 5 shows, calculated together. */
export interface ProgramPicture extends AboutData {
  /** The program's own run first. */
  runs: readonly Run[];
  /** The fastest λ of each optimizer, where they are compared. */
  fastest: Readonly<Record<Compared, Fastest>> | null;
}

/** The last picture that there could be, and what is in the way of the one in hand. */
interface Shown {
  picture: ProgramPicture | null;
  error: DescentError | null;
}

type Listener = (picture: ProgramPicture | null, error: DescentError | null) => void;

/** A hundred epochs in some seconds. */
const EPOCH_INTERVAL_MS = 70;

/** The part of the page's state that the runs follow from. */
const NAMES = ['spread', 'ratio', 'seed', 'programRate', 'momentum', 'rates', 'runs'] as const;

/** The runs of section 5. They are made as a whole; the page then plays what is recorded of them. */
export class ProgramLesson {
  readonly player: Player;
  #aboutData: (AboutData & { key: string }) | undefined;
  #fastest: { key: string; found: Promise<Readonly<Record<Compared, Fastest>>> } | undefined;
  #map: { key: string; found: Promise<RateMap> } | undefined;
  readonly #shown = new LatestPicture<Shown>(() => this.#show());

  constructor(readonly store: Store) {
    this.player = new Player(
      () => Promise.resolve(this.#playOn()),
      EPOCH_INTERVAL_MS,
      () => this.#shown.tell(),
    );
    store.subscribe((state, before) => {
      if (NAMES.some((name) => state[name] !== before[name])) this.#shown.calculate();
    });
    this.#shown.calculate();
  }

  /** Calls back with every new picture, and at once with the last one. */
  subscribe(listener: Listener, signal: AbortSignal): void {
    this.#shown.subscribe(({ picture, error }) => listener(picture, error), signal);
  }

  /** The last line that can be executed: a run that diverges ends early. */
  get lastLine(): number {
    return executedAfter(Math.max(0, (this.#shown.last?.picture?.runs[0]?.path.length ?? 1) - 1));
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

  /** The epochs that every λ takes with every momentum. */
  async map(): Promise<RateMap> {
    const about = await this.#dataOf(this.store.state);
    if (this.#map?.key !== about.key)
      this.#map = { key: about.key, found: mapOf(about.data, { ...about, seed: this.store.state.seed }) };
    return this.#map.found;
  }

  #playOn(): boolean {
    this.stepEpoch();
    return this.line < this.lastLine;
  }

  async #show(): Promise<Shown> {
    try {
      return { picture: await this.#draw(this.store.state), error: null };
    } catch (error) {
      if (!(error instanceof DescentError)) throw error;
      return { picture: this.#shown.last?.picture ?? null, error };
    }
  }

  async #draw(state: PageState): Promise<ProgramPicture> {
    const about = await this.#dataOf(state);
    const { seed, programRate: rate, momentum, runs: kind, rates } = state;
    let fastest: ProgramPicture['fastest'] = null;
    if (kind === 'optimizers') {
      const key = `${about.key} ${momentum}`;
      if (this.#fastest?.key !== key)
        this.#fastest = { key, found: fastestOf(about.data, { ...about, seed, momentum }) };
      fastest = await this.#fastest.found;
    }
    const chosen = rates === 'own' ? fastest : null;
    const runs = await runsOf(about.data, { kind, rate, seed, momentum, fastest: chosen });
    return { ...about, runs, fastest };
  }

  async #dataOf({ spread, ratio, seed }: PageState): Promise<AboutData & { key: string }> {
    const key = `${spread} ${ratio} ${seed}`;
    if (this.#aboutData?.key === key) return this.#aboutData;
    const data = programData(spread, ratio, seed);
    const best = await bestOf(data);
    const surface = await Surface.of(data, best);
    const { report } = await fit(data, { ...SEED_PROGRAM, ...ON_CPU, epochs: 1 });
    this.#aboutData = { key, data, best, surface, limit: report.learningRateLimit ?? Number.NaN };
    return this.#aboutData;
  }
}
