// Fits in a worker, here a thread of Node: the same models, errors and progress as on the thread of the caller.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tableFromArrays } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Library from '../src/index.js';
import type * as Csv from '../src/data/csv.js';
import type * as WorkerModule from '../src/create-worker.js';
import { BUILT } from './support/built.js';

const built = async <Module>(name: string) =>
  (await import(/* @vite-ignore */ pathToFileURL(join(BUILT, `${name}.js`)).href)) as Module;
const { createWorker } = await built<typeof WorkerModule>('worker');
const library = await built<typeof Library>('index');
const { csvSource } = await built<typeof Csv>('csv');
const { DescentError, fit, LinearModel } = library;

let worker: WorkerModule.FitWorker;
beforeAll(() => void (worker = createWorker()));
afterAll(() => worker.close());

const ROWS = 400;
const features = Float64Array.from({ length: 2 * ROWS }, (_, i) => Math.sin(i * i));
const targets = Float64Array.from({ length: ROWS }, (_, i) => 3 * features[2 * i]! - 2 * features[2 * i + 1]! + 0.5);
const DATA = { features, targets, featureCount: 2, featureNames: ['left', 'right'] };
const OPTIONS = { backend: 'cpu', epochs: 20, learningRate: 0.3, tolerance: 0 } as const;

const errorOf = (fitting: Promise<unknown>) =>
  fitting.then(
    () => undefined,
    (error: unknown) => error,
  );
const parts = ({ weights, bias, featureNames, targetName, loss, classes, objective }: Library.LinearModel) => ({
  ...{ weights, bias, featureNames, targetName, loss, classes, objective },
});

describe('a fit in a worker', () => {
  it('returns the model of a fit here, to the last bit, with its report', async () => {
    const [there, here] = [await worker.fit(DATA, OPTIONS), await fit(DATA, OPTIONS)];
    expect(there).toBeInstanceOf(LinearModel);
    expect(parts(there)).toEqual(parts(here));
    expect({ ...there.report, timings: here.report.timings }).toEqual(here.report);
    expect(there.checkpoint()).toEqual(here.checkpoint());
    expect(await there.predict(features)).toEqual(await here.predict(features));
  });

  it.each<[string, () => Promise<Library.FitData> | Library.FitData]>([
    ['columns', () => ({ columns: { a: features.slice(0, ROWS), b: features.slice(ROWS) }, targets })],
    ['a dataset', () => library.createDataset(DATA)],
    ['synthetic data', () => library.syntheticRegression({ rows: 100, features: 3 })],
    ['moments', () => library.computeMoments(DATA)],
    ['CSV', () => csvSource('a,b,y\n1,2,3\n2,1,5\n4,4,1\n0,3,3\n', { target: 'y' })],
    ['a table of Arrow', () => ({ table: tableFromArrays({ x: [1, 2, 3, 5], y: [2, 4, 7, 9] }), target: 'y' })],
    ['vectors of Arrow', () => ({ columns: { x: tableFromArrays({ x: [1, 2, 4] }).getChild('x')! }, targets: [1, 2, 3] })],
    ['a table with categories', () => ({
      table: Array.from({ length: 9 }, (_, i) => ({ city: i % 2 ? 'Oslo' : 'Rome', area: i * i, rent: i })),
      target: 'rent',
      categories: ['city'],
    })],
    ['a dataset of a table', async () =>
      library.collectDataset(csvSource('city,y\nOslo,1\nRome,2\nOslo,3\n', { target: 'y', categories: ['city'] }))],
  ])('takes %s', async (_form, data) => {
    const [there, here] = [await worker.fit(await data()), await fit(await data())];
    expect(parts(there)).toEqual(parts(here));
    expect(there.encoder?.toJSON()).toEqual(here.encoder?.toJSON());
  }); // prettier-ignore

  it('starts from a model, and knows its classes', async () => {
    const labels = Array.from(targets, (value) => (value > 0 ? 'yes' : 'no'));
    const logistic = { loss: 'logistic', l2: 0.01 } as const;
    const first = await worker.fit({ ...DATA, targets: labels }, logistic);
    const again = await worker.fit({ ...DATA, targets: labels }, { ...logistic, warmStart: first });
    expect(first.classes).toEqual(['no', 'yes']);
    expect(await again.predictClass(features)).toEqual(await first.predictClass(features));
  });

  it('calls back with progress and warnings, in their order', async () => {
    const losses: number[] = [];
    const warnings: string[] = [];
    const model = await worker.fit(DATA, {
      ...OPTIONS,
      onProgress: (progress) => losses.push(...progress.losses),
      onWarning: ({ code }) => warnings.push(code),
    });
    expect(losses).toEqual(model.report.lossHistory);
    expect(warnings).toEqual(model.report.warnings.map(({ code }) => code));
    expect(warnings).toContain('NOT_CONVERGED');
  });

  it('ends by a signal: before training with its reason, and later with the model so far', async () => {
    expect(await errorOf(worker.fit(DATA, { ...OPTIONS, signal: AbortSignal.abort('early') }))).toBe('early');
    const controller = new AbortController();
    const model = await worker.fit(DATA, {
      ...{ backend: 'cpu', epochs: 10_000_000, learningRate: 1e-9, tolerance: 0 },
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(model.report.stopReason).toBe('aborted');
    const other = new AbortController();
    const fitting = worker.fit(DATA, { signal: other.signal, backend: 'cpu' });
    other.abort('soon');
    expect(await errorOf(fitting)).toBe('soon');
  });

  it('rejects with the errors of fit, whole', async () => {
    for (const [data, options] of [
      [{ ...DATA, targets: [1, 2] }, {}],
      [DATA, { epoch: 3 }],
      [DATA, { loss: 'mse' }],
      [{ ...DATA, features: features.map((x, i) => (i === 4 ? Number.NaN : x)) }, {}],
      ['a string', {}],
      [null, {}],
    ] as [never, never][]) {
      const [there, here] = [await errorOf(worker.fit(data, options)), await errorOf(fit(data, options))];
      expect(there).toBeInstanceOf(DescentError);
      expect((there as Library.DescentError).toJSON()).toEqual((here as Library.DescentError).toJSON());
    }
  });

  it('ends with the error of a callback', async () => {
    const onProgress = () => {
      throw new RangeError('from the caller');
    };
    expect(await errorOf(worker.fit(DATA, { ...OPTIONS, onProgress }))).toEqual(new RangeError('from the caller'));
  });

  it.each<[string, unknown, object, string]>([
    ['a context', DATA, { context: { device: {} } }, 'a context'],
    ['a function of the epoch', DATA, { learningRate: () => 0.1 }, 'use schedule and warmupEpochs'],
    ['GPUBuffers', { features: { mapState: '', usage: 0, size: 8 }, targets }, {}, 'GPUBuffers as data'],
    ['a signal of another kind', DATA, { signal: 3 }, 'signal of type number'],
    ['options that are none', DATA, [] as object, 'options of type array'],
  ])('refuses what cannot leave its thread: %s', async (_what, data, options, text) => {
    const error = await errorOf(worker.fit(data as Library.FitData, options));
    expect(error).toMatchObject({ code: 'INVALID_OPTION' });
    expect(String(error)).toContain(text);
  });

  it('says that no message holds a function in data', async () => {
    const data = { ...DATA, exampleWeights: [() => 1] } as never;
    expect(await errorOf(worker.fit(data))).toMatchObject({ code: 'INVALID_VALUE', fix: expect.stringContaining('toRaw') as string }); // prettier-ignore
  });
});

describe('data', () => {
  it('are copied, and with transfer moved', async () => {
    const [mine, moved] = [features.slice(), features.slice()];
    const copied = await worker.fit({ ...DATA, features: mine });
    const found = await worker.fit({ ...DATA, features: moved, targets: targets.slice() }, { transfer: true });
    expect([mine.length, moved.length]).toEqual([2 * ROWS, 0]);
    expect(found.weights).toEqual(copied.weights);
    const columns = { a: features.slice(0, ROWS), b: features.slice(ROWS) };
    await worker.fit({ columns, targets: targets.slice() }, { transfer: true });
    expect([columns.a.length, columns.b.length]).toEqual([0, 0]);
  });

  it('in shared memory are neither', async () => {
    const shared = new Float64Array(new SharedArrayBuffer(features.byteLength));
    shared.set(features);
    const model = await worker.fit({ ...DATA, features: shared, targets: targets.slice() }, { transfer: true });
    expect(shared.length).toBe(2 * ROWS);
    expect(model.weights).toEqual((await fit(DATA)).weights);
  });
});

describe('a worker', () => {
  it('fits several at a time', async () => {
    const models = await Promise.all([0, 1, 2].map((l2) => worker.fit(DATA, { l2 })));
    const sizes = models.map(({ weights }) => Math.abs(weights[0]!));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(new Set(sizes).size).toBe(3);
  });

  it('ends its fits when it is closed, and takes no more', async () => {
    const other = createWorker();
    const fitting = errorOf(other.fit(DATA, { backend: 'cpu', epochs: 10_000_000, learningRate: 1e-9, tolerance: 0 }));
    await other.fit(DATA);
    other.close();
    expect(await fitting).toMatchObject({ code: 'DISPOSED', got: 'a worker that was closed' });
    expect(await errorOf(other.fit(DATA))).toMatchObject({ code: 'DISPOSED' });
    other.close();
  });

  it('of the caller is used, and its failure is said', async () => {
    const listeners = new Map<string, (event: object) => void>();
    const own = {
      postMessage: () =>
        queueMicrotask(() => listeners.get('error')?.({ message: '', preventDefault: () => undefined })),
      addEventListener: (type: string, listener: (event: object) => void) => void listeners.set(type, listener),
      terminate: () => undefined,
    };
    const failing = createWorker({ worker: own });
    const error = await errorOf(failing.fit(DATA));
    expect(error).toMatchObject({ code: 'WORKER_LOST', got: 'no worker: its script did not load' });
    expect(await errorOf(failing.fit(DATA))).toBe(error);
  });

  it('of the caller ends a fit by the reason of the signal, which no message holds', async () => {
    const controller = new AbortController();
    let answer: (event: object) => void = () => undefined;
    const own = {
      postMessage: ({ type, id }: { type: string; id: number }) =>
        type === 'fit' ? controller.abort(() => 'why') : answer({ data: { type: 'aborted', id } }),
      addEventListener: (type: string, listener: (event: object) => void) => {
        if (type === 'message') answer = listener;
      },
      terminate: () => undefined,
    };
    const ended = errorOf(createWorker({ worker: own }).fit(DATA, { signal: controller.signal }));
    expect(await ended).toBe(controller.signal.reason);
  });

  it.each([[{ worker: 'worker.js' }, 'INVALID_OPTION'], [{ url: 'x' }, 'UNKNOWN_OPTION']])('is not made of %o', (options, code) => {
    expect(() => createWorker(options as never)).toThrow(expect.objectContaining({ code }) as Error);
  }); // prettier-ignore
});
