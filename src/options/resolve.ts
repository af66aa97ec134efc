import { isLeftOut, type Omittable } from '../base/require-object.js';
import { anyText } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import { checkCombinations } from './check-combinations.js';
import { chooseOptimizer } from './choose-optimizer.js';
import { valueMeant } from './value-synonyms.js';
import { type FitSettings, RANGES } from './specs.js';

/**
 * Checks the plain options, and fills in the defaults. Names that are no plain options are passed over.
 *
 * Throws `INVALID_OPTION` for a value out of its range or of another type, and for options that contradict each other.
 */
export function resolveSettings(options: Omittable<FitSettings>): FitSettings {
  const settings: Record<string, unknown> = {};
  for (const spec of RANGES) {
    const value = options[spec.name] ?? spec.default;
    if (!spec.allows(value)) {
      throw new DescentError('INVALID_OPTION', {
        got: `${spec.name} ${typeof value === 'string' ? `'${value}'` : anyText(value)}`,
        expected: spec.range,
        fix: valueMeant(value, spec.range, `Leave it out for the default, ${String(spec.default)}.`),
        where: { option: spec.name },
      });
    }
    settings[spec.name] = value;
  }
  const hasEpochs = !isLeftOut(options.epochs);
  const asked = RANGES.filter(({ name }) => !isLeftOut(options[name])).map(({ name }) => name);
  const isComplete = asked.length === RANGES.length;
  const chosen = chooseOptimizer(settings as unknown as FitSettings, hasEpochs, isComplete);
  return checkCombinations(chosen, isComplete, asked);
}
