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
  /** L over w at the b of the line, and over b at its w. */
  curves: Readonly<Record<Parameter, Curve>>;
}

export type Parameter = 'w' | 'b';

/** L along one parameter, the other one staying as it is. */
export interface Curve {
  positions: readonly number[];
  losses: readonly number[];
  /** Where it is lowest. */
  lowest: { position: number; loss: number };
}

/** What depends on the points alone, kept while the line moves. */
type AboutPoints = Pick<Picture, 'points' | 'data' | 'best' | 'curvature'>;

/** A number this large is shown no better than 'too large'; with more, the square overflows long before f64 does. */
const LARGEST = 1e9;

/** How far a curve reaches to both sides of the best line; twice as far as often as the line in hand is beyond. */
const CURVE_REACH = 2.5;
const CURVE_STEPS = 60;

/** The points and the line of sections 1 to 4: kept in the page's state, calculated by the library. */
export class LineLesson {
  #picture: Picture | undefined;
  #aboutPoints: AboutPoints | undefined;
  #calculation: Promise<void> | undefined;
  #isStale = true;
  readonly #listeners = new Set<(picture: Picture) => void>();

  constructor(readonly store: Store) {
    store.subscribe((state, before) => {
      const names = ['preset', 'points', 'w', 'b'] as const;
      if (names.some((name) => state[name] !== before[name])) this.#calculate();
    });
    this.#calculate();
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

  /** The picture of the state as it is now. */
  async now(): Promise<Picture> {
    await this.#calculation;
    return this.#picture as Picture;
  }

  /** Of changes that come faster than they can be calculated, the last one counts. */
  #calculate(): void {
    this.#isStale = true;
    this.#calculation ??= this.#untilFresh().finally(() => (this.#calculation = undefined));
  }

  async #untilFresh(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      const picture = await this.#draw();
      this.#picture = picture;
      for (const listener of [...this.#listeners]) listener(picture);
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
    const gradient = await gradientAt(about.data, line);
    const predictions = await predictionsOf(points, line);
    const w = samplesOf('w', line, gradient, about);
    const b = samplesOf('b', line, gradient, about);
    const [loss = Number.NaN, bestLoss = Number.NaN, ...losses] = await lossesOf(about.data, [
      line,
      about.best,
      ...linesAlong('w', w, line),
      ...linesAlong('b', b, line),
    ]);
    const curves = { w: curveOf(w, losses.slice(0, w.length)), b: curveOf(b, losses.slice(w.length)) };
    return { preset, ...about, line, predictions, loss, gradient, bestLoss, curves };
  }
}

/** Where a curve is sampled: evenly about the best line, and last of all at its lowest place. */
function samplesOf(parameter: Parameter, line: Line, gradient: Line, { best, curvature }: AboutPoints): number[] {
  const center = best[parameter];
  const distance = Math.abs(line[parameter] - center) / CURVE_REACH;
  const reach = CURVE_REACH * 2 ** Math.max(0, Math.ceil(Math.log2(1.05 * distance)));
  const even = Array.from({ length: CURVE_STEPS + 1 }, (_, i) => center + reach * ((2 * i) / CURVE_STEPS - 1));
  // The slope of a parabola falls by its curvature with every unit: it is 0 this far on.
  return [...even, line[parameter] - gradient[parameter] / curvature[parameter]];
}

function linesAlong(parameter: Parameter, positions: readonly number[], line: Line): Line[] {
  return positions.map((position) => ({ ...line, [parameter]: position }));
}

function curveOf(positions: readonly number[], losses: readonly number[]): Curve {
  const lowest = { position: positions.at(-1) as number, loss: losses.at(-1) as number };
  return { positions: positions.slice(0, -1), losses: losses.slice(0, -1), lowest };
}
