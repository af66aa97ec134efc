import type { Dataset } from '../../src/index.js';
import type { Store } from '../page/store.js';
import {
  bestLineOf,
  type Curvature,
  curvatureOf,
  datasetOf,
  gradientAt,
  type Line,
  lossesOf,
  predictionsOf,
} from './calculate.js';
import { type Point, type Preset, presetOf } from './presets.js';

/** Everything that is shown of the points and the line, calculated together. */
export interface Picture {
  preset: Preset;
  points: readonly Point[];
  data: Dataset;
  line: Line;
  /** h(x) of every point. */
  predictions: readonly number[];
  loss: number;
  /** ∂L/∂w and ∂L/∂b at the line. */
  gradient: Line;
  best: Line;
  bestLoss: number;
  curvature: Curvature;
}

/** What depends on the points alone, kept while the line moves. */
type AboutPoints = Pick<Picture, 'points' | 'data' | 'best' | 'curvature'>;

/** A number this large is shown no better than 'too large'; with more, the square overflows long before f64 does. */
const LARGEST = 1e9;

/** The points and the line of sections 1 to 4: kept in the page's state, calculated by the library. */
export class LineLesson {
  #picture: Picture | undefined;
  #aboutPoints: AboutPoints | undefined;
  #isCalculating = false;
  #isStale = true;
  readonly #listeners = new Set<(picture: Picture) => void>();

  constructor(readonly store: Store) {
    store.subscribe((state, before) => {
      const names = ['preset', 'points', 'w', 'b'] as const;
      if (names.some((name) => state[name] !== before[name])) void this.#calculate();
    });
    void this.#calculate();
  }

  get points(): readonly Point[] {
    const { points, preset } = this.store.state;
    return points.length > 0 ? points : presetOf(preset).points;
  }

  get line(): Line {
    const { w, b } = this.store.state;
    return { w, b };
  }

  setLine(changes: Partial<Line>): void {
    const { w, b } = { ...this.line, ...changes };
    const within = (value: number) => Math.max(-LARGEST, Math.min(LARGEST, value));
    this.store.set({ w: within(w), b: within(b) });
  }

  setPoints(points: readonly Point[]): void {
    this.store.set({ points });
  }

  /** Calls back with every new picture, and at once with the last one. */
  subscribe(listener: (picture: Picture) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    if (this.#picture) listener(this.#picture);
  }

  /** Of changes that come faster than they can be calculated, the last one counts. */
  async #calculate(): Promise<void> {
    this.#isStale = true;
    if (this.#isCalculating) return;
    this.#isCalculating = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        const picture = await this.#draw();
        this.#picture = picture;
        for (const listener of [...this.#listeners]) listener(picture);
      }
    } finally {
      this.#isCalculating = false;
    }
  }

  async #draw(): Promise<Picture> {
    const { points, line } = this;
    const preset = presetOf(this.store.state.preset);
    if (this.#aboutPoints?.points !== points) {
      const data = datasetOf(points);
      this.#aboutPoints = { points, data, best: await bestLineOf(data), curvature: await curvatureOf(data) };
    }
    const about = this.#aboutPoints;
    const [losses, gradient, predictions] = await Promise.all([
      lossesOf(about.data, [line, about.best]),
      gradientAt(about.data, line),
      predictionsOf(points, line),
    ]);
    const [loss = Number.NaN, bestLoss = Number.NaN] = losses;
    return { preset, ...about, line, predictions, loss, gradient, bestLoss };
  }
}
