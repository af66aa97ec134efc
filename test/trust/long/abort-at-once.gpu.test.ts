// Aborts while the device owes an answer: who takes no state from it is told at once, and what is made is freed afterwards.

import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createContext,
  fit,
  type FitData,
  fitMany,
  type FitOptions,
  generateExamples,
  type GpuContext,
  lossSurface,
  syntheticRegression,
} from '../../../src/index.js';
import { countBuffers } from '../../support/buffers.js';
import { eventually } from '../../support/eventually.js';
import { partsAtEnd } from '../../support/ends.js';
import { onSubmit } from '../../support/submits.js';

afterEach(() => void vi.restoreAllMocks());

/** More numbers than an aborted fit looks at once more. */
const { dataset } = syntheticRegression({ rows: 300_000, features: 4, seed: 1 });
const STREAMING = { strategy: 'streaming', optimizer: 'gradientDescent', epochs: 5, tolerance: 0 } as const;
const X = { parameter: 0, from: -1, to: 1, steps: 20 };
const AT = { weights: [1, 1, 1, 1], bias: 0 };

type Job = (context: GpuContext, signal: AbortSignal | undefined) => Promise<unknown>;

/** Work of which an abort leaves nothing, and work that ends where it began. */
const JOBS: Record<string, Job> = {
  'a surface': (context, signal) =>
    lossSurface(dataset, { x: X, y: { ...X, parameter: 1 }, at: AT }, { context, signal }),
  'the stability limit': (context, signal) => fit(dataset, { ...STREAMING, context, signal }),
  'the limit of several models': (context, signal) =>
    fitMany(dataset, [{}, { l2: 1 }], { ...STREAMING, context, signal }),
  'the first step of a solver': (context, signal) => fit(dataset, { optimizer: 'newton', context, signal }),
  'a fit by moments': (context, signal) => fit(dataset, { strategy: 'moments', context, signal }),
  'a look at buffers': async (context, signal) => {
    const examples = await generateExamples(syntheticRegression({ rows: 3000, features: 4, seed: 1 }), { context });
    await fit(examples, { ...STREAMING, context, signal }).finally(() => examples.destroy());
  },
};

/** A promise, and the function that resolves it. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Has no map of the device's answered until the promise resolves. `asked` resolves with the first map. */
function holdAnswers(until: Promise<void>): { asked: Promise<void>; restore: () => void } {
  const { promise: asked, resolve } = deferred();
  const map = Object.getOwnPropertyDescriptor(GPUBuffer.prototype, 'mapAsync')?.value as GPUBuffer['mapAsync'];
  const spy = vi.spyOn(GPUBuffer.prototype, 'mapAsync');
  spy.mockImplementation(function (this: GPUBuffer, ...range) {
    resolve();
    const mapped = map.apply(this, range);
    mapped.catch(() => undefined); // heard of below
    return until.then(() => mapped);
  });
  return { asked, restore: () => spy.mockRestore() };
}

describe('an abort while the device owes an answer', () => {
  it.each(Object.entries(JOBS))('is told at once, and nothing is left: %s', async (_, job) => {
    const context = await createContext();
    const uncaptured: string[] = [];
    context.device.addEventListener('uncapturederror', ({ error }) => uncaptured.push(error.message));
    await job(context, undefined); // compiles
    const before = partsAtEnd(await fit(dataset, { ...STREAMING, context }));
    const buffers = countBuffers(context.device);
    const { promise: answers, resolve: answer } = deferred();
    const held = holdAnswers(answers);
    const controller = new AbortController();
    const ended = job(context, controller.signal).then(
      (model) => (model as { report: { stopReason: string } }).report.stopReason,
      (error: unknown) => error,
    );
    await held.asked;
    const reason = new Error('enough');
    controller.abort(reason);
    expect([reason, 'aborted']).toContain(await ended); // no answer has come
    answer();
    held.restore();
    expect(partsAtEnd(await fit(dataset, { ...STREAMING, context }))).toEqual(before);
    await eventually(() => expect(buffers.live()).toBe(0));
    expect(uncaptured).toEqual([]);
    context.dispose();
  });
});

describe('an abort within the epochs', () => {
  it.each<[string, FitOptions]>([
    ['gradient descent', {}],
    ['mini-batches', { batchSize: 100_000 }],
    ['a logistic loss', { loss: 'logistic' }],
    ["Huber's loss", { loss: 'huber', huberDelta: 1 }],
  ])('reads the state, and the examples no more: %s', async (_, own) => {
    const context = await createContext();
    const [a, b, c, d] = dataset.columns;
    const targets = own.loss === 'logistic' ? dataset.targets.map((y) => Number(y > 0)) : dataset.targets;
    const data = { columns: { a, b, c, d }, targets } as FitData;
    const submits = onSubmit(context.device);
    const controller = new AbortController();
    let before = 0;
    const { report } = await fit(data, {
      ...{ ...STREAMING, ...own, learningRate: 1e-3, epochs: 100_000, context, signal: controller.signal },
      onProgress: ({ epoch }) => {
        if (epoch < 3 || controller.signal.aborted) return;
        before = submits();
        controller.abort();
      },
    });
    expect(report).toMatchObject({ stopReason: 'aborted', converged: false, distanceToOptimum: null });
    expect(report.warnings.map(({ code }) => code)).toContain('NOT_CONVERGED');
    expect(before).toBeGreaterThan(3);
    expect(submits() - before).toBeLessThanOrEqual(1);
    context.dispose();
  });
});
