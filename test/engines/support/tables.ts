import { quoteIdentifier, quoteText } from '../../../src/sql/quote.js';
import { DIALECTS } from '../../../src/sql/dialects.js';
import type { Engine, Kind } from './engines.js';

/** A column of a table of a test: its kind, and a value for each row. */
export interface TestColumn {
  kind?: Kind;
  values: ArrayLike<number | string | null>;
}

/** Rows of one INSERT. */
const ROWS_AT_ONCE = 500;

/** Makes a table, in place of one of the same name. Names are written as they are given. */
export async function createTable(
  { execute, dialect: name, types, storage }: Engine,
  table: string,
  columns: Readonly<Record<string, TestColumn>>,
): Promise<void> {
  const dialect = DIALECTS[name];
  const entries = Object.entries(columns);
  await execute(`DROP TABLE IF EXISTS ${table}`);
  const declared = entries.map(([column, { kind = 'double' }]) => `${quoteIdentifier(column, dialect)} ${types[kind]}`);
  await execute(`CREATE TABLE ${table} (${declared.join(', ')})${storage}`);
  const rowCount = entries[0]?.[1].values.length ?? 0;
  const literal = (value: number | string | null) => {
    if (value === null) return 'NULL';
    if (typeof value === 'string') return quoteText(value, dialect);
    if (Number.isFinite(value)) return value.toExponential().replace('e+', 'e');
    return notFinite(value, name);
  };
  for (let from = 0; from < rowCount; from += ROWS_AT_ONCE) {
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, rowCount - from) }, (_, i) => {
      return `(${entries.map(([, { values }]) => literal(values[from + i] as number)).join(', ')})`;
    });
    await execute(`INSERT INTO ${table} VALUES ${rows.join(', ')}`);
  }
}

function notFinite(value: number, dialect: string): string {
  if (dialect === 'sqlite') return Number.isNaN(value) ? 'NULL' : value > 0 ? '9e999' : '-9e999';
  if (dialect === 'clickhouse') return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  return `CAST('${Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'}' AS DOUBLE PRECISION)`;
}
