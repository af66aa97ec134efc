import { anyText } from '../base/quote.js';
import { requireKnown } from '../base/check-names.js';
import { DescentError } from '../base/errors.js';
import type { RunnableQuery } from './moments-from-sql.js';
import { withLevels } from '../sql/levels.js';
import { featureNamesOf, invalidQuery, QUERY_NAMES, sourceOf, type SqlQuery } from '../sql/query.js';
import { readOne, readRows } from '../sql/result-rows.js';
import { readLevel } from '../sql/read-sums.js';
import { groupedText } from '../sql/rows-text.js';
import { Statements } from '../sql/run-statement.js';
import { noRows, readStatistics, statisticsText } from '../sql/statistics.js';

/** Data for every fit of the library: each different row once, with its count or the sum of its weights. */
export interface CompressedData {
  /** [rows] each, by the names of the features. */
  columns: Record<string, Float64Array>;
  /** [rows] */
  targets: Float64Array;
  /** Name of the target. */
  targetName: string;
  /** [rows] How many rows of the table each stands for, or the sum of their weights. */
  exampleWeights: Float64Array;
}

/** Different rows that a page holds without trouble. */
const MOST_ROWS = 1_000_000;

/**
 * The different rows of a table with their counts, for features and targets of few values: a statement with GROUP BY. A fit with
 * the counts as `exampleWeights` is that of all rows, with every loss and penalty, exactly.
 *
 * Throws what `momentsFromSql` throws, and `TOO_LARGE` for more than `mostRows` different rows.
 *
 *     const data = await compressFromSql({ dialect, from: 'visits', features: ['age'], target: 'bought', execute });
 *     const model = await fit(data, { loss: 'logistic', l1: 0.01 });
 */
export async function compressFromSql(given: RunnableQuery<SqlQuery> & { mostRows?: number }): Promise<CompressedData> {
  const query = requireKnown(given, [...QUERY_NAMES, 'execute', 'signal', 'mostRows']);
  const { execute, signal, mostRows = MOST_ROWS, ...rest } = query;
  if (!Number.isSafeInteger(mostRows) || mostRows < 1)
    throw invalidQuery('mostRows', `mostRows ${anyText(mostRows)}`, 'a whole number from 1 up');
  const statements = new Statements(execute, signal);
  const source = sourceOf(await withLevels<SqlQuery>(rest, statements));
  readStatistics(readOne(await statements.run(statisticsText(source)), 'the statistics'), source);
  const { prefix, columns } = source;
  const rows = readRows(await statements.run(groupedText(source, mostRows + 1)), 'the different rows');
  if (rows.length === 0) throw noRows('no rows with all their values');
  if (rows.length > mostRows) {
    throw new DescentError('TOO_LARGE', {
      got: `more than ${mostRows} different rows`,
      expected: `at most ${mostRows}`,
      fix: 'Round the features to fewer values with { name, sql }, or use momentsFromSql or fitFromSql, which have no limit.',
    });
  }
  const values = columns.map(({ level }, i) => {
    if (!level) return Float64Array.from(rows, (row) => row.number(`${prefix}c${i}`));
    return Float64Array.from(rows, (row) => Number(readLevel(row, source, level.category) === level.code));
  });
  return {
    columns: Object.fromEntries(featureNamesOf(source).map((name, j) => [name, values[j] as Float64Array])),
    targets: values.at(-1) as Float64Array,
    targetName: columns.at(-1)?.name as string,
    exampleWeights: Float64Array.from(rows, (row) => row.number(`${prefix}n`)),
  };
}
