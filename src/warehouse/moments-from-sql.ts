import { requireKnown } from '../base/check-names.js';
import { KEYED_QUERY_NAMES, type KeyedQuery, type MomentsByKey, momentsPlan } from './moments-plan.js';
import type { Moments } from '../moments/moments.js';
import type { SqlQuery } from '../sql/query.js';
import { type Execute, Statements } from '../sql/run-statement.js';
import { adviceOnText } from '../sql/statistics.js';
import { withLevels } from '../sql/levels.js';

/** The way in which the statements of a call are run. */
export interface SqlRun {
  /** Runs a statement and returns its rows as objects. */
  execute: Execute;
  /** Ends the call between two statements, with the reason of the signal. */
  signal?: AbortSignal;
}

/** Levels of categories that a statement finds need no list. */
export type Categories = { categories?: Readonly<Record<string, readonly string[]>> | readonly string[] };

/** A query without levels, and the way to run it. */
export type RunnableQuery<Query extends SqlQuery> = Omit<Query, 'categories'> & Categories & SqlRun;

/**
 * The moments of the rows of a table, added up by the engine where they lie: `fit` learns from them as from examples. Two
 * statements, or a few more for many features.
 *
 * Throws what `momentsPlan` throws, and `SQL_FAILED` with the engine's own error as `cause`.
 *
 *     const moments = await momentsFromSql({ dialect, from: 'trips', features: ['distance'], target: 'fare', execute });
 *     const model = await fit(moments);
 */
export function momentsFromSql(
  query: RunnableQuery<KeyedQuery> & ({ foldBy: string } | { groupBy: string }),
): Promise<MomentsByKey>;
export function momentsFromSql(query: RunnableQuery<SqlQuery>): Promise<Moments>;
export async function momentsFromSql(given: RunnableQuery<KeyedQuery>): Promise<Moments | MomentsByKey> {
  const query = requireKnown(given, [...KEYED_QUERY_NAMES, 'execute', 'signal']);
  const { execute, signal, ...rest } = query;
  const statements = new Statements(execute, signal);
  const plan = momentsPlan(await withLevels(rest, statements));
  const sums = plan.sums(await statements.run(plan.statistics, adviceOnText({ labels: null })));
  return sums.read(...(await statements.runAll(sums.statements)));
}
