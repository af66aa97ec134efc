// A source in passes: what it refuses, how it ends, and what is said of it.

import { describe, expect, it } from 'vitest';
import { type Checkpoint, fit, fitSteps, type FitOptions, resume } from '../../src/index.js';
import type { ColumnBatch, ExampleSource } from '../../src/data/source.js';
import { csvSource } from '../../src/data/csv.js';
import { checkedBatches } from '../../src/data/source-batches.js';
import type { ReadProgress } from '../../src/data/read-watch.js';
import { expectRefusal, refusalOf } from '../support/refusal.js';
import { arraysOf, streamOf, type TestStream } from '../support/streams.js';

const ROWS = 2000;
const BATCH = 200;
const SIZE = { rows: ROWS, batch: BATCH } as const;
/** Two whole batches of five columns. */
const BUDGET = 2 * BATCH * 5 * 8;

const LOGISTIC = { loss: 'logistic', backend: 'cpu', memoryBudget: BUDGET } as const;
const DESCENT = { ...LOGISTIC, optimizer: 'gradientDescent', epochs: 20 } as const;

const logistic = () => streamOf({ ...SIZE, loss: 'logistic' });

/** The source with other batches from some pass on. */
function changingFrom(source: TestStream, pass: number, change: (batch: ColumnBatch, k: number) => ColumnBatch | null) {
  const changed: ExampleSource = {
    name: 'changing',
    columns: () => source.columns(),
    async *batches() {
      const isChanged = source.begun + 1 >= pass;
      let k = 0;
      for await (const batch of source.batches()) {
        const given = isChanged ? change(batch, k++) : batch;
        if (given) yield given;
      }
    },
  };
  return changed;
}

describe('the memory budget', () => {
  it('decides if a source is held, and the report says so', async () => {
    const source = logistic();
    const bytes = ROWS * 5 * 8;
    const held = await fit(source, { ...LOGISTIC, memoryBudget: bytes });
    expect(held.report.source).toEqual({ read: 'gathered', passes: 1 });
    expect(source.begun).toBe(1);
    const streamed = await fit(source, { ...LOGISTIC, memoryBudget: bytes - 1 });
    expect(streamed.report.source?.read).toBe('streamed');
    expect((await fit(arraysOf(source), LOGISTIC)).report.source).toBeNull();
  });

  it('refuses a batch that is larger', async () => {
    const text = `stream, batch from row 0: ${BATCH} rows in ${BATCH * 40} bytes; expected at most 7999`;
    await expectRefusal(() => fit(logistic(), { ...LOGISTIC, memoryBudget: 7999 }), 'TOO_LARGE', text);
  });

  it.each([
    ['one batch ahead where both fit', BUDGET, 2],
    ['none where they do not', BUDGET - 1, 1],
  ])('lets be read %s', async (_, mostBytes, asked) => {
    const source = logistic();
    let handed = 0;
    const counting = changingFrom(source, 1, (batch) => ((handed += 1), batch));
    for await (const { targets } of checkedBatches({ ...counting, mostBytes })) {
      expect(targets.length).toBe(BATCH);
      await new Promise((resolve) => setTimeout(resolve, 5));
      break;
    }
    expect(handed).toBe(asked);
    expect(source.ended).toBe(source.begun);
  });

  it.each<[FitOptions, string]>([
    [{ batchSize: 10 }, "batchSize 10; expected batchSize 'full'"],
    [{ validationFraction: 0.2, epochs: 5 }, 'validationFraction 0.2; expected no validationFraction'],
    [{ kernels: 'textbook', backend: 'cpu' }, "kernels 'textbook'; expected kernels 'auto'"],
    [{ backend: 'reference' }, "backend 'reference'; expected backend 'cpu'"],
  ])('refuses %j for a source that is larger', async (options, text) => {
    await expectRefusal(
      () => fit(logistic(), { ...LOGISTIC, ...options }),
      'INVALID_OPTION',
      text,
      'raise memoryBudget',
    );
  });
});

describe('a source that is read again', () => {
  const other = Float64Array.of(1);
  it.each<[string, (batch: ColumnBatch, k: number) => ColumnBatch | null, string]>([
    ['fewer rows', (batch, k) => (k === 3 ? null : batch), 'rows in changing as it was read again; expected 2000'],
    ['more rows', (batch, k) => (k === 0 ? twice(batch) : batch), '2000, as in the pass before'],
    [
      'other targets',
      (batch, k) => (k === 2 ? { ...batch, targets: batch.targets.map((y) => 1 - y) } : batch),
      'other targets in its 2000 rows',
    ],
  ])('is refused with %s', async (_, change, text) => {
    await expectRefusal(() => fit(changingFrom(logistic(), 3, change), LOGISTIC), 'SOURCE_CHANGED', text);
    await expectRefusal(() => fit(changingFrom(logistic(), 4, change), DESCENT), 'SOURCE_CHANGED', text);
  });

  it('is refused with other columns', async () => {
    const source = logistic();
    const names = { features: ['x1', 'x2', 'x3', 'x4'], target: 'y' };
    const renamed: ExampleSource = {
      name: 'renamed',
      columns: () => Promise.resolve(source.begun < 3 ? names : { ...names, features: ['x1', 'x3', 'x2', 'x4'] }),
      batches: () => source.batches(),
    };
    await expectRefusal(() => fit(renamed, LOGISTIC), 'SOURCE_CHANGED', "columns 'x1', 'x3', 'x2', 'x4'");
  });

  it('is refused with batches of another shape, with the row', async () => {
    const narrow = (batch: ColumnBatch, k: number) => (k === 1 ? { ...batch, features: [other] } : batch);
    const source = logistic();
    await expectRefusal(() => fit(changingFrom(source, 3, narrow), LOGISTIC), 'SHAPE_MISMATCH', 'batch from row 200');
    expect(source.ended).toBe(source.begun);
  });
});

function twice({ features, targets }: ColumnBatch): ColumnBatch {
  const doubled = (values: Float64Array) => Float64Array.of(...values, ...values);
  return { features: features.map(doubled), targets: doubled(targets) };
}

describe.each<[string, FitOptions]>([
  ['a solver', LOGISTIC],
  ['descent', DESCENT],
  ['descent on moments', { ...DESCENT, loss: 'squared' }],
  ['the exact solution', { backend: 'cpu', memoryBudget: BUDGET }],
])('%s', (_, options) => {
  it('gives the error of the source as a cause, in whichever pass it comes, and closes every pass', async () => {
    const failure = new Error('the disk is gone');
    for (const pass of [1, 2]) {
      const source = streamOf({ ...SIZE, loss: options.loss ?? 'squared' });
      const broken = changingFrom(source, pass, (batch, k) => {
        if (k === 4) throw failure;
        return batch;
      });
      const memoryBudget = pass === 1 ? 1e9 : BUDGET;
      const error = await refusalOf(() => fit(broken, { ...options, memoryBudget }));
      expect(error).toMatchObject({ code: 'FILE_UNREADABLE', cause: failure });
      expect(error.message).toContain('the disk is gone');
      expect(source.ended).toBe(source.begun);
    }
  });

  it('ends within 100 ms of an abort, even while a batch is waited for', async () => {
    for (const pass of [1, 2]) {
      const [source, abort, reason] = [
        streamOf({ ...SIZE, loss: options.loss ?? 'squared' }),
        new AbortController(),
        new Error('enough'),
      ];
      const hanging: ExampleSource = {
        name: 'hanging',
        columns: () => source.columns(),
        async *batches() {
          const isHanging = source.begun + 1 === pass;
          for await (const batch of source.batches()) {
            yield batch;
            if (!isHanging) continue;
            setTimeout(() => abort.abort(reason), 20);
            await new Promise(() => undefined); // for ever, so that whoever waits for it does not end
          }
        },
      };
      const ended = await fit(hanging, { ...options, signal: abort.signal }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(ended).toBe(reason);
    }
  });
});

describe('epochs on a source', () => {
  it('end with the model so far when a signal says so, before another batch is taken in', async () => {
    const [source, abort] = [logistic(), new AbortController()];
    let later = 0;
    const onRead = ({ rows }: ReadProgress) => {
      if (abort.signal.aborted) later += 1;
      else if (source.begun === 12 && rows >= ROWS / 2) abort.abort();
    };
    const { report } = await fit(source, { ...DESCENT, signal: abort.signal, onRead });
    expect(later).toBe(0);
    expect(report.stopReason).toBe('aborted');
    expect(report.epochsRun).toBeGreaterThan(5);
    expect(report.epochsRun).toBeLessThan(20);
    expect(report.converged).toBe(false);
    expect(source.ended).toBe(source.begun);
  });

  it('go on from a checkpoint as if there had been no pause', async () => {
    for (const optimizer of ['gradientDescent', 'adam'] as const) {
      const whole = await fit(logistic(), { ...DESCENT, optimizer });
      const first = await fit(logistic(), { ...DESCENT, optimizer, epochs: 8 });
      const saved: unknown = JSON.parse(JSON.stringify(first.checkpoint()));
      const rest = await resume(saved as Checkpoint, logistic(), { epochs: 20 });
      expect(rest.weights).toEqual(whole.weights);
      expect(rest.report.lossHistory).toEqual(whole.report.lossHistory);
    }
  });

  it('refuse the checkpoint of other examples', async () => {
    const saved = (await fit(logistic(), DESCENT)).checkpoint();
    const fewer = streamOf({ ...SIZE, rows: 1500, loss: 'logistic' });
    await expectRefusal(() => resume(saved, fewer, { epochs: 30 }), 'SHAPE_MISMATCH', '1500 examples; expected 2000');
  });

  it('go step by step', async () => {
    const whole = await fit(logistic(), DESCENT);
    const steps = fitSteps(logistic(), { ...DESCENT, epochsPerStep: 6 });
    const epochs: number[] = [];
    for await (const { epoch } of steps) epochs.push(epoch);
    expect(epochs).toEqual([6, 12, 18, 20]);
    expect((await steps.model()).weights).toEqual(whole.weights);
  });
});

describe('what is told', () => {
  it('is the progress of each pass', async () => {
    const source = logistic();
    const seen: ReadProgress[] = [];
    await fit(source, { ...LOGISTIC, onRead: (progress) => seen.push(progress) });
    expect(seen.filter(({ rows }) => rows === ROWS)).toHaveLength(source.begun - 1); // the first pass ends at the budget
    expect(seen.every(({ rowsPerSecond }) => rowsPerSecond > 0)).toBe(true);
  });

  it('is the progress of a table that is gathered, too', async () => {
    const seen: number[] = [];
    const onRead = ({ rows }: ReadProgress) => seen.push(rows);
    await fit(csvSource('x,y\n1,2\n2,3\n4,9\n', { target: 'y' }), { onRead });
    expect(seen.at(-1)).toBe(3);
    await expectRefusal(() => fit(logistic(), { onRead: true } as never), 'INVALID_OPTION', 'onRead', 'a function');
  });
});
