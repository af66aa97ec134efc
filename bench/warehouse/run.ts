// npm run bench:warehouse: moments and fits by SQL on rows that an engine draws, against the rows themselves.

import { chownSync, chmodSync, existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import startPostgres, { POSTGRES_SOCKET } from '../../test/engines/support/postgres-server.js';
import { withTable } from '../readme-table.js';
import { type Engine, openDuckDb, openPostgres, type StreamingEngine } from './engines.js';
import { paperMarkdown, warehouseMarkdown } from './markdown.js';
import { measureEngine, measureMerge, type RowSet } from './measure.js';
import { brokenIn, type EngineResult, parseWarehouseResult, type WarehouseResult } from './result.js';
import { drawText, FEATURE_NAMES, NUMBERS } from './rows.js';

const USAGE =
  'npm run bench:warehouse -- [--rows N] [--postgres-rows N] [--logistic-rows N] [--repeats N] [--memory 4GB] [--file FILE] [--no-save] | --docs FILE';

/** Bytes of a row on a disk at most: doubles, and as text for PostgreSQL. */
const ROW_BYTES = { parquet: 100, postgres: 400 };

interface Command {
  rows: number;
  postgresRows: number;
  logisticRows: number;
  repeats: number;
  /** A file of such rows that is there; else one is drawn, and removed at the end. */
  file: string | undefined;
  memory: string;
  isSaved: boolean;
}

async function main(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      rows: { type: 'string', default: '1e8' },
      'postgres-rows': { type: 'string', default: '5e6' },
      'logistic-rows': { type: 'string', default: '5e6' },
      repeats: { type: 'string', default: '3' },
      file: { type: 'string' },
      memory: { type: 'string', default: '4GB' },
      docs: { type: 'string' },
      'no-save': { type: 'boolean', default: false },
    },
  });
  if (values.docs !== undefined) return writeDocs(values.docs);
  const command: Command = {
    rows: countOf(values, 'rows'),
    postgresRows: countOf(values, 'postgres-rows'),
    logisticRows: countOf(values, 'logistic-rows'),
    repeats: countOf(values, 'repeats'),
    ...{ file: values.file, memory: values.memory, isSaved: !values['no-save'] },
  };
  const result = await measure(command);
  console.log(`${warehouseMarkdown(result)}\n\n${paperMarkdown(result)}`);
  const broken = brokenIn(result);
  for (const line of broken) console.error(line);
  if (broken.length > 0) process.exitCode = 1;
}

function countOf(values: Readonly<Record<string, unknown>>, name: string): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`--${name} ${String(values[name])}; expected a whole number from 1 up`);
}

/** Measures engine by engine, and saves what there is after each. */
async function measure(command: Command): Promise<WarehouseResult> {
  const { rows, postgresRows, logisticRows, repeats, memory } = command;
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-bench-'));
  const processors = cpus();
  const environment = {
    ...{ runtime: `Node ${process.version}`, cpu: processors[0]?.model ?? 'unknown', cores: processors.length },
    ...{ memory, repeats, date: new Date().toISOString() },
  };
  const result: WarehouseResult = { environment, engines: [], merges: [] };
  requireRoom(folder, rows * ROW_BYTES.parquet + (postgresRows + logisticRows) * ROW_BYTES.postgres);
  const engine = await openDuckDb(memory, folder);
  try {
    result.merges.push(await measureMerge(100), await measureMerge(10_000));
    const labelled = await drawn(engine, logisticRows, join(folder, 'labelled.parquet'));
    const file = command.file ?? join(folder, 'rows.parquet');
    const set = command.file === undefined ? await drawn(engine, rows, file) : rowsOf(engine, rows, file);
    result.engines.push(await measureEngine(set, labelled, repeats, say));
    if (command.isSaved) await save(result);
    if (command.file === undefined) rmSync(file);
    result.engines.push(await onPostgres({ engine, labelled, rows: postgresRows }, folder, repeats));
    if (command.isSaved) await save(result);
    return result;
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const gigabytes = (value: number) => `${(value / 1e9).toFixed(0)} GB`;
  if (bavail * bsize < bytes) throw new RangeError(`${folder} has ${gigabytes(bavail * bsize)}; expected ${gigabytes(bytes)}`); // prettier-ignore
}

const say = (text: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

/** Rows in a new file. */
async function drawn(engine: StreamingEngine, rows: number, file: string): Promise<FileRows> {
  await engine.execute(drawText(rows, file));
  const set = rowsOf(engine, rows, file);
  say(`${engine.name}: ${rows} rows in ${(set.bytes / 1e9).toFixed(2)} GB`);
  return set;
}

type FileRows = RowSet & { bytes: number };

/** Rows in a file that is there. */
function rowsOf(engine: StreamingEngine, rows: number, file: string): FileRows {
  const from = `read_parquet('${file}')`;
  const blocks: RowSet['blocks'] = (last) =>
    engine.stream(`SELECT ${[...FEATURE_NAMES, last].join(', ')} FROM ${from}`, NUMBERS.length);
  return { engine, from, rows, bytes: statSync(file).size, blocks };
}

/** The same on a server of its own, whose rows come from files of DuckDB. */
async function onPostgres(
  { engine: duck, labelled, rows }: { engine: StreamingEngine; labelled: FileRows; rows: number },
  folder: string,
  repeats: number,
): Promise<EngineResult> {
  const stop = startPostgres();
  try {
    const socket = process.env[POSTGRES_SOCKET] as string;
    if (process.getuid?.() === 0) {
      const { uid, gid } = statSync(socket);
      chownSync(folder, uid, gid); // the server reads files of it
    }
    const engine = await openPostgres(socket);
    try {
      const set = await drawn(duck, rows, join(folder, 'some.parquet'));
      const whole = await inTable(engine, set, 'drawn', folder);
      const some = await inTable(engine, labelled, 'labelled', folder);
      return await measureEngine(whole, some, repeats, say);
    } finally {
      await engine.close();
    }
  } finally {
    stop();
  }
}

/** Rows of a file in a table of PostgreSQL. */
async function inTable(engine: Engine, set: RowSet, table: string, folder: string): Promise<RowSet> {
  const file = join(folder, `${table}.csv`);
  await set.engine.execute(`COPY (SELECT * FROM ${set.from}) TO '${file}' (HEADER false)`);
  chmodSync(file, 0o644);
  const columns = [...NUMBERS.map((name) => `${name} DOUBLE PRECISION`), 'label INTEGER'].join(', ');
  await engine.execute(`CREATE UNLOGGED TABLE ${table} (${columns})`);
  await engine.execute(`COPY ${table} FROM '${file}' (FORMAT csv)`);
  rmSync(file);
  await engine.execute(`VACUUM ANALYZE ${table}`);
  return { ...set, engine, from: table, bytes: null };
}

async function save(result: WarehouseResult): Promise<void> {
  const file = join('bench/results', `${result.environment.date.slice(0, 19).replaceAll(':', '')}-warehouse.json`);
  await mkdir('bench/results', { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 1)}\n`);
  console.log(`Saved as ${file}`);
}

/** Writes the tables of both pages from a saved result: no number of them is ever typed. */
async function writeDocs(file: string): Promise<void> {
  if (!existsSync(file)) throw new RangeError(`--docs ${file} is not there; expected a result file`);
  const result = parseWarehouseResult(await readFile(file, 'utf8'));
  const pages = { 'docs/warehouse.md': warehouseMarkdown(result), 'docs/many-machines.md': paperMarkdown(result) };
  for (const [page, table] of Object.entries(pages))
    await writeFile(page, withTable(await readFile(page, 'utf8'), table, { mark: 'warehouse', name: page }));
  console.log(`${Object.keys(pages).join(' and ')} now have the tables of ${file}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`bench:warehouse: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof TypeError) console.error(USAGE);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
});
