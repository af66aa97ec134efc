import { DescentError } from '../base/errors.js';
import type { FitSettings } from '../fitting/fit-options.js';
import { SETTINGS } from './specs.js';

/** Throws `INVALID_OPTION` for options that are right each by itself, and contradict each other. */
export function consistent(settings: FitSettings): FitSettings {
  const { strategy, loss, batchSize } = settings;
  if (strategy === 'moments' && loss !== 'squared') {
    throw new DescentError('INVALID_OPTION', {
      got: `strategy 'moments' with loss '${loss}'`,
      expected: "loss 'squared', the only one that knows its data by moments",
      fix: "Leave the strategy out, or use 'streaming'.",
      where: { option: 'strategy' },
    });
  }
  if (!settings.restoreBest && settings.validationFraction === 0) {
    throw new DescentError('INVALID_OPTION', {
      got: 'restoreBest false without held-out examples',
      expected: 'a validationFraction above 0, without which no epoch is known to be the best',
      fix: 'Leave restoreBest out, or set validationFraction.',
      where: { option: 'restoreBest' },
    });
  }
  if (strategy === 'moments' && batchSize !== 'full') {
    throw new DescentError('INVALID_OPTION', {
      got: `strategy 'moments' with batchSize ${batchSize}`,
      expected: "batchSize 'full': moments are of all examples together",
      fix: "Leave the strategy out, or use 'streaming'.",
      where: { option: 'strategy' },
    });
  }
  requireUses(settings);
  requireOneSchedule(settings);
  requireExactSteps(settings);
  return settings;
}

/** Options that only some values of another option have a use for. */
const DEPENDENT: readonly {
  name: keyof FitSettings;
  of: 'optimizer' | 'schedule' | 'average';
  uses: readonly FitSettings['optimizer' | 'schedule' | 'average'][];
}[] = [
  { name: 'momentum', of: 'optimizer', uses: ['momentum', 'nesterov'] },
  { name: 'beta1', of: 'optimizer', uses: ['adam'] },
  { name: 'beta2', of: 'optimizer', uses: ['adam'] },
  { name: 'epsilon', of: 'optimizer', uses: ['adam'] },
  { name: 'decay', of: 'schedule', uses: ['inverseScaling', 'step', 'exponential'] },
  { name: 'decayEvery', of: 'schedule', uses: ['step', 'exponential'] },
  { name: 'averageFrom', of: 'average', uses: [true] },
];

/** For options that only another optimizer, schedule or average would use. */
function requireUses(settings: FitSettings): void {
  for (const { name, of, uses } of DEPENDENT) {
    if (settings[name] === defaultOf(name) || uses.includes(settings[of])) continue;
    throw new DescentError('INVALID_OPTION', {
      got: `${name} ${String(settings[name])} with ${of} ${inQuotes(settings[of])}`,
      expected: `${name} only with ${of} ${uses.map(inQuotes).join(' or ')}`,
      fix: 'Leave one of the two out.',
      where: { option: name },
    });
  }
}

function changesRate({ schedule, warmupEpochs }: FitSettings): boolean {
  return schedule !== 'constant' || warmupEpochs > 0;
}

/** For a schedule beside rates that are a function already. */
function requireOneSchedule(settings: FitSettings): void {
  if (typeof settings.learningRate !== 'function' || !changesRate(settings)) return;
  throw new DescentError('INVALID_OPTION', {
    got: 'a schedule beside a learningRate that is a function of the epoch',
    expected: 'one of the two to say how the rate goes on',
    fix: 'Leave schedule and warmupEpochs out, or pass a number.',
    where: { option: 'learningRate' },
  });
}

/** For all that has no place beside the steps of conjugate gradient. */
function requireExactSteps(settings: FitSettings): void {
  const { optimizer, learningRate, average, l1, loss, batchSize } = settings;
  if (optimizer !== 'conjugateGradient') return;
  const unused = [
    learningRate !== 'auto' && 'a learningRate',
    changesRate(settings) && 'a schedule',
    average && 'average',
    batchSize !== 'full' && `batchSize ${batchSize}`,
    l1 > 0 && 'l1',
    loss !== 'squared' && `loss '${loss}'`,
  ].find((text) => text !== false);
  if (unused === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `${unused} with optimizer 'conjugateGradient'`,
    expected:
      'the squared loss of all examples, l2 at most, and the rates that it finds itself: the steps are exact on a quadratic',
    fix: "Leave it out, or use optimizer 'nesterov'.",
    where: { option: 'optimizer' },
  });
}

function defaultOf(name: keyof FitSettings): unknown {
  return SETTINGS.find((spec) => spec.name === name)?.default;
}

function inQuotes(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
