// Time: reading hostile text takes a time in proportion to its length. A pattern that backtracks takes the square of it.

import { describe, expect, it } from 'vitest';
import { csvNumericColumns, csvSource, type CsvOptions } from '../../src/data/csv.js';
import { DescentError } from '../../src/base/errors.js';
import { fit } from '../../src/fit.js';
import { createDataset } from '../../src/data/dataset.js';
import { workOf } from '../support/worked-ms.js';

/** Cells that a pattern with two ways to read a character would read again and again, of about this length. */
const CELLS: Record<string, (length: number) => string> = {
  'digits that end in a letter': (length) => `${'1'.repeat(length)}z`,
  'digits and points': (length) => '1.'.repeat(length / 2),
  'digits in groups': (length) => `${'111,'.repeat(length / 4)}z`,
  'digits in groups by points': (length) => `${'111.'.repeat(length / 4)}z`,
  'digits in groups by apostrophes': (length) => `${"111'".repeat(length / 4)}z`,
  'blanks before a letter': (length) => `${' '.repeat(length)}z`,
  'digits and blanks': (length) => `${'1 '.repeat(length / 2)}z`,
  signs: (length) => '-'.repeat(length),
  exponents: (length) => '1e'.repeat(length / 2),
  dates: (length) => '2020-'.repeat(length / 5),
  hours: (length) => '12:'.repeat(length / 3),
  currencies: (length) => `$${'$ '.repeat(length / 2)}1`,
  'percent signs': (length) => `1${'%'.repeat(length)}`,
  quotes: (length) => `"${'""'.repeat(length / 2)}"`,
  'an open quote': (length) => `"${'x'.repeat(length)}`,
  letters: (length) => 'a'.repeat(length),
  accents: (length) => 'e\u0301'.repeat(length / 2),
  parentheses: (length) => '('.repeat(length),
};

const MB = 2 ** 20;

/** The most that the processor works: a tenth of a second, and more where the compiler and the collector of garbage come in. */
const MOST_MS = 2000;

/** Of this length a pattern that backtracks takes minutes. */
const LONG = 2 ** 18;

/** Reads text that holds the cell in a row, and does not care for what comes of it. */
async function read(cell: string, options: Partial<CsvOptions>): Promise<void> {
  await fit(csvSource(`x;y\n1;2\n${cell};3\n4;7\n`, { target: 'y', ...options }), { backend: 'cpu' }).catch(passCodes);
}

function passCodes(error: unknown): void {
  if (!(error instanceof DescentError)) throw error;
}

/** Returns the least work of up to three runs, and no more of them than it takes to be enough: a collection of garbage falls into some. */
async function leastOfThree(work: () => Promise<void>, enoughMs = 0): Promise<number> {
  let leastMs = Infinity;
  for (let k = 0; k < 3 && leastMs >= enoughMs; k++) leastMs = Math.min(leastMs, await workOf(work));
  return leastMs;
}

const WAYS: [string, Partial<CsvOptions>][] = [
  ['a number', {}],
  ['a category', { categories: ['x'] }],
  ['a date', { dates: ['x'] }],
  ['a number with units', { units: ['z', '%'] }],
  ['a label', { target: 'x', labels: true, features: ['y'] }],
];

describe.each(Object.entries(CELLS))('a long cell of %s', (_, cellOf) => {
  it.each(WAYS)('is read or refused in time as %s', async (_, options) => {
    const cell = cellOf(LONG);
    expect(await workOf(() => read(cell, options))).toBeLessThan(MOST_MS);
  });

  it('is looked at for columns of numbers, and as the header, in time', async () => {
    const cell = cellOf(LONG);
    expect(await workOf(() => csvNumericColumns(`x;y\n${cell};3\n`).then(() => undefined, passCodes))).toBeLessThan(MOST_MS); // prettier-ignore
    expect(await workOf(() => csvNumericColumns(`${cell};y\n1;3\n`).then(() => undefined, passCodes))).toBeLessThan(MOST_MS); // prettier-ignore
    const table = [{ x: cell, y: 1 }, { x: 1, y: 2 }]; // prettier-ignore
    expect(await workOf(() => Promise.resolve().then(() => void createDataset({ table, target: 'y' })).catch(passCodes))).toBeLessThan(MOST_MS); // prettier-ignore
  });
});

describe('a quoted cell', () => {
  it('of eight megabytes takes eight times as long as one of one, and not sixty-four times', async () => {
    const quotes = CELLS['quotes'] as (length: number) => string;
    const ofOne = await leastOfThree(() => read(quotes(MB), {}));
    const mostMs = 24 * Math.max(ofOne, 20); // three times that, for caches and collections of garbage
    expect(await leastOfThree(() => read(quotes(8 * MB), {}), mostMs)).toBeLessThan(mostMs);
  });
});
