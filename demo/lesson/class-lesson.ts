import { Player } from '../page/player.js';
import type { Store } from '../page/store.js';
import { type ClassPicture, pictureOf, stepFrom } from './class-data.js';
import { type Boundary, type ClassPoint, classPresetPoints } from './class-names.js';
import { LatestPicture } from './latest-picture.js';
import { StepQueue } from './step-queue.js';

/** Between two steps of a play. */
const STEP_INTERVAL_MS = 90;

/** A step shorter than this is none that can be seen. */
const SHORTEST_STEP = 1e-4;

/** Steps of a play. */
const MOST_STEPS = 2000;

/** Points and boundary of section 8: kept in the page's state, calculated by the library. */
export class ClassLesson {
  readonly player: Player;
  readonly #steps = new StepQueue();
  readonly #picture = new LatestPicture<ClassPicture>(() => pictureOf(this.points, this.boundary));
  #trail: Boundary[] = [];
  #losses: number[] = [];
  #isOwnMove = false;

  constructor(readonly store: Store) {
    this.player = new Player(
      () => this.step(),
      STEP_INTERVAL_MS,
      () => this.#picture.tell(),
    );
    store.subscribe((state, before) => {
      const hasChanged = (['classPoints', 'classPreset', 'boundary'] as const).some(
        (name) => state[name] !== before[name],
      );
      if (!hasChanged) return;
      if (!this.#isOwnMove && state.boundary !== before.boundary) this.#forget();
      this.#picture.calculate();
    });
    this.#picture.calculate();
  }

  get points(): readonly ClassPoint[] {
    const { classPoints, classPreset } = this.store.state;
    return classPoints.length > 0 ? classPoints : classPresetPoints(classPreset);
  }

  get boundary(): Boundary {
    const [w1 = 0, w2 = 0, b = 0] = this.store.state.boundary;
    return { w1, w2, b };
  }

  /** The boundaries before the one in hand, the first one first. */
  get trail(): readonly Boundary[] {
    return this.#trail;
  }

  /** The losses of those, before each step. */
  get losses(): readonly number[] {
    return this.#losses;
  }

  /** Both classes stay: of one alone there is nothing to tell apart. Returns false where they would not. */
  setPoints(points: readonly ClassPoint[]): boolean {
    if (new Set(points.map(({ label }) => label)).size < 2) return false;
    this.store.set({ classPoints: points });
    return true;
  }

  subscribe(listener: (picture: ClassPicture) => void, signal: AbortSignal): void {
    this.#picture.subscribe(listener, signal);
  }

  /** The picture of the state as it is now. */
  now(): Promise<ClassPicture> {
    return this.#picture.now();
  }

  /** One epoch. Returns true while there is another step to be seen. */
  step(): Promise<boolean> {
    return this.#steps.add((isWanted) => this.#stepOnce(isWanted));
  }

  async #stepOnce(isWanted: () => boolean): Promise<boolean> {
    const { boundary, loss } = await this.now();
    const next = await stepFrom(this.points, boundary, this.store.state.classRate);
    if (!isWanted()) return false;
    this.#trail.push(boundary);
    this.#losses.push(loss);
    this.#isOwnMove = true;
    this.store.set({ boundary: [next.w1, next.w2, next.b] });
    this.#isOwnMove = false;
    await this.now();
    const moved = Math.hypot(next.w1 - boundary.w1, next.w2 - boundary.w2, next.b - boundary.b);
    return moved > SHORTEST_STEP && this.#trail.length < MOST_STEPS;
  }

  /** Back to where the first step began. */
  restart(): void {
    const first = this.#trail[0];
    this.#forget();
    if (first) this.store.set({ boundary: [first.w1, first.w2, first.b] });
  }

  #forget(): void {
    this.#steps.drop();
    this.#trail = [];
    this.#losses = [];
    this.player.pause();
  }
}
