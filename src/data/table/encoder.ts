import { DescentError } from '../../base/errors.js';
import type { ColumnPlan } from '../cells/column.js';
import type { FloatArray } from '../numbers.js';
import { type BaseFeature, polynomialColumns, polynomialNames, type Term, termsOf } from './polynomial.js';
import { ColumnMeans } from './column-means.js';
import type { CategoryColumn, Classes, ColumnEncoding } from './encoding.js';

/** Values of one dense matrix; beyond this arrays of JavaScript take more memory than most machines have. */
const MOST_VALUES = 2 ** 31;

/** The saved form of an encoder: plain data. */
export interface EncoderJson {
  columns: readonly ColumnEncoding[];
  polynomial: number;
  missingValues: readonly string[];
}

/** The parts of a model that tables are encoded by. */
export interface KeptEncoding {
  encoder: Encoder | null;
  featureNames: readonly string[];
  classes: Classes | null;
}

/**
 * The way from the columns of a table to the features of a model: learned on the training examples, kept in the model, and
 * applied at prediction. Inputs are [k] columns of numbers or codes of levels, with NaN for missing values.
 */
export class Encoder implements EncoderJson {
  /** d names of features. */
  readonly featureNames: readonly string[];
  readonly #base: readonly BaseFeature[];
  readonly #terms: readonly Term[];

  constructor(
    readonly columns: readonly ColumnEncoding[],
    readonly polynomial = 1,
    /** Further words for missing values, as the training data had them. */
    readonly missingValues: readonly string[] = [],
  ) {
    this.#base = columns.flatMap(baseFeatures);
    this.#terms = termsOf(this.#base, polynomial);
    this.featureNames = [...this.#base.map(({ name }) => name), ...polynomialNames(this.#base, this.#terms)];
  }

  /** An encoder of its saved form, or as it is. */
  static from(parts: EncoderJson): Encoder {
    if (parts instanceof Encoder) return parts;
    return new Encoder(parts.columns, parts.polynomial, parts.missingValues);
  }

  /** k names of columns. */
  get inputNames(): string[] {
    return this.columns.map(({ name }) => name);
  }

  /** The columns to read, known as they are. */
  plans(): ColumnPlan[] {
    return this.columns.map((known) => ({
      name: known.name,
      role: 'feature',
      kind: known.kind === 'boolean' ? 'number' : known.kind,
      known,
    }));
  }

  /** True if each column is a feature as it is, and missing values are refused. */
  get isIdentity(): boolean {
    return (
      this.#terms.length === 0 &&
      this.missingValues.length === 0 &&
      this.columns.every((column) => column.kind === 'number' && column.mean === undefined && !column.notation)
    );
  }

  /** True if missing values of every column have something in their place. */
  get fillsMissing(): boolean {
    return this.columns.every((column) => (column.kind === 'category' ? column.shares : column.mean) !== undefined);
  }

  /** The d features of inputs, each of [m]. Columns of plain numbers without gaps are handed on as they are. */
  encode(inputs: readonly FloatArray[]): FloatArray[] {
    const rowCount = inputs[0]?.length ?? 0;
    requireRoom(rowCount, this.featureNames.length);
    const base = this.columns.flatMap((column, k) => featuresOf(column, inputs[k] as FloatArray));
    return [...base, ...polynomialColumns(base, this.#terms)];
  }

  /** The same encoder with the means and shares of these examples in place of missing values. */
  withMeansOf(inputs: readonly FloatArray[]): Encoder {
    return new Encoder(new ColumnMeans(this.columns).add(inputs).encodings(), this.polynomial, this.missingValues);
  }

  toJSON(): EncoderJson {
    const { columns, polynomial, missingValues } = this;
    return { columns, polynomial, missingValues };
  }
}

/** The features of one column, before powers and products. */
function baseFeatures(encoding: ColumnEncoding, column: number): BaseFeature[] {
  if (encoding.kind !== 'category') return [{ name: encoding.name, column, isIndicator: encoding.kind === 'boolean' }];
  return encoding.levels.flatMap((level, code) =>
    code === encoding.dropped ? [] : [{ name: `${encoding.name}=${level}`, column, isIndicator: true }],
  );
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

function requireRoom(rowCount: number, featureCount: number): void {
  if (rowCount * featureCount <= MOST_VALUES) return;
  throw new DescentError('TOO_LARGE', {
    got: `${rowCount} rows of ${featureCount} features, levels of categories among them`,
    expected: `at most ${MOST_VALUES} values`,
    fix: 'Leave out columns with many levels, or join rare levels into one.',
  });
}
