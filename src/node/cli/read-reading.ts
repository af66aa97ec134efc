import { DescentError } from '../../base/errors.js';
import { DELIMITER_NAMES, READING, type ReadingSettings, type ReadingSpec } from '../../options/reading.js';
import { resolveReading } from '../../options/resolve-reading.js';
import { inFlags, kebab } from './flags.js';
import { readNames } from './parse-names.js';

/** The options of reading a file from the flags. Throws `INVALID_OPTION`. */
export function readReading(given: ReadonlyMap<string, string>): ReadingSettings {
  const options: Record<string, unknown> = {};
  for (const spec of READING) {
    const flag = kebab(spec.name);
    const text = given.get(flag);
    if (given.has(`no-${flag}`)) options[spec.name] = false;
    else if (text !== undefined) options[spec.name] = valueOf(spec, text);
  }
  try {
    return resolveReading(options);
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    const { code, got, expected, fix, where } = error;
    throw new DescentError(code, { got: `--${inFlags(got).replace(/^--/, '')}`, expected, fix, where });
  }
}

/** The value that a flag spells; text that spells none stays text, and is refused for its range. */
function valueOf({ name, flag }: ReadingSpec, text: string): unknown {
  if (flag === 'switch') return true;
  if (flag === 'names') return readNames(text) ?? text;
  if (flag === 'number') return Number(text);
  if (flag === 'rows') return rowsIn(text);
  return name === 'delimiter' && Object.hasOwn(DELIMITER_NAMES, text) ? DELIMITER_NAMES[text] : text;
}

/** A number of rows, or rows such as 2-2 and 2,5-7; the text itself for anything else. */
function rowsIn(text: string): unknown {
  if (/^\d+$/.test(text)) return Number(text);
  const rows: number[] = [];
  for (const part of text.split(',')) {
    const [, first, last] = /^\s*(\d{1,7})(?:-(\d{1,7}))?\s*$/.exec(part) ?? [];
    if (first === undefined) return text;
    for (let row = Number(first); row <= Number(last ?? first); row++) rows.push(row);
  }
  return rows;
}
