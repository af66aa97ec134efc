import { expect } from 'vitest';
import { DescentError, type DescentErrorCode } from '../../src/base/errors.js';
import { type CsvInput, type CsvOptions, csvSource } from '../../src/data/csv.js';

export const utf8 = new TextEncoder();

/** A file with nothing unusual in it, and what `read` makes of it. */
export const SMALL = 'x1,x2,y\n1,2,3\n4,5,6\n';
export const SMALL_READ = {
  features: ['x1', 'x2'],
  target: 'y',
  columns: [
    [1, 4],
    [2, 5],
  ],
  targets: [3, 6],
  batchRows: [2],
};

/** Opens streams that yield `size` bytes at a time. */
export function inPieces(content: string | Uint8Array, size: number): () => ReadableStream<Uint8Array> {
  const bytes = typeof content === 'string' ? utf8.encode(content) : content;
  return () => {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, (at += size)));
      },
    });
  };
}

/** Reads a source to its end: names, and every column as a plain list. */
export async function read(input: CsvInput, options: CsvOptions) {
  const source = csvSource(input, options);
  const { features, target } = await source.columns();
  const columns: number[][] = features.map(() => []);
  const targets: number[] = [];
  const batchRows: number[] = [];
  for await (const batch of source.batches()) {
    expect(batch.features).toHaveLength(features.length);
    for (const [j, column] of batch.features.entries()) {
      expect(column).toHaveLength(batch.targets.length);
      for (const value of column) columns[j]?.push(value);
    }
    for (const value of batch.targets) targets.push(value);
    batchRows.push(batch.targets.length);
  }
  return { features, target, columns, targets, batchRows };
}

/** Reads to the end, which must fail with this code and one line that holds every one of these texts. */
export async function expectFailure(
  input: CsvInput,
  options: CsvOptions,
  code: DescentErrorCode,
  ...texts: string[]
): Promise<DescentError> {
  const error = await read(input, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DescentError)) throw new Error(`expected a DescentError, got ${String(error)}`);
  expect(error.code, error.message).toBe(code);
  for (const text of texts) expect(error.message).toContain(text);
  expect(error.message).not.toMatch(/[\r\n]/);
  return error;
}
