// What the lesson of one feature asks of the library. A dozen points are no work for a GPU, and derivatives by
// differences want more digits than f32 has: so these run on the library's CPU backend, in f64.

import { computeMoments, createDataset, type Dataset, fit, LinearModel, lossSurface } from '../../src/index.js';
import type { Point } from './presets.js';

/** h(x) = wx + b */
export interface Line {
  w: number;
  b: number;
}

/** The second derivatives of L, which are the same everywhere: [[1/m Σx², mean x], [mean x, 1]]. */
export interface Curvature {
  /** ∂²L/∂w² = 1/m Σ x² */
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

/** ∂L/∂w and ∂L/∂b: how far a step with λ = 1 goes, and the other way round. */
export async function gradientAt(data: Dataset, at: Line): Promise<Line> {
  const { w, b } = await stepFrom(data, at, 1);
  return { w: at.w - w, b: at.b - b };
}

/** h(x) of every point. */
export async function predictionsOf(points: readonly Point[], { w, b }: Line): Promise<number[]> {
  const names = { featureNames: ['x'], targetName: 'y' };
  const model = new LinearModel({ weights: Float64Array.of(w), bias: b, ...names, report: null });
  return Array.from(await model.predict(points.map(({ x }) => x)));
}

/**
 * The line with the least loss. With its one feature standardised the curvature is 1 in every direction, so the first
 * step of rate 1 arrives and the others take off what rounding left.
 */
export async function bestLineOf(data: Dataset): Promise<Line> {
  return lineOf(await fit(data, { backend: 'cpu', strategy: 'streaming', epochs: 10, tolerance: 0 }));
}

export async function curvatureOf(data: Dataset): Promise<Curvature> {
  const { means, scatter, count } = await computeMoments(data, { backend: 'cpu' });
  const { report } = await fit(data, ONE_STEP);
  const largest = 2 / (report?.learningRateLimit as number);
  const variance = (scatter[0] as number) / count;
  // The eigenvalues' product is the determinant, (variance + mean²)·1 − mean².
  return { w: variance + (means[0] as number) ** 2, b: 1, largest, smallest: variance / largest };
}

function lineOf({ weights, bias }: LinearModel): Line {
  return { w: weights[0] as number, b: bias };
}
