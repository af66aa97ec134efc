// Parquet files: columns in use only, by row group, from a file, ranges of bytes or a path.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, test } from 'vitest';
import { collectDataset } from '../../src/data/dataset.js';
import { parquetSource, parquetTable } from '../../src/data/parquet.js';
import { fit } from '../../src/fit.js';
import { solveExact } from '../../src/solve-exact.js';
import { expectRefusal } from '../support/refusal.js';

const rows = Array.from({ length: 1000 }, (_, i) => i);

/** y = 2x + z, of 1000 rows in groups of 300. */
const columnData: ColumnSource[] = [
  { name: 'x', data: rows.map((i) => i / 4), type: 'DOUBLE' },
  { name: 'z', data: rows.map((i) => BigInt(i % 7)), type: 'INT64' },
  { name: 'city', data: rows.map((i) => ['Paris', 'Rome', 'Oslo'][i % 3] as string), type: 'STRING' },
  { name: 'gap', data: rows.map((i) => (i === 500 ? null : i)), type: 'INT32', nullable: true },
  { name: 'on', data: rows.map((i) => i % 2 === 0), type: 'BOOLEAN' },
  { name: 'when', data: rows.map((i) => new Date(86_400_000 * i)), type: 'TIMESTAMP' },
  { name: 'y', data: rows.map((i) => i / 2 + (i % 7)), type: 'FLOAT' },
];
const buffer = parquetWriteBuffer({ columnData, rowGroupSize: 300 });
const file = new File([buffer], 'homes.parquet');

const folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ranges of the file, with the bytes that were asked for. */
function countedRanges() {
  const read = { bytes: 0 };
  const slice = (start: number, end?: number) => {
    const part = buffer.slice(start, end);
    read.bytes += part.byteLength;
    return part;
  };
  return { read, ranges: { byteLength: buffer.byteLength, slice } };
}

describe('a Parquet file', () => {
  test('is the same from a File, ranges of bytes and a path', async () => {
    const path = join(folder, 'homes.parquet');
    writeFileSync(path, new Uint8Array(buffer));
    for (const input of [file, countedRanges().ranges, path]) {
      const dataset = await collectDataset(parquetSource(input, { target: 'y', features: ['x', 'z'] }));
      expect(dataset.exampleCount).toBe(1000);
      expect([dataset.columns[0]?.[999], dataset.columns[1]?.[999], dataset.targets[999]]).toEqual([249.75, 5, 504.5]);
      expect(dataset.origin?.reading?.source).toMatch(/^(?:homes\.parquet|the file)$/);
    }
  });

  test('is read batch by batch, and gives the exact plane', async () => {
    const source = parquetSource(file, { target: 'y', features: ['x', 'z'] });
    const counts: number[] = [];
    for await (const { targets } of source.batches()) counts.push(targets.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    const model = await solveExact(source, { method: 'moments', backend: 'cpu' });
    expect(Array.from([...model.weights, model.bias], (value) => Number(value.toFixed(6)) + 0)).toEqual([2, 1, 0]);
  });

  test('of words, truth values, dates and gaps is encoded', async () => {
    const options = { target: 'y', categories: ['city'], dates: ['when'], missing: 'drop' } as const;
    const model = await fit(parquetSource(file, options), { backend: 'cpu', epochs: 10 });
    expect(model.featureNames).toEqual(['x', 'z', 'city=Paris', 'city=Rome', 'gap', 'on', 'when']);
    expect(model.report).toMatchObject({ exampleCount: 999, reading: { rowsRead: 1000, rowsDropped: 1 } });
    await expectRefusal(
      () => collectDataset(parquetSource(file, { ...options, missing: 'error' })),
      'MISSING_VALUE',
      'homes.parquet, row 500, column "gap"',
    );
  });

  test('has its unused columns left unread', async () => {
    const [few, all] = [countedRanges(), countedRanges()];
    await collectDataset(parquetSource(few.ranges, { target: 'y', features: ['on'] }));
    await collectDataset(
      parquetSource(all.ranges, { target: 'y', categories: ['city'], dates: ['when'], missing: 'drop' }),
    );
    expect(few.read.bytes).toBeLessThan(0.7 * all.read.bytes);
  });

  test('has rows to predict', async () => {
    const model = await solveExact(parquetSource(file, { target: 'y', features: ['x', 'z'] }));
    const predictions = await model.predict(parquetTable(file));
    expect(predictions).toHaveLength(1000);
    expect(predictions[999]).toBeCloseTo(504.5, 6);
  });

  test('may be compressed in ways that need the package beside the parser', async () => {
    // gzip, which hyparquet does not have by itself
    const compressors = { GZIP: (bytes: Uint8Array) => gzipped(bytes) };
    const zipped = parquetWriteBuffer({ columnData, codec: 'GZIP', compressors });
    const dataset = await collectDataset(parquetSource(new Blob([zipped]), { target: 'y', features: ['x'] }));
    expect(dataset.targets[999]).toBe(504.5);
  });
});

describe('what is refused', () => {
  const options = { target: 'y', features: ['x'], name: 'p.parquet' };
  const read = (bytes: BlobPart) => collectDataset(parquetSource(new Blob([bytes]), options));

  test('a file that is cut off, has a wrong mark or corrupt pages', async () => {
    await expectRefusal(() => read(buffer.slice(0, buffer.byteLength - 9)), 'INVALID_FILE', 'p.parquet: ');
    await expectRefusal(() => read('x,y\n1,2\n3,4\n5,6\n7,8\n'), 'INVALID_FILE', 'a complete Parquet file');
    await expectRefusal(() => read(''), 'INVALID_FILE');
    const corrupt = new Uint8Array(buffer.slice(0));
    corrupt.fill(0xff, 4, 400);
    await expectRefusal(() => read(corrupt), 'INVALID_FILE');
  });

  test('a column that is not there, and a path that is not', async () => {
    const unknown = () => collectDataset(parquetSource(file, { target: 'price' }));
    await expectRefusal(unknown, 'UNKNOWN_COLUMN', 'homes.parquet', '"city"');
    const missing = () => collectDataset(parquetSource('/nowhere/a.parquet', { target: 'y' }));
    await expectRefusal(missing, 'FILE_UNREADABLE', 'a.parquet: ');
  });
});

/** Bytes in gzip, by Node. */
function gzipped(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes);
}
