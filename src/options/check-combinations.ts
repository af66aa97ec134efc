import { anyText } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import { DESCENT_OPTIONS, defaultOf } from './choose-optimizer.js';
import { isUpdateRule } from './names.js';
import type { FitSettings } from './specs.js';

/** A combination of options that is refused although each of them is valid by itself. */
interface Combination {
  /** True if the settings hold the combination. */
  when: (settings: FitSettings, isComplete: boolean, asked: readonly string[]) => boolean;
  got: (settings: FitSettings) => string;
  expected: string;
  fix: string;
  /** The option that the error names in `where`. */
  option: keyof FitSettings;
}

/**
 * The options that have an effect only with certain values of another option. In a set of options with all defaults filled in (a
 * report's, a checkpoint's) the defaults pass with any value, so that it passes wherever the original options did.
 */
const DEPENDENT: readonly Combination[] = [
  dependent('momentum', 'optimizer', ['momentum', 'nesterov']),
  dependent('beta1', 'optimizer', ['adam']),
  dependent('beta2', 'optimizer', ['adam']),
  dependent('epsilon', 'optimizer', ['adam']),
  dependent('decay', 'schedule', ['inverseScaling', 'step', 'exponential']),
  dependent('decayEvery', 'schedule', ['step', 'exponential']),
  dependent('averageFrom', 'average', [true]),
  // Reports and checkpoints of earlier versions hold a number for every loss.
  onlyInPart(dependent('huberDelta', 'loss', ['huber'])),
];

/** The options that training on moments cannot have, whether the moments are given or `strategy` asks for them. */
export const NOT_ON_MOMENTS: readonly { option: keyof FitSettings; expected: string }[] = [
  { option: 'loss', expected: "loss 'squared', the only one that can be computed from moments" },
  { option: 'batchSize', expected: "batchSize 'full', because moments summarize all examples together" },
  { option: 'kernels', expected: "kernels 'auto', because training on moments does not read the features" },
  { option: 'storage', expected: "storage 'f32', because training on moments does not read the features" },
];

/** Every combination of options that is refused, in the order in which they are checked. */
const COMBINATIONS: readonly Combination[] = [
  ...NOT_ON_MOMENTS.map(({ option, expected }): Combination => ({
    when: (settings) => settings.strategy === 'moments' && differs(settings, option),
    got: (settings) => `strategy 'moments' with ${option} ${inQuotes(settings[option])}`,
    expected,
    fix: "Leave strategy out, or use strategy: 'streaming'.",
    option: 'strategy',
  })),
  {
    when: ({ restoreBest, validationFraction }) => !restoreBest && validationFraction === 0,
    got: () => 'restoreBest false without validation examples',
    expected: 'a validationFraction above 0, because the best epoch is the one with the lowest validation loss',
    fix: 'Leave restoreBest out, or set validationFraction.',
    option: 'restoreBest',
  },
  ...DEPENDENT,
  {
    when: ({ shuffle, batchSize }) => !shuffle && batchSize === 'full',
    got: () => "shuffle false with batchSize 'full'",
    expected: 'shuffle only with mini-batches, because a full batch has no order',
    fix: 'Leave shuffle out, or set batchSize to a number.',
    option: 'shuffle',
  },
  {
    // A report gives every option, and tolerance 0 where the learning rate was above its limit, whatever was asked for.
    when: (settings, isComplete, asked) =>
      !isComplete && settings.tolerance === 0 && isAsked('patience', settings, asked),
    got: ({ patience }) => `patience ${patience} with tolerance 0`,
    expected: 'a tolerance above 0, because tolerance 0 turns early stopping off',
    fix: 'Leave patience out, or set tolerance.',
    option: 'patience',
  },
  {
    when: (settings) => typeof settings.learningRate === 'function' && changesRate(settings),
    got: () => 'a schedule or warm-up with a learningRate that is a function of the epoch',
    expected: 'either a function or a schedule, because both set the learning rate of each epoch',
    fix: 'Leave schedule and warmupEpochs out, or pass a number as learningRate.',
    option: 'learningRate',
  },
  {
    when: (settings) => settings.optimizer === 'conjugateGradient' && unusedByConjugateGradient(settings) !== undefined,
    got: (settings) => `${unusedByConjugateGradient(settings)} with optimizer 'conjugateGradient'`,
    expected:
      "loss 'squared' on the full batch, at most with l2, because its step lengths are exact for a quadratic objective only",
    fix: "Leave it out, or use optimizer 'nesterov'.",
    option: 'optimizer',
  },
  {
    when: (settings, isComplete) => !isComplete && unusedBySolver(settings) !== undefined,
    got: (settings) => {
      const name = unusedBySolver(settings) as keyof FitSettings;
      return `${name} ${inQuotes(settings[name])} with optimizer '${settings.optimizer}'`;
    },
    expected: 'options of the objective only, because a solver chooses its steps itself and uses all examples in each',
    fix: "Leave it out, or use optimizer 'gradientDescent'.",
    option: 'optimizer',
  },
];

/**
 * Throws `INVALID_OPTION` for options that are valid each by itself and contradict each other, or of which one has no
 * effect. `isComplete`: the caller gave every option, as a report's `settings` do. `asked`: the names of those that the caller gave.
 */
export function checkCombinations(
  settings: FitSettings,
  isComplete = false,
  asked: readonly string[] = [],
): FitSettings {
  const found = COMBINATIONS.find(({ when }) => when(settings, isComplete, isComplete ? [] : asked));
  if (!found) return settings;
  const { got, expected, fix, option } = found;
  throw new DescentError('INVALID_OPTION', { got: got(settings), expected, fix, where: { option } });
}

/** The same combination, passed over in a complete set of options. */
function onlyInPart({ when, ...rest }: Combination): Combination {
  return { ...rest, when: (settings, isComplete, asked) => !isComplete && when(settings, isComplete, asked) };
}

/** True for an option that has another value than its default, or that the caller gave in so many words; 'auto' says nothing. */
function isAsked(name: keyof FitSettings, settings: FitSettings, asked: readonly string[]): boolean {
  return differs(settings, name) || (asked.includes(name) && settings[name] !== 'auto');
}

/** Refuses an option that only some values of another option use. */
function dependent<Of extends 'optimizer' | 'schedule' | 'average' | 'loss'>(
  name: keyof FitSettings,
  of: Of,
  uses: readonly FitSettings[Of][],
): Combination {
  return {
    when: (settings, _, asked) => isAsked(name, settings, asked) && !uses.includes(settings[of]),
    got: (settings) => `${name} ${anyText(settings[name])} with ${of} ${inQuotes(settings[of])}`,
    expected: `${name} only with ${of} ${uses.map(inQuotes).join(' or ')}`,
    fix: `Leave ${name} out, or set ${of} to ${uses.map(inQuotes).join(' or ')}.`,
    option: name,
  };
}

function changesRate({ schedule, warmupEpochs }: FitSettings): boolean {
  return schedule !== 'constant' || warmupEpochs > 0;
}

/** The first option that conjugate gradient cannot use; undefined if there is none. */
function unusedByConjugateGradient(settings: FitSettings): string | undefined {
  const { learningRate, average, l1, loss, batchSize } = settings;
  return [
    learningRate !== 'auto' && 'a learningRate',
    changesRate(settings) && 'a schedule',
    average && 'average',
    batchSize !== 'full' && `batchSize ${batchSize}`,
    l1 > 0 && 'l1',
    loss !== 'squared' && `loss '${loss}'`,
  ].find((text) => text !== false);
}

/** The first option of gradient descent that a solver asked for by name cannot use; undefined if there is none. */
function unusedBySolver(settings: FitSettings): keyof FitSettings | undefined {
  if (settings.optimizer === 'auto' || isUpdateRule(settings.optimizer)) return undefined;
  return DESCENT_OPTIONS.find((name) => name !== 'epochs' && differs(settings, name));
}

/** True if an option is not its default. */
export function differs(settings: FitSettings, option: keyof FitSettings): boolean {
  return settings[option] !== defaultOf(option);
}

/** A value as errors show it. */
export function inQuotes(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : anyText(value);
}
