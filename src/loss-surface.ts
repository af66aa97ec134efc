import { DescentError } from './base/errors.js';
import { type ExampleData, labelledIf, toDataset } from './data/inputs.js';
import { requireObject } from './base/require-object.js';
import { forLoss } from './data/labels.js';
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
  from: number;
  to: number;
  steps: number;
}

/** Points one after another, [P, d + 1], each the weights and then the bias. */
export interface SurfacePoints {
  points: Float64Array;
}

/** A grid of one or two parameters, the others staying as they are. */
export interface SurfaceGrid {
  x: SurfaceAxis;
  y?: SurfaceAxis;
  /** A model, or any weights and bias. */
  at: { weights: ArrayLike<number>; bias: number };
}

export interface SurfaceOptions extends Pick<
  FitOptions,
  'loss' | 'huberDelta' | 'standardize' | 'kernels' | 'storage' | 'backend' | 'context' | 'signal'
> {
  /** Called now and then with how many points are done, of how many. */
  onProgress?: (done: number, points: number) => void;
}

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
  grid: SurfacePoints | SurfaceGrid,
  { onProgress, ...options }: SurfaceOptions = {},
): Promise<Float64Array> {
  const settings = resolveOptions(options);
  const { signal } = options;
  signal?.throwIfAborted();
  requireObject(data);
  const dataset = forLoss(await toDataset(labelledIf(settings.loss, data), { signal }), settings.loss);
  const points = 'points' in grid ? pointsOf(grid.points, dataset.featureCount) : gridOf(grid, dataset.featureCount);
  signal?.throwIfAborted();
  const problem = await resolveHuberDelta(dataset, { ...settings, optimizer: 'gradientDescent' }, signal);
  const { backend } = await openBackend(settings, options.context, surfaceWork(dataset, points.length));
  try {
    const targets = [{ name: dataset.targetName, values: dataset.targets }];
    const trainer = await backend.uploadMany({ dataset, targets, folds: [], roles: [] }, { ...problem, signal });
    try {
      const inTrainingUnits = points.map((point) => {
        const weights = point.subarray(0, dataset.featureCount);
        return trainer.toTrainingUnits({ weights, bias: point[dataset.featureCount] as number });
      });
      const tell = onProgress && ((done: number) => onProgress(done, points.length));
      return await trainer.losses(inTrainingUnits, { target: 0, fold: null }, { signal, onProgress: tell });
    } finally {
      trainer.dispose();
    }
  } finally {
    backend.dispose();
  }
}

/** The CPU reads the examples for each point. */
function surfaceWork({ exampleCount, featureCount }: Dataset, points: number): Work {
  return { exampleCount, featureCount, sums: 'gradient', passes: points, updatesPerPass: 1 };
}

function pointsOf(points: Float64Array, featureCount: number): Float64Array[] {
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
  return Array.from({ length: count }, (_, k) => points.slice(k * size, (k + 1) * size));
}

function gridOf({ x, y, at }: SurfaceGrid, featureCount: number): Float64Array[] {
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
  return rows.flatMap((row) =>
    columns.map((column) => {
      const point = origin.slice();
      point[x.parameter] = column;
      if (y && row !== undefined) point[y.parameter] = row;
      return point;
    }),
  );
}

/** More points than this are no picture any more, and their losses no array that a host should hold twice. */
const MOST_STEPS = 65_536;

function valuesOf(name: string, { parameter, from, to, steps }: SurfaceAxis, featureCount: number): number[] {
  const isParameter = Number.isInteger(parameter) && parameter >= 0 && parameter <= featureCount;
  const isRange = Number.isFinite(from) && Number.isFinite(to);
  if (!isParameter || !isRange || !Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS) {
    throw new DescentError('INVALID_OPTION', {
      got: `${name} of parameter ${String(parameter)} from ${from} to ${to} in ${steps} steps`,
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
