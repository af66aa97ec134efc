import * as duckdb from '@duckdb/duckdb-wasm';
import wasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import workerFile from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import { fit } from 'webgpu-descent';
import { momentsFromSql } from 'webgpu-descent/sql';

const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(workerFile));
await database.instantiate(wasm);
const connection = await database.connect();
await connection.query(`CREATE TABLE trips AS
  SELECT i % 24 AS hour, 1 + (i * 37 % 1009) / 100.0 AS distance, 3 + 2.5 * distance + 0.25 * hour AS fare
  FROM range(100000) r(i)`);

// The engine adds up the moments; no row leaves it.
const execute = async (sql) => (await connection.query(sql)).toArray().map((row) => row.toJSON());
const query = { dialect: 'duckdb', from: 'trips', features: ['distance', 'hour'], target: 'fare' };
const model = await fit(await momentsFromSql({ ...query, execute }));
const shown = [...model.weights, model.bias].map((value) => value.toFixed(3));
document.querySelector('output').textContent = shown.join(', ');
