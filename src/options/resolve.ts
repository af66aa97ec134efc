import { DescentError } from '../base/errors.js';
import { checkCombinations } from './check-combinations.js';
import { chooseOptimizer } from './choose-optimizer.js';
import { type FitSettings, RANGES } from './specs.js';

/**
 * Checks the plain options, and fills in the defaults. Names that are no plain options are passed over.
 *
 * Throws `INVALID_OPTION` for a value out of its range or of another type, and for options that contradict each other.
 */
export function resolveSettings(options: Partial<FitSettings>): FitSettings {
  const settings: Record<string, unknown> = {};
  for (const spec of RANGES) {
    const value = options[spec.name] ?? spec.default;
    if (!spec.allows(value)) {
      throw new DescentError('INVALID_OPTION', {
        got: `${spec.name} ${typeof value === 'string' ? `'${value}'` : String(value)}`,
        expected: spec.range,
        fix: `Leave it out for the default, ${String(spec.default)}.`,
        where: { option: spec.name },
      });
    }
    settings[spec.name] = value;
  }
  const hasEpochs = (options.epochs ?? undefined) !== undefined;
  const isComplete = RANGES.every(({ name }) => (options[name] ?? undefined) !== undefined);
  return checkCombinations(chooseOptimizer(settings as unknown as FitSettings, hasEpochs, isComplete), isComplete);
}
