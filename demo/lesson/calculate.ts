// What the lesson of one feature asks of the library. A dozen points are no work for a GPU, and derivatives by
// differences want more digits than f32 has: so these run on the library's CPU backend, in f64.

import {
  computeMoments,
  createDataset,
  type Dataset,
  fit,
  LinearModel,
  lossSurface,
  type Moments,
  solveExact,
} from '../../src/index.js';
import type { Point } from './presets.js';

/** h(x) = wx + b */
export interface Line {
  w: number;
  b: number;
}

/** The second derivatives of L, which are the same everywhere: [[1/m Σx², mean x], [mean x, 1]]. */
export interface Curvature {
  /** ∂²L/∂w² = 1/m Σ x², which is 0 where every x is 0. */
  w: number;
  /** ∂²L/∂b², which is 1. */
  b: number;
  /** Along the steepest and the flattest direction of (w, b): the eigenvalues. */
  largest: number;
  smallest: number;
}

const ON_CPU = { backend: 'cpu', standardize: false } as const;
const ONE_STEP = { ...ON_CPU, strategy: 'streaming', epochs: 1, tolerance: 0 } as const;

export function datasetOf(points: readonly Point[]): Dataset {
  return createDataset({ columns: { x: points.map(({ x }) => x) }, targets: points.map(({ y }) => y) });
}

/** L of each line. */
export async function lossesOf(data: Dataset, lines: readonly Line[]): Promise<number[]> {
  const points = Float64Array.from(lines.flatMap(({ w, b }) => [w, b]));
  return Array.from(await lossSurface(data, { points }, ON_CPU));
}

/** The line after one step of descent: w − λ ∂L/∂w and b − λ ∂L/∂b, from the same residuals. */
export async function stepFrom(data: Dataset, { w, b }: Line, learningRate: number): Promise<Line> {
  const model = await fit(data, { ...ONE_STEP, learningRate, initialParameters: { weights: [w], bias: b } });
  return lineOf(model);
}

/**
 * ∂L/∂w and ∂L/∂b from the sums of the points: the mean of the residuals is b + w·mean x − mean y, and that of their products with x
 * comes from the scatter about those means.
 */
export function gradientAt({ means, targetMeans, scatter, crossScatter, count }: Moments, { w, b }: Line): Line {
  const meanX = means[0] as number;
  const meanResidual = b + w * meanX - (targetMeans[0] as number);
  const aboutMeans = (w * (scatter[0] as number) - (crossScatter[0] as number)) / count;
  return { w: aboutMeans + meanX * meanResidual, b: meanResidual };
}

/** h(x) of every point. */
export async function predictionsOf(points: readonly Point[], { w, b }: Line): Promise<number[]> {
  const names = { featureNames: ['x'], targetName: 'y' };
  const model = new LinearModel({ weights: Float64Array.of(w), bias: b, ...names, report: null });
  return Array.from(await model.predict(points.map(({ x }) => x)));
}

/** The sums of the points from which slopes and curvatures follow: one pass, however many lines are asked for. */
export function momentsOf(data: Dataset): Promise<Moments> {
  return computeMoments(data, { backend: 'cpu' });
}

/** The line with the least loss. */
export async function bestLineOf(data: Dataset): Promise<Line> {
  return lineOf(await solveExact(data));
}

export function curvatureOf({ means, scatter, count }: Moments): Curvature {
  const variance = (scatter[0] as number) / count;
  const mean = means[0] as number;
  const w = variance + mean ** 2;
  // The eigenvalues of [[w, mean], [mean, 1]]: their sum is w + 1. Their product is the determinant, which is the variance
  // and 0 where every x is the same.
  const largest = (w + 1 + Math.hypot(w - 1, 2 * mean)) / 2;
  return { w, b: 1, largest, smallest: variance / largest };
}

function lineOf({ weights, bias }: LinearModel): Line {
  return { w: weights[0] as number, b: bias };
}
