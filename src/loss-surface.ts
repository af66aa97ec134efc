import { anyText } from './base/quote.js';
import { requireKnown } from './base/check-names.js';
import { DescentError } from './base/errors.js';
import { type ExampleData, labelledIf, toDataset } from './data/inputs.js';
import { requireCallback } from './base/require-watch.js';
import { requireObject } from './base/require-object.js';
import { giveWay } from './base/turns.js';
import { forLoss } from './data/labels.js';
import type { ManyTrainer } from './descent/backend.js';
import { resolveHuberDelta } from './fitting/huber-delta.js';
import type { Dataset } from './data/dataset.js';
import { openBackend } from './fitting/open-backend.js';
import type { Work } from './fitting/placement.js';
import { type FitOptions } from './fitting/fit-options.js';
import { resolveOptions } from './fitting/fit-options.js';

/** One parameter over a range: `steps` values from `from` to `to`, both included. */
export interface SurfaceAxis {
  /** The number of a weight, or d for the bias. */
  parameter: number;
  /** The first value, in the units of the caller. */
  from: number;
  /** The last value. */
  to: number;
  /** Number of values, both ends included. */
  steps: number;
}

/** Points one after another, [P, d + 1], each the weights and then the bias. */
export interface SurfacePoints {
  /** [P, d + 1] row-major. */
  points: Float64Array;
}

/** A grid of one or two parameters, the others staying as they are. */
export interface SurfaceGrid {
  /** The parameter that varies along a row. */
  x: SurfaceAxis;
  /** The parameter that varies from row to row. Default: one row. */
  y?: SurfaceAxis;
  /** A model, or any weights and bias. */
  at: { weights: ArrayLike<number>; bias: number };
}

/** The options of `lossSurface`: those of `fit` that name the loss and the place. */
export interface SurfaceOptions extends Pick<
  FitOptions,
  'loss' | 'huberDelta' | 'standardize' | 'kernels' | 'storage' | 'backend' | 'context' | 'signal'
> {
  /** Called now and then with how many points are done, of how many. */
  onProgress?: (done: number, points: number) => void;
}

const NAMES = [
  'loss',
  'huberDelta',
  'standardize',
  'kernels',
  'storage',
  'backend',
  'context',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof SurfaceOptions)[];

/**
 * The loss, L = 1/(2m)·Σ (h(x) − y)² or another, at many points of the parameter space: as many as a workgroup of the
 * GPU holds, 64 or 1024, for each read of the features. Weights and bias are in the units of the given features,
 * without penalties. Of a grid the losses come row by row: [y.steps, x.steps], or [x.steps] where there is no y.
 *
 * Accurate to 1e-5 of the loss where residuals are no smaller than 1e-3 of the targets' spread: it is found in f32.
 * `standardize` changes no loss; it keeps the digits of features that are far from 0. Infinity where f32 overflows.
 *
 * Throws as `fit` does, and `SHAPE_MISMATCH` or `INVALID_OPTION` for points that are none. Rejects with the signal's
 * reason.
 *
 *     const x = { parameter: 0, from: -2, to: 2, steps: 64 };
 *     const y = { parameter: 1, from: -2, to: 2, steps: 64 };
 *     const losses = await lossSurface(data, { x, y, at: model }); // Float64Array [4096]
 */
export async function lossSurface(
  data: ExampleData,
  given: SurfacePoints | SurfaceGrid,
  all: SurfaceOptions = {},
): Promise<Float64Array> {
  const { onProgress, ...options } = requireKnown(all, NAMES);
  requireCallback('onProgress', onProgress);
  const grid = checkedGrid(given);
  const settings = resolveOptions(options);
  const { signal } = options;
  signal?.throwIfAborted();
  requireObject(data);
  const dataset = forLoss(await toDataset(labelledIf(settings.loss, data), { signal }), settings.loss);
  const points = 'points' in grid ? listOf(grid.points, dataset.featureCount) : gridOf(grid, dataset.featureCount);
  signal?.throwIfAborted();
  const problem = await resolveHuberDelta(dataset, { ...settings, optimizer: 'gradientDescent' }, signal);
  const { backend } = await openBackend(settings, options.context, surfaceWork(dataset, points.count), signal);
  try {
    const targets = [{ name: dataset.targetName, values: dataset.targets }];
    const trainer = await backend.uploadMany({ dataset, targets, folds: [], roles: [] }, { ...problem, signal });
    try {
      return await lossesAt(points, trainer, { signal, onProgress });
    } finally {
      trainer.dispose();
    }
  } finally {
    backend.dispose();
  }
}

/** Points that are made at a time: some milliseconds of work for the host, and enough for a device. */
const POINTS_AT_ONCE = 2 ** 14;

async function lossesAt(
  { count, at }: Points,
  trainer: ManyTrainer,
  { signal, onProgress }: { signal: AbortSignal | undefined; onProgress: SurfaceOptions['onProgress'] | undefined },
): Promise<Float64Array> {
  const losses = new Float64Array(count);
  for (let first = 0; first < count; first += POINTS_AT_ONCE) {
    await giveWay();
    signal?.throwIfAborted();
    const points = Array.from({ length: Math.min(POINTS_AT_ONCE, count - first) }, (_, k) => {
      const point = at(first + k);
      return trainer.toTrainingUnits({ weights: point.subarray(0, -1), bias: point.at(-1) as number });
    });
    const tell = onProgress && ((done: number) => onProgress(first + done, count));
    losses.set(await trainer.losses(points, { target: 0, fold: null }, { signal, onProgress: tell }), first);
  }
  return losses;
}

/** The CPU reads the examples for each point. */
function surfaceWork({ exampleCount, featureCount }: Dataset, points: number): Work {
  return { exampleCount, featureCount, sums: 'gradient', passes: points, updatesPerPass: 1 };
}

/** The grid or the points, without what is left out. Throws `INVALID_OPTION` or `UNKNOWN_OPTION` for what is neither. */
function checkedGrid(given: SurfacePoints | SurfaceGrid): SurfacePoints | SurfaceGrid {
  const grid = requireKnown(given, ['points', 'x', 'y', 'at'], { got: (name) => `a grid with '${name}'` });
  if ('points' in grid) {
    if (grid.points instanceof Float64Array) return grid;
    throw noGrid('points of another type');
  }
  const { x, y, at } = grid as Partial<SurfaceGrid>; // callers without types hand in anything
  if (![x, ...(y === undefined ? [] : [y])].every((axis) => typeof axis === 'object')) throw noGrid('no axis x, or an axis of another type'); // prettier-ignore
  const isPoint = typeof at === 'object' && typeof at.bias === 'number' && isList(at.weights);
  if (!isPoint) throw noGrid('no point "at" with weights and a bias');
  return grid;
}

function isList(weights: unknown): boolean {
  return typeof weights === 'object' && weights !== null && 'length' in weights;
}

function noGrid(got: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `a grid with ${got}`,
    expected: '{ x, y, at } with a model as at, or { points } in a Float64Array',
    fix: 'Pass the model, or its weights and bias, as at.',
  });
}

/** Points, each made when it is asked for: [d + 1]. */
interface Points {
  count: number;
  at: (index: number) => Float64Array;
}

function listOf(points: Float64Array, featureCount: number): Points {
  const size = featureCount + 1;
  const count = points.length / size;
  if (!Number.isInteger(count) || count < 1) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${points.length} numbers for points`,
      expected: `${size} for each point: ${featureCount} weights and the bias`,
      fix: 'Pass the points one after another.',
    });
  }
  checkFinite(points);
  return { count, at: (index) => points.slice(index * size, (index + 1) * size) };
}

function gridOf({ x, y, at }: SurfaceGrid, featureCount: number): Points {
  const origin = Float64Array.from([...Array.from(at.weights), at.bias]);
  if (origin.length !== featureCount + 1) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `a point "at" with ${at.weights.length} weights`,
      expected: `${featureCount} weights and the bias`,
      fix: 'Pass a model with the same features.',
    });
  }
  checkFinite(origin);
  const rows = y ? valuesOf('y', y, featureCount) : [undefined];
  const columns = valuesOf('x', x, featureCount);
  return {
    count: rows.length * columns.length,
    at(index) {
      const point = origin.slice();
      const row = rows[Math.floor(index / columns.length)];
      point[x.parameter] = columns[index % columns.length] as number;
      if (y && row !== undefined) point[y.parameter] = row;
      return point;
    },
  };
}

/** More points than this are no picture any more, and their losses no array that a host should hold twice. */
const MOST_STEPS = 65_536;

function valuesOf(name: string, { parameter, from, to, steps }: SurfaceAxis, featureCount: number): number[] {
  const isParameter = Number.isInteger(parameter) && parameter >= 0 && parameter <= featureCount;
  const isRange = Number.isFinite(from) && Number.isFinite(to);
  if (!isParameter || !isRange || !Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS) {
    throw new DescentError('INVALID_OPTION', {
      got: `${name} of parameter ${anyText(parameter)} from ${from} to ${to} in ${steps} steps`,
      expected: `a parameter from 0 to ${featureCount}, finite ends, and 1 to ${MOST_STEPS} steps`,
      fix: `Number ${featureCount} is the bias.`,
      where: { option: name },
    });
  }
  return Array.from({ length: steps }, (_, i) => (steps === 1 ? from : from + ((to - from) * i) / (steps - 1)));
}

function checkFinite(numbers: Float64Array): void {
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new DescentError('INVALID_OPTION', {
    got: `${numbers[wrong]} in the parameters of a point`,
    expected: 'finite numbers',
    fix: 'Check where the points come from.',
  });
}
