// A hidden tab grants timers once a second or less, and frames never. Training goes on without either: only an answer of the
// device and turns of the event loop carry it from one submit, or one part of a loop, to the next.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  computeMoments,
  crossValidate,
  fit,
  fitMany,
  type FitOptions,
  fitSteps,
  type GpuContext,
  lossSurface,
  solveExact,
  syntheticClassification,
  syntheticRegression,
} from '../src/index.js';
import { openShared } from './support/kernel.js';

const { dataset } = syntheticRegression({ rows: 30_000, features: 4, seed: 1 });
/** Enough for a fit on the CPU to give way to others many times. */
const large = syntheticRegression({ rows: 300_000, features: 4, seed: 2 }).dataset;
const labels = syntheticClassification({ rows: 30_000, features: 4, seed: 1 }).dataset;
const STREAMING = { strategy: 'streaming', epochs: 60, tolerance: 0 } as const;
const X = { parameter: 0, from: -1, to: 1, steps: 30 };

let context: GpuContext;

beforeEach(async () => {
  context = await openShared();
});

afterEach(() => {
  vi.restoreAllMocks();
  context.dispose();
});

type Job = () => Promise<unknown>;
const onGpu =
  (options: FitOptions): Job =>
  () =>
    fit(dataset, { ...STREAMING, ...options, context });
const onCpu =
  (options: FitOptions): Job =>
  () =>
    fit(large, { ...STREAMING, ...options, backend: 'cpu' });

it.each<[string, Job]>([
  ['all examples on the GPU', onGpu({})],
  ['mini-batches on the GPU', onGpu({ batchSize: 500, epochs: 4 })],
  ['validation on the GPU', onGpu({ validationFraction: 0.2 })],
  ['moments on the GPU', () => computeMoments(dataset, { context })],
  ['a solver on the GPU', () => fit(labels, { loss: 'logistic', strategy: 'streaming', context })],
  ['several models on the GPU', () => fitMany(dataset, [{}, { l2: 0.1 }], { ...STREAMING, context })],
  ['folds on the GPU', () => crossValidate(dataset, [{}], { ...STREAMING, folds: 3, context })],
  ['a surface on the GPU', () => lossSurface(dataset, { x: X, y: { ...X, parameter: 1 }, at: { weights: [1, 1, 1, 1], bias: 0 } }, { context })], // prettier-ignore
  [
    'steps on the GPU',
    async () => {
      for await (const { epoch } of fitSteps(dataset, { ...STREAMING, context })) expect(epoch).toBeGreaterThan(0);
    },
  ],
  ['all examples on the CPU', onCpu({})],
  ['mini-batches on the CPU', onCpu({ batchSize: 500, epochs: 6 })],
  ['an exact solution', () => solveExact(large)],
])('trains though no timer and no frame ever comes: %s', async (_, job) => {
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(() => 0 as never);
  vi.spyOn(globalThis, 'setInterval').mockImplementation(() => 0 as never);
  vi.spyOn(globalThis, 'requestAnimationFrame').mockImplementation(() => 0);
  expect(await job()).not.toBeNull();
});
