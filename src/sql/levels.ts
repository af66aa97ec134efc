import { DescentError } from '../base/errors.js';
import { sortedWords } from '../data/cells/sorted-words.js';
import { quote } from '../base/quote.js';
import { invalidQuery, columnName, type SqlQuery, sqlOf } from './query.js';
import { dialectOf, levelValue } from './quote.js';
import { readRows } from './result-rows.js';
import type { Statements } from './run-statement.js';

/** Levels of one category at most: each becomes a feature. */
const MOST_LEVELS = 1000;

/** A query, with levels for each category: those of names alone are found by a statement each, in the order that tables have. */
export async function withLevels<Query extends SqlQuery>(
  query: Omit<Query, 'categories'> & { categories?: SqlQuery['categories'] | readonly string[] },
  statements: Statements,
): Promise<Query> {
  const { categories } = query;
  if (!Array.isArray(categories)) return query as unknown as Query;
  const found: Record<string, readonly string[]> = {};
  for (const name of categories as readonly string[]) {
    const column = query.features.find((feature) => columnName(feature) === name);
    if (column === undefined) throw invalidQuery('categories', `categories ${quote(name)}`, 'names of features');
    const dialect = dialectOf(query.dialect);
    const text = levelValue(sqlOf(column, 'features', dialect), dialect);
    const where = query.where === undefined ? '' : ` WHERE (${query.where}\n)`;
    const sql = `SELECT ${text} AS d_level FROM ${query.from}${where} GROUP BY ${text} LIMIT ${MOST_LEVELS + 2}`;
    const rows = readRows(await statements.run(sql), `the levels of ${quote(name)}`);
    const levels = rows.map((row) => row.text('d_level')).filter((level) => level !== null);
    if (levels.length > MOST_LEVELS) {
      throw new DescentError('TOO_LARGE', {
        got: `more than ${MOST_LEVELS} levels of ${quote(name)}`,
        expected: 'fewer',
        fix: 'Put rare levels together, in a view or with { name, sql }.',
        where: { column: name },
      });
    }
    found[name] = sortedWords(levels);
  }
  return { ...query, categories: found } as unknown as Query;
}
