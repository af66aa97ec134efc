import { noneCounts } from '../data/example-weights.js';
import { codesOf, requireNumbers } from '../data/labels.js';
import { columnOrder } from '../data/match-columns.js';
import { originOf } from '../data/origin.js';
import type { ColumnBatch, ExampleSource } from '../data/source.js';
import { checkedBatches } from '../data/source-batches.js';
import { labelOf } from './label.js';
import type { ModelToScore } from './score.js';

/** The score of a model on the examples of a source, of which one batch is held at a time: R², or the accuracy of labels. */
export async function scoreOfSource(
  model: ModelToScore,
  given: ExampleSource,
  hypothesis: (feature: (j: number) => number) => number,
): Promise<number> {
  const source = given.encodedBy?.(model) ?? given;
  const { features, target: name } = await source.columns();
  const order = columnOrder(model.featureNames, features);
  const { classes } = model;
  const tally = new Tally();
  let rows = 0;
  for await (const batch of checkedBatches(source)) {
    const columns = order.map((at) => batch.features[at] as Float64Array);
    const predictions = Float64Array.from(batch.targets, (_, i) => hypothesis((j) => columns[j]?.[i] as number));
    // A table that knows the classes hands out their codes.
    const targets =
      classes && !given.encodedBy ? codesOf({ name, values: batch.targets }, classes, rows) : batch.targets;
    if (classes) predictions.forEach((logOdds, i) => (predictions[i] = labelOf(logOdds)));
    tally.add(predictions, targets, batch.exampleWeights);
    rows += targets.length;
  }
  if (!classes) requireNumbers({ name, labels: originOf(source)?.labels }, model.loss);
  if (tally.weight === 0) throw noneCounts(rows);
  return classes ? tally.right / tally.weight : tally.explainedShare;
}

/** The sums of a score. */
class Tally {
  weight = 0;
  /** Σ w where prediction and target are the same. */
  right = 0;
  #residualSquares = 0;
  #mean = 0;
  /** Σ w·(y − ȳ)² */
  #totalSquares = 0;
  #first: number | undefined;
  #isConstant = true;

  add(predictions: Float64Array, targets: ArrayLike<number>, weights: ColumnBatch['exampleWeights']): void {
    for (let i = 0; i < targets.length; i++) {
      const weight = weights ? (weights[i] as number) : 1;
      if (weight === 0) continue;
      const [prediction, target] = [predictions[i] as number, targets[i] as number];
      this.#first ??= target;
      this.#isConstant &&= target === this.#first;
      if (prediction === target) this.right += weight;
      this.#residualSquares += weight * (prediction - target) ** 2;
      // The mean so far, and the squares about it (Welford 1962).
      this.weight += weight;
      const step = target - this.#mean;
      this.#mean += (weight / this.weight) * step;
      this.#totalSquares += weight * step * (target - this.#mean);
    }
  }

  /** R²; for targets of one value 1 when all are met, and else 0. */
  get explainedShare(): number {
    if (this.#isConstant) return this.#residualSquares === 0 ? 1 : 0;
    return 1 - this.#residualSquares / this.#totalSquares;
  }
}
