// Rows and columns of DuckDB's own client, as its driver returns them, given to fit: BIGINT, DECIMAL, text and NULL.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, fit, tableBatches } from '../../src/index.js';
import { leastSquares } from '../../src/reference/qr.js';
import { expectClose } from '../support/close.js';

type Row = Record<string, unknown>;

interface Chunk {
  rowCount: number;
  getColumnValues(j: number): unknown[];
}

interface Stream {
  yieldRowObjectJs(): AsyncIterable<Row[]>;
  fetchChunk(): Promise<Chunk | null>;
  columnNames(): string[];
}

interface Connection {
  runAndReadAll(sql: string): Promise<{ getRowObjects(): Row[]; getColumnsObject(): Record<string, unknown[]> }>;
  stream(sql: string): Promise<Stream>;
  closeSync(): void;
}

const QR = { relative: 1e-9, because: 'least squares in f64 twice, of features whose condition number is below 100' };

/** A BIGINT, a DECIMAL that no f64 holds, a HUGEINT, a category and a target with gaps. */
const ROWS = 5000;
const HOMES = `SELECT CAST(40 + i * 37 % 101 AS BIGINT) AS area, CAST(1 + i % 5 AS DECIMAL(12, 3)) + 0.1 AS rooms,
  SUM(i) OVER (ROWS 1 PRECEDING) AS pair, ['Oslo', 'Rome', 'Bari'][i % 3 + 1] AS city,
  CASE WHEN i % 100 = 7 THEN NULL ELSE CAST(2 * area + 9 * rooms + (i * 7919 % 13) / 10.0 + i % 3 AS DECIMAL(18, 4)) END AS price
  FROM range(${ROWS}) r(i)`;
const OPTIONS = { target: 'price', categories: ['city'], missing: 'drop' } as const;

describe('results of @duckdb/node-api', () => {
  let connection: Connection;
  let expected: number[];

  beforeAll(async () => {
    const { DuckDBInstance } = createRequire(import.meta.url)('@duckdb/node-api') as {
      DuckDBInstance: { create(): Promise<{ connect(): Promise<Connection> }> };
    };
    connection = await (await DuckDBInstance.create()).connect();
    await connection.runAndReadAll(`CREATE TABLE homes AS ${HOMES}`);
    const casts = ['area', 'rooms', 'pair', 'price'].map((name) => `CAST(${name} AS DOUBLE) AS ${name}`);
    const rows = (
      await connection.runAndReadAll(`SELECT ${casts.join(', ')}, city FROM homes WHERE price IS NOT NULL`)
    ).getRowObjects();
    const of = (name: string) => rows.map((row) => row[name] as number);
    const is = (level: string) => rows.map(({ city }) => Number(city === level));
    const columns = {
      ...{ area: of('area'), rooms: of('rooms'), pair: of('pair') },
      ...{ 'city=Oslo': is('Oslo'), 'city=Rome': is('Rome') },
    };
    const { weights, bias } = leastSquares(createDataset({ columns, targets: of('price') }));
    expected = [...weights, bias];
  });
  afterAll(() => connection.closeSync());

  const query = 'SELECT * FROM homes';
  const names = ['area', 'rooms', 'pair', 'city=Oslo', 'city=Rome'];

  it('as rows, with bigints and decimals as objects of the driver, are a table', async () => {
    const table = (await connection.runAndReadAll(query)).getRowObjects();
    const [first = {}] = table;
    expect([typeof first['area'], typeof first['rooms'], typeof first['pair']]).toEqual(['bigint', 'object', 'bigint']);
    const model = await fit({ table, ...OPTIONS });
    expect(model.featureNames).toEqual(names);
    expect(model.report.reading?.rowsDropped).toBe(ROWS / 100);
    expectClose([...model.weights, model.bias], expected, QR);
    const rows = table.slice(0, 5);
    const predicted = await model.predict(rows as never);
    expect(await model.predict(rows.map((row) => ({ ...row, area: Number(row['area']) })) as never)).toEqual(predicted);
  });

  it('as columns are a table', async () => {
    const table = (await connection.runAndReadAll(query)).getColumnsObject();
    const model = await fit({ table, ...OPTIONS });
    expectClose([...model.weights, model.bias], expected, QR);
  });

  it('as a stream of rows and of chunks are a source', async () => {
    const rows = tableBatches(async () => (await connection.stream(query)).yieldRowObjectJs(), OPTIONS);
    async function* chunks() {
      const stream = await connection.stream(query);
      for (let chunk = await stream.fetchChunk(); chunk?.rowCount; chunk = await stream.fetchChunk()) {
        const values = stream.columnNames().map((name, j) => [name, chunk.getColumnValues(j)]);
        yield Object.fromEntries(values) as Record<string, unknown[]>;
      }
    }
    for (const source of [rows, tableBatches(chunks, OPTIONS)]) {
      const model = await fit(source);
      expect(model.featureNames).toEqual(names);
      expectClose([...model.weights, model.bias], expected, QR);
    }
  });

  it('with an integer that f64 does not hold is refused with its row', async () => {
    const table = (
      await connection.runAndReadAll('SELECT * REPLACE (area + 9007199254740992 AS area) FROM homes')
    ).getRowObjects();
    await expect(fit({ table, ...OPTIONS })).rejects.toMatchObject({
      ...{ code: 'INVALID_VALUE', where: { column: 'area' } },
    });
  });
});
