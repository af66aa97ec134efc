// DuckDB-Wasm in a page: the recipe of docs/warehouse.md in headless Chrome, over a Parquet file that is read in ranges.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Plugin } from 'vite';
import warehouse from '../../docs/warehouse.md?raw';
import { shortShaders } from '../../scripts/short-shaders.js';
import { createDataset, fit } from '../../src/index.js';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { leastSquares } from '../../src/reference/qr.js';
import { expectClose } from '../support/close.js';
import { type Engine, openDuckDb } from './support/engines.js';
import { type PageServer, servePage } from './support/page-server.js';

const ROOT = join(import.meta.dirname, '../..');
const KEPT = { relative: 1e-9, because: 'sums in f64 about centres, of features whose condition number is below 10' };
const NEWTON = { relative: 1e-8, because: 'two of Newton’s methods in f64' };

/** Columns that the page does not ask for make up most of the file. */
const ROWS = 200_000;
const TRIPS = `SELECT i AS id, i % 24 AS hour, 1 + (i * 37 % 1009) / 100.0 AS distance, random() AS unused1, random() AS unused2,
  3 + 2.5 * distance + 0.1 * hour + (id * 7919 % 13 - 6) / 10.0 AS fare, CAST((id * 31 + hour) % 7 > 3 AS INTEGER) AS tipped
  FROM range(${ROWS}) r(i)`;

const RECIPE = /^```js\n([\s\S]*?duckdb-wasm[\s\S]*?)^```/m.exec(warehouse)?.[1] ?? '';

/** The page: the recipe as it stands, whose last lines log what it found, and the version of its engine. */
const page: Plugin = {
  name: 'page',
  resolveId: (id) => (id === 'page' ? '\0page' : undefined),
  load: (id) =>
    id === '\0page'
      ? `const print = (...values) => (globalThis.printed = [...(globalThis.printed ?? []), values]);
${RECIPE.replaceAll('console.log', 'print')}
globalThis.version = await database.getVersion();
globalThis.isDone = true;`
      : undefined,
};

async function buildPage(outDir: string): Promise<void> {
  await build({
    ...{ root: ROOT, configFile: false, logLevel: 'error', publicDir: false },
    plugins: [page, shortShaders()],
    resolve: {
      alias: [
        { find: /^webgpu-descent$/, replacement: join(ROOT, 'src/index.ts') },
        { find: 'webgpu-descent/sql', replacement: join(ROOT, 'src/sql.ts') },
        { find: '@duckdb/duckdb-wasm', replacement: join(import.meta.dirname, 'node_modules/@duckdb/duckdb-wasm') },
      ],
    },
    build: {
      ...{ outDir, target: 'es2022', minify: false, assetsInlineLimit: 0 },
      rolldownOptions: { input: { page: 'page' }, output: { entryFileNames: '[name].js' } },
    },
  });
}

describe('DuckDB-Wasm in a page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-wasm-'));
  const file = join(folder, 'trips.parquet');
  let engine: Engine;
  let server: PageServer;
  let browser: Browser;
  let printed: { weights: number[]; bias: number }[];

  beforeAll(async () => {
    expect(RECIPE).not.toBe('');
    engine = await openDuckDb();
    await engine.execute(`COPY (SELECT *, fare > 20 AS dear FROM (${TRIPS})) TO '${file}'`);
    await buildPage(join(folder, 'site'));
    server = await servePage([join(folder, 'site'), folder]);
    ({ browser } = await launchBrowser({ prefer: 'bundled' }));
    const tab = await browser.newPage();
    const problems: string[] = [];
    tab.on('pageerror', (error) => problems.push(String(error)));
    await tab.goto(server.url);
    const state = () => tab.evaluate(() => ({ ...(globalThis as unknown as { isDone?: boolean }) }).isDone === true);
    while (!(await state()) && problems.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(problems).toEqual([]);
    const found = await tab.evaluate(() => {
      const { printed: calls, version } = globalThis as unknown as { printed: unknown[][]; version: string };
      const plain = calls.map(([weights, bias]) => ({ weights: [...(weights as number[])], bias: bias as number }));
      return { plain, version };
    });
    printed = found.plain;
    console.log(`DuckDB-Wasm ${found.version}, ${await browser.version()}`);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The rows of the file, read by another engine. */
  async function columnsOf(target: string) {
    const rows = await engine.execute(
      `SELECT distance::DOUBLE AS distance, hour::DOUBLE AS hour, ${target}::DOUBLE AS y FROM '${file}'`,
    );
    const of = (name: string) => rows.map((row) => row[name] as number);
    return { columns: { distance: of('distance'), hour: of('hour') }, targets: of('y') };
  }

  it('adds up moments whose model is that of QR on the rows', async () => {
    const { weights, bias } = leastSquares(createDataset(await columnsOf('fare')));
    const [squared] = printed;
    expectClose([...(squared?.weights ?? []), squared?.bias as number], [...weights, bias], KEPT);
  });

  it('fits labels as on the rows', async () => {
    const onRows = await fit(await columnsOf('tipped'), {
      loss: 'logistic',
      l2: 0.01,
      tolerance: 1e-10,
      backend: 'cpu',
    });
    const logistic = printed[1];
    expectClose([...(logistic?.weights ?? []), logistic?.bias as number], [...onRows.weights, onRows.bias], {
      ...NEWTON,
      absolute: 1e-9,
    });
  });

  it('reads the columns in use, in ranges', () => {
    const sent = server.sent.get('/trips.parquet') as number;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(statSync(file).size / 2);
  });
});
