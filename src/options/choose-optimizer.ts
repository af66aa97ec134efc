import { isUpdateRule, type OptimizerName } from './names.js';
import { type FitSettings, RANGES } from './specs.js';

/** The options of gradient descent, with the values that 'auto' stands for; the learning rate may still be 'auto'. */
export interface DescentOptions extends FitSettings {
  optimizer: OptimizerName;
  huberDelta: number;
}

/** Options that only gradient descent has: a value other than the default asks for it. */
export const DESCENT_OPTIONS = [
  'learningRate',
  'epochs',
  'batchSize',
  'schedule',
  'warmupEpochs',
  'average',
  'patience',
  'validationFraction',
  'pathEvery',
  'kernels',
  'storage',
] as const satisfies readonly (keyof FitSettings)[];

/**
 * Replaces optimizer 'auto' by 'gradientDescent' if an option of gradient descent is given: what is asked for by name is done
 * by name. `hasEpochs`: the caller gave a number of epochs, which asks for it even if it is the default. `isComplete`: the
 * caller gave every option, as a report's `settings` do, so that none of them says anything.
 */
export function chooseOptimizer(settings: FitSettings, hasEpochs: boolean, isComplete = false): FitSettings {
  if (settings.optimizer !== 'auto' || isComplete) return settings;
  const asksForDescent = hasEpochs || DESCENT_OPTIONS.some((name) => settings[name] !== defaultOf(name));
  return asksForDescent || settings.strategy === 'streaming' ? { ...settings, optimizer: 'gradientDescent' } : settings;
}

/** The default of a plain option. */
export function defaultOf(name: keyof FitSettings): unknown {
  return RANGES.find((spec) => spec.name === name)?.default;
}

/** True for the options of gradient descent; false for those of a solver. */
export function isDescent<Settings extends FitSettings>(
  settings: Settings,
): settings is Settings & { optimizer: OptimizerName } {
  return isUpdateRule(settings.optimizer);
}
