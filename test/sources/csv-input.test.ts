import { describe, expect, test } from 'vitest';
import { DescentError } from '../../src/base/errors.js';
import { type CsvInput, csvSource } from '../../src/data/csv.js';
import { expectFailure, inPieces, read, SMALL, SMALL_READ, utf8 } from './read.js';

describe('input', () => {
  test('text, Blob, File, stream and promised stream are the same to the reader', async () => {
    const inputs: CsvInput[] = [
      SMALL,
      new Blob([SMALL]),
      new File([SMALL], 'small.csv'),
      inPieces(SMALL, 1000),
      () => Promise.resolve(inPieces(SMALL, 1000)()),
    ];
    for (const input of inputs) expect(await read(input, { target: 'y' })).toEqual(SMALL_READ);
  });

  test('a source is called by its option, else by its file name, else CSV', () => {
    expect(csvSource(new File([SMALL], 'small.csv'), { target: 'y' }).name).toBe('small.csv');
    expect(csvSource(new File([SMALL], 'small.csv'), { target: 'y', name: 'other' }).name).toBe('other');
    expect(csvSource(new Blob([SMALL]), { target: 'y' }).name).toBe('CSV');
    expect(csvSource(SMALL, { target: 'y' }).name).toBe('CSV');
  });

  test('batches() reads anew each time, on its own arrays', async () => {
    let opened = 0;
    const open = inPieces(SMALL, 5);
    const source = csvSource(() => (opened++, open()), { target: 'y' });
    const reads: number[][] = [];
    for (let i = 0; i < 3; i++) {
      for await (const { targets } of source.batches()) {
        reads.push([...targets]);
        targets.fill(NaN);
      }
    }
    expect(reads).toEqual([
      [3, 6],
      [3, 6],
      [3, 6],
    ]);
    expect(opened).toBe(3);
  });

  test('a reader that stops early cancels the stream, and so does columns()', async () => {
    let cancelled = 0;
    const row = utf8.encode('1,2\n'.repeat(100_000));
    const open = () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(utf8.encode('x,y\n')),
        pull: (controller) => controller.enqueue(row), // never ends
        cancel: () => {
          cancelled++;
        },
      });
    const source = csvSource(open, { target: 'y' });
    expect(await source.columns()).toEqual({ features: ['x'], target: 'y' });
    expect(cancelled).toBe(1);
    for await (const batch of source.batches()) {
      expect(batch.targets).toHaveLength(65_536);
      break;
    }
    expect(cancelled).toBe(2);
  });

  test('a stream is pulled as batches are taken, not ahead of them', async () => {
    let pulled = 0;
    const row = utf8.encode('1,2\n'.repeat(10_000));
    const open = () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(utf8.encode('x,y\n')),
        pull: (controller) => (pulled++, controller.enqueue(row)),
      });
    const batches = csvSource(open, { target: 'y' }).batches()[Symbol.asyncIterator]();
    await batches.next();
    const afterOne = pulled;
    expect(afterOne).toBeLessThan(20); // 65,536 rows are 7 pieces, a block of text ahead is 7 more
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pulled).toBe(afterOne);
    await batches.return?.();
  });

  test('a stream that breaks off, does not open or was read before is FILE_UNREADABLE', async () => {
    const broken = () =>
      new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('disk gone')) });
    const error = await expectFailure(broken, { target: 'y', name: 'a.csv' }, 'FILE_UNREADABLE', 'a.csv', 'disk gone');
    expect(error.cause).toBeInstanceOf(Error);
    await expectFailure(() => Promise.reject(new Error('no such file')), { target: 'y' }, 'FILE_UNREADABLE', 'no such');
    const once = inPieces(SMALL, 10)();
    once.getReader();
    await expectFailure(() => once, { target: 'y' }, 'FILE_UNREADABLE', 'opens a new stream');
  });

  test('a DescentError of the opener passes unchanged', async () => {
    const own = new DescentError('FILE_UNREADABLE', { got: 'x.csv', expected: 'a file', fix: 'Check the path.' });
    await expect(csvSource(() => Promise.reject(own), { target: 'y' }).columns()).rejects.toBe(own);
  });
});
