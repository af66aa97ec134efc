// What the program of section 5 asks of the library: data, the loss surface, and all runs in one call.

import {
  createDataset,
  type Dataset,
  fit,
  type FitReport,
  fitMany,
  lossSurface,
  type ModelOptions,
  SEED_PROGRAM,
  type SurfaceAxis,
  syntheticRegression,
} from '../../src/index.js';
import type { Place } from '../page/device.js';

/** Where the features come from: what λ = 1 does depends on it. */
export const SPREADS = ['centered', 'positive', 'large', 'correlated'] as const;
export type Spread = (typeof SPREADS)[number];

/** One run; many from random starts; or one of each optimizer, from the same start. */
export const RUN_KINDS = ['one', 'starts', 'optimizers'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export const COMPARED = ['gradientDescent', 'momentum', 'nesterov', 'adam'] as const;
export type Compared = (typeof COMPARED)[number];

/** A pass over the data serves as many models of two features. */
const STARTS = 16;

const ROWS = 1000;
const NOISE = 0.1;
const CORRELATION = 0.8;
const SURFACE_STEPS = 72;

/** Room about the starts and the best weights, as a share of what there is between them. */
const SURFACE_ROOM = 0.15;

/** A run from its start on; parameters before each epoch, and after the last. */
export interface Run {
  optimizer: Compared;
  /** λ in force. */
  rate: number;
  /** The λ over which it diverges; null where there is none. */
  limit: number | null;
  path: readonly { weights: readonly number[]; bias: number }[];
  /** Before each epoch's update. */
  losses: readonly number[];
  hasDiverged: boolean;
}

/** The loss over w1 and w2 at the best b, row by row in w2. */
export interface Surface {
  x: SurfaceAxis;
  y: SurfaceAxis;
  losses: Float64Array;
}

/** 1,000 examples of two features with known truth. */
export function programData(spread: Spread, seed: number): Dataset {
  const correlation = spread === 'correlated' ? CORRELATION : 0;
  const { dataset } = syntheticRegression({ rows: ROWS, features: 2, noise: NOISE, seed, correlation });
  const scale = { centered: null, correlated: null, positive: 1, large: 10 }[spread];
  if (scale === null) return dataset;
  // From [−1, 1) to [0, scale); the targets stay, so other weights belong to them.
  const columns = dataset.columns.map((column) => column.map((x) => (scale * (x + 1)) / 2));
  return createDataset({ columns: { x1: columns[0] ?? [], x2: columns[1] ?? [] }, targets: dataset.targets });
}

/** All runs together: each pass over the examples serves all of them. */
export async function runsOf(
  data: Dataset,
  kind: RunKind,
  { rate, seed }: { rate: number; seed: number },
  place: Place,
): Promise<Run[]> {
  const models = modelsOf(kind, rate, seed);
  const fitted = await fitMany(
    data,
    models.map(({ options }) => options),
    { ...SEED_PROGRAM, pathEvery: 1, ...place },
  );
  return models.flatMap(({ optimizer }, i) => {
    const report = fitted[i]?.report;
    return report ? [runOf(report, optimizer)] : [];
  });
}

function runOf({ settings, learningRateLimit, path, lossHistory, stopReason }: FitReport, optimizer: Compared): Run {
  const [first = 0, last = 0] = [lossHistory[0], lossHistory.at(-1)];
  return {
    optimizer,
    rate: settings.learningRate,
    limit: learningRateLimit,
    path: path ?? [],
    losses: lossHistory,
    // f64 has room for a hundred epochs of a divergence that f32 has not.
    hasDiverged: stopReason === 'diverged' || !(last <= first),
  };
}

/** The first one is always the program itself. */
function modelsOf(kind: RunKind, learningRate: number, seed: number): { optimizer: Compared; options: ModelOptions }[] {
  if (kind === 'optimizers') {
    return COMPARED.map((optimizer) => ({
      optimizer,
      // Adam has a rate of its own: its steps do not shrink with the gradient.
      options: { optimizer, seed, learningRate: optimizer === 'adam' ? 'auto' : learningRate },
    }));
  }
  const count = kind === 'starts' ? STARTS : 1;
  return Array.from({ length: count }, (_, i) => ({
    optimizer: 'gradientDescent',
    options: { learningRate, seed: seed + i },
  }));
}

export interface Best {
  weights: readonly number[];
  bias: number;
}

export async function bestOf(data: Dataset, place: Place): Promise<Best> {
  const { weights, bias } = await fit(data, { tolerance: 1e-9, ...place });
  return { weights: Array.from(weights), bias };
}

export async function surfaceOf(data: Dataset, best: Best, place: Place): Promise<Surface> {
  const [x, y] = [0, 1].map((parameter) => axisOf(parameter, best.weights[parameter] as number)) as [
    SurfaceAxis,
    SurfaceAxis,
  ];
  return { x, y, losses: await lossSurface(data, { x, y, at: best }, place) };
}

/** From −1 to 1, where runs start, and as far as the best weight. */
function axisOf(parameter: number, best: number): SurfaceAxis {
  const [low, high] = [Math.min(-1, best), Math.max(1, best)];
  const room = SURFACE_ROOM * (high - low);
  return { parameter, from: low - room, to: high + room, steps: SURFACE_STEPS };
}
