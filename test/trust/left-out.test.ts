// One rule for what may be left out: null and undefined, in data and in options, and no other value.

import { afterAll, describe, expect, it } from 'vitest';
import {
  checkSupport,
  computeMoments,
  createDataset,
  crossValidate,
  fit,
  fitMany,
  fitSteps,
  lossSurface,
  resume,
  SETTINGS,
  solveExact,
  syntheticClassification,
  syntheticRegression,
  tableBatches,
} from '../../src/index.js';
import { withoutLeftOut } from '../../src/base/require-object.js';
import { DescentError } from '../../src/base/errors.js';
import { csvSource, csvTable } from '../../src/data/csv.js';
import { momentsPlan } from '../../src/sql.js';
import { recordFigures } from '../support/figures.js';

const x = Array.from({ length: 40 }, (_, i) => Math.sin(i));
const targets = x.map((value, i) => (i % 10 === 0 ? 50 : 2 * value + 1));
const DATA = { columns: { x }, targets };
const ROWS = { features: x, targets, featureCount: 1 };
const CPU = { backend: 'cpu', epochs: 4 } as const;
const CSV = `x,y\n${x.map((value, i) => `${value},${targets[i]}`).join('\n')}\n`;
const AXIS = { parameter: 0, from: -1, to: 1, steps: 3 };

/** A function of the library by one of its optional parts: everything else stays. */
type Call = (part: object) => unknown;

const OBJECTS = ['initialParameters', 'warmStart', 'context', 'signal', 'onRead', 'onProgress', 'onWarning'];
const PLAIN = SETTINGS.map(({ name }) => name);

/** Every place that takes optional parts, and their names. */
const PLACES: Record<string, { call: Call; names: readonly string[] }> = {
  'data in columns': { call: (part) => fit({ ...DATA, ...part }, CPU), names: ['exampleWeights', 'targetName'] },
  'data in rows': {
    call: (part) => fit({ ...ROWS, ...part }, CPU),
    names: ['exampleWeights', 'featureNames', 'targetName'],
  },
  'data of createDataset': {
    call: (part) => createDataset({ ...ROWS, ...part }),
    names: ['exampleWeights', 'featureNames', 'targetName'],
  },
  'data of fitMany': { call: (part) => fitMany({ ...DATA, ...part }, [{}], CPU), names: ['exampleWeights'] },
  'data of crossValidate': {
    call: (part) => crossValidate({ ...DATA, ...part }, [{}], { ...CPU, folds: 2 }),
    names: ['exampleWeights'],
  },
  'data of solveExact': { call: (part) => solveExact({ ...DATA, ...part }), names: ['exampleWeights'] },
  'data of computeMoments': {
    call: (part) => computeMoments({ ...DATA, ...part }, { backend: 'cpu' }),
    names: ['exampleWeights'],
  },
  fit: {
    call: (part) => fit(DATA, { backend: 'cpu', ...part }),
    names: [...PLAIN.filter((name) => name !== 'backend'), ...OBJECTS],
  },
  fitSteps: { call: (part) => fitSteps(DATA, { ...CPU, ...part }).next(), names: ['epochsPerStep', ...OBJECTS] },
  resume: {
    call: async (part) => resume((await fit(DATA, CPU)).checkpoint(), DATA, { epochs: 9, ...part }),
    names: ['tolerance', 'patience', 'signal', 'context', 'onProgress'],
  },
  fitMany: {
    call: (part) => fitMany(DATA, [{}], { ...CPU, ...part }),
    names: ['targets', 'target', 'signal', 'context', 'onProgress', 'onWarning', 'l2'],
  },
  'a model of fitMany': {
    call: (part) => fitMany(DATA, [{ ...part }], CPU),
    names: ['target', 'warmStart', 'l1', 'targets'],
  },
  crossValidate: { call: (part) => crossValidate(DATA, [{}], { ...CPU, ...part }), names: ['folds', 'seed', 'signal'] },
  solveExact: {
    call: (part) => solveExact(DATA, part),
    names: ['l2', 'standardize', 'fitIntercept', 'method', 'backend', 'context', 'signal'],
  },
  computeMoments: { call: (part) => computeMoments(DATA, { backend: 'cpu', ...part }), names: ['context', 'signal'] },
  lossSurface: {
    call: (part) => lossSurface(DATA, { x: AXIS, at: { weights: [1], bias: 0 } }, { backend: 'cpu', ...part }),
    names: ['loss', 'huberDelta', 'standardize', 'context', 'signal', 'onProgress'],
  },
  'a grid': {
    call: (part) => lossSurface(DATA, { x: AXIS, at: { weights: [1], bias: 0 }, ...part }, { backend: 'cpu' }),
    names: ['y', 'points'],
  },
  summary: {
    call: async (part) => (await solveExact(DATA)).summary(DATA, part),
    names: ['fitIntercept', 'weightsAs'],
  },
  csvSource: {
    call: (part) => fit(csvSource(CSV, { target: 'y', ...part }), CPU),
    names: [
      'weights',
      'labels',
      'features',
      'name',
      'signal',
      'onRead',
      'delimiter',
      'missing',
      'categories',
      'exclude',
    ],
  },
  csvTable: {
    call: async (part) => (await solveExact(DATA)).predict(csvTable(CSV, part)),
    names: ['name', 'signal', 'onRead', 'delimiter', 'encoding'],
  },
  'a table': {
    call: (part) => fit({ table: x.map((value, i) => ({ x: value, y: targets[i] })), target: 'y', ...part }, CPU),
    names: ['weights', 'labels', 'features', 'name', 'missing', 'categories', 'dates'],
  },
  tableBatches: {
    call: (part) =>
      fit(
        tableBatches(
          () => [
            [
              { x: 1, y: 2 },
              { x: 2, y: 5 },
              { x: 4, y: 7 },
            ],
          ],
          { target: 'y', ...part },
        ),
        CPU,
      ),
    names: ['weights', 'features', 'name', 'signal'],
  },
  'a batch of a source': {
    call: (part) =>
      fit(
        { name: 's', columns: () => Promise.resolve({ features: ['x'], target: 'y' }), batches: () => oneBatch(part) },
        CPU,
      ),
    names: ['exampleWeights'],
  },
  syntheticRegression: {
    call: (part) => syntheticRegression({ rows: 9, features: 1, ...part }).dataset,
    names: ['distribution', 'correlation', 'seed', 'weights', 'bias', 'noise', 'outliers'],
  },
  syntheticClassification: {
    call: (part) => syntheticClassification({ rows: 9, features: 1, ...part }).dataset,
    names: ['distribution', 'correlation', 'seed', 'weights', 'bias'],
  },
  checkSupport: { call: (part) => checkSupport(part), names: ['timeoutMs'] },
  momentsPlan: {
    call: (part) => momentsPlan({ dialect: 'duckdb', from: 't', features: ['x'], target: 'y', ...part }),
    names: ['where', 'weights', 'categories', 'missing'],
  },
};

async function* oneBatch(part: object) {
  yield await Promise.resolve({ features: [Float64Array.from(x)], targets: Float64Array.from(targets), ...part });
}

const CASES = Object.entries(PLACES).flatMap(([place, { call, names }]) =>
  names.map((name) => ({ place, name, call })),
);

/** The result as data, without what depends on the time. */
async function outcomeOf(call: Call, part: object): Promise<string> {
  try {
    const result = await call(part);
    return JSON.stringify([result], (key, value: unknown) => (key === 'timings' ? undefined : value));
  } catch (error) {
    if (error instanceof DescentError) return `${error.code} for ${Object.keys(part).join()}`;
    throw error;
  }
}

describe('a part that is left out', () => {
  it.each(CASES)('may be null or undefined: $name of $place', async ({ call, name }) => {
    const without = await outcomeOf(call, {});
    expect(without).not.toMatch(/^[A-Z_]+ for/);
    expect(await outcomeOf(call, { [name]: undefined })).toBe(without);
    expect(await outcomeOf(call, { [name]: null })).toBe(without);
  });
});

/** Values that are none of the kind that an option holds are refused; those that are of its kind are taken. */
describe('a value that is falsy', () => {
  const falsy: [string, unknown][] = [
    ['false', false],
    ['0', 0],
    ["''", ''],
    ['NaN', Number.NaN],
  ];

  it.each(CASES)('is taken or refused with a code: $name of $place', async ({ call, name }) => {
    for (const [, value] of falsy) await outcomeOf(call, { [name]: value });
  });

  it.each(falsy)('is no weights of examples: %s', async (_, value) => {
    for (const place of Object.keys(PLACES).filter((name) => name.startsWith('data '))) {
      const { call } = PLACES[place] as { call: Call };
      expect(await outcomeOf(call, { exampleWeights: value })).toBe('SHAPE_MISMATCH for exampleWeights');
    }
  });
});

afterAll(() => recordFigures('left-out', { functions: Object.keys(PLACES).length, parts: CASES.length }));

describe('withoutLeftOut', () => {
  it('leaves values, and objects with methods of their own kind, as they are', () => {
    const given = { a: 0, b: false, c: '' };
    expect(withoutLeftOut(given)).toBe(given);
    expect(withoutLeftOut({ ...given, d: null, e: undefined })).toEqual(given);
    expect(withoutLeftOut(Object.assign(Object.create(null) as object, { a: null }))).toEqual({});
    class Source {
      batches = null;
    }
    const source = new Source();
    expect(withoutLeftOut(source)).toBe(source);
    expect(withoutLeftOut(null)).toBeNull();
    expect(withoutLeftOut([null])).toEqual([null]);
  });
});
