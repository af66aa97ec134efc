import { requireKnown } from '../base/check-names.js';
import type { Encoder } from '../data/table/encoder.js';
import type { Moments } from '../moments/moments.js';
import { sqlEncoder } from '../sql/encoding.js';
import { invalidQuery, QUERY_NAMES, type Source, sourceOf, type SqlQuery } from '../sql/query.js';
import { type GroupKey, readOne } from '../sql/result-rows.js';
import { readStatistics, statisticsText } from '../sql/statistics.js';
import { sumStatements } from '../sql/sums.js';

/** The moments of each fold or group, by key. */
export type MomentsByKey = Map<GroupKey, Moments>;

/** A query whose moments are taken separately for each value of an expression. */
export interface KeyedQuery extends SqlQuery {
  /** SQL for the fold of a row, the same in every statement: a hash of a key. All folds are centred alike. */
  foldBy?: string;
  /** SQL for the group of a row. Each group is centred by itself. */
  groupBy?: string;
}

export const KEYED_QUERY_NAMES = [...QUERY_NAMES, 'foldBy', 'groupBy'] as const;

/** The statements that take moments, and the way from their results to moments. */
export interface MomentsPlan<Result> {
  /** Statement 1: counts, NULLs, least and largest values and averages of all columns. One row. */
  statistics: string;
  /** Statements 2 and on, from the rows of statement 1. Throws what is wrong with the data. */
  sums(rows: unknown): {
    statements: readonly string[];
    /** The moments, from the rows of each statement, in their order. */
    read: (...results: readonly unknown[]) => Result;
  };
}

/**
 * The SQL by which an engine adds up moments: text alone, to be run by whoever has a connection. Two statements, or more
 * where the engine's limits on one ask for it, and as many scans of the columns.
 *
 * Throws `INVALID_OPTION` and `UNKNOWN_OPTION` for options; `sums` throws `EMPTY_DATA`, `MISSING_VALUE`, `INVALID_VALUE`,
 * `NON_FINITE_VALUE` for the data and `INVALID_RESULT` for rows that are not those of the statement.
 *
 *     const plan = momentsPlan({ dialect: 'duckdb', from: 'trips', features: ['distance'], target: 'fare' });
 *     const sums = plan.sums(await connection.query(plan.statistics));
 *     const moments = sums.read(await connection.query(sums.statements[0]));
 */
export function momentsPlan(query: KeyedQuery & ({ foldBy: string } | { groupBy: string })): MomentsPlan<MomentsByKey>;
export function momentsPlan(query: SqlQuery): MomentsPlan<Moments>;
export function momentsPlan(query: KeyedQuery): MomentsPlan<Moments | MomentsByKey>;
export function momentsPlan(given: KeyedQuery): MomentsPlan<Moments | MomentsByKey> {
  const query = requireKnown(given, KEYED_QUERY_NAMES);
  const source = keyedSource(query);
  return planOf(source, sqlEncoder(source, query));
}

/** The source of a query that may be grouped. */
function keyedSource(query: KeyedQuery): Source {
  const { foldBy, groupBy, ...rest } = query;
  if (foldBy !== undefined && groupBy !== undefined)
    throw invalidQuery(
      'groupBy',
      'foldBy and groupBy',
      'one of them',
      'Take the moments of one group at a time with where.',
    );
  if (foldBy !== undefined) return sourceOf(rest, { option: 'foldBy', sql: foldBy });
  return sourceOf(rest, groupBy === undefined ? null : { option: 'groupBy', sql: groupBy });
}

function planOf(source: Source, encoder: Encoder | null): MomentsPlan<Moments | MomentsByKey> {
  return {
    statistics: statisticsText(source),
    sums(rows) {
      const statistics = readStatistics(readOne(rows, 'the statistics'), source);
      const { statements, read } = sumStatements(source, statistics);
      return {
        statements,
        read(...results) {
          const byKey = new Map(
            Array.from(
              read(results),
              ([key, moments]) => [key, encoder ? moments.encodedBy(encoder) : moments] as const,
            ),
          );
          return source.grouping ? (byKey as MomentsByKey) : (byKey.get(null) as Moments);
        },
      };
    },
  };
}
