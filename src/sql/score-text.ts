import { wordsOf } from '../data/cells/words.js';
import type { CategoryColumn, ColumnEncoding } from '../data/table/encoding.js';
import type { Encoder } from '../data/table/encoder.js';
import type { Loss } from '../options/names.js';
import type { Dialect, DialectName } from './dialects.js';
import { invalidQuery } from './query.js';
import { dialectOf, levelValue, numberText, quoteIdentifier, quoteText } from './quote.js';
import { sigmoidText } from './step-text.js';

/** The options of `toSql`. */
export interface ScoreSqlOptions {
  /** The engine that the text is for. */
  dialect: DialectName;
  /** Your own SQL after FROM. With it the text is a statement that adds predictions to all columns; without, an expression. */
  from?: string;
  /** The name of the column of predictions. Default 'prediction'. */
  as?: string;
}

/** A model as far as its text depends on it. */
export interface ScoredModel {
  weights: Float64Array;
  bias: number;
  featureNames: readonly string[];
  loss: Loss;
  encoder: Encoder | null;
}

/**
 * The text that predicts as the model does: numbers with all their digits, encoders included. A missing value gives NULL,
 * unless the model fills it.
 */
export function scoreText(model: ScoredModel, options: ScoreSqlOptions): string {
  const dialect = dialectOf(options.dialect);
  const { weights, bias, featureNames, encoder } = model;
  const features = encoder
    ? encodedTexts(encoder, dialect)
    : featureNames.map((name) => doubleText(quoteIdentifier(name, dialect), dialect));
  const terms = features.map((text, j) => `${numberText(weights[j] as number, dialect)} * ${text}`);
  const sum = [numberText(bias, dialect), ...terms].join(' + ');
  const prediction = model.loss === 'logistic' ? sigmoidText(sum, dialect) : sum;
  if (options.from === undefined) return prediction;
  const name = quoteIdentifier(options.as ?? 'prediction', dialect);
  return `SELECT *, ${prediction} AS ${name} FROM ${options.from}`;
}

const doubleText = (raw: string, { double }: Dialect): string => `CAST(${raw} AS ${double})`;

/** The texts of all features of an encoder. */
function encodedTexts({ columns, terms, missingValues }: Encoder, dialect: Dialect): string[] {
  if (missingValues.length > 0) throw notInSql(`missingValues ${missingValues.join(', ')}`);
  const base = columns.flatMap((column) => columnTexts(column, dialect));
  return [...base, ...terms.map((term) => `(${term.map((j) => base[j]).join(' * ')})`)];
}

function columnTexts(column: ColumnEncoding, dialect: Dialect): string[] {
  const raw = quoteIdentifier(column.name, dialect);
  const filled = (text: string, value: number | undefined) =>
    value === undefined ? text : `COALESCE(${text}, ${numberText(value, dialect)})`;
  switch (column.kind) {
    case 'date':
      throw notInSql(`the dates of '${column.name}'`);
    case 'category':
      return categoryTexts(column, raw, dialect);
    case 'boolean':
      return [filled(booleanText(raw, dialect), column.mean)];
    case 'number':
      if (column.notation) throw notInSql(`the notation of '${column.name}'`);
      return [filled(doubleText(raw, dialect), column.mean)];
  }
}

function booleanText(raw: string, dialect: Dialect): string {
  const text = `LOWER(CAST(${raw} AS ${dialect.text}))`;
  const cases = ([1, 0] as const).map(
    (value) => `WHEN ${text} IN (${listOf(wordsOf(value), dialect)}) THEN ${numberText(value, dialect)}`,
  );
  return `CASE ${cases.join(' ')} END`;
}

/** Without a value: the share of the level, if the model knows it. Of a level that training did not see: NULL, or 0. */
function categoryTexts({ levels, dropped, unseen, shares }: CategoryColumn, raw: string, dialect: Dialect): string[] {
  const text = levelValue(raw, dialect);
  const others = unseen === 'zeros' ? `${text} IS NOT NULL` : `${text} IN (${listOf(levels, dialect)})`;
  return levels.flatMap((level, code) => {
    if (code === dropped) return [];
    const own = `WHEN ${text} = ${quoteText(level, dialect)} THEN ${numberText(1, dialect)}`;
    const missing = shares ? ` WHEN ${text} IS NULL THEN ${numberText(shares[code] as number, dialect)}` : '';
    return [`CASE ${own} WHEN ${others} THEN ${numberText(0, dialect)}${missing} END`];
  });
}

const listOf = (words: readonly string[], dialect: Dialect): string =>
  words.map((word) => quoteText(word, dialect)).join(', ');

function notInSql(got: string) {
  return invalidQuery(
    'dialect',
    `${got} in SQL`,
    'columns of numbers and categories',
    'Score with predict, or encode them in a view.',
  );
}
