import { anyText } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import { nearest } from '../base/nearest-word.js';
import { quote } from '../base/quote.js';
import { type Dialect, DIALECT_NAMES, type DialectName, DIALECTS } from './dialects.js';

/** Returns the dialect of a name. Throws `INVALID_OPTION` for a name of none. */
export function dialectOf(name: unknown): Dialect {
  if (typeof name === 'string' && (DIALECT_NAMES as readonly string[]).includes(name))
    return DIALECTS[name as DialectName];
  throw new DescentError('INVALID_OPTION', {
    got: `dialect ${typeof name === 'string' ? quote(name) : anyText(name)}`,
    expected: `one of ${DIALECT_NAMES.join(', ')}`,
    fix: `Did you mean '${nearest(anyText(name), DIALECT_NAMES)}'?`,
    where: { option: 'dialect' },
  });
}

/**
 * Writes a name as an identifier that it cannot leave, whatever stands in it.
 *
 *     quoteIdentifier('a "b"', DIALECTS.postgres) // "a ""b"""
 */
export function quoteIdentifier(name: unknown, { mark, escapes, mostNameBytes }: Dialect): string {
  if (typeof name !== 'string' || name === '' || name.includes('\0') || !isWhole(name)) {
    throw invalidName(
      typeof name === 'string' ? quote(name) : anyText(name),
      'a name of text, without the character 0',
    );
  }
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > mostNameBytes) throw invalidName(`${quote(name)} of ${bytes} bytes`, `at most ${mostNameBytes}`);
  return `${mark}${escapes === 'doubled' ? name.replaceAll(mark, mark + mark) : backslashed(name, mark)}${mark}`;
}

/** Writes text as a string that it cannot leave. */
export function quoteText(text: string, { stringEscapes }: Dialect): string {
  const isUncertain = stringEscapes === 'none' && text.includes('\\');
  if (text.includes('\0') || !isWhole(text) || isUncertain) {
    throw new DescentError('INVALID_OPTION', {
      got: `a category ${quote(text)}`,
      expected: `text without the character 0${isUncertain ? ', and in this dialect without backslashes' : ''}`,
      fix: 'Give the category another name, in a view for example.',
      where: { option: 'categories' },
    });
  }
  return `'${stringEscapes === 'backslash' ? backslashed(text, "'") : text.replaceAll("'", "''")}'`;
}

/** The text of a level, with NULL for text without characters: both are missing values, as in a table. */
export const levelValue = (raw: string, { text }: Pick<Dialect, 'text'>): string =>
  `NULLIF(CAST(${raw} AS ${text}), '')`;

const ESCAPED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };

function backslashed(text: string, mark: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(mark, `\\${mark}`)
    .replace(/[\n\r]/g, (found) => ESCAPED[found] as string);
}

/** True if no half of a pair of UTF-16 stands alone: on its way to the engine it would become another character. */
function isWhole(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

function invalidName(got: string, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `a column named ${got}`,
    expected,
    fix: 'Give the column a plain name, in a view for example.',
    where: { option: 'features' },
  });
}

/** Writes a number with all its digits, as the dialect's f64 and not as a decimal. */
export function numberText(value: number, { double }: Pick<Dialect, 'double'>): string {
  return `CAST(${value.toExponential().replace('e+', 'E').replace('e', 'E')} AS ${double})`;
}
