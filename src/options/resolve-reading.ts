import { anyText } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import { READING, type ReadingSettings } from './reading.js';

/** Options that have an effect only if another one names columns. */
const DEPENDENT: readonly [keyof ReadingSettings, 'categories' | 'dates'][] = [
  ['droppedLevel', 'categories'],
  ['unseenLevels', 'categories'],
  ['dateUnit', 'dates'],
];

/**
 * Checks the options of reading, and fills in the defaults. Other names are passed over.
 *
 * Throws `INVALID_OPTION` for a value out of its range, and for options that contradict each other or have no effect.
 */
export function resolveReading(options: Partial<ReadingSettings>): ReadingSettings {
  const settings: Record<string, unknown> = {};
  for (const { name, default: fallback, allows, range } of READING) {
    const value: unknown = options[name] ?? fallback;
    if (!allows(value)) {
      throw new DescentError('INVALID_OPTION', {
        got: `${name} ${shown(value)}`,
        expected: range,
        fix: `Leave it out for the default, ${shown(fallback)}.`,
        where: { option: name },
      });
    }
    settings[name] = value;
  }
  const resolved = settings as unknown as ReadingSettings;
  checkTogether(resolved);
  return resolved;
}

function checkTogether(settings: ReadingSettings): void {
  const { decimal, thousands, categories, dates, exclude } = settings;
  if (decimal === thousands && decimal !== 'auto') {
    throw contradiction(`decimal and thousands both '${decimal}'`, 'two different marks', 'thousands');
  }
  for (const [option, other] of DEPENDENT) {
    const fallback = READING.find(({ name }) => name === option)?.default;
    if (settings[option] !== fallback && settings[other].length === 0) {
      throw contradiction(`${option} ${shown(settings[option])} without ${other}`, `${other} beside it`, option);
    }
  }
  const twice = categories.find((name) => dates.includes(name));
  if (twice !== undefined) throw contradiction(`'${twice}' in categories and in dates`, 'it in one of them', 'dates');
  const excluded = [...categories, ...dates].find((name) => exclude.includes(name));
  if (excluded !== undefined) {
    throw contradiction(`'${excluded}' in exclude and in categories or dates`, 'it in one of them', 'exclude');
  }
}

function contradiction(got: string, expected: string, option: string): DescentError {
  return new DescentError('INVALID_OPTION', { got, expected, fix: 'Leave one of them out.', where: { option } });
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return Array.isArray(value) ? `[${value.map(shown).join(', ')}]` : anyText(value);
}
