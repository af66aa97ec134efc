import { expect } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';
import type { EvaluateOptions, Evaluation, Evaluator } from '../../src/descent/evaluation.js';
import type { Parameters } from '../../src/descent/backend.js';
import type { Loss } from '../../src/options/names.js';
import { expectClose } from './close.js';
import { normals, uniforms } from './examples.js';

/** Errors at `pointFor` are far from it: under 2, or, of one example in seven, near 20. */
export const DELTA = 6.5;

export const WITH_HESSIAN: EvaluateOptions = { withHessian: true, huberDelta: DELTA };
export const GRADIENT_ONLY: EvaluateOptions = { withHessian: false, huberDelta: DELTA };

/** Weights whose predictions are of about one size, however many they are. */
const weightsOf = (features: number) =>
  Float64Array.from({ length: features }, (_, j) => (((j % 5) - 1.6) * 0.7) / Math.sqrt(features));

/** Features of several offsets and sizes, all of it f32; targets or labels that they predict; and weights in eighths. */
export function learnable(loss: Loss, rows: number, features: number, weighted = false): Dataset {
  const columns = Array.from({ length: features }, (_, j) =>
    Float32Array.from(uniforms(700 + j, rows), (u) => (1 + (j % 3) / 4) * u + 0.3 * (j % 4) - 0.2),
  );
  const truth = weightsOf(features);
  const noise = normals(17, rows);
  const targets = Float32Array.from(noise, (e, i) => {
    const y = columns.reduce((sum, column, j) => sum + (truth[j] as number) * (column[i] as number), 0.25 + 0.3 * e);
    if (loss === 'logistic') return y > 0 ? 1 : 0;
    return y + (i % 7 === 0 ? 20 : 0);
  });
  const weights = Float32Array.from(uniforms(23, rows), (u) => Math.max(0, Math.round(10 * u + 5)) / 8).fill(1, 0, 2);
  const names = columns.map((_, j) => `x${j}`);
  return new Dataset(columns, targets, names, 'y', weighted ? weights : undefined);
}

/** The same with one feature more, which is constant. */
export function withConstant(loss: Loss, rows: number, features: number, weighted: boolean): Dataset {
  const { columns, targets, featureNames, targetName, exampleWeights } = learnable(loss, rows, features, weighted);
  const same = new Float32Array(rows).fill(0.1);
  return new Dataset([...columns, same], targets, [...featureNames, 'same'], targetName, exampleWeights);
}

/** Parameters in training units near those that made the targets. */
export function pointFor(trainer: Evaluator & { toTrainingUnits: (given: Parameters) => Float64Array }): Float64Array {
  const off = uniforms(31, trainer.featureCount);
  const weights = weightsOf(trainer.featureCount).map((weight, j) => weight + 0.05 * (off[j] as number));
  return trainer.toTrainingUnits({ weights, bias: 0.3 });
}

/** The differences that the derivatives are held against, and how far apart they may be, of the largest in size. */
export interface Differences {
  /** From the point to either side. */
  step: number;
  gradient: number;
  hessian: number;
  because: string;
}

/** Holds the gradient against differences of the loss, and the Hessian against differences of the gradient. */
export async function expectDerivatives(
  evaluator: Evaluator,
  point: Float64Array,
  huberDelta: number,
  { step, gradient, hessian, because }: Differences,
): Promise<Evaluation> {
  const at = await evaluator.evaluate(point, { withHessian: true, huberDelta });
  const size = point.length;
  const slopes: number[] = [];
  const rows: number[] = [];
  for (let j = 0; j < size; j++) {
    const value = point[j] as number;
    const options = { withHessian: false, huberDelta };
    const ahead = await evaluator.evaluate(point.with(j, value + step), options);
    const behind = await evaluator.evaluate(point.with(j, value - step), options);
    slopes.push((ahead.loss - behind.loss) / (2 * step));
    ahead.gradient.forEach((slope, k) => rows.push((slope - (behind.gradient[k] as number)) / (2 * step)));
  }
  const sizeOf = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));
  expectClose(at.gradient, slopes, { absolute: gradient * Math.max(1, sizeOf(slopes)), because });
  expectClose(at.hessian ?? [], rows, { absolute: hessian * sizeOf(rows), because });
  expectSymmetric(at, size);
  return at;
}

function expectSymmetric({ hessian }: Evaluation, size: number): void {
  expect(hessian).toHaveLength(size * size);
  hessian?.forEach((value, k) => expect(hessian[(k % size) * size + Math.floor(k / size)]).toBe(value));
}

/** Expects 0 for exactly these parameters: in the gradient, and in row and column of the Hessian. */
export function expectZeros({ gradient, hessian }: Evaluation, fixed: readonly number[]): void {
  const size = gradient.length;
  for (let i = 0; i < size; i++) {
    const isFixed = fixed.includes(i);
    expect(gradient[i] === 0, `gradient ${i}`).toBe(isFixed);
    expect(hessian?.[i * size + i] === 0, `diagonal ${i}`).toBe(isFixed);
    if (isFixed) expect(hessian?.subarray(i * size, (i + 1) * size)).toEqual(new Float64Array(size));
  }
}
