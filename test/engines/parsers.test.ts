// Texts for engines that cannot run here, read by a parser of their dialect: text checked, not run.

import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../src/sql.js';
import { statementsIn } from '../sql/statements.js';

const { Parser } = createRequire(import.meta.url)('node-sql-parser') as {
  Parser: new () => { astify(sql: string, options: { database: string }): unknown };
};

/** The parser's grammar for each dialect. Spark's SQL grew from that of Hive. */
const GRAMMARS: Readonly<Partial<Record<DialectName, string>>> = {
  spark: 'hive',
  databricks: 'hive',
  trino: 'trino',
  athena: 'athena',
  bigquery: 'bigquery',
  snowflake: 'snowflake',
  redshift: 'redshift',
};

describe.each(Object.entries(GRAMMARS) as [DialectName, string][])('a parser of %s', (dialect, database) => {
  it.each(Object.entries(statementsIn(dialect)))('takes the statement of %s', (_, sql) => {
    expect(() => new Parser().astify(sql, { database })).not.toThrow();
  });

  it('refuses a statement that is cut', () => {
    const { statistics = '' } = statementsIn(dialect);
    expect(() => new Parser().astify(statistics.slice(0, -20), { database })).toThrow();
  });
});
