import { OPTIONS_OF_DESCENT } from '../../fitting/convergence-warnings.js';
import { defaultOf, DESCENT_OPTIONS } from '../../options/choose-optimizer.js';
import type { FitCommand } from '../cli/arguments.js';
import { inFlags } from '../cli/flags.js';

/** A warning in the words of the command line: with flags, and with those that the command would leave out. */
export function inWordsOf({ settings, data }: FitCommand, message: string): string {
  // The presets of synthetic examples give way to a solver by themselves.
  const options = data.kind === 'synthetic' ? [] : descentOptions(settings);
  const last = options.pop();
  const list = options.length === 0 ? last : `${options.join(', ')} and ${last}`;
  return inFlags(message.replace(` without ${OPTIONS_OF_DESCENT}`, last === undefined ? '' : ` without ${list}`));
}

/** The options of a command that ask for gradient descent, as code has them. */
function descentOptions(settings: FitCommand['settings']): string[] {
  const options = DESCENT_OPTIONS.filter((name) => settings[name] !== defaultOf(name)).map(
    (name) => `${name}: ${spelled(settings[name])}`,
  );
  return settings.strategy === 'streaming' ? [...options, "strategy: 'streaming'"] : options;
}

function spelled(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
