// Calls of a page on much data: many rows, and many features.

import { parquetWriteBuffer } from 'hyparquet-writer';
import { csvSource, csvTable } from '../../../../src/data/csv.js';
import { parquetSource } from '../../../../src/data/parquet.js';
import {
  collectDataset,
  computeMoments,
  createContext,
  crossValidate,
  type FitOptions,
  fit,
  fitMany,
  fitSteps,
  LinearModel,
  lossSurface,
  resume,
  solveExact,
  tune,
} from '../../../../src/index.js';
import { loadModel } from '../../../../src/load-model.js';
import { uniforms } from '../../../support/examples.js';

/** Rows and features of each kind of data. */
const TALL = [1_000_000, 8] as const;
const WIDE = [5000, 600] as const;

type Call = () => Promise<unknown>;

/** Columns of numbers that no rounding makes dependent, and targets of all of them. */
function columnsOf([rows, count]: readonly [number, number]) {
  const all = uniforms(count, rows * (count + 1));
  const columns = Array.from({ length: count }, (_, j) => all.subarray(j * rows, (j + 1) * rows));
  const targets = all.slice(count * rows).map((noise, i) => {
    return columns.reduce((sum, column, j) => sum + ((j % 5) - 2) * (column[i] as number), noise);
  });
  return { columns: Object.fromEntries(columns.map((column, j) => [`x${j + 1}`, column])), targets };
}

type Columns = ReturnType<typeof columnsOf>;

/** The same with labels that no plane tells apart. */
const labelled = ({ columns, targets }: Columns) => ({
  columns,
  targets: targets.map((value, i) => Number(value + 8 * Math.sin(i) > 0)),
});

const flatOf = ({ columns, targets }: Columns): Float64Array => {
  const lists = Object.values(columns);
  const flat = new Float64Array(targets.length * lists.length);
  lists.forEach((column, j) => column.forEach((value, i) => (flat[i * lists.length + j] = value)));
  return flat;
};

async function stepsOf(data: Columns, options: FitOptions): Promise<void> {
  for await (const { epoch } of fitSteps(data, options)) if (epoch < 0) throw new Error('no epoch');
}

const X = { parameter: 0, from: -1, to: 1, steps: 5 };

/** Fits and all that sees each example, on one kind of data. */
function jobsOn(data: Columns, engine: FitOptions['backend']): Record<string, Call> {
  const labels = labelled(data);
  const own = { backend: engine ?? 'auto' } as const;
  const descent = { ...own, optimizer: 'adam', epochs: 5, tolerance: 0 } as const;
  const some = { ...own, epochs: 30 };
  const at = { weights: new Float64Array(Object.keys(data.columns).length), bias: 0 };
  return {
    descent: () => fit(data, descent),
    'descent, logistic': () => fit(labels, { ...descent, loss: 'logistic' }),
    'descent, huber': () => fit(data, { ...descent, loss: 'huber' }),
    'conjugate gradient': () => fit(data, { ...descent, optimizer: 'conjugateGradient' }),
    batches: () => fit(data, { ...descent, batchSize: 1000, epochs: 1 }),
    validation: () => fit(data, { ...descent, validationFraction: 0.2 }),
    'the optimum': () => fit(data, own),
    lasso: () => fit(data, { ...some, l1: 0.1 }),
    logistic: () => fit(labels, { ...some, loss: 'logistic' }),
    'logistic lasso': () => fit(labels, { ...some, loss: 'logistic', l1: 0.01 }),
    huber: () => fit(data, { ...some, loss: 'huber' }),
    Newton: () => fit(data, { ...some, optimizer: 'newton' }),
    'L-BFGS': () => fit(labels, { ...some, optimizer: 'lbfgs', loss: 'logistic' }),
    steps: () => stepsOf(data, descent),
    resume: async () => resume((await fit(data, descent)).checkpoint(), data, { ...own, epochs: 7 }),
    'several models': () => fitMany(data, [{ l2: 0 }, { l2: 1 }], { ...descent, strategy: 'streaming' }),
    'several penalties': () => fitMany(data, [{ l1: 1 }, { l1: 0.3 }], some),
    'cross-validation': () => crossValidate(data, [{ l2: 0 }, { l2: 1 }], { ...descent, folds: 2 }),
    'cross-validation by a solver': () => crossValidate(data, [{ l1: 0.3 }], { ...some, folds: 2 }),
    'a surface': () => lossSurface(data, { x: X, y: { ...X, parameter: 1 }, at }, own),
    moments: () => computeMoments(data, own),
  };
}

/** Calls that run on the host, whatever the backend. */
async function hostJobs(data: Columns): Promise<Record<string, Call>> {
  const labels = labelled(data);
  const descent = { backend: 'cpu', optimizer: 'adam', epochs: 2, tolerance: 0 } as const;
  const model = await fit(data, descent);
  const odds = await fit(labels, { ...descent, loss: 'logistic' });
  const loaded = await loadModel(JSON.parse(JSON.stringify(model)));
  const flat = flatOf(data);
  const featureCount = model.weights.length;
  const nested = data.targets.length * featureCount < 1e8 ? Array.from(data.targets, (_, i) => Array.from(flat.subarray(i * featureCount, (i + 1) * featureCount))) : []; // prettier-ignore
  const { targets } = data;
  return {
    'exact by moments': () => solveExact(data, { method: 'moments', backend: 'cpu' }),
    'exact by QR': () => solveExact(data, { method: 'qr' }),
    'a fit of a flat array': () => fit({ features: flat, targets, featureCount }, descent),
    'a fit of rows': () => fit({ features: nested, targets }, descent),
    'a summary': () => model.summary(data),
    'a summary, logistic': () => odds.summary(labels),
    'a score': () => model.score(data),
    'a score, logistic': () => odds.score(labels),
    'predictions of a flat array': () => model.predict(flat),
    'predictions of rows': () => model.predict(nested),
    'predictions of columns': () => model.predict(data.columns),
    'predictions of a loaded model': () => loaded.predict(flat),
    'predictions of a loaded model, rows': () => loaded.predict(nested),
    'predictions of a loaded model, columns': () => loaded.predict(data.columns),
    'classes of a flat array': () => odds.predictClass(flat),
  };
}

/** Files of some 30 MB. */
function fileJobs({ columns, targets }: Columns): Record<string, Call> {
  const rows = 200_000;
  const names = Object.keys(columns);
  const lists = [...Object.values(columns), targets];
  const lines = Array.from({ length: rows }, (_, i) => lists.map((list) => list[i]).join(','));
  const text = [[...names, 'y'].join(','), ...lines].join('\n');
  const columnData = lists.map((list, j) => ({
    name: names[j] ?? 'y',
    data: Float64Array.from(list.subarray(0, 400_000)),
    type: 'DOUBLE' as const,
  }));
  const file = new File([text], 'a.csv');
  const bytes = new Blob([parquetWriteBuffer({ columnData, rowGroupSize: 100_000 })]);
  const target = 'y';
  const own = { backend: 'cpu', epochs: 2 } as const;
  const sources: Record<string, () => ReturnType<typeof csvSource>> = {
    'CSV text': () => csvSource(text, { target }),
    'a CSV file': () => csvSource(file, { target }),
    'a Parquet file': () => parquetSource(bytes, { target }),
  };
  const model = new LinearModel({ weights: new Float64Array(names.length), bias: 0, featureNames: names, targetName: target, report: null }); // prettier-ignore
  return {
    ...Object.fromEntries(Object.entries(sources).map(([name, open]) => [`a fit of ${name}`, () => fit(open(), own)])),
    ...Object.fromEntries(
      Object.entries(sources).map(([name, open]) => [`${name} in memory`, () => collectDataset(open())]),
    ),
    'moments of CSV': () => computeMoments(csvSource(text, { target }), { backend: 'cpu' }),
    'a streamed fit of CSV': () => fit(csvSource(text, { target }), { ...own, memoryBudget: 2 ** 22 }),
    'a score of CSV': () => model.score(csvSource(text, { target })),
    'predictions of CSV': () => model.predict(csvTable(text)),
  };
}

function modelJobs(): Record<string, Call> {
  const count = 100_000;
  const featureNames = Array.from({ length: count }, (_, j) => `feature ${j}`);
  const parts = { weights: uniforms(3, count), bias: 1, featureNames, targetName: 'y', report: null };
  const json: unknown = JSON.parse(JSON.stringify(new LinearModel(parts)));
  const row = Array.from(parts.weights);
  return {
    'a model of 100,000 features': async () => (await loadModel(json)).predict([row]),
    'the whole model of 100,000 features': () => Promise.resolve(LinearModel.fromJSON(json)),
  };
}

const under = (name: string, jobs: Record<string, Call>): [string, Call][] =>
  Object.entries(jobs).map(([job, call]) => [`${name}: ${job}`, call]);

/** The calls by their names, on the host, and with `gpu` on the device of the page too. */
export async function pageJobs(gpu: boolean): Promise<[string, Call][]> {
  const [tall, wide] = [columnsOf(TALL), columnsOf(WIDE)];
  const [rows, features] = ['1,000,000 × 8', '5000 × 600'];
  const onDevice = async () => {
    const context = await createContext();
    await tune(context, { budgetMs: 200 }).finally(() => context.dispose());
  };
  return [
    ...under(`${rows}, CPU`, jobsOn(tall, 'cpu')),
    ...under(`${features}, CPU`, jobsOn(wide, 'cpu')),
    ...under(rows, await hostJobs(tall)),
    ...under(features, await hostJobs(wide)),
    ...under('files', fileJobs(tall)),
    ...under('models', modelJobs()),
    ...(gpu
      ? [
          ...under(`${rows}, GPU`, jobsOn(tall, 'webgpu')),
          ...under(`${features}, GPU`, jobsOn(wide, 'webgpu')),
          ...under('GPU', { tuning: onDevice }),
        ]
      : []),
  ];
}
