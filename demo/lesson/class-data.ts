// Section 8: points of two classes, and what the library makes of them on the CPU. The loop is that of section 5 with
// another h(x) and another loss.

import { createDataset, type Dataset, fit, LinearModel, lossSurface, SEED_PROGRAM } from '../../src/index.js';
import { type Boundary, type ClassPoint } from './class-names.js';
import { ON_CPU } from './program-data.js';

const LOGISTIC = { ...ON_CPU, loss: 'logistic' } as const;

/** Everything that is shown of points and boundary, calculated together. */
export interface ClassPicture {
  points: readonly ClassPoint[];
  boundary: Boundary;
  /** h(x) of every point: the probability of class 1. */
  probabilities: readonly number[];
  loss: number;
  /** The share of the points on the right side. */
  accuracy: number;
  /** Under this λ the loss falls with every step. */
  limit: number;
}

export function classDataset(points: readonly ClassPoint[]): Dataset {
  const columns = { x1: points.map(({ x }) => x), x2: points.map(({ y }) => y) };
  return createDataset({ columns, targets: points.map(({ label }) => label) });
}

export function classModel({ w1, w2, b }: Boundary): LinearModel {
  const names = { featureNames: ['x1', 'x2'], targetName: 'y' };
  return new LinearModel({ weights: Float64Array.of(w1, w2), bias: b, ...names, loss: 'logistic', report: null });
}

export async function pictureOf(points: readonly ClassPoint[], boundary: Boundary): Promise<ClassPicture> {
  const data = classDataset(points);
  const { w1, w2, b } = boundary;
  const probabilities = Array.from(await classModel(boundary).predict(points.flatMap(({ x, y }) => [x, y])));
  const [loss = Number.NaN] = await lossSurface(data, { points: Float64Array.of(w1, w2, b) }, LOGISTIC);
  const right = points.filter(({ label }, i) => (probabilities[i] as number) > 0.5 === (label === 1)).length;
  const { report } = await fit(data, { ...SEED_PROGRAM, ...LOGISTIC, epochs: 1 });
  const limit = report.learningRateLimit ?? Number.NaN;
  return { points, boundary, probabilities, loss, accuracy: right / points.length, limit };
}

/** w ← w − λ ∂L/∂w and b ← b − λ ∂L/∂b, once. */
export async function stepFrom(
  points: readonly ClassPoint[],
  { w1, w2, b }: Boundary,
  rate: number,
): Promise<Boundary> {
  const initialParameters = { weights: [w1, w2], bias: b };
  const options = { ...SEED_PROGRAM, ...LOGISTIC, epochs: 1, learningRate: rate, initialParameters };
  const { weights, bias } = await fit(classDataset(points), options);
  return { w1: weights[0] as number, w2: weights[1] as number, b: bias };
}
