// The engines of test/engines, which `npm run test:engines` installs, with limits for large files.

import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

type Rows = Record<string, unknown>[];

export interface Engine {
  name: string;
  version: string;
  dialect: 'duckdb' | 'postgres';
  execute: (sql: string) => Promise<Rows>;
  close(): Promise<void>;
}

/** A block of columns of numbers. */
export type Block = readonly ArrayLike<number>[];

export interface StreamingEngine extends Engine {
  /** The columns of a statement, block by block, in f64. */
  stream(sql: string, columnCount: number): AsyncGenerator<Block>;
}

interface Chunk {
  rowCount: number;
  getColumnValues(column: number): number[];
}

interface DuckDb {
  DuckDBInstance: {
    create(
      path: string,
      options: Record<string, string>,
    ): Promise<{
      connect(): Promise<{
        runAndReadAll(sql: string): Promise<{ getRowObjects(): Rows }>;
        stream(sql: string): Promise<{ fetchChunk(): Promise<Chunk | null> }>;
        closeSync(): void;
      }>;
      closeSync(): void;
    }>;
  };
}

function load(name: string): unknown {
  const require = createRequire(join(resolve('test/engines'), 'package.json'));
  try {
    return require(name);
  } catch (cause) {
    throw new Error(`${name} is missing: npm run test:engines installs it.`, { cause });
  }
}

async function versionOf(execute: Engine['execute'], sql: string): Promise<string> {
  const [row] = await execute(sql);
  return String(Object.values(row ?? {})[0]);
}

/** DuckDB with a limit on its memory, and a folder for what is beyond it. */
export async function openDuckDb(memory: string, folder: string): Promise<StreamingEngine> {
  const { DuckDBInstance } = load('@duckdb/node-api') as DuckDb;
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: memory, temp_directory: folder });
  const connection = await instance.connect();
  const execute = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjects();
  return {
    name: 'DuckDB',
    version: await versionOf(execute, 'SELECT version()'),
    dialect: 'duckdb',
    execute,
    async *stream(sql, columnCount) {
      const result = await connection.stream(sql);
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        const block = chunk;
        yield Array.from({ length: columnCount }, (_, j) => block.getColumnValues(j));
      }
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** PostgreSQL on the socket of a folder. */
export async function openPostgres(folder: string): Promise<Engine> {
  const { Client } = load('pg') as {
    Client: new (options: object) => {
      connect(): Promise<void>;
      query(sql: string): Promise<{ rows: Rows }>;
      end(): Promise<void>;
    };
  };
  const client = new Client({ host: folder, user: 'postgres', database: 'postgres' });
  await client.connect();
  const execute = async (sql: string) => (await client.query(sql)).rows;
  return {
    name: 'PostgreSQL',
    version: await versionOf(execute, 'SHOW server_version'),
    dialect: 'postgres',
    execute,
    close: () => client.end(),
  };
}
