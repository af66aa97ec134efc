// Aborts at several moments of each function, on data that keep a device busy: how long until it ends, and with what.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keepFigures } from '../../support/browser-figures.js';
import {
  computeMoments,
  fit,
  type FitOptions,
  fitSteps,
  lossSurface,
  resume,
  solveExact,
  syntheticRegression,
} from '../../../src/index.js';
import { closeIdleDevice } from '../../../src/gpu/device/kept-device.js';
import { partsAtEnd } from '../../support/ends.js';

/** The time within which an abort ends a call. Tests beside it keep the cores busy, on which the adapter runs, too. */
const MOST_MS = 2000;

/**
 * Submits after an abort: two that were about to begin, the rest of an epoch of ten updates (longer ones are taken back), and
 * one that reads. A job that went on would make hundreds.
 */
const MOST_SUBMITS = 2 + 10 + 1;

const tall = syntheticRegression({ rows: 1_000_000, features: 2, seed: 1 }).dataset;
const wide = syntheticRegression({ rows: 20_000, features: 400, seed: 1 }).dataset;
const GPU = { backend: 'webgpu' } as const;
const X = { parameter: 0, from: -1, to: 1, steps: 1000 };

/** Submits with commands so far, of all devices. */
let submits = 0;

beforeAll(() => {
  const submit = Object.getOwnPropertyDescriptor(GPUQueue.prototype, 'submit')?.value as GPUQueue['submit'];
  vi.spyOn(GPUQueue.prototype, 'submit').mockImplementation(function (this: GPUQueue, commands) {
    const all = [...commands];
    if (all.length > 0) submits += 1;
    submit.call(this, all);
  });
});

type Job = (signal: AbortSignal) => Promise<unknown>;

const JOBS: Record<string, Job> = {
  'batches of one example': (signal) => fit(tall, { ...GPU, batchSize: 1, epochs: 50, signal }),
  'batches of 100': (signal) => fit(tall, { ...GPU, batchSize: 100, epochs: 500, signal }),
  'batches of 100,000': (signal) => fit(tall, { ...GPU, batchSize: 100_000, epochs: 500, tolerance: 0, signal }),
  'batches with validation': (signal) =>
    fit(tall, { ...GPU, batchSize: 1, validationFraction: 0.1, epochs: 50, signal }),
  'steps by batches of one example': async (signal) => {
    for await (const { epoch } of fitSteps(tall, { ...GPU, batchSize: 1, epochs: 50, signal }))
      expect(epoch).toBeGreaterThan(0);
  },
  'many features': (signal) => fit(wide, { ...GPU, strategy: 'streaming', epochs: 1000, tolerance: 0, signal }),
  'a solver': (signal) => fit(wide, { ...GPU, signal }),
  'a surface of a million points': (signal) =>
    lossSurface(tall, { x: X, y: { ...X, parameter: 1 }, at: { weights: [1, 1], bias: 0 } }, { ...GPU, signal }),
  'moments of many features': (signal) => computeMoments(wide, { ...GPU, signal }),
  'an exact solution': (signal) => solveExact(wide, { signal }),
  'a new device': async (signal) => {
    closeIdleDevice();
    await fit(wide, { ...GPU, strategy: 'streaming', epochs: 1000, tolerance: 0, signal });
  },
};

/** Milliseconds, and submits, from an abort to the end of the job; null where the job was over before. */
async function endAfterAbort(job: Job, afterMs: number): Promise<{ ms: number; submits: number } | null> {
  const controller = new AbortController();
  let abortedMs: number | undefined;
  let before = 0;
  const timer = setTimeout(() => {
    abortedMs = performance.now();
    before = submits;
    controller.abort();
  }, afterMs);
  await job(controller.signal).catch((error: unknown) => {
    if (!controller.signal.aborted) throw error;
  });
  clearTimeout(timer);
  return abortedMs === undefined ? null : { ms: performance.now() - abortedMs, submits: submits - before };
}

/** Milliseconds from abort to end, job by job. */
const waits: number[][] = [];

describe('an abort', () => {
  it.each<[string, Job, string[]]>([
    ['a surface', (signal) => lossSurface(tall, { x: X, at: { weights: [1, 1], bias: 0 } }, { ...GPU, signal }), ['losses']], // prettier-ignore
    ['moments', (signal) => computeMoments(wide, { ...GPU, signal }), ['moments']],
    ['epochs', (signal) => fit(tall, { ...GPU, strategy: 'streaming', signal }), ['fused_narrow']],
  ])('does not wait for a compiler: %s', async (_, job, kernels) => {
    closeIdleDevice(); // whose kernels are compiled
    const create = Object.getOwnPropertyDescriptor(GPUDevice.prototype, 'createComputePipelineAsync')?.value as GPUDevice['createComputePipelineAsync']; // prettier-ignore
    const compile = vi.spyOn(GPUDevice.prototype, 'createComputePipelineAsync');
    const calls: string[] = [];
    compile.mockImplementation(function (this: GPUDevice, descriptor) {
      const { label = '' } = descriptor;
      if (!kernels.includes(label)) return create.call(this, descriptor);
      calls.push(label);
      return new Promise(() => undefined); // for ever
    });
    const controller = new AbortController();
    const running = job(controller.signal);
    running.catch(() => undefined);
    await vi.waitUntil(() => calls.length > 0, { timeout: 60_000 });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    compile.mockRestore();
    closeIdleDevice();
  });

  it.each(Object.entries(JOBS))(`ends it within ${MOST_MS} ms: %s`, async (_, job) => {
    await endAfterAbort(job, 20); // opens the device and compiles
    const ends = [];
    for (const afterMs of [1, 30, 100, 300, 800])
      ends.push((await endAfterAbort(job, afterMs)) ?? { ms: 0, submits: 0 });
    const times = ends.map(({ ms }) => ms);
    waits.push(times);
    expect(Math.max(...ends.map((end) => end.submits)), 'submits after an abort').toBeLessThanOrEqual(MOST_SUBMITS);
    expect(Math.max(...times), times.map(Math.round).join(', ')).toBeLessThan(MOST_MS);
  });

  it.each<[string, FitOptions]>([
    ['one dispatch for several', { batchSize: 1 }],
    ['one dispatch for each', { batchSize: 1, kernels: 'textbook' }],
    ['an average of momentum', { batchSize: 2, optimizer: 'momentum', average: true }],
    ['validation', { batchSize: 2, validationFraction: 0.3 }],
  ])('within an epoch takes back its updates, and a resumed fit has the bits of a whole one: %s', async (_, own) => {
    const rows = 'kernels' in own ? 3000 : 60_000;
    const { dataset } = syntheticRegression({ rows, features: 2, seed: 5 });
    const options = { ...GPU, ...own, epochs: 4, tolerance: 0 };
    const whole = await fit(dataset, options);
    for (const afterMs of [10, 60, 130]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), afterMs);
      const part = await fit(dataset, { ...options, signal: controller.signal }).catch(() => undefined);
      if (!part) continue; // before training
      expect(part.report.lossHistory).toEqual(whole.report.lossHistory.slice(0, part.report.epochsRun));
      expect(partsAtEnd(await resume(part.checkpoint(), dataset, GPU))).toEqual(partsAtEnd(whole));
    }
  });
});

afterAll(() => {
  const medians = waits.map((times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number);
  const slowestMs = Math.round(Math.max(...waits.flat()));
  return keepFigures('aborts', { mostMs: MOST_MS, jobs: waits.length, medianMs: Math.round(Math.max(...medians)), slowestMs }); // prettier-ignore
});
