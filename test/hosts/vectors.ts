/** Inputs with right answers. Every host runs all of them; data, options and answers are the same everywhere. */
import challenger from '../data/challenger.csv?raw';
import norris from '../data/norris.csv?raw';
import stackloss from '../data/stackloss.csv?raw';
import type { FittedModel } from '../../src/index.js';
import { EXAMPLES, LINE, NEW_ROWS, TABLE_CSV } from './vector-data.js';
import type { Answer, Library, Vector } from './vector.js';

const STEPS = { strategy: 'streaming', epochs: 25, tolerance: 0, seed: 3 } as const;
const F32 = {
  absolute: 2e-5,
  relative: 2e-5,
  because: '25 epochs of some ten roundings of 2^-24, beside terms of up to 20',
};
const f64 = (because: string) => ({ relative: 1e-12, because });

const parametersOf = ({ weights, bias }: FittedModel) => [...weights, bias];
const historyOf = (model: FittedModel): Answer => ({
  numbers: [...parametersOf(model), ...model.report.lossHistory],
  words: [model.report.stopReason, model.report.optimizer],
});

/** A vector of updates: the same steps as the reference makes. */
function updates(name: string, options: Parameters<Library['fit']>[1]): Vector {
  return {
    name,
    answer: async ({ fit }, { fits }) => historyOf(await fit(EXAMPLES, { ...STEPS, ...options, ...fits })),
    tolerance: F32,
  };
}

const OF_UPDATES: readonly Vector[] = [
  updates('momentum', { optimizer: 'momentum' }),
  updates('Adam', { optimizer: 'adam' }),
  updates('conjugate gradient', { optimizer: 'conjugateGradient', epochs: 4 }),
  updates('textbook kernels', { optimizer: 'gradientDescent', kernels: 'textbook' }),
  updates('mini-batches', { optimizer: 'gradientDescent', batchSize: 32, epochs: 4 }),
  updates('mini-batches by Adam', { optimizer: 'adam', batchSize: 50, epochs: 4 }),
  updates('elastic net', { optimizer: 'gradientDescent', l1: 0.05, l2: 0.1 }),
  {
    name: 'early stopping',
    answer: async ({ fit }, { fits }) => {
      const options = { ...STEPS, optimizer: 'momentum', validationFraction: 0.25 } as const;
      const { report } = await fit(EXAMPLES, { ...options, ...fits });
      return { numbers: [...(report.validationHistory ?? [])], words: [String(report.epochsRun)] };
    },
    tolerance: F32,
  },
  {
    name: 'steps, a checkpoint and resume',
    answer: async ({ fit, fitSteps, resume }, { fits }) => {
      const options = { ...STEPS, optimizer: 'momentum', ...fits } as const;
      const whole = await fit(EXAMPLES, options);
      const steps = fitSteps(EXAMPLES, { ...options, epochsPerStep: 10 });
      await steps.next();
      const checkpoint = JSON.parse(JSON.stringify(await steps.checkpoint())) as Awaited<ReturnType<typeof steps.checkpoint>>; // prettier-ignore
      await steps.return();
      const resumed = await resume(checkpoint, EXAMPLES, fits);
      const isSame = String(parametersOf(resumed)) === String(parametersOf(whole));
      return { numbers: parametersOf(resumed), words: [isSame ? 'the same bits' : 'other bits'] };
    },
    tolerance: F32,
    words: ['the same bits'],
  },
];

const OF_PUBLISHED: readonly Vector[] = [
  {
    name: 'squared loss: the certified line of Norris',
    answer: async ({ fit, csvSource }, { fits }) => {
      const model = await fit(csvSource(norris, { target: 'y' }), { tolerance: 1e-8, ...fits });
      return { numbers: parametersOf(model) };
    },
    right: {
      numbers: [1.00211681802045, -0.262323073774029],
      tolerance: { relative: 1e-6, absolute: 1e-4, because: '2e-7 of targets up to 1000 in f32' },
    },
    tolerance: { relative: 1e-6, absolute: 1e-4, because: '2e-7 of targets up to 1000 in f32' },
  },
  {
    name: 'logistic loss: the published curve of Challenger',
    answer: async ({ fit, csvSource }, { fits }) => {
      const data = csvSource(challenger, { target: 'distress' });
      const model = await fit(data, { loss: 'logistic', ...fits });
      return { numbers: [...parametersOf(model), await model.score(data)] };
    },
    right: {
      numbers: [-0.2322, 15.0429, 20 / 23],
      tolerance: { relative: 5e-4, because: 'four published digits' },
    },
    tolerance: { relative: 1e-4, because: 'a flat optimum in f32' },
  },
  {
    name: "Huber's loss: the published plane of stackloss",
    answer: async ({ fit, csvSource }, { fits }) => {
      const data = csvSource(stackloss, { target: 'stack_loss' });
      return { numbers: parametersOf(await fit(data, { loss: 'huber', huberDelta: 1.345 * 2.441, ...fits })) };
    },
    right: {
      numbers: [0.8294, 0.9261, -0.1278, -41.0265],
      tolerance: { relative: 1e-3, because: 'four published decimals of a scale of four digits' },
    },
    tolerance: { relative: 1e-3, because: 'a flat optimum in f32' },
  },
  {
    name: "l1: the lasso of scikit-learn's manual",
    answer: async ({ fit }, { fits }) => {
      const data = { features: [[0, 0], [1, 1], [2, 2]], targets: [0, 1, 2] }; // prettier-ignore
      const options = {
        l1: 0.1,
        standardize: false,
        optimizer: 'gradientDescent',
        tolerance: 0,
        epochs: 2000,
      } as const;
      const { weights, bias } = await fit(data, { ...options, ...fits });
      return { numbers: [(weights[0] ?? 0) + (weights[1] ?? 0), bias] };
    },
    right: { numbers: [0.85, 0.15], tolerance: { relative: 1e-5, because: 'steps of f32 that change nothing' } },
    tolerance: { relative: 1e-5, because: 'steps of f32 that change nothing' },
  },
  {
    name: "l2: the ridge of scikit-learn's manual",
    answer: async ({ fit }, { fits }) => {
      const data = { features: [[0, 0], [0, 0], [1, 1]], targets: [0, 0.1, 1] }; // prettier-ignore
      const options = { l2: 0.5 / 3, standardize: false, optimizer: 'gradientDescent', tolerance: 0, epochs: 2000 } as const; // prettier-ignore
      return { numbers: parametersOf(await fit(data, { ...options, ...fits })) };
    },
    right: {
      numbers: [0.34545455, 0.34545455, 0.13636364],
      tolerance: { relative: 1e-5, because: 'steps of f32 that change nothing' },
    },
    tolerance: { relative: 1e-5, because: 'steps of f32 that change nothing' },
  },
  {
    name: 'summary: the certified errors of Norris',
    answer: async ({ solveExact, csvSource }) => {
      const data = csvSource(norris, { target: 'y' });
      const { rows, r2 } = await (await solveExact(data)).summary(data);
      return { numbers: [...rows.map(({ standardError }) => standardError ?? Number.NaN), r2] };
    },
    right: {
      numbers: [0.429796848199937e-3, 0.232818234301152, 0.999993745883712],
      tolerance: f64('certified to fifteen digits'),
    },
    tolerance: f64('f64 on every host, whose functions of Math may differ in the last bit'),
  },
];

const OF_FUNCTIONS: readonly Vector[] = [
  {
    name: 'the line that the examples lie on',
    answer: async ({ fit }, { fits }) => historyOf(await fit(LINE, { optimizer: 'gradientDescent', learningRate: 1, epochs: 100, standardize: false, strategy: 'streaming', tolerance: 0, seed: 7, ...fits })), // prettier-ignore
    tolerance: F32,
  },
  {
    name: 'moments',
    answer: async ({ computeMoments, fit }, { sums }) => {
      const moments = await computeMoments(EXAMPLES, sums);
      const model = await fit(moments, { optimizer: 'gradientDescent', epochs: 25, tolerance: 0, seed: 3 });
      return { numbers: [...moments.means, ...moments.targetMeans, ...moments.scatter, ...parametersOf(model)] };
    },
    tolerance: { absolute: 2e-3, relative: 1e-5, because: 'sums of 400 products of up to 100 in f32' },
  },
  {
    name: 'several models at once',
    answer: async ({ fitMany }, { fits }) => {
      const penalties = [{}, { l2: 0.1 }, { l2: 1 }, { l1: 0.1 }];
      const models = await fitMany(EXAMPLES, penalties, { ...STEPS, optimizer: 'gradientDescent', ...fits });
      return { numbers: models.flatMap(parametersOf) };
    },
    tolerance: F32,
  },
  {
    name: 'predictions and score',
    answer: async ({ fit, LinearModel }, { fits }) => {
      const model = await fit(EXAMPLES, { ...STEPS, optimizer: 'gradientDescent', ...fits });
      const loaded = LinearModel.fromJSON(JSON.parse(JSON.stringify(model)));
      const predictions = [...(await loaded.predict(NEW_ROWS))];
      const isSame = String(predictions) === String([...(await model.predict(NEW_ROWS))]);
      return { numbers: [...predictions, await loaded.score(EXAMPLES)], words: [String(isSame)] };
    },
    tolerance: F32,
    words: ['true'],
  },
  {
    name: 'a table as CSV, with words and decimal commas',
    answer: async ({ fit, csvSource }, { fits }) => {
      const model = await fit(csvSource(TABLE_CSV, { target: 'price', categories: ['town'] }), {
        tolerance: 1e-8,
        ...fits,
      });
      return { numbers: parametersOf(model), words: [...model.featureNames] };
    },
    right: {
      numbers: [2.5, 10, -20, 5],
      tolerance: { absolute: 1e-3, because: '2e-7 of targets of 400 in f32, and a category of a third of the rows' },
    },
    words: ['area', 'town=north', 'town=south'],
    tolerance: { absolute: 1e-3, because: '2e-7 of targets of 400 in f32' },
  },
  {
    name: 'the CPU engine',
    answer: async ({ fit }) => {
      const model = await fit(EXAMPLES, { ...STEPS, optimizer: 'adam', backend: 'cpu' });
      return { numbers: historyOf(model).numbers, words: [model.report.backend, model.report.kernels] };
    },
    tolerance: { relative: 1e-12, absolute: 1e-12, because: 'the same instructions of WebAssembly on every host' },
  },
  {
    name: 'errors and their codes',
    answer: async ({ fit }, { fits }) => {
      const attempts = [
        fit({ columns: { x: [1, 2, Number.NaN], z: [1, 2, 3] }, targets: [1, 2, 3] }, fits),
        fit(LINE, { ...fits, epochs: -1 }),
        fit({ columns: { x: [1, 2] }, targets: [1, 2, 3] }, fits),
        fit(LINE, { ...fits, learningRates: 1 } as object),
      ];
      const outcomes = await Promise.allSettled(attempts);
      const codes = outcomes.map((outcome) => {
        if (outcome.status === 'fulfilled') return 'a model';
        const { code, where } = outcome.reason as { code?: string; where?: object };
        return `${code ?? String(outcome.reason)} ${JSON.stringify(where)}`;
      });
      return { numbers: [], words: codes };
    },
    tolerance: { because: 'no numbers' },
  },
];

export const VECTORS: readonly Vector[] = [...OF_PUBLISHED, ...OF_UPDATES, ...OF_FUNCTIONS];
