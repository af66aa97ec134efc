// The examples of section 5, and the loss over them.

import {
  createDataset,
  type Dataset,
  fit,
  lossSurface,
  type SurfaceAxis,
  syntheticRegression,
} from '../../src/index.js';
import type { Spread } from './program-names.js';

const ROWS = 1000;
const NOISE = 0.1;
const SURFACE_STEPS = 72;

/** Room about the starts and the best weights, as a share of what there is between them. */
const SURFACE_ROOM = 0.15;

/** A thousand examples are no work for a GPU, which some browsers answer for only ten times a second. */
export const ON_CPU = { backend: 'cpu' } as const;

/** Weights and bias. */
export interface Parameters {
  weights: readonly number[];
  bias: number;
}

export interface Best extends Parameters {
  loss: number;
}

/** 1,000 examples of two features with known truth; `ratio` is H_max/H_min of the correlated ones. */
export function programData(spread: Spread, ratio: number, seed: number): Dataset {
  const correlation = spread === 'correlated' ? (ratio - 1) / (ratio + 1) : 0;
  const { dataset } = syntheticRegression({ rows: ROWS, features: 2, noise: NOISE, seed, correlation });
  const scale = { centered: null, correlated: null, positive: 1, large: 10 }[spread];
  if (scale === null) return dataset;
  // From [−1, 1) to [0, scale); the targets stay, so other weights belong to them.
  const columns = dataset.columns.map((column) => column.map((x) => (scale * (x + 1)) / 2));
  return createDataset({ columns: { x1: columns[0] ?? [], x2: columns[1] ?? [] }, targets: dataset.targets });
}

export async function bestOf(data: Dataset): Promise<Best> {
  const { weights, bias } = await fit(data, { tolerance: 1e-9, ...ON_CPU });
  const [loss = Number.NaN] = await lossSurface(data, { points: Float64Array.of(...weights, bias) }, ON_CPU);
  return { weights: Array.from(weights), bias, loss };
}

/** The loss over w1 and w2, row by row in w2, at any b. */
export class Surface {
  private constructor(
    readonly x: SurfaceAxis,
    readonly y: SurfaceAxis,
    private readonly best: Parameters,
    /** At the best b, and at one more. */
    private readonly atBest: Float64Array,
    private readonly beyond: Float64Array,
  ) {}

  static async of(data: Dataset, best: Parameters): Promise<Surface> {
    const [x, y] = [0, 1].map((parameter) => axisOf(parameter, best.weights[parameter] as number)) as [
      SurfaceAxis,
      SurfaceAxis,
    ];
    const at = { weights: best.weights, bias: best.bias };
    const atBest = await lossSurface(data, { x, y, at }, ON_CPU);
    const beyond = await lossSurface(data, { x, y, at: { ...at, bias: best.bias + 1 } }, ON_CPU);
    return new Surface(x, y, best, atBest, beyond);
  }

  /**
   * The cut at this b. L is quadratic in b, and its second derivative is 1: with Δ from the best b and the losses L₀ and L₁ at
   * Δ = 0 and 1 it is L₀ + (L₁ − L₀ − ½)Δ + ½Δ².
   */
  at(bias: number): Float64Array {
    const away = bias - this.best.bias;
    return this.atBest.map((loss, i) => loss + ((this.beyond[i] as number) - loss - 0.5) * away + 0.5 * away ** 2);
  }
}

/** From −1 to 1, where runs start, and as far as the best weight. */
function axisOf(parameter: number, best: number): SurfaceAxis {
  const [low, high] = [Math.min(-1, best), Math.max(1, best)];
  const room = SURFACE_ROOM * (high - low);
  return { parameter, from: low - room, to: high + room, steps: SURFACE_STEPS };
}
