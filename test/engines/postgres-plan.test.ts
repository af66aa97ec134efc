// The plan that PostgreSQL makes of sums: its workers share the rows, and each row is moved to the centres once.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { momentsPlan } from '../../src/sql.js';
import { type Engine, OPENERS } from './support/engines.js';
import { offsetColumns } from './support/rows.js';
import { createTable } from './support/tables.js';

/** The text that keeps the rows about their centres from being merged into the sums. */
const FENCE = /WITH \w+ AS \(SELECT 1\) /;

describe('the sums in PostgreSQL', () => {
  let engine: Engine;
  let statement: string;

  beforeAll(async () => {
    engine = await (OPENERS['PostgreSQL'] as () => Promise<Engine>)();
    const { x1, x2, y } = offsetColumns(1000);
    await createTable(engine, 'planned', { x1: { values: x1 }, x2: { values: x2 }, y: { values: y } });
    // Workers are for large tables; here they cost nothing.
    for (const setting of ['min_parallel_table_scan_size', 'parallel_setup_cost', 'parallel_tuple_cost'])
      await engine.execute(`SET ${setting} = 0`);
    const plan = momentsPlan({ dialect: 'postgres', from: 'planned', features: ['x1', 'x2'], target: 'y' });
    statement = plan.sums(await engine.execute(plan.statistics)).statements.join();
  });
  afterAll(() => engine.close());

  const planOf = async (sql: string) =>
    (await engine.execute(`EXPLAIN (VERBOSE) ${sql}`)).map((row) => String(Object.values(row)[0])).join('\n');

  /** True if the scan itself gives differences: the sums over it take them as they are. */
  const movesInScan = (plan: string) => /Seq Scan[^\n]*\n\s*Output: [^\n]* - /.test(plan);

  it('are shared by workers, and each row is moved once', async () => {
    const plan = await planOf(statement);
    expect(plan).toContain('Partial Aggregate');
    expect(plan).toContain('Parallel Seq Scan');
    expect(movesInScan(plan)).toBe(true);
  });

  it('would move it again for each sum without the fence, and have one process with OFFSET 0', async () => {
    expect(statement).toMatch(FENCE);
    expect(movesInScan(await planOf(statement.replace(FENCE, '')))).toBe(false);
    const withOffset = statement.replace(FENCE, '').replace(/\)\nSELECT COUNT/, ' OFFSET 0)\nSELECT COUNT');
    expect(withOffset).toContain('OFFSET 0');
    expect(await planOf(withOffset)).not.toContain('Partial Aggregate');
  });
});
