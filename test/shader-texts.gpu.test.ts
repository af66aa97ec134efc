// The texts that devices are really asked to compile are those of the list, for fits of all kinds.

import { expect, it, vi } from 'vitest';
import {
  computeMoments,
  crossValidate,
  fit,
  fitMany,
  type FitOptions,
  type GpuContext,
  lossSurface,
  syntheticClassification,
  syntheticRegression,
} from '../src/index.js';
import { openContext, withContext } from './support/kernel.js';
import { ShaderList } from './support/shader-texts.js';
import text from './shader-texts.txt?raw';

const list = new ShaderList(text);
const narrow = syntheticRegression({ rows: 500, features: 3, seed: 1 });
const wide = syntheticRegression({ rows: 300, features: 33, seed: 2 });
const tall = syntheticRegression({ rows: 50_000, features: 2, seed: 3 });
const labels = syntheticClassification({ rows: 400, features: 2, seed: 4 });
const STREAMING = { strategy: 'streaming', epochs: 2, tolerance: 0 } as const;
const SURFACE = {
  x: { parameter: 0, from: -1, to: 1, steps: 5 },
  y: { parameter: 1, from: -1, to: 1, steps: 5 },
};

type Job = (context: GpuContext) => Promise<unknown>;
const fits = (data: typeof narrow, options: FitOptions): Job => (context) => fit(data, { ...STREAMING, ...options, context }); // prettier-ignore

const JOBS: Record<string, Job> = {
  'few examples': fits(narrow, { learningRate: 0.123 }),
  'many examples': fits(tall, { l1: 0.0173, l2: 3.21 }),
  'textbook kernels': fits(narrow, { kernels: 'textbook', seed: 99 }),
  halves: fits(tall, { storage: 'f16', huberDelta: 0.77, loss: 'huber' }),
  'many features': fits(wide, { optimizer: 'adam', learningRate: 0.031 }),
  'conjugate gradient': fits(wide, { optimizer: 'conjugateGradient', tolerance: 1e-5 }),
  'mini-batches': fits(narrow, { batchSize: 17, momentum: 0.83, optimizer: 'momentum' }),
  'mini-batches of many features': fits(wide, { batchSize: 40, kernels: 'textbook' }),
  validation: fits(narrow, { validationFraction: 0.21 }),
  classes: fits(labels, { loss: 'logistic' }),
  'a solver of classes': (context) => fit(labels, { loss: 'logistic', strategy: 'streaming', context }),
  weights: (context) => {
    const { columns, targets } = tall.dataset;
    const exampleWeights = Float32Array.from(targets, (_, i) => 1 + (i % 3));
    const data = { columns: { a: columns[0]!, b: columns[1]! }, targets, exampleWeights };
    return fit(data, { ...STREAMING, context });
  },
  moments: (context) => computeMoments(narrow.dataset, { context }),
  'several models': (context) => fitMany(narrow.dataset, [{ l2: 0.011 }, { l2: 0.7 }], { ...STREAMING, context }),
  'several models of many features': (context) =>
    fitMany(wide.dataset, [{ l2: 0.011 }, { l2: 0.7 }], { ...STREAMING, context }),
  folds: (context) => crossValidate(narrow.dataset, [{ l2: 0.3 }, { l2: 7 }], { ...STREAMING, folds: 3, context }),
  'a surface': (context) => lossSurface(narrow.dataset, { ...SURFACE, at: { weights: [1, 2, 3], bias: 0.5 } }, { context }), // prettier-ignore
};

// A device of their own, where nothing is compiled yet: a text is asked for by the first job that needs it.
const gpu = withContext(openContext);
const asked = new Set<string>();

it.each(Object.entries(JOBS))('are in the list: %s', async (_, job) => {
  const { device } = gpu.context;
  const create = device.createShaderModule.bind(device);
  const texts: { name: string; wgsl: string }[] = [];
  vi.spyOn(device, 'createShaderModule').mockImplementation((descriptor) => {
    texts.push({ name: descriptor.label ?? '', wgsl: descriptor.code });
    return create(descriptor);
  });
  await job(gpu.context);
  vi.restoreAllMocks();
  texts.forEach(({ wgsl }) => asked.add(wgsl));
  expect(await list.missing(texts)).toEqual([]);
});

it('are many', () => expect(asked.size).toBeGreaterThan(2 * Object.keys(JOBS).length));
