// Parquet files at an address, read by ranges from a server on this machine that counts what it sends.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collectDataset } from '../../src/data/dataset.js';
import { parquetSource, parquetTable } from '../../src/data/parquet.js';
import { fit } from '../../src/fit.js';
import { normals } from '../support/examples.js';
import { expectRefusal } from '../support/refusal.js';

const ROWS = 200_000;
const GROUP = 50_000;
const COLUMNS = 6;

/** Columns of normal numbers, which take all of their 8 bytes, and y = 2·x1 − x2. */
const columns = Array.from({ length: COLUMNS }, (_, j) => Float64Array.from(normals(j + 1, ROWS)));
const columnData: ColumnSource[] = [
  ...columns.map((data, j): ColumnSource => ({ name: `x${j + 1}`, data, type: 'DOUBLE' })),
  { name: 'y', data: columns[0]!.map((value, i) => 2 * value - columns[1]![i]!), type: 'DOUBLE' },
];
const file = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: GROUP, codec: 'UNCOMPRESSED' }));

/** Bytes of one column. */
const COLUMN = 8 * ROWS;
/** The end of the file, which is fetched at once for what the file says of itself. */
const FOOTER = 2 ** 19;

let server: Server;
let sent: { bytes: number; most: number; requests: number };
/** Answers in place of the file. */
let refuse: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;

beforeEach(async () => {
  sent = { bytes: 0, most: 0, requests: 0 };
  refuse = undefined;
  server = createServer((request, response) => {
    if (refuse?.(request, response)) return;
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const part = from === undefined ? file : file.subarray(Number(from), to ? Number(to) + 1 : undefined);
    response.writeHead(from === undefined ? 200 : 206, { 'content-length': part.length, 'accept-ranges': 'bytes' });
    if (request.method === 'HEAD') return void response.end();
    sent.requests += 1;
    sent.bytes += part.length;
    sent.most = Math.max(sent.most, part.length);
    response.end(part);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/data/numbers.parquet`;

describe('a Parquet file at an address', () => {
  test('is read column by column and row group by row group', async () => {
    const source = parquetSource(address(), { target: 'y', features: ['x1', 'x2'] });
    const dataset = await collectDataset(source);
    expect(dataset.exampleCount).toBe(ROWS);
    expect(dataset.columns).toEqual(columns.slice(0, 2));
    expect(dataset.origin?.reading?.source).toBe('numbers.parquet');
    // Three columns of seven, with some bytes of headers of their pages.
    expect(sent.bytes).toBeGreaterThan(3 * COLUMN);
    expect(sent.bytes).toBeLessThan(3.05 * COLUMN + FOOTER);
    expect(sent.most).toBeLessThan(Math.max(FOOTER, 3.1 * 8 * GROUP) + 1);
  });

  test('is streamed when it is larger than the memory budget, by a URL too', async () => {
    const source = parquetSource(new URL(address()), { target: 'y', features: ['x1', 'x2'] });
    const { weights, report } = await fit(source, { memoryBudget: 3.2e6, loss: 'huber', huberDelta: 1 });
    expect(report.source?.read).toBe('streamed');
    expect(weights[0]).toBeCloseTo(2, 9);
    expect(weights[1]).toBeCloseTo(-1, 9);
    const passes = report.source?.passes ?? 0;
    expect(sent.bytes).toBeLessThan(3.05 * COLUMN * passes + FOOTER);
    expect(sent.bytes).toBeGreaterThan(3 * COLUMN * (passes - 1)); // the first pass ends at the budget
  });

  test('is predicted from without its other columns', async () => {
    const model = await fit({ columns: { x1: [1, 2, 3], x2: [0, 1, 0] }, targets: [2, 3, 6] }, { backend: 'cpu' });
    const predictions = await model.predict(parquetTable(address()));
    expect(predictions).toHaveLength(ROWS);
    expect(predictions[17]).toBeCloseTo(columnData[6]!.data[17] as number, 9);
    expect(sent.bytes).toBeLessThan(2.05 * COLUMN + FOOTER);
  });

  test('says what the server said where there is none, or it stops in the middle', async () => {
    refuse = (_, response) => (response.writeHead(404).end(), true);
    const read = () => collectDataset(parquetSource(address(), { target: 'y', features: ['x1'] }));
    await expectRefusal(read, 'FILE_UNREADABLE', 'numbers.parquet', '404', 'address');
    refuse = (request, response) => {
      if (request.method === 'HEAD' || sent.requests < 2) return false;
      response.writeHead(503).end();
      return true;
    };
    await expectRefusal(read, 'FILE_UNREADABLE', 'numbers.parquet', '503');
    refuse = (request) => {
      if (request.method === 'HEAD' || sent.requests < 2) return false;
      request.socket.destroy();
      return true;
    };
    sent.requests = 0;
    await expectRefusal(read, 'FILE_UNREADABLE', 'numbers.parquet');
  });

  test('ends with a signal while the server keeps silent', async () => {
    refuse = (request) => request.method !== 'HEAD' && sent.requests >= 2;
    for (const of of ['the fit', 'the source'] as const) {
      sent.requests = 0;
      const signal = AbortSignal.timeout(300);
      const source = parquetSource(address(), { target: 'y', ...(of === 'the source' && { signal }) });
      const fitting = fit(source, { loss: 'logistic', ...(of === 'the fit' && { signal }) });
      await expect(fitting, of).rejects.toMatchObject({ name: 'TimeoutError' }); // or never, for want of an answer
    }
  });
});
