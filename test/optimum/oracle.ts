import type { Dataset } from '../../src/data/dataset.js';
import type { Loss } from '../../src/options/names.js';

/** The objective of a problem on standardized features, in plain loops of f64. */
export interface OracleProblem {
  loss: Loss;
  fitIntercept: boolean;
  huberDelta: number;
  l1: number;
  l2: number;
}

/** Examples in units of standard deviations: without an intercept, of root mean squares. */
interface Standardized {
  rows: number[][];
  targets: number[];
  weights: number[];
  centers: number[];
  scales: number[];
  targetCenter: number;
}

/** The optimum that a long run of Newton's method, or with l1 of coordinate descent on its models, comes to. */
export interface OracleResult {
  objective: number;
  /** The objective of any weights and bias in the units of the data. */
  objectiveOf(model: { weights: ArrayLike<number>; bias: number }): number;
  /** The largest difference of a prediction from that of the optimum. */
  differenceOf(model: { weights: ArrayLike<number>; bias: number }): number;
  /** The standard deviation of the targets; 1 for labels. */
  spread: number;
}

const MOST_STEPS = 200;
const MOST_SWEEPS = 20_000;

export function solveByOracle(dataset: Dataset, problem: OracleProblem): OracleResult {
  const data = standardize(dataset, problem);
  const size = dataset.featureCount + 1;
  let point = new Array<number>(size).fill(0);
  let objective = objectiveAt(data, problem, point);
  // Huber's loss begins with every error squared, and comes down to δ: Newton's steps lead there from far.
  const deltas = problem.loss === 'huber' ? [1e300, 16, 4, 1].map((factor) => factor * problem.huberDelta) : [1];
  for (const huberDelta of deltas) {
    const stage = { ...problem, huberDelta };
    objective = objectiveAt(data, stage, point);
    for (let step = 0; step < MOST_STEPS; step++) {
      const change = minimizeModel(derivativesAt(data, stage, point), point, stage);
      let length = 1;
      let next = point;
      let lower = objective;
      for (; length > 1e-12; length /= 2) {
        next = point.map((value, j) => value + length * (change[j] as number));
        lower = objectiveAt(data, stage, next);
        if (lower < objective) break;
      }
      if (!(lower < objective)) break;
      [point, objective] = [next, lower];
    }
  }
  const spread = problem.loss === 'logistic' ? 1 : spreadOf(data);
  return {
    objective,
    objectiveOf: (model) => objectiveAt(data, problem, inStandardUnits(data, model)),
    differenceOf: (model) => {
      const other = inStandardUnits(data, model);
      return data.rows.reduce((most, row) => Math.max(most, Math.abs(predict(row, other) - predict(row, point))), 0);
    },
    spread,
  };
}

function standardize(dataset: Dataset, { loss, fitIntercept }: OracleProblem): Standardized {
  const weights = Array.from(dataset.targets, (_, i) => (dataset.exampleWeights ? (dataset.exampleWeights[i] as number) : 1)); // prettier-ignore
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanOf = (values: ArrayLike<number>) =>
    weights.reduce((sum, weight, i) => sum + (weight / total) * ((values[i] as number) - (values[0] as number)), 0) +
    (values[0] as number);
  const centers = dataset.columns.map((column) => (fitIntercept ? meanOf(column) : 0));
  const scales = dataset.columns.map((column, j) =>
    Math.sqrt(meanOf(Array.from(column, (value) => (value - (centers[j] as number)) ** 2))),
  );
  const targetCenter = fitIntercept && loss !== 'logistic' ? meanOf(dataset.targets) : 0;
  const rows = Array.from(dataset.targets, (_, i) => [
    ...dataset.columns.map((column, j) => ((column[i] as number) - (centers[j] as number)) / (scales[j] as number)),
    fitIntercept ? 1 : 0,
  ]);
  return {
    rows,
    targets: Array.from(dataset.targets, (target) => target - targetCenter),
    weights: weights.map((weight) => weight / total),
    centers,
    scales,
    targetCenter,
  };
}

function inStandardUnits(
  { centers, scales, targetCenter }: Standardized,
  { weights, bias }: { weights: ArrayLike<number>; bias: number },
): number[] {
  const atCenter = centers.reduce((sum, center, j) => sum + (weights[j] as number) * center, bias);
  return [...scales.map((scale, j) => (weights[j] as number) * scale), atCenter - targetCenter];
}

function predict(row: readonly number[], point: readonly number[]): number {
  return row.reduce((sum, value, j) => sum + value * (point[j] as number), 0);
}

function objectiveAt(
  { rows, targets, weights }: Standardized,
  problem: OracleProblem,
  point: readonly number[],
): number {
  const losses = rows.reduce((sum, row, i) => sum + (weights[i] as number) * lossOf(problem, predict(row, point), targets[i] as number)[0], 0); // prettier-ignore
  return point.slice(0, -1).reduce((sum, weight) => sum + problem.l1 * Math.abs(weight) + (problem.l2 / 2) * weight ** 2, losses); // prettier-ignore
}

/** Loss, slope and curvature of one example. */
function lossOf({ loss, huberDelta }: OracleProblem, prediction: number, target: number): [number, number, number] {
  if (loss === 'logistic') {
    const probability = 1 / (1 + Math.exp(-prediction));
    const value = Math.max(prediction, 0) + Math.log1p(Math.exp(-Math.abs(prediction))) - target * prediction;
    return [value, probability - target, probability * (1 - probability)];
  }
  const error = prediction - target;
  if (loss === 'squared' || Math.abs(error) <= huberDelta) return [error ** 2 / 2, error, 1];
  return [huberDelta * (Math.abs(error) - huberDelta / 2), Math.sign(error) * huberDelta, 0];
}

function derivativesAt({ rows, targets, weights }: Standardized, problem: OracleProblem, point: readonly number[]) {
  const size = point.length;
  const gradient = new Array<number>(size).fill(0);
  const hessian = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  rows.forEach((row, i) => {
    const [, slope, curvature] = lossOf(problem, predict(row, point), targets[i] as number);
    const weight = weights[i] as number;
    row.forEach((value, j) => {
      gradient[j] = (gradient[j] as number) + weight * slope * value;
      const line = hessian[j] as number[];
      row.forEach((other, k) => (line[k] = (line[k] as number) + weight * curvature * value * other));
    });
  });
  return { gradient, hessian };
}

/** The minimum of the quadratic model with its penalties: by coordinate descent, as many sweeps as it takes. */
function minimizeModel(
  { gradient, hessian }: ReturnType<typeof derivativesAt>,
  point: readonly number[],
  { l1, l2 }: OracleProblem,
): number[] {
  const size = point.length;
  const ridge = Math.max(...hessian.map((row, j) => row[j] as number)) * 1e-13;
  const change = new Array<number>(size).fill(0);
  const slopes = gradient.slice();
  if (l1 === 0) return eliminate(hessian.map((row, j) => row.map((value, k) => (j === k ? value + ridge + (j < size - 1 ? l2 : 0) : value))), gradient.map((slope, j) => -(slope + (j < size - 1 ? l2 * (point[j] as number) : 0)))); // prettier-ignore
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (let j = 0; j < size; j++) {
      const row = hessian[j] as number[];
      const isBias = j === size - 1;
      const bend = (row[j] as number) + ridge + (isBias ? 0 : l2);
      if (!(bend > 0)) continue;
      const here = (point[j] as number) + (change[j] as number);
      const target = here - ((slopes[j] as number) + ridge * (change[j] as number) + (isBias ? 0 : l2 * here)) / bend;
      const threshold = isBias ? 0 : l1 / bend;
      const next = Math.sign(target) * Math.max(0, Math.abs(target) - threshold);
      const by = next - here;
      if (by === 0) continue;
      change[j] = (change[j] as number) + by;
      for (let k = 0; k < size; k++) slopes[k] = (slopes[k] as number) + by * ((hessian[k] as number[])[j] as number);
      largest = Math.max(largest, Math.abs(by) * Math.sqrt(bend));
    }
    if (largest < 1e-14 * Math.sqrt(gradient.reduce((sum, slope) => sum + slope * slope, 0))) break;
  }
  return change;
}

/** Gauss's elimination with the largest pivot of a column. */
function eliminate(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, j) => [...row, right[j] as number]);
  for (let j = 0; j < size; j++) {
    const pivot = rows.slice(j).reduce((best, row, k) => (Math.abs(row[j] as number) > Math.abs((rows[best] as number[])[j] as number) ? j + k : best), j); // prettier-ignore
    [rows[j], rows[pivot]] = [rows[pivot] as number[], rows[j] as number[]];
    const row = rows[j] as number[];
    if (row[j] === 0) continue;
    for (let i = j + 1; i < size; i++) {
      const other = rows[i] as number[];
      const factor = (other[j] as number) / (row[j] as number);
      for (let k = j; k <= size; k++) other[k] = (other[k] as number) - factor * (row[k] as number);
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let j = size - 1; j >= 0; j--) {
    const row = rows[j] as number[];
    const rest = row.slice(j + 1, size).reduce((sum, value, k) => sum + value * (solution[j + 1 + k] as number), 0);
    solution[j] = row[j] === 0 ? 0 : ((row[size] as number) - rest) / (row[j] as number);
  }
  return solution;
}

function spreadOf({ targets, weights }: Standardized): number {
  const mean = targets.reduce((sum, target, i) => sum + (weights[i] as number) * target, 0);
  return Math.sqrt(targets.reduce((sum, target, i) => sum + (weights[i] as number) * (target - mean) ** 2, 0));
}
