import { Player } from '../page/player.js';
import type { Store } from '../page/store.js';
import { type Line, stepFrom } from './calculate.js';
import type { LineLesson } from './line-lesson.js';
import { StepQueue } from './step-queue.js';

/** A line that descent has left behind. */
export interface Visited extends Line {
  loss: number;
}

/** Beyond this the picture holds no more: descent diverges, and is stopped. */
const FARTHEST = 1e6;

/** A step shorter than this is none that can be seen. */
const SHORTEST_STEP = 1e-5;

/** Between two steps of a play; slow enough to follow each. */
const STEP_INTERVAL_MS = 400;

/** The steps of section 4: one at a time or played, from the line in hand, until someone moves it. */
export class Descent {
  #trail: Visited[] = [];
  readonly player: Player;
  readonly #steps = new StepQueue();
  #isOwnMove = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly lesson: LineLesson,
    readonly store: Store,
  ) {
    store.subscribe((state, before) => {
      const isMoved = (['w', 'b', 'points', 'preset'] as const).some((name) => state[name] !== before[name]);
      if (isMoved && !this.#isOwnMove) this.#comeBack(state);
    });
    this.player = new Player(
      () => this.step(),
      STEP_INTERVAL_MS,
      () => this.#tell(),
    );
  }

  /** The lines before the one in hand, the first one first. */
  get trail(): readonly Visited[] {
    return this.#trail;
  }

  subscribe(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** w ← w − λ ∂L/∂w, and b likewise where both move. Says whether there is another step to make. */
  step(): Promise<boolean> {
    return this.#steps.add((isWanted) => this.#stepOnce(isWanted));
  }

  async #stepOnce(isWanted: () => boolean): Promise<boolean> {
    const { data, line, loss } = await this.lesson.now();
    const { rate, moves } = this.store.state;
    const next = await stepFrom(data, line, rate);
    if (!isWanted()) return false;
    const moved: Line = moves === 'both' ? next : { w: next.w, b: line.b };
    this.#trail.push({ ...line, loss });
    this.#isOwnMove = true;
    this.lesson.setLine(moved);
    this.#isOwnMove = false;
    this.#tell(); // also of a step that led nowhere
    const isFar = Math.max(Math.abs(moved.w), Math.abs(moved.b)) > FARTHEST;
    return !isFar && Math.hypot(moved.w - line.w, moved.b - line.b) > SHORTEST_STEP;
  }

  /** Back to where the first step began. */
  restart(): void {
    const first = this.#trail[0];
    this.#forget();
    if (first) this.lesson.setLine({ w: first.w, b: first.b });
  }

  /** A line that was visited is one that an undo has gone back to: the steps up to it stay. */
  #comeBack({ w, b }: Line): void {
    const visits = this.#trail;
    const place = visits.findIndex((visited) => visited.w === w && visited.b === b);
    this.#forget();
    if (place > 0) this.#trail = visits.slice(0, place);
  }

  #forget(): void {
    this.#steps.drop();
    this.#trail = [];
    this.player.pause();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** True if a line is so far off that it was given up. */
export function isLost({ w, b }: Line): boolean {
  return Math.max(Math.abs(w), Math.abs(b)) > FARTHEST;
}
