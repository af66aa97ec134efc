import { giveWay } from '../base/turns.js';
import { totalWeight } from '../data/example-weights.js';
import { type ExampleData, isSource, toDataset } from '../data/inputs.js';
import { codesOf, requireNumbers } from '../data/labels.js';
import { columnOrder } from '../data/match-columns.js';
import type { FloatArray } from '../data/numbers.js';
import type { KeptEncoding } from '../data/table/encoder.js';
import type { Loss } from '../options/names.js';
import { finiteScore } from './finite-results.js';
import { labelOf } from './label.js';
import { scoreOfSource } from './score-source.js';

/** The parts of a model that its score depends on, beside its predictions. */
export interface ModelToScore extends KeptEncoding {
  loss: Loss;
}

/** Rows between two looks at the clock. */
const ROWS_A_LOOK = 1024;

/** The score of a model on examples, given its h(x) of one of them by its features; see `LinearModel.score`. */
export async function scoreOf(
  model: ModelToScore,
  data: ExampleData,
  hypothesis: (feature: (j: number) => number) => number,
): Promise<number> {
  if (isSource(data)) return scoreOfSource(model, data, hypothesis);
  const dataset = await toDataset(data, { kept: model });
  const { targets, targetName, exampleWeights, origin } = dataset;
  const columns = columnOrder(model.featureNames, dataset.featureNames).map((at) => dataset.columns[at] as FloatArray);
  const predictions = new Float64Array(targets.length);
  for (let i = 0; i < targets.length; i++) {
    predictions[i] = hypothesis((j) => columns[j]?.[i] as number);
    if (i % ROWS_A_LOOK === 0) await giveWay();
  }
  const column = { name: targetName, values: targets, labels: origin?.labels };
  if (model.classes) return accuracy(predictions, codesOf(column, model.classes), exampleWeights);
  requireNumbers(column, model.loss);
  return finiteScore(explainedShare(predictions, targets, exampleWeights));
}

/** R², of examples as they count; for targets of one value 1 when all are met, and else 0. */
export function explainedShare(predictions: Float64Array, targets: FloatArray, weights?: FloatArray): number {
  const weightOf = (i: number) => (weights ? (weights[i] as number) : 1);
  let total = 0;
  for (let i = 0; i < targets.length; i++) total += weightOf(i) * (targets[i] as number);
  const mean = total / totalWeight(targets.length, weights);
  let value: number | undefined;
  let isConstant = true; // by the values: the mean of equal numbers may be rounded
  let residualSquares = 0;
  let totalSquares = 0;
  for (let i = 0; i < targets.length; i++) {
    if (weightOf(i) === 0) continue;
    const target = targets[i] as number;
    value ??= target;
    isConstant &&= target === value;
    residualSquares += weightOf(i) * ((predictions[i] as number) - target) ** 2;
    totalSquares += weightOf(i) * (target - mean) ** 2;
  }
  if (isConstant) return residualSquares === 0 ? 1 : 0;
  return 1 - residualSquares / totalSquares;
}

/** The share of labels that log-odds give right, of examples as they count. */
export function accuracy(logOdds: Float64Array, labels: FloatArray, weights?: FloatArray): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labelOf(logOdds[i] as number) === labels[i]) right += weights ? (weights[i] as number) : 1;
  }
  return right / totalWeight(labels.length, weights);
}
