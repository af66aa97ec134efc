import { type BaseFeature, polynomialNames, type Term, termsOf } from './polynomial.js';
import type { Classes, ColumnEncoding } from './encoding.js';

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
 * applied at prediction (encode.ts). A model holds it as it is loaded, so it knows names and what is to be done, and no more.
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

  /** The products of features that are features, too. */
  get terms(): readonly Term[] {
    return this.#terms;
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
