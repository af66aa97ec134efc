import type { Dataset, Moments } from '../../src/index.js';
import type { Store } from '../page/store.js';
import {
  bestLineOf,
  type Curvature,
  curvatureOf,
  datasetOf,
  gradientAt,
  type Line,
  lossesOf,
  momentsOf,
  predictionsOf,
} from './calculate.js';
import { LatestPicture } from './latest-picture.js';
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
  /** The lowest place; the place in hand of a level curve. */
  lowest: { position: number; loss: number };
  /** The part of it about the best line that is shown unless the line in hand is beyond. */
  span: readonly [number, number];
}

/** The part that depends on the points alone, kept while the line moves. */
type AboutPoints = Pick<Picture, 'points' | 'data' | 'best' | 'curvature'> & { moments: Moments };

/** A number this large is shown no better than 'too large'; with more, the square overflows long before f64 does. */
const LARGEST = 1e9;

/** The reach of a curve to both sides of the best line; twice as far as often as the line in hand is beyond. */
const CURVE_REACH = 2.5;
const CURVE_STEPS = 60;

/** The points and the line of sections 1 to 4: kept in the page's state, calculated by the library. */
export class LineLesson {
  readonly #picture = new LatestPicture<Picture>(() => this.#draw());
  #aboutPoints: AboutPoints | undefined;

  constructor(readonly store: Store) {
    store.subscribe((state, before) => {
      const names = ['preset', 'points', 'w', 'b'] as const;
      if (names.some((name) => state[name] !== before[name])) this.#picture.calculate();
    });
    this.#picture.calculate();
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
    this.#picture.subscribe(listener, signal);
  }

  /** The picture of the state as it is now. */
  now(): Promise<Picture> {
    return this.#picture.now();
  }

  async #draw(): Promise<Picture> {
    const { points, line } = this;
    const preset = presetOf(this.store.state.preset);
    if (this.#aboutPoints?.points !== points) {
      const data = datasetOf(points);
      const [moments, best] = await Promise.all([momentsOf(data), bestLineOf(data)]);
      this.#aboutPoints = { points, data, moments, best, curvature: curvatureOf(moments) };
    }
    const { moments, ...about } = this.#aboutPoints;
    const gradient = gradientAt(moments, line);
    const [predictions, [loss = Number.NaN, bestLoss = Number.NaN]] = await Promise.all([
      predictionsOf(points, line),
      lossesOf(about.data, [line, about.best]),
    ]);
    const at = { line, gradient, loss, best: about.best, curvature: about.curvature };
    const curves = { w: curveOf('w', at), b: curveOf('b', at) };
    return { preset, ...about, line, predictions, loss, gradient, bestLoss, curves };
  }
}

/** Sampled evenly about the best line, and at its lowest place. Along one parameter L is quadratic: its slope and its curvature say all of it. */
function curveOf(
  parameter: Parameter,
  { line, gradient, loss, best, curvature }: Pick<Picture, 'line' | 'gradient' | 'loss' | 'best' | 'curvature'>,
): Curve {
  const [here, slope, bend, center] = [line[parameter], gradient[parameter], curvature[parameter], best[parameter]];
  const lossAt = (position: number) => {
    const step = position - here;
    return loss + slope * step + (bend * step ** 2) / 2;
  };
  const distance = Math.abs(here - center) / CURVE_REACH;
  const reach = CURVE_REACH * 2 ** Math.max(0, Math.ceil(Math.log2(1.05 * distance)));
  const positions = Array.from({ length: CURVE_STEPS + 1 }, (_, i) => center + reach * ((2 * i) / CURVE_STEPS - 1));
  // A slope falls by its curvature with every unit: it is 0 this far on. A curve without curvature, over w where every x is
  // 0, is level.
  const lowest = here - (bend === 0 ? 0 : slope / bend);
  return {
    positions,
    losses: positions.map(lossAt),
    lowest: { position: lowest, loss: Math.max(0, lossAt(lowest)) }, // 0 but for rounding, where a line meets every point
    span: [center - CURVE_REACH, center + CURVE_REACH],
  };
}
