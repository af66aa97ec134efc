// Sources of a caller: their batches are checked, their errors have a code, and reading them ends when it is told to.

import { describe, expect, test } from 'vitest';
import { computeMoments } from '../../src/compute-moments.js';
import { csvSource, csvTable } from '../../src/data/csv.js';
import type { ReadProgress } from '../../src/data/read-watch.js';
import type { ColumnBatch, ExampleSource } from '../../src/data/source.js';
import { tableBatches } from '../../src/data/table-batches.js';
import { fit } from '../../src/fit.js';
import { solveExact } from '../../src/solve-exact.js';
import { expectRefusal, refusalOf } from '../support/refusal.js';
import { inPieces } from './read.js';

const CPU = { backend: 'cpu' } as const;

/** A source of these batches, with the number of passes that were begun and ended. */
function sourceOf(batches: readonly ColumnBatch[], failure?: Error) {
  const passes = { begun: 0, ended: 0 };
  const source: ExampleSource = {
    name: 'sensor',
    columns: () => Promise.resolve({ features: ['x', 'z'], target: 'y' }),
    async *batches() {
      passes.begun += 1;
      try {
        for (const batch of batches) yield await Promise.resolve(batch);
        if (failure) throw failure;
      } finally {
        passes.ended += 1;
      }
    },
  };
  return { source, passes };
}

function batchOf(x: number[], z: number[], y: number[], weights?: number[]): ColumnBatch {
  const [first, second, targets] = [x, z, y].map((values) => Float64Array.from(values)) as [Float64Array, Float64Array, Float64Array]; // prettier-ignore
  return {
    features: [first, second],
    targets,
    ...(weights && { exampleWeights: Float64Array.from(weights) }),
  };
}

const GOOD = batchOf([1, 2, 3], [0, 1, 1], [3, 5, 8]);

const READERS: readonly (readonly [string, (source: ExampleSource) => Promise<unknown>])[] = [
  ['fit', (source) => fit(source, CPU)],
  ['fit by moments', (source) => fit(source, { ...CPU, strategy: 'moments' })],
  ['computeMoments', (source) => computeMoments(source, CPU)],
  ['solveExact by moments', (source) => solveExact(source, { ...CPU, method: 'moments' })],
];

describe.each(READERS)('%s', (_, readAll) => {
  test.each<[string, ColumnBatch, string]>([
    ['fewer values', batchOf([1], [1, 2], [1, 2]), "batch from row 3: 1 values of 'x' and 2 targets"],
    ['a column less', { ...GOOD, features: GOOD.features.slice(1) }, 'batch from row 3: 1 columns; expected 2'],
    ['weights that others lack', batchOf([1], [2], [3], [1]), 'batch from row 3: 1 weights; expected none'],
  ])('refuses a batch with %s, with its row', async (_name, batch, text) => {
    const { source, passes } = sourceOf([GOOD, batch]);
    await expectRefusal(() => readAll(source), 'SHAPE_MISMATCH', 'sensor', text);
    expect(passes.ended).toBe(passes.begun);
  });

  test('does not take the rows of two batches for each other', async () => {
    const { source } = sourceOf([batchOf([1, 2], [1, 2], [1]), batchOf([3], [3], [2, 3])]);
    await expectRefusal(() => readAll(source), 'SHAPE_MISMATCH', "2 values of 'x' and 1 targets");
  });

  test('gives the error of a source a code, with the row that it came to', async () => {
    const failure = new Error('connection lost');
    const { source, passes } = sourceOf([GOOD], failure);
    const error = await refusalOf(() => readAll(source));
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE', cause: failure });
    expect(error.message).toContain('sensor, after row 3: connection lost');
    expect(passes.ended).toBe(passes.begun);
  });

  test('reads a source that is right', async () => expect(await readAll(sourceOf([GOOD, GOOD]).source)).toBeDefined());
});

describe('reading', () => {
  const csv = `x,y\n${Array.from({ length: 200_000 }, (_, i) => `${i},${2 * i + 1}\n`).join('')}`;

  test('tells its progress', async () => {
    const seen: ReadProgress[] = [];
    await fit(csvSource(csv, { target: 'y', onRead: (progress) => seen.push(progress) }), CPU);
    expect(seen.at(-1)?.rows).toBe(200_000);
    expect(seen.map(({ rows }) => rows)).toEqual(seen.map(({ rows }) => rows).sort((a, b) => a - b));
    expect(seen.every(({ rowsPerSecond }) => rowsPerSecond > 0)).toBe(true);
  });

  test('ends between two blocks when a signal of the source or of the fit says so', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const stop = ({ rows }: ReadProgress) => rows > 0 && abort.abort(reason);
    let rowCount = 0;
    const options = { target: 'y', onRead: (progress: ReadProgress) => (stop(progress), (rowCount = progress.rows)) };
    const source = csvSource(inPieces(csv, 50_000), options);
    await expect(fit(source, { ...CPU, signal: abort.signal })).rejects.toBe(reason);
    expect(rowCount).toBeLessThan(100_000);
    const own = csvSource(csv, { target: 'y', signal: abort.signal });
    await expect(fit(own, CPU)).rejects.toBe(reason);
    const model = await fit({ features: [[1], [2], [3]], targets: [1, 2, 3] }, CPU);
    await expect(model.predict(csvTable('x1\n1\n', { signal: abort.signal }))).rejects.toBe(reason);
  });

  test('closes the sequence of batches when it ends', async () => {
    let isClosed = false;
    const abort = new AbortController();
    async function* batches() {
      try {
        for (let x = 0; ; x++) {
          if (x === 5) abort.abort();
          yield await Promise.resolve([{ x, y: x }]);
        }
      } finally {
        isClosed = true;
      }
    }
    const source = tableBatches(batches, { target: 'y', signal: abort.signal });
    await expect(fit(source, CPU)).rejects.toMatchObject({ name: 'AbortError' });
    expect(isClosed).toBe(true);
  });

  test('leaves the thread to timers, whose signal ends it', async () => {
    const source: ExampleSource = {
      name: 'endless',
      columns: () => Promise.resolve({ features: ['x', 'z'], target: 'y' }),
      async *batches() {
        for (;;) yield await Promise.resolve(GOOD);
      },
    };
    const signal = AbortSignal.timeout(100);
    for (const read of [
      (own: ExampleSource) => fit(own, { ...CPU, signal, strategy: 'moments' }),
      (own: ExampleSource) => fit(own, { ...CPU, signal }),
    ])
      // prettier-ignore
      await expect(read(source)).rejects.toMatchObject({ name: 'TimeoutError' });
    const text = `x,y\n${'1,2\n3,4\n'.repeat(1_500_000)}`;
    const slow = csvSource(text, { target: 'y', signal: AbortSignal.timeout(60) });
    await expect(fit(slow, CPU)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
