import type { DescentState, ModelSettings } from '../backend.js';
import { ConjugateGradient } from './conjugate.js';
import { gradient } from './gradient.js';
import type { ExampleTerms } from './loss.js';
import { residual } from './residual.js';
import { emptyMemory, update } from './update.js';

/** What makes one epoch after the other of a model. */
export interface Advance {
  /** Whether there is nothing left to do. */
  readonly isDone: boolean;
  /** One epoch: writes the parameters [d + 1] and returns the objective, or what is not finite and leaves them alone. */
  step(parameters: Float64Array, settings: ModelSettings): number;
  /** As `DescentState.memory`. */
  memory(parameters: Float64Array): Float64Array[];
}

/** d columns of features and one of targets, in training units, and how examples count. */
export interface Examples {
  features: readonly Float64Array[];
  targets: Float64Array;
  terms: ExampleTerms;
  /** m, or the sum of the examples' weights. */
  count: number;
}

/** `learned` is 1, or 0 for a parameter that stays as it is: [d + 1]. */
export function advanceBy(
  examples: Examples,
  learned: Float64Array,
  from: DescentState,
  { rule, l2 }: ModelSettings,
): Advance {
  if (rule?.optimizer === 'conjugateGradient') return new ConjugateGradient({ ...examples, learned, l2 }, from);
  const isPlain = !rule || (rule.optimizer === 'gradientDescent' && rule.averageFrom === Infinity);
  return byGradients(examples, learned, from, isPlain);
}

/** residual → gradient → update */
function byGradients(
  { features, targets, terms, count }: Examples,
  learned: Float64Array,
  { epoch, memory: [first, second, average] = [] }: DescentState,
  isPlain: boolean,
): Advance {
  const residuals = new Float64Array(targets.length);
  const twiceLosses = new Float64Array(targets.length);
  const sums = new Float64Array(learned.length + 1);
  const memory = { ...emptyMemory(learned.length), epoch };
  if (first && second && average) {
    memory.first.set(first);
    memory.second.set(second);
    memory.average.set(average);
  }
  return {
    isDone: false,
    step(parameters, { learningRate, l1, l2, rule }) {
      residual(features, targets, parameters, residuals, terms, twiceLosses);
      gradient(features, residuals, sums, twiceLosses);
      const options = { learningRate, l1, l2, stepScales: learned, ...(rule && { rule }) };
      return update(sums, count, options, parameters, memory);
    },
    memory: () => (isPlain ? [] : [memory.first.slice(), memory.second.slice(), memory.average.slice()]),
  };
}
