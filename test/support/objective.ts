import type { Dataset } from '../../src/data/dataset.js';
import type { FitSettings } from '../../src/options/specs.js';

/** The problem that a model is held against. */
export type Problem = Pick<FitSettings, 'loss' | 'l1' | 'l2' | 'standardize' | 'fitIntercept'> & { huberDelta: number };

interface Parameters {
  weights: ArrayLike<number>;
  bias: number;
}

/** The weighted mean of the values. */
function meanOf({ exampleWeights, exampleCount }: Dataset, of: (i: number) => number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < exampleCount; i++) {
    const weight = exampleWeights?.[i] ?? 1;
    if (weight > 0) sum += weight * of(i);
    total += weight;
  }
  return sum / total;
}

/** [d] Mean and standard deviation of each feature; without a bias 0 and the root mean square. */
function spreadsOf(data: Dataset, fitIntercept: boolean): { mean: number; deviation: number }[] {
  return data.columns.map((column) => {
    const mean = fitIntercept ? meanOf(data, (i) => column[i] as number) : 0;
    return { mean, deviation: Math.sqrt(meanOf(data, (i) => ((column[i] as number) - mean) ** 2)) };
  });
}

function lossOf({ loss, huberDelta }: Problem, h: number, y: number): { value: number; slope: number } {
  const e = h - y;
  if (loss === 'logistic') {
    return { value: Math.max(h, 0) + Math.log1p(Math.exp(-Math.abs(h))) - y * h, slope: 1 / (1 + Math.exp(-h)) - y };
  }
  if (loss === 'squared' || Math.abs(e) <= huberDelta) return { value: e ** 2 / 2, slope: e };
  return { value: huberDelta * (Math.abs(e) - huberDelta / 2), slope: huberDelta * Math.sign(e) };
}

const predictionOf = ({ columns }: Dataset, { weights, bias }: Parameters, i: number) =>
  columns.reduce((sum, column, j) => sum + (weights[j] as number) * (column[i] as number), bias);

/** The objective of a model in the units of the data, by its definition. */
export function objectiveOf(data: Dataset, problem: Problem, model: Parameters): number {
  const { l1, l2, standardize, fitIntercept } = problem;
  const spreads = spreadsOf(data, fitIntercept);
  const loss = meanOf(data, (i) => lossOf(problem, predictionOf(data, model, i), data.targets[i] as number).value);
  return Array.from(model.weights).reduce((sum, weight, j) => {
    const w = standardize ? weight * (spreads[j]?.deviation as number) : weight;
    return sum + l1 * Math.abs(w) + (l2 / 2) * w * w;
  }, loss);
}

/** The largest slope of the objective along a standardized feature or the bias; with l1 that of the least subgradient. */
export function steepestSlope(data: Dataset, problem: Problem, model: Parameters): number {
  const { l1, l2, standardize, fitIntercept } = problem;
  const slopeAt = (i: number) => lossOf(problem, predictionOf(data, model, i), data.targets[i] as number).slope;
  const slopes = spreadsOf(data, fitIntercept).map(({ mean, deviation }, j) => {
    const column = data.columns[j] as Float64Array;
    const slope = meanOf(data, (i) => (slopeAt(i) * ((column[i] as number) - mean)) / deviation);
    const unit = standardize ? 1 : deviation; // of the weight that is penalized, in that of the standardized feature
    const weight = standardize ? (model.weights[j] as number) * deviation : (model.weights[j] as number);
    const smooth = slope + (l2 * weight) / unit;
    if (weight !== 0) return smooth + (Math.sign(weight) * l1) / unit;
    return Math.max(0, Math.abs(smooth) - l1 / unit);
  });
  return Math.max(...slopes.map(Math.abs), fitIntercept ? Math.abs(meanOf(data, slopeAt)) : 0);
}

/** The best model without features: the bias at which the slope of the loss is 0, by bisection. */
export function constantModel(data: Dataset, problem: Problem): Parameters {
  const weights = data.columns.map(() => 0);
  if (!problem.fitIntercept) return { weights, bias: 0 };
  let [low, high] = problem.loss === 'logistic' ? [-30, 30] : [Math.min(...data.targets), Math.max(...data.targets)];
  for (let k = 0; k < 200; k++) {
    const bias = (low + high) / 2;
    const slope = meanOf(data, (i) => lossOf(problem, bias, data.targets[i] as number).slope);
    if (slope > 0) high = bias;
    else low = bias;
  }
  return { weights, bias: (low + high) / 2 };
}

/** The steepest slope of a model as a share of that of the best constant model. */
export function relativeSlope(data: Dataset, problem: Problem, model: Parameters): number {
  return steepestSlope(data, problem, model) / steepestSlope(data, problem, constantModel(data, problem));
}
