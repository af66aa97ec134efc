import { anyText, quote } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import { nearest } from '../base/nearest-word.js';

/** Rows as drivers return them: objects with a value for each column. */
export type SqlRows = readonly Readonly<Record<string, unknown>>[];

/** The value of a key that rows were grouped by. */
export type GroupKey = string | number | boolean;

/** One row of a result: drivers change the case of names, and return numbers as numbers, bigints, text or objects. */
export class ResultRow {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #place: string;

  constructor(row: unknown, place: string) {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw invalidResult(`${place} that is no object`, 'an object with a value for each column', AS_OBJECTS);
    this.#values = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
    this.#place = place;
  }

  /** A number; NULL and what is not finite are sums that overflowed. */
  number(name: string): number {
    const value = this.numberOrNaN(name);
    if (Number.isFinite(value)) return value;
    throw new DescentError('NON_FINITE_VALUE', {
      got: `${anyText(this.#value(name))} as ${name} in ${this.#place}`,
      expected: 'finite sums',
      fix: 'Scale the columns so that the sums of their squares stay under 1.8e308.',
    });
  }

  /** The same, with NaN for NULL. */
  numberOrNaN(name: string): number {
    const value = this.#value(name);
    if (value === null || value === undefined) return Number.NaN;
    if (typeof value === 'number') return value;
    const text = typeof value === 'bigint' ? String(value) : textOf(value);
    const number = text === '' ? Number.NaN : Number(text);
    if (!Number.isNaN(number) || /^[-+]?nan$/i.test(text)) return number;
    if (/^[-+]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
    throw invalidResult(`${quote(text)} as ${name} in ${this.#place}`, 'a number', AS_NUMBERS);
  }

  /** A whole number from 0 up that f64 holds. Sums over no rows are NULL. */
  count(name: string): number {
    const number = this.#value(name) === null ? 0 : this.number(name);
    if (Number.isSafeInteger(number) && number >= 0) return number;
    throw invalidResult(`${number} as ${name} in ${this.#place}`, 'a whole number up to 2^53', AS_NUMBERS);
  }

  key(name: string): GroupKey {
    const value = this.#value(name);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    if (value === null || value === undefined)
      throw invalidResult(`a key of NULL in ${this.#place}`, 'keys', AS_NUMBERS);
    return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : textOf(value);
  }

  /** Text as it is; null for NULL. */
  text(name: string): string | null {
    const value = this.#value(name);
    return value === null || value === undefined ? null : plainText(value);
  }

  #value(name: string): unknown {
    const key = name.toLowerCase();
    if (this.#values.has(key)) return this.#values.get(key);
    const names = [...this.#values.keys()];
    const hint = names.length === 0 ? '' : ` The nearest is ${quote(nearest(key, names))}.`;
    throw invalidResult(`${this.#place} without ${name}`, 'all columns of the statement', `${AS_OBJECTS}${hint}`);
  }
}

/** The text of a driver's own number, such as a decimal. */
const textOf = (value: unknown): string => plainText(value).trim();

function plainText(value: unknown): string {
  return String(value);
}

const AS_OBJECTS = 'Return the rows of the driver as objects, result.rows for example.';
const AS_NUMBERS = 'Return numbers as numbers, bigints or text.';

/** The rows of a result, checked. */
export function readRows(result: unknown, place: string): ResultRow[] {
  if (!Array.isArray(result)) {
    throw invalidResult(`${place}: ${result === null ? 'null' : typeof result}`, 'a list of rows', AS_OBJECTS);
  }
  return result.map((row, i) => new ResultRow(row, `row ${i} of ${place}`));
}

/** The one row of a result. */
export function readOne(result: unknown, place: string): ResultRow {
  const rows = readRows(result, place);
  if (rows.length !== 1) throw invalidResult(`${rows.length} rows of ${place}`, 'one row', AS_OBJECTS);
  return rows[0] as ResultRow;
}

export function invalidResult(got: string, expected: string, fix: string): DescentError {
  return new DescentError('INVALID_RESULT', { got, expected, fix });
}
