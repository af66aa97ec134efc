import type { ManyTrainer, Start } from '../src/descent/backend.js';
import { openGpuBackend } from '../src/gpu/backend.js';
import { createContext } from '../src/gpu/device/device.js';
import { signedUniforms, STREAMS } from '../src/base/random.js';
import { openReferenceBackend } from '../src/reference/backend.js';
import type { Problem } from './arm.js';
import { datasetOf } from './arms/ours.js';
import type { BenchCase } from './cases.js';
import { spreadOf } from './harness.js';
import type { ManyTime } from './result.js';

/** The case on which several models are measured, and their number. */
export const MANY_CASE: BenchCase = { rows: 1_000_000, features: 2 };
const MODELS = 16;

/** The losses after so many epochs are held against the f64 reference, as in check.ts. */
const CHECKED_EPOCHS = 5;
const RELATIVE_TOLERANCE = 1e-4;

const REPEATS = 7;
const REPEAT_MS = 200;

/**
 * Times an epoch of several models at a time beside an epoch of one, in turn and on one device. The models differ in
 * rate, penalty and seed.
 */
export async function timeMany(problem: Problem): Promise<ManyTime> {
  const dataset = datasetOf(problem);
  const data = {
    dataset,
    targets: [{ name: 'y', values: dataset.targets }],
    folds: [],
    roles: Array.from({ length: MODELS }, () => ({ target: 0, validationFold: null })),
  };
  const options = { standardize: false, kernels: 'auto', storage: 'f32' } as const;
  const reference = await openReferenceBackend().uploadMany(data, options);
  const context = await createContext();
  try {
    const backend = await openGpuBackend(context);
    const one = await backend.upload(dataset, options);
    const many = await backend.uploadMany(data, options);
    const [expected, found] = [await lossesAfter(reference, problem), await lossesAfter(many, problem)];
    const correct = expected.every((loss, k) => Math.abs((found[k] as number) - loss) <= RELATIVE_TOLERANCE * loss);
    const trainOne = async (epochs: number) => {
      const { initial, settings } = startsOf(problem, epochs)[0] as Start;
      await one.run(initial, { ...settings, signal: undefined, onProgress: undefined });
    };
    const trainMany = async (epochs: number) => {
      await many.runAll(startsOf(problem, epochs), { signal: undefined, onProgress: undefined });
    };
    const [oneSamples, manySamples] = await inTurn(trainOne, trainMany);
    const [oneMsPerEpoch, msPerEpoch] = [spreadOf(oneSamples), spreadOf(manySamples)];
    const ratioToOne = msPerEpoch.median / oneMsPerEpoch.median;
    const { rows, features } = problem;
    one.dispose();
    many.dispose();
    return { rows, features, models: MODELS, msPerEpoch, oneMsPerEpoch, ratioToOne, correct };
  } finally {
    context.dispose();
  }
}

function startsOf({ features, learningRate }: Problem, epochs: number): Start[] {
  return Array.from({ length: MODELS }, (_, k) => ({
    role: { target: 0, validationFold: null },
    initial: signedUniforms(k, STREAMS.initialParameters, features + 1),
    settings: {
      epochs,
      learningRate: learningRate * (1 - k / MODELS),
      tolerance: 0,
      patience: 1,
      l1: 0,
      l2: k % 2 === 0 ? 0 : 0.01,
    },
  }));
}

/** The last loss of each model. */
async function lossesAfter(trainer: ManyTrainer, problem: Problem): Promise<number[]> {
  const run = { signal: undefined, onProgress: undefined };
  const descents = await trainer.runAll(startsOf(problem, CHECKED_EPOCHS), run);
  return descents.map(({ losses }) => losses.at(-1) ?? Number.NaN);
}

type Train = (epochs: number) => Promise<void>;

/** Milliseconds per epoch of both, in turn, so that a drift of the machine hits both alike. */
async function inTurn(...trains: [Train, Train]): Promise<[number[], number[]]> {
  const msOf = async (train: Train, epochs: number) => {
    const startMs = performance.now();
    await train(epochs);
    return (performance.now() - startMs) / epochs;
  };
  const samples: [number[], number[]] = [[], []];
  const epochs: number[] = [];
  for (const train of trains) {
    await msOf(train, 2); // the first warms up
    epochs.push(Math.max(1, Math.ceil(REPEAT_MS / (await msOf(train, 8)))));
  }
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [i, train] of trains.entries()) samples[i]?.push(await msOf(train, epochs[i] as number));
  }
  return samples;
}
