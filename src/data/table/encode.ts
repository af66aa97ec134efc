// What an encoder says, done: inputs are [k] columns of numbers or codes of levels, with NaN for missing values.

import { DescentError } from '../../base/errors.js';
import type { ColumnPlan } from '../cells/column.js';
import type { FloatArray } from '../numbers.js';
import { ColumnMeans } from './column-means.js';
import { Encoder } from './encoder.js';
import type { CategoryColumn, ColumnEncoding } from './encoding.js';
import type { Term } from './polynomial.js';

/** Bytes of the features that are made of categories and products: half of the memory of a small machine. */
const MOST_BYTES = 2 ** 32;

/** The columns to read, known as they are. */
export function plansOf({ columns }: Encoder): ColumnPlan[] {
  return columns.map((known) => ({
    name: known.name,
    role: 'feature',
    kind: known.kind === 'boolean' ? 'number' : known.kind,
    known,
  }));
}

/** The d features of inputs, each of [m]. Columns of plain numbers without gaps are handed on as they are. */
export function encode({ columns, featureNames, terms }: Encoder, inputs: readonly FloatArray[]): FloatArray[] {
  const rowCount = inputs[0]?.length ?? 0;
  if (featureNames.length > columns.length) requireRoom(rowCount, featureNames.length);
  const base = columns.flatMap((column, k) => featuresOf(column, inputs[k] as FloatArray));
  return [...base, ...polynomialColumns(base, terms)];
}

/** The same encoder with the means and shares of these examples in place of missing values. */
export function withMeansOf({ columns, polynomial, missingValues }: Encoder, inputs: readonly FloatArray[]): Encoder {
  return new Encoder(new ColumnMeans(columns).add(inputs).encodings(), polynomial, missingValues);
}

function featuresOf(encoding: ColumnEncoding, values: FloatArray): FloatArray[] {
  if (encoding.kind === 'category') return oneHot(encoding, values);
  const { mean } = encoding;
  if (mean === undefined || !values.some(Number.isNaN)) return [values];
  return [values.map((value) => (Number.isNaN(value) ? mean : value))];
}

/** A column of 0 and 1 for each level but the dropped one; the shares of levels where the level is missing. */
function oneHot({ levels, dropped, shares }: CategoryColumn, codes: FloatArray): Float64Array[] {
  const places = levels.flatMap((_, code) => (code === dropped ? [] : [code]));
  const columns = places.map(() => new Float64Array(codes.length));
  const placeOf = new Map(places.map((code, place) => [code, place]));
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    const place = placeOf.get(code);
    if (place !== undefined) (columns[place] as Float64Array)[i] = 1;
    else if (Number.isNaN(code))
      columns.forEach((column, k) => (column[i] = shares?.[places[k] as number] ?? Number.NaN));
  }
  return columns;
}

/** Features of more, in batches of 16 MB, would have fewer than 256 rows in each, and a pass would take minutes. */
const MOST_STREAMED = 2 ** 13;

/** Throws `TOO_LARGE` for a table that has too many features to be streamed. */
export function requireNarrow({ columns, featureNames }: Encoder): void {
  if (featureNames.length <= Math.max(MOST_STREAMED, columns.length)) return;
  throw new DescentError('TOO_LARGE', {
    got: `${featureNames.length} features, levels of categories among them, of a table that is streamed`,
    expected: `at most ${MOST_STREAMED}`,
    fix: 'Join rare levels into one, or raise memoryBudget so that all examples are held.',
  });
}

function requireRoom(rowCount: number, featureCount: number): void {
  const bytes = Float64Array.BYTES_PER_ELEMENT * rowCount * featureCount;
  if (bytes < MOST_BYTES) return;
  throw new DescentError('TOO_LARGE', {
    got: `${rowCount} rows of ${featureCount} features, levels of categories among them: ${(bytes / 1e9).toFixed(1)} GB`,
    expected: `less than ${(MOST_BYTES / 1e9).toFixed(1)} GB of features at a time`,
    fix: 'Train with fit, which streams what is larger than memoryBudget, score a source, predict some rows at a time, or join rare levels into one.',
  });
}

/** The columns of products. */
function polynomialColumns(base: readonly FloatArray[], terms: readonly Term[]): FloatArray[] {
  return terms.map(([first = 0, ...others]) => {
    const product = (base[first] as FloatArray).slice();
    for (const j of others) {
      const factor = base[j] as FloatArray;
      for (let i = 0; i < product.length; i++) product[i] = (product[i] as number) * (factor[i] as number);
    }
    return product;
  });
}
