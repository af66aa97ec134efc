// The blocks of docs/warehouse.md, in their order, on DuckDB: every one runs, and the statements are those of the library.

import { createRequire } from 'node:module';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import page from '../../docs/warehouse.md?raw';
import * as library from '../../src/index.js';
import * as sql from '../../src/sql.js';
import { blocksOf, runBlock } from '../support/doc-blocks.js';
import { type Engine, openDuckDb } from './support/engines.js';

const BLOCKS = blocksOf('docs/warehouse.md', page);
const STATEMENTS = Array.from(page.matchAll(/^```sql\n([\s\S]*?)\n```/gm), ([, text = '']) => text);

describe('docs/warehouse.md', () => {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-warehouse-'));
  let engine: Engine;
  let names: Record<string, unknown>;

  beforeAll(async () => {
    engine = await openDuckDb();
    mkdirSync(join(folder, 'trips'));
    const rows = `SELECT i AS id, i % 24 AS hour, 1 + (i * 37 % 101) / 10.0 AS distance FROM range(2000) r(i)`;
    const trips = `SELECT *, 3 + 2.5 * distance + 0.1 * hour + (id * 7919 % 13 - 6) / 10.0 AS fare, CAST((id * 31 + hour) % 7 > 3 AS INTEGER) AS tipped FROM (${rows})`;
    await engine.execute(`CREATE TABLE trips AS ${trips}`);
    for (const part of [0, 1])
      await engine.execute(
        `COPY (SELECT * FROM trips WHERE id % 2 = ${part}) TO '${folder}/trips/part-${part}.parquet'`,
      );
    process.chdir(folder); // the page's paths are relative
    const moments = await sql.momentsFromSql({ ...query, execute: engine.execute });
    names = {
      execute: engine.execute,
      trips: query,
      fit: library.fit,
      fitFromSql: sql.fitFromSql,
      momentsFromSql: sql.momentsFromSql,
      model: await library.fit(moments),
    };
  });
  afterAll(async () => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
    await engine.close();
  });

  const query = {
    dialect: 'duckdb',
    from: "read_parquet('trips/*.parquet')",
    features: ['distance', 'hour'],
    target: 'fare',
  } as const;

  async function run(code: string): Promise<unknown[][]> {
    const duckdb: unknown = createRequire(import.meta.url)('@duckdb/node-api');
    const modules = { 'webgpu-descent': library, 'webgpu-descent/sql': sql, '@duckdb/node-api': duckdb };
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    return runBlock(ts.transpileModule(code, { compilerOptions }).outputText, modules, names);
  }

  /** The rows of the table. */
  async function rowsOfTrips() {
    const rows = await engine.execute(
      'SELECT distance::DOUBLE AS distance, hour::DOUBLE AS hour, fare::DOUBLE AS fare FROM trips',
    );
    const of = (name: string) => rows.map((row) => row[name] as number);
    return { columns: { distance: of('distance'), hour: of('hour') }, targets: of('fare') };
  }

  /** What the block with a word prints. */
  const printed = (word: string) => run(BLOCKS.find(({ code }) => code.includes(word))?.code ?? '');

  it.each(BLOCKS.map(({ line, code }) => [line, code] as const))('line %i runs', async (_, code) => {
    expect((await run(code)).length).toBeGreaterThan(0);
  });

  it('has statements that are those of momentsPlan, and that the engine takes', async () => {
    const plan = sql.momentsPlan({ dialect: 'duckdb', from: 'trips', features: ['distance'], target: 'fare' });
    const rows = await engine.execute(plan.statistics);
    expect(STATEMENTS).toEqual([plan.statistics, plan.sums(rows).statements[0]]);
    for (const text of STATEMENTS) expect(await engine.execute(text)).toHaveLength(1);
  });

  it('prints what it says', async () => {
    const [[weights, bias, count]] = (await printed('DuckDBInstance')) as [[Float64Array, number, number]];
    expect(count).toBe(2000);
    expect(Array.from(weights, (weight) => Number(weight.toFixed(1)))).toEqual([2.5, 0.1]);
    expect(bias).toBeCloseTo(3, 1);
    const [losses] = (await printed('foldBy')).at(-1) as [number[]];
    expect(losses).toHaveLength(4);
    expect(losses[0]).toBeLessThan(losses[3] as number);
    expect(await printed('groupBy')).toHaveLength(3);
    const [[, delta]] = (await printed('MEDIAN')) as [[Float64Array, number]];
    const rows = library.createDataset(await rowsOfTrips());
    const auto = await library.fit(rows, { loss: 'huber' });
    expect(delta / (auto.report.settings.huberDelta as number)).toBeCloseTo(1, 1);
    expect((await printed('tipped.weights')).at(-1)?.[1]).toBe(true);
    const scores = await printed('model.toSql');
    expect(scores[1]?.[0]).toBeGreaterThan(3);
  });
});
