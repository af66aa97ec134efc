import type { RunState, ModelSettings } from '../descent/backend.js';
import type { Batches } from '../descent/batches.js';
import { totalWeight } from '../data/example-weights.js';
import type { Updates } from '../descent/host-run.js';
import { ConjugateGradientTwin } from './conjugate.js';
import { gradient } from './gradient.js';
import type { ExampleTerms } from './loss.js';
import { residual } from './residual.js';
import { emptyOptimizerState, update } from './update.js';

/** d columns of features and one of targets, in training units, and how examples count. */
export interface Examples {
  features: readonly Float64Array[];
  targets: Float64Array;
  terms: ExampleTerms;
  /** m, or the sum of the examples' weights. */
  count: number;
  /** The batches that they lie in, one after the other; null for the full batch. */
  batches: Batches | null;
}

/** `learned` is 1, or 0 for a parameter that stays as it is: [d + 1]. */
export function exampleUpdates(
  examples: Examples,
  learned: Float64Array,
  from: RunState,
  { rule, l2 }: ModelSettings,
): Updates {
  if (rule?.optimizer === 'conjugateGradient') return new ConjugateGradientTwin({ ...examples, learned, l2 }, from);
  const isPlain = !rule || (rule.optimizer === 'gradientDescent' && rule.averageFrom === Infinity);
  return byGradients(examples, learned, from, isPlain);
}

/**
 * residual → gradient → update, on all examples or on one batch after the other. The rate goes with how much a batch counts,
 * so that over an epoch every example has the same say.
 */
function byGradients(
  examples: Examples,
  learned: Float64Array,
  { epoch, optimizerState: [first, second, average] = [] }: RunState,
  isPlain: boolean,
): Updates & { share: number } {
  const { batches } = examples;
  const perEpoch = batches?.count ?? 1;
  const residuals = new Float64Array(batches?.size ?? examples.targets.length);
  const twiceLosses = new Float64Array(residuals.length);
  const sums = new Float64Array(learned.length + 1);
  const optimizerState = { ...emptyOptimizerState(learned.length), updates: epoch * perEpoch };
  if (first && second && average) {
    optimizerState.first.set(first);
    optimizerState.second.set(second);
    optimizerState.average.set(average);
  }
  return {
    isDone: false,
    perEpoch,
    share: 1,
    step(parameters, next, { learningRate, l1, l2, rule }) {
      const { features, targets, terms, count } = batches
        ? batchOf(
            examples,
            batches.range(batches.at(optimizerState.updates % perEpoch, Math.floor(optimizerState.updates / perEpoch))),
          )
        : examples;
      const [slopes, losses] = [residuals.subarray(0, targets.length), twiceLosses.subarray(0, targets.length)];
      residual(features, targets, parameters, slopes, terms, losses);
      gradient(features, slopes, sums, losses);
      this.share = count / examples.count;
      const pace = batches ? (this.share * batches.rows.length) / batches.size : 1;
      const options = { l1, l2, stepScales: learned, updatesPerEpoch: perEpoch, ...(rule && { rule }) };
      next.set(parameters);
      return update(sums, count, { ...options, learningRate: pace * learningRate }, next, optimizerState);
    },
    optimizerState: () =>
      isPlain ? [] : [optimizerState.first.slice(), optimizerState.second.slice(), optimizerState.average.slice()],
  };
}

/** The examples of one batch. */
function batchOf(
  { features, targets, terms }: Examples,
  { first, end }: { first: number; end: number },
): Omit<Examples, 'batches'> {
  const exampleWeights = terms.exampleWeights?.subarray(first, end);
  return {
    features: features.map((column) => column.subarray(first, end)),
    targets: targets.subarray(first, end),
    terms: { ...terms, exampleWeights },
    count: totalWeight(end - first, exampleWeights),
  };
}
