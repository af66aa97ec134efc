import {
  computeMoments,
  crossValidate,
  fit,
  fitMany,
  fitSteps,
  generateExamples,
  type GpuContext,
  LinearModel,
  lossSurface,
  resume,
  resumeSteps,
  solveExact,
  syntheticClassification,
  syntheticRegression,
} from '../../src/index.js';
import { sourceOf } from './source.js';

const { dataset } = syntheticRegression({ rows: 3001, features: 3, seed: 1 });
const wide = syntheticRegression({ rows: 301, features: 40, seed: 2 }).dataset;
const labels = syntheticClassification({ rows: 1001, features: 2, seed: 3 }).dataset;
const weighted = { columns: { x: dataset.columns[0] as Float32Array }, targets: dataset.targets, exampleWeights: Float64Array.from(dataset.targets, (_, i) => i % 3) }; // prettier-ignore

const STREAMING = { epochs: 12, learningRate: 0.3, strategy: 'streaming', tolerance: 0 } as const;
const CLOSE = 1e-6;
const X = { parameter: 0, from: -1, to: 1, steps: 30 };

const MODEL = new LinearModel({
  weights: Float64Array.of(1, -2, 0.5),
  bias: 1,
  featureNames: ['x1', 'x2', 'x3'],
  targetName: 'y',
  report: null,
});

const ON_DEVICE = { backend: 'webgpu', strategy: 'streaming', epochs: 12 } as const;

/** A fit that has more epochs to go; the CPU trains it. */
const halfway = () => fit(dataset, { ...STREAMING, epochs: 6, backend: 'cpu' });

/** Work on a device by each function that takes a context, and each way in which it lays out its data. */
export const DEVICE_JOBS: Readonly<Record<string, (context: GpuContext) => Promise<unknown>>> = {
  'a fit': (context) => fit(dataset, { ...STREAMING, context }),
  'a fit of many features': (context) => fit(wide, { ...STREAMING, context }),
  'a fit by the textbook kernels': (context) => fit(dataset, { ...STREAMING, kernels: 'textbook', context }),
  'a fit with weights': (context) => fit(weighted, { ...STREAMING, context }),
  'a fit with validation': (context) => fit(dataset, { ...STREAMING, validationFraction: 0.2, context }),
  'a fit by mini-batches': (context) => fit(dataset, { ...STREAMING, epochs: 2, batchSize: 64, context }),
  'a fit by few mini-batches': (context) =>
    fit(dataset, { ...STREAMING, epochs: 2, batchSize: 1000, validationFraction: 0.2, context }),
  'a fit by conjugate gradient': (context) =>
    fit(dataset, { optimizer: 'conjugateGradient', strategy: 'streaming', context }),
  'a fit of synthetic data': (context) =>
    fit(syntheticRegression({ rows: 5000, features: 2 }), { ...STREAMING, context }),
  'a logistic fit by a solver': (context) => fit(labels, { backend: 'webgpu', optimizer: 'newton', context }),
  'a fit by moments': (context) => fit(dataset, { strategy: 'moments', backend: 'webgpu', context }),
  steps: async (context) => {
    const steps = fitSteps(dataset, { ...STREAMING, epochsPerStep: 5, context });
    for await (const step of steps) step.weights.forEach(Number.isFinite);
  },
  'the model of steps': async (context) => {
    const steps = fitSteps(dataset, { ...STREAMING, epochsPerStep: 5, context });
    for await (const step of steps) step.weights.forEach(Number.isFinite);
    return steps.model();
  },
  'a resumed fit': async (context) => resume((await halfway()).checkpoint(), dataset, { ...ON_DEVICE, context }),
  'resumed steps': async (context) => {
    const steps = resumeSteps((await halfway()).checkpoint(), dataset, { ...ON_DEVICE, context });
    for await (const step of steps) step.weights.forEach(Number.isFinite);
  },
  'a fit of a source in parts': (context) =>
    fit(sourceOf(dataset, [1000, 1000]), { ...STREAMING, loss: 'huber', memoryBudget: 40_000, backend: 'webgpu', context }), // prettier-ignore
  'several models': (context) => fitMany(dataset, [{ l2: 0.1 }, {}, { learningRate: 0.2 }], { ...STREAMING, context }),
  'cross-validation': (context) => crossValidate(dataset, [{}, { l2: 0.1 }], { ...STREAMING, folds: 3, context }),
  'the moments': (context) => computeMoments(dataset, { backend: 'webgpu', context }),
  'an exact solution by moments': (context) => solveExact(dataset, { method: 'moments', backend: 'webgpu', context }),
  'a surface': (context) => lossSurface(dataset, { x: X, y: { ...X, parameter: 1 }, at: MODEL }, { context }),
  'a surface of many features': (context) =>
    lossSurface(wide, { x: X, at: { weights: new Float64Array(40), bias: 0 } }, { context }),
  'generated examples': async (context) => {
    const examples = await generateExamples(syntheticRegression({ rows: 5000, features: 3 }), { context });
    examples.destroy();
  },
};

/** Work on buffers of the caller's, which another call has made. */
export const BUFFER_JOBS: Readonly<
  Record<string, (context: GpuContext, examples: BufferExamples) => Promise<unknown>>
> = {
  'a fit of buffers': (context, examples) => fit(examples, { ...STREAMING, context }),
  'a prediction into a buffer': async (context, { features }) => {
    const predictions = await MODEL.predict(features, { context });
    predictions.destroy();
  },
  'a score of buffers': async (context, examples) => {
    const score = await MODEL.score(examples, { context });
    if (!(Math.abs(score) < 1 / CLOSE)) throw new Error(`score ${score}`);
  },
};

export type BufferExamples = Awaited<ReturnType<typeof generateExamples>>;
