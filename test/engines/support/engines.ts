// The engines of the tests, each as a function that runs a statement.

import { createRequire } from 'node:module';
import type { DialectName } from '../../../src/sql.js';
import { POSTGRES_SOCKET } from './postgres-server.js';

type Rows = Record<string, unknown>[];

/** The kinds of columns that engines have names of their own for. */
export type Kind = 'double' | 'integer' | 'decimal' | 'float' | 'text';

export interface Engine {
  name: string;
  dialect: DialectName;
  version: string;
  types: Record<Kind, string>;
  /** Further text after the columns of CREATE TABLE. */
  storage: string;
  execute: (sql: string) => Promise<Rows>;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);

/** A package of the engines' own node_modules. */
function load(name: string): unknown {
  try {
    return require(name);
  } catch (cause) {
    throw new Error(`${name} is missing: run npm install in test/engines.`, { cause });
  }
}

const TYPES = {
  double: 'DOUBLE PRECISION',
  integer: 'INTEGER',
  decimal: 'DECIMAL(12, 4)',
  float: 'REAL',
  text: 'TEXT',
};

async function versionOf(execute: Engine['execute'], sql: string): Promise<string> {
  const [row] = await execute(sql);
  return String(Object.values(row ?? {})[0]);
}

interface DuckDb {
  DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{ runAndReadAll(sql: string): Promise<{ getRowObjects(): Rows }>; closeSync(): void }>;
      closeSync(): void;
    }>;
  };
}

export async function openDuckDb(): Promise<Engine> {
  const { DuckDBInstance } = load('@duckdb/node-api') as DuckDb;
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const execute = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjects();
  return {
    name: 'DuckDB',
    dialect: 'duckdb',
    version: await versionOf(execute, 'SELECT version()'),
    types: TYPES,
    storage: '',
    execute,
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export async function openPglite(): Promise<Engine> {
  const { PGlite } = load('@electric-sql/pglite') as {
    PGlite: new () => { query(sql: string): Promise<{ rows: Rows }>; close(): Promise<void> };
  };
  const database = new PGlite();
  const execute = async (sql: string) => (await database.query(sql)).rows;
  return {
    name: 'PGlite',
    dialect: 'postgres',
    version: await versionOf(execute, 'SHOW server_version'),
    types: TYPES,
    storage: '',
    execute,
    close: () => database.close(),
  };
}

export async function openPostgres(): Promise<Engine> {
  const { Client } = load('pg') as {
    Client: new (options: object) => {
      connect(): Promise<void>;
      query(sql: string): Promise<{ rows: Rows }>;
      end(): Promise<void>;
    };
  };
  const client = new Client({ host: process.env[POSTGRES_SOCKET], user: 'postgres', database: 'postgres' });
  await client.connect();
  const execute = async (sql: string) => (await client.query(sql)).rows;
  return {
    name: 'PostgreSQL',
    dialect: 'postgres',
    version: await versionOf(execute, 'SHOW server_version'),
    types: TYPES,
    storage: '',
    execute,
    close: () => client.end(),
  };
}

export async function openClickHouse(): Promise<Engine> {
  const { Session } = load('chdb') as {
    Session: new () => { query(sql: string, format: string): string; cleanup(): void };
  };
  const session = new Session();
  const execute = async (sql: string) => {
    const text = session.query(sql, 'JSON');
    return text === '' ? [] : (JSON.parse(text) as { data: Rows }).data;
  };
  return {
    name: 'ClickHouse',
    dialect: 'clickhouse',
    version: await versionOf(execute, 'SELECT version()'),
    types: {
      double: 'Nullable(Float64)',
      integer: 'Nullable(Int32)',
      decimal: 'Nullable(Decimal(12, 4))',
      float: 'Nullable(Float32)',
      text: 'Nullable(String)',
    },
    storage: ' ENGINE = Memory',
    execute,
    async close() {
      session.cleanup();
    },
  };
}

export async function openSqlite(): Promise<Engine> {
  const Database = load('better-sqlite3') as new (path: string) => {
    prepare(sql: string): { reader: boolean; all(): Rows; run(): void };
    close(): void;
  };
  const database = new Database(':memory:');
  const execute = async (sql: string) => {
    const statement = database.prepare(sql);
    if (statement.reader) return statement.all();
    statement.run();
    return [];
  };
  return {
    name: 'SQLite',
    dialect: 'sqlite',
    version: await versionOf(execute, 'SELECT sqlite_version()'),
    types: TYPES,
    storage: '',
    execute,
    async close() {
      database.close();
    },
  };
}

/** All engines, by name. */
export const OPENERS: Readonly<Record<string, () => Promise<Engine>>> = {
  DuckDB: openDuckDb,
  PGlite: openPglite,
  PostgreSQL: openPostgres,
  ClickHouse: openClickHouse,
  SQLite: openSqlite,
};
