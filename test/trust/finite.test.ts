// No NaN and no infinity is handed out, ever: numbers of all sizes that f64 holds, in data, options and files.

import { describe, expect, it } from 'vitest';
import { DescentError } from '../../src/base/errors.js';
import {
  computeMoments,
  crossValidate,
  fit,
  fitMany,
  type FitOptions,
  fitSteps,
  LinearModel,
  lossSurface,
  mergeMoments,
  Moments,
  resume,
  solveExact,
} from '../../src/index.js';
import { Chance } from '../support/mutations.js';
import { recordFigures } from '../support/figures.js';

/** Draws for each function: 150 in `npm run test:trust`, and `FINITE=100000` for more. */
const DRAWS = Number(process.env['FINITE'] ?? 40);

/** A finite number of any size: its exponent is uniform, or it is one of those where something ends. */
function anyNumber(chance: Chance): number {
  if (chance.below(6) === 0) {
    return chance.of([0, -0, 5e-324, 2 ** -1022, 1.8e-38, 1e-45, 3.5e38, 1e154, 1.7976931348623157e308, -1.7976931348623157e308, 1]); // prettier-ignore
  }
  const sign = chance.below(2) === 0 ? -1 : 1;
  return sign * (1 + chance.below(1000) / 1000) * 2 ** (chance.below(2046) - 1022);
}

/** Numbers of one size, as columns have, or of any. */
function anyColumn(chance: Chance, count: number): number[] {
  const [center, spread] = [anyNumber(chance), Math.abs(anyNumber(chance))];
  const isWild = chance.below(4) === 0;
  const value = () => (isWild ? anyNumber(chance) : center + spread * (chance.below(2001) / 1000 - 1));
  return Array.from({ length: count }, () => Math.max(-1.7e308, Math.min(1.7e308, value())));
}

const size = (chance: Chance) => Math.abs(anyNumber(chance));
const chanceOf = (chance: Chance, value: () => number) => (chance.below(3) === 0 ? value() : undefined);

function anyData(chance: Chance) {
  const rows = 3 + chance.below(6);
  const columns = { a: anyColumn(chance, rows), b: anyColumn(chance, rows) };
  const weights = chance.below(4) === 0 ? { exampleWeights: Array.from({ length: rows }, () => size(chance)) } : {};
  return { columns, targets: anyColumn(chance, rows), ...weights };
}

function anyOptions(chance: Chance): FitOptions {
  const optimizer = chance.of(['auto', 'gradientDescent', 'momentum', 'nesterov', 'adam', 'conjugateGradient', 'newton', 'lbfgs'] as const); // prettier-ignore
  const isDescent = !['auto', 'newton', 'lbfgs'].includes(optimizer);
  const hasOwnRate = isDescent && optimizer !== 'conjugateGradient';
  const options = {
    backend: chance.of(['cpu', 'reference'] as const),
    optimizer,
    loss: optimizer === 'conjugateGradient' ? undefined : chance.of(['squared', 'huber'] as const),
    standardize: chance.below(4) > 0,
    fitIntercept: chance.below(4) > 0,
    l2: chanceOf(chance, () => size(chance)),
    l1: optimizer === 'conjugateGradient' ? undefined : chanceOf(chance, () => size(chance)),
    learningRate: hasOwnRate ? chanceOf(chance, () => size(chance)) : undefined,
    epochs: isDescent ? 20 : undefined,
    strategy: isDescent ? chance.of(['auto', 'streaming'] as const) : undefined,
    initialParameters: isDescent && chance.below(3) === 0 ? { weights: [anyNumber(chance), anyNumber(chance)], bias: 0 } : undefined, // prettier-ignore
  };
  return options;
}

/** Every number of a result is finite, or what is not known is null; a loss that is not there before the first epoch is NaN. */
function expectFinite(value: unknown, place: string): void {
  if (typeof value === 'number') expect(value, place).toSatisfy(Number.isFinite);
  else if (ArrayBuffer.isView(value))
    Array.from(value as Float64Array).forEach((number, j) => expectFinite(number, `${place}[${j}]`)); // prettier-ignore
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      // Settings are the caller's; a model that learned no epoch has no rate of them.
      if (!['settings', 'timings', 'report', 'objective'].includes(key)) expectFinite(part, `${place}.${key}`);
    }
  }
}

async function expectModel(model: LinearModel, data: ReturnType<typeof anyData>, place: string): Promise<void> {
  expectFinite(model, place);
  const { lossHistory, validationHistory, relativeGradient, distanceToOptimum, learningRateLimit, path } = model.report ?? {}; // prettier-ignore
  expectFinite({ lossHistory, validationHistory, relativeGradient, distanceToOptimum, learningRateLimit, path }, place); // prettier-ignore
  const json = JSON.stringify(model);
  expectFinite(LinearModel.fromJSON(JSON.parse(json)), `${place}, from JSON`);
  expectFinite(await orCode(() => model.predict(data.columns)), `${place}, predictions`);
  expectFinite(await orCode(() => model.score(data)), `${place}, score`);
  expectFinite(await orCode(() => model.checkpoint()), `${place}, checkpoint`);
}

const refused: Record<string, number> = {};

/** The result, or undefined where it was refused with a code. */
async function orCode<Result>(work: () => Result | Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    refused[error.code] = (refused[error.code] ?? 0) + 1;
    return undefined;
  }
}

type Draw = (chance: Chance, place: string) => Promise<unknown>;

const FUNCTIONS: Record<string, Draw> = {
  fit: async (chance, place) => {
    const data = anyData(chance);
    const model = await orCode(() => fit(data, anyOptions(chance)));
    if (model) await expectModel(model, data, place);
  },
  resume: async (chance, place) => {
    const data = anyData(chance);
    const model = await orCode(() => fit(data, { ...anyOptions(chance), optimizer: 'gradientDescent', learningRate: 0.1 })); // prettier-ignore
    const saved = model && (await orCode(() => model.checkpoint()));
    if (!saved) return;
    const parameters = saved.parameters.map(() => anyNumber(chance));
    const resumed = await orCode(() => resume({ ...saved, parameters }, data, { epochs: 30 }));
    if (resumed) await expectModel(resumed, data, place);
  },
  fitSteps: async (chance, place) => {
    const steps = fitSteps(anyData(chance), { backend: 'cpu', epochs: 6, learningRate: size(chance) || 1, epochsPerStep: 2 }); // prettier-ignore
    for (let step = await orCode(() => steps.next()); step && !step.done; step = await orCode(() => steps.next())) {
      const { weights, bias, losses } = step.value;
      expectFinite({ weights, bias, losses }, place);
    }
  },
  fitMany: async (chance, place) => {
    const data = anyData(chance);
    const models = await orCode(() => fitMany(data, [{ l2: size(chance) }, { learningRate: 0.1, epochs: 9 }], { backend: 'cpu' })); // prettier-ignore
    for (const model of models ?? []) await expectModel(model, data, place);
  },
  solveExact: async (chance, place) => {
    const data = anyData(chance);
    const l2 = chanceOf(chance, () => size(chance)) ?? 0;
    const model = await orCode(() => solveExact(data, { method: chance.of(['auto', 'qr', 'moments'] as const), l2, standardize: chance.below(2) === 0 })); // prettier-ignore
    if (model) await expectModel(model, data, place);
  },
  moments: async (chance, place) => {
    const data = anyData(chance);
    const moments = await orCode(() => computeMoments(data, { backend: 'cpu' }));
    if (!moments) return;
    const json = moments.toJSON();
    expectFinite(json, place);
    const other = await orCode(() => Moments.fromJSON({ ...json, means: json.means.map(() => anyNumber(chance)), count: size(chance) })); // prettier-ignore
    const merged = other && (await orCode(() => mergeMoments(moments, other)));
    expectFinite(merged?.toJSON(), `${place}, merged`);
    const model = merged && (await orCode(() => fit(merged)));
    if (model) await expectModel(model, data, place);
  },
  crossValidate: async (chance, place) => {
    expectFinite(await orCode(() => crossValidate(anyData(chance), [{ l2: size(chance) }], { backend: 'cpu', folds: 3 })), place); // prettier-ignore
  },
  lossSurface: async (chance, place) => {
    const x = { parameter: 0, from: -1, to: 1, steps: 3 };
    const losses = await orCode(() => lossSurface(anyData(chance), { x, at: { weights: [anyNumber(chance), 1], bias: 0 } }, { backend: 'cpu' })); // prettier-ignore
    expect([...(losses ?? [])].some(Number.isNaN), place).toBe(false); // a loss over f64 is Infinity there, as it says
  },
};

describe('finite numbers of all sizes', { timeout: 60_000 + 20 * DRAWS }, () => {
  it.each(Object.entries(FUNCTIONS))(`come to finite numbers or to a code, ${DRAWS} times: %s`, async (name, draw) => {
    for (let seed = 1; seed <= DRAWS; seed++) await draw(new Chance(7919 * seed), `${name}, seed ${seed}`);
  });

  it('are refused with few codes', async () => {
    const expected = ['NON_FINITE_VALUE', 'INVALID_OPTION', 'EMPTY_DATA', 'INVALID_FILE', 'SHAPE_MISMATCH'];
    expect(Object.keys(refused).filter((code) => !expected.includes(code))).toEqual([]);
    await recordFigures('finite', { draws: DRAWS * Object.keys(FUNCTIONS).length, notFinite: 0 });
  });
});
