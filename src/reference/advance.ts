import type { ModelSettings } from '../backend.js';
import { ConjugateGradient, type Quadratic } from './conjugate.js';
import { gradient } from './gradient.js';
import { residual } from './residual.js';
import { averageOf, emptyMemory, update } from './update.js';

/** What makes one epoch after the other of a model. */
export interface Advance {
  /** Whether there is nothing left to do. */
  readonly isDone: boolean;
  /** One epoch: writes the parameters [d + 1] and returns the objective, or what is not finite and leaves them alone. */
  step(parameters: Float64Array): number;
  /** [d + 1] the average of the parameters after each epoch; null where there is none. */
  average(): Float64Array | null;
}

type Examples = Omit<Quadratic, 'l2'>;

export function advanceBy(examples: Examples, settings: ModelSettings): Advance {
  if (settings.rule?.optimizer !== 'conjugateGradient') return byGradients(examples, settings);
  const conjugate = new ConjugateGradient({ ...examples, l2: settings.l2 });
  return {
    get isDone() {
      return conjugate.isDone;
    },
    step: (parameters) => conjugate.step(parameters),
    average: () => null,
  };
}

/** residual → gradient → update */
function byGradients({ features, targets, terms, count, learned }: Examples, settings: ModelSettings): Advance {
  const residuals = new Float64Array(targets.length);
  const twiceLosses = new Float64Array(targets.length);
  const sums = new Float64Array(learned.length + 1);
  const memory = emptyMemory(learned.length);
  return {
    isDone: false,
    step(parameters) {
      residual(features, targets, parameters, residuals, terms, twiceLosses);
      gradient(features, residuals, sums, twiceLosses);
      return update(sums, count, { ...settings, stepScales: learned }, parameters, memory);
    },
    average: () => averageOf(memory, settings.rule),
  };
}
