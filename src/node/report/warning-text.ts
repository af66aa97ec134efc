import type { FitReport } from '../../descent/report.js';
import { printable } from './terminal.js';
import { OPTIONS_OF_DESCENT } from '../../fitting/convergence-warnings.js';
import { defaultOf, DESCENT_OPTIONS } from '../../options/choose-optimizer.js';
import { SEED_PROGRAM } from '../../options/presets.js';
import type { FitSettings } from '../../options/specs.js';
import type { FitCommand } from '../cli/arguments.js';
import { inFlags } from '../cli/flags.js';

/** The line on stderr for a fit that is not at its optimum, with its code; null for one that is. `of` names it among several. */
export function lineOfMissed(
  { warnings }: Pick<FitReport, 'warnings'>,
  command: Parameters<typeof inWordsOf>[0],
  of = '',
): string | null {
  const missed = warnings.find(({ code }) => code === 'NOT_CONVERGED' || code === 'DIVERGED');
  if (!missed) return null;
  return `webgpu-descent: warning: ${printable(of + inWordsOf(command, missed.message))} [${missed.code}]`;
}

/** A warning in the words of the command line: with flags, and with those that the command would leave out. */
export function inWordsOf(
  { settings, data }: Pick<FitCommand, 'settings'> & { data: Pick<FitCommand['data'], 'kind'> },
  message: string,
): string {
  const options = descentOptions(settings, data.kind === 'synthetic' ? SEED_PROGRAM : {});
  const last = options.pop();
  const list = options.length === 0 ? last : `${options.join(', ')} and ${last}`;
  return inFlags(message.replace(` without ${OPTIONS_OF_DESCENT}`, last === undefined ? '' : ` without ${list}`));
}

/**
 * The options of a command that ask for gradient descent, as code has them. Those of the preset are left out, since it gives
 * way to a solver by itself.
 */
function descentOptions(settings: FitSettings, preset: Partial<FitSettings>): string[] {
  return [...DESCENT_OPTIONS, 'strategy' as const]
    .filter((name) => settings[name] !== defaultOf(name) && settings[name] !== preset[name])
    .filter((name) => name !== 'strategy' || settings.strategy === 'streaming')
    .map((name) => `${name}: ${spelled(settings[name])}`);
}

function spelled(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
