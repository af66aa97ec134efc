import { expect } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';
import type { EvaluateOptions, Evaluation, Evaluator } from '../../src/descent/evaluation.js';
import type { Parameters } from '../../src/descent/backend.js';
import type { Loss } from '../../src/options/names.js';
import { problem } from './buffer-fits.js';
import { expectClose } from './close.js';
import { uniforms } from './examples.js';

/** Errors at `pointFor` are far from it: under 2, or, of one example in seven, near 20. */
export const DELTA = 6.5;

export const WITH_HESSIAN: EvaluateOptions = { withHessian: true, huberDelta: DELTA };
export const GRADIENT_ONLY: EvaluateOptions = { withHessian: false, huberDelta: DELTA };

/** Data that the loss learns, with one constant feature more. */
export function withConstant(loss: Loss, rows: number, features: number, weighted: boolean): Dataset {
  const { columns, targets, featureNames, targetName, exampleWeights } = problem(loss, rows, features, weighted);
  const same = new Float32Array(rows).fill(0.1);
  return new Dataset([...columns, same], targets, [...featureNames, 'same'], targetName, exampleWeights);
}

/** Parameters in training units near those that made the targets of `problem`. */
export function pointFor(trainer: Evaluator & { toTrainingUnits: (given: Parameters) => Float64Array }): Float64Array {
  const near = (value: number, j: number) => value + 0.1 * (uniforms(31, j + 1)[j] as number);
  const weights = Float64Array.from({ length: trainer.featureCount }, (_, j) => near(0.7 - 0.4 * j, j) / (1 + j));
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
