import type { Arm, ArmFactory, Problem } from '../arm.js';

/** One form on one case: ms per epoch and how far it ended from the reference, or why it could not run. */
export interface Result {
  name: string;
  describe: string;
  msPerEpoch: number;
  relativeDifference: number;
  failure?: string;
}

const EPOCHS_CHECKED = 5;
const LEARNING_RATE = 0.5;

/** Features uniform in [−1, 1), asymmetric weights, a little noise: the same numbers in every process. */
export function makeProblem(rows: number, features: number): Problem {
  let state = 12_345;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 31 - 1;
  };
  const columns = Array.from({ length: features }, () => Float32Array.from({ length: rows }, uniform));
  const targets = Float32Array.from({ length: rows }, (_, i) => {
    let sum = 0.3 + 0.1 * uniform();
    for (let j = 0; j < features; j++) sum += (((j % 7) - 2.5) / Math.sqrt(features)) * columns[j]![i]!;
    return sum;
  });
  const initialWeights = Float32Array.from({ length: features }, uniform);
  return { rows, features, columns, targets, initialWeights, initialBias: 0.25, learningRate: LEARNING_RATE };
}

/** [w, b] after `epochs` epochs in f64, row by row, with nothing clever about it. */
export function reference(problem: Problem, epochs: number): number[] {
  const { rows, features, columns, targets, learningRate } = problem;
  const parameters = [...problem.initialWeights, problem.initialBias];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const gradient = parameters.map(() => 0);
    for (let i = 0; i < rows; i++) {
      let residual = parameters[features]! - targets[i]!;
      for (let j = 0; j < features; j++) residual += parameters[j]! * columns[j]![i]!;
      for (let j = 0; j < features; j++) gradient[j]! += residual * columns[j]![i]!;
      gradient[features]! += residual;
    }
    for (let j = 0; j <= features; j++) parameters[j]! -= (learningRate * gradient[j]!) / rows;
  }
  return parameters;
}

/** Relative to the largest parameter: a weight near zero has no digits of its own to compare. */
function relativeDifference(actual: ArrayLike<number>, bias: number, expected: number[]): number {
  const values = [...Array.from(actual), bias];
  if (values.length !== expected.length) return Infinity;
  const scale = Math.max(...expected.map(Math.abs));
  const worst = values.reduce((most, value, j) => Math.max(most, Math.abs(value - expected[j]!)), 0);
  return Number.isFinite(worst) && values.every(Number.isFinite) ? worst / scale : Infinity;
}

async function measure(arm: Arm, problem: Problem, expected: number[], epochs: number): Promise<Result> {
  const result: Result = { name: arm.name, describe: arm.describe, msPerEpoch: NaN, relativeDifference: NaN };
  try {
    const session = await arm.open(problem);
    try {
      // Twice from the start: what `reset` leaves behind would show in the second.
      await session.train(2);
      await session.reset();
      await session.train(EPOCHS_CHECKED - 2);
      await session.train(2);
      const { weights, bias } = await session.parameters();
      result.relativeDifference = relativeDifference(weights, bias, expected);
      const begin = performance.now();
      let best = Infinity;
      for (let round = 0; round < 7 && performance.now() - begin < 3000; round++) {
        const start = performance.now();
        await session.train(epochs);
        best = Math.min(best, (session.lastTrainMs ?? performance.now() - start) / epochs);
      }
      result.msPerEpoch = best;
    } finally {
      await session.close();
    }
  } catch (error) {
    result.failure = error instanceof Error ? error.message : String(error);
  }
  return result;
}

/** Every form of one library on one case. */
export async function checkArms(
  factory: ArmFactory,
  rows: number,
  features: number,
  epochs: number,
): Promise<Result[]> {
  const problem = makeProblem(rows, features);
  const expected = reference(problem, EPOCHS_CHECKED);
  const results: Result[] = [];
  for (const arm of await factory()) results.push(await measure(arm, problem, expected, epochs));
  return results;
}
