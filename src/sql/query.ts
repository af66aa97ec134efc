import { anyText } from '../base/quote.js';
import { listOrNone } from '../base/list-or-none.js';
import { DescentError } from '../base/errors.js';
import { quote } from '../base/quote.js';
import type { Classes } from '../data/table/encoding.js';
import { type Dialect, type DialectName } from './dialects.js';
import { dialectOf, levelValue, quoteIdentifier, quoteText } from './quote.js';
import { requireStable } from './unstable.js';

/** A column of the source by its name, or an expression in the engine's SQL under a name of its own. */
export type SqlColumn = string | { name: string; sql: string };

/** The rows that are learned from, as every function of this entry point takes them. */
export interface SqlQuery {
  /** The engine that the SQL is for. */
  dialect: DialectName;
  /** The table, view, subquery or table function with the rows: your own SQL, as it stands after FROM. */
  from: string;
  /** The features. */
  features: readonly SqlColumn[];
  /** The target. */
  target: SqlColumn;
  /** The column with the weight of each row, from 0 up. Default: all alike. */
  weights?: SqlColumn;
  /** A condition that rows have to meet: your own SQL, as it stands after WHERE. */
  where?: string;
  /** Rows with a missing or infinite value: an error, or left out. Default 'error'. */
  missing?: 'error' | 'drop';
  /** The levels of features that are categories. Each level but the first becomes a feature of 0 and 1. */
  categories?: Readonly<Record<string, readonly string[]>>;
}

export const QUERY_NAMES = [
  'dialect',
  'from',
  'features',
  'target',
  'weights',
  'where',
  'missing',
  'categories',
] as const satisfies readonly (keyof SqlQuery)[];

/** A column that is read. */
export interface SourceColumn {
  /** The name of the feature or target. */
  name: string;
  /** The name of the column that it comes from. */
  origin: string;
  /** The category and the level whose rows have 1 in the column, and others 0; null for a column of numbers. */
  level: { category: number; code: number; text: string } | null;
  /** The value as it lies in the source: SQL. */
  raw: string;
  /** The value in f64; NULL where it is missing or no number: SQL. Of a category the text of its level. */
  value: string;
}

/** A column of categories, which is read once, whatever the number of its levels. */
export interface SourceCategory {
  /** The name of the column. */
  name: string;
  levels: readonly string[];
  /** The text of a level: SQL. */
  value: string;
  /** The texts of all levels, with commas between them: SQL. */
  listed: string;
}

/** The expression that rows are grouped by. */
export interface Grouping {
  option: 'foldBy' | 'groupBy';
  sql: string;
}

/** A query whose options have been checked. */
export interface Source {
  dialect: Dialect;
  /** SQL after FROM, with the condition of `where`. */
  rows: string;
  /** d features after encoding, then the target. */
  columns: readonly SourceColumn[];
  categories: readonly SourceCategory[];
  weights: SourceColumn | null;
  grouping: Grouping | null;
  missing: 'error' | 'drop';
  /** The labels that the target's 0 and 1 stand for; null for a target of numbers. */
  labels: Classes | null;
  /** The beginning of each name that a statement makes up, which no text of the caller holds. */
  prefix: string;
}

/** True for two levels of one category: their product is 0 in every row, and needs no sum. */
export function isExclusive({ columns }: Pick<Source, 'columns'>, i: number, j: number): boolean {
  const [a, b] = [columns[i]?.level, columns[j]?.level];
  return i !== j && a != null && b != null && a.category === b.category;
}

/** The names of the features after encoding. */
export const featureNamesOf = ({ columns }: Pick<Source, 'columns'>): string[] =>
  columns.slice(0, -1).map(({ name }) => name);

/** Checks the options of a query. Throws `INVALID_OPTION`, with the option. */
export function sourceOf(query: SqlQuery, grouping: Grouping | null = null, labels: Classes | null = null): Source {
  const dialect = dialectOf(query.dialect);
  const { target, weights, categories = {} } = query;
  const features = listOrNone(query.features);
  const missing: string | undefined = query.missing ?? 'error';
  if (features.length === 0) {
    throw invalidQuery('features', 'no list of features', 'a list of one column or more');
  }
  if (missing !== 'error' && missing !== 'drop') throw invalidQuery('missing', quote(missing), "'error' or 'drop'");
  const from = `${ownSql(query.from, 'from')}${query.where === undefined ? '' : ` WHERE (${ownSql(query.where, 'where')})`}`;
  if (grouping) requireStable(ownSql(grouping.sql, grouping.option), grouping.option);
  const found: SourceCategory[] = [];
  const columns = [
    ...features.flatMap((column) => {
      sqlOf(column, 'features', dialect); // refuses what is no column
      if (!Object.hasOwn(categories, columnName(column))) return [numberColumn(column, 'features', dialect)];
      const category = categoryOf(column, categories, dialect);
      return levelColumns(category, found.push(category) - 1, dialect);
    }),
    numberColumn(target, 'target', dialect),
  ];
  requireOneEach(columns.map(({ name }) => name));
  const unknown = Object.keys(categories).find((name) => !features.some((column) => columnName(column) === name));
  if (unknown !== undefined) throw invalidQuery('categories', `categories ${quote(unknown)}`, 'names of features');
  const texts = [JSON.stringify([query, grouping]), ...columns.map(({ raw }) => raw)];
  return {
    dialect,
    rows: from,
    columns,
    categories: found,
    weights: weights === undefined ? null : numberColumn(weights, 'weights', dialect),
    grouping: grouping && { ...grouping, sql: ownSql(grouping.sql, grouping.option) },
    missing,
    labels,
    prefix: prefixBeside(texts),
  };
}

function categoryOf(
  column: SqlColumn,
  categories: Readonly<Record<string, readonly string[]>>,
  dialect: Dialect,
): SourceCategory {
  const name = columnName(column);
  const levels = listOrNone(categories[name]);
  if (levels.length < 2 || new Set(levels).size < levels.length) {
    throw invalidQuery('categories', `levels of ${quote(name)}`, 'two or more different levels');
  }
  if (levels.includes(''))
    throw invalidQuery(
      'categories',
      `text without characters as a level of ${quote(name)}`,
      'levels with a name, because such text is a missing value',
      "Give it one with { name, sql }, such as COALESCE(NULLIF(city, ''), 'none').",
    );
  const listed = levels.map((level) => quoteText(level, dialect)).join(', ');
  return { name, levels, value: levelValue(sqlOf(column, 'features', dialect), dialect), listed };
}

/** The columns of a category: one for each level but the first. */
function levelColumns({ name, levels, value }: SourceCategory, category: number, dialect: Dialect): SourceColumn[] {
  return levels.slice(1).map((level, k) => {
    const text = quoteText(level, dialect);
    return { name: `${name}=${level}`, origin: name, level: { category, code: k + 1, text }, raw: value, value };
  });
}

export function numberColumn(column: SqlColumn, option: string, dialect: Dialect): SourceColumn {
  const raw = sqlOf(column, option, dialect);
  const cast = `CAST(${raw} AS ${dialect.double})`;
  const value = dialect.isNumber ? `CASE WHEN ${dialect.isNumber(raw)} THEN ${cast} END` : cast;
  const name = columnName(column);
  return { name, origin: name, level: null, raw, value };
}

/** The expression of a column: its quoted name, or the caller's own. */
export function sqlOf(column: SqlColumn, option: string, dialect: Dialect): string {
  if (typeof column === 'string') return quoteIdentifier(column, dialect);
  const { name, sql }: { name?: unknown; sql?: unknown } = (column as SqlColumn | null) ? column : {};
  if (typeof name !== 'string' || typeof sql !== 'string')
    throw invalidQuery(option, 'a column that is neither a name nor { name, sql }', 'a name, or { name, sql }');
  return `(${ownSql(sql, option)})`;
}

export const columnName = (column: SqlColumn): string => (typeof column === 'string' ? column : column.name);

/** The caller's own SQL; a comment in it does not reach what follows. */
function ownSql(text: unknown, option: string): string {
  if (typeof text !== 'string' || text.trim() === '')
    throw invalidQuery(
      option,
      `${option} ${typeof text === 'string' ? 'that is empty' : anyText(text)}`,
      'text in SQL',
    );
  return text.includes('--') ? `${text}\n` : text;
}

function requireOneEach(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalidQuery('features', `${quote(twice)} twice`, 'each column once');
}

/** Names that no statement of the caller's can mean: an engine may look for aliases before columns. */
function prefixBeside(texts: readonly string[]): string {
  const whole = texts.join('\n').toLowerCase();
  let prefix = 'd_';
  for (let k = 1; whole.includes(prefix); k++) prefix = `d${k}_`;
  return prefix;
}

export function invalidQuery(
  option: string,
  got: string,
  expected: string,
  fix = 'See docs/warehouse.md.',
): DescentError {
  return new DescentError('INVALID_OPTION', { got, expected, fix, where: { option } });
}
