// Nothing inside depends on the units of the data: examples, targets and example weights in others give the same predictions.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import type { LinearModel } from '../src/model/linear-model.js';
import type { Loss, OptimizerChoice } from '../src/options/names.js';
import { solveExact } from '../src/solve-exact.js';
import { expectClose } from './support/close.js';
import { examples, normals, uniforms } from './support/examples.js';
import { sourceOfColumns } from './support/streams.js';

const ROWS = 60;
const CPU = { backend: 'cpu', strategy: 'auto' } as const;
const FACTORS = [1e-12, 1e12];

/** Correlated features far from 0, and targets with outliers, or labels that no plane separates. */
function drawn(loss: Loss): Dataset {
  const { columns, featureNames } = examples(4, ROWS, 3);
  const [a, b, c] = columns as [Float64Array, Float64Array, Float64Array];
  const features = [a.map((x) => 20 + x), b.map((x, i) => x + 0.5 * (a[i] as number)), c];
  const noise = normals(9, ROWS);
  const targets = a.map((x, i) => {
    const z = x - 0.7 * (b[i] as number) + (i % 13 === 0 ? 5 : 0.6) * (noise[i] as number);
    return loss === 'logistic' ? Number(z > 0) : 7 + z;
  });
  const weights = uniforms(6, ROWS).map((u) => 1 + u / 2);
  return new Dataset(features, targets, featureNames, 'y', weights);
}

/** The same examples in other units. */
function inUnits(data: Dataset, { x = 1, y = 1, weight = 1 }: { x?: number; y?: number; weight?: number }): Dataset {
  const times = (values: ArrayLike<number>, factor: number) => Float64Array.from(values, (value) => value * factor);
  const { columns, targets, featureNames, targetName, exampleWeights } = data;
  const features = columns.map((column, j) => (j === 1 ? times(column, x) : column)) as Float64Array[];
  return new Dataset(features, times(targets, y), featureNames, targetName, times(exampleWeights ?? [], weight));
}

async function predictionsOf(model: LinearModel, { columns, featureNames }: Dataset): Promise<number[]> {
  const named = Object.fromEntries(featureNames.map((name, j) => [name, columns[j] as Float64Array]));
  return Array.from(await model.predict(named));
}

const OPTIMIZERS: OptimizerChoice[] = [
  ...(['auto', 'newton', 'lbfgs'] as const),
  ...(['gradientDescent', 'momentum', 'nesterov', 'adam'] as const),
];
const PENALTIES = [{}, { l1: 0.02 }, { l2: 0.1 }, { l1: 0.02, l2: 0.1 }];
const CASES = (['squared', 'huber', 'logistic'] as const).flatMap((loss) =>
  OPTIMIZERS.map((optimizer) => ({ loss, optimizer })),
);

describe.each(CASES)('the $loss loss by $optimizer', ({ loss, optimizer }) => {
  const data = drawn(loss);
  const descends = !['auto', 'newton', 'lbfgs'].includes(optimizer);
  // Plain descent begins as the seed program does: with numbers of [−1, 1), whatever the units of the targets.
  const zeros = { weights: [0, 0, 0], bias: 0 };
  const start = optimizer === 'gradientDescent' ? { initialParameters: zeros } : { seed: 3 };
  const epochs = descends ? { epochs: 60, ...start } : {};

  /** Predictions in the first units, with penalties that mean the same. */
  async function learned(units: { x?: number; y?: number; weight?: number }, penalties: { l1?: number; l2?: number }) {
    const { y = 1 } = units;
    // The loss grows with y², Σ|w| with y and Σw² with y².
    const l1 = penalties.l1 === undefined ? {} : { l1: penalties.l1 * y };
    const delta = loss === 'huber' ? { huberDelta: 0.8 * y } : {};
    const options: FitOptions = { ...CPU, ...epochs, loss, optimizer, ...penalties, ...l1, ...delta };
    const scaled = inUnits(data, units);
    const model = await fit(scaled, options);
    return { predictions: (await predictionsOf(model, scaled)).map((value) => value / y), model };
  }

  it.each(PENALTIES)('gives the same predictions in other units: %o', async (penalties) => {
    const { predictions, model } = await learned({}, penalties);
    const because = 'units that are not powers of 2 round each number, which a condition number of about 20 magnifies';
    for (const factor of FACTORS) {
      const units = [{ x: factor }, { weight: factor }, ...(loss === 'logistic' ? [] : [{ y: factor }])];
      for (const unit of units) {
        const other = await learned(unit, penalties);
        expectClose(other.predictions, predictions, { absolute: 1e-9, relative: 1e-9, because });
        expect(other.model.report.stopReason).toBe(model.report.stopReason);
        expect(other.model.report.converged).toBe(model.report.converged);
      }
    }
  });
});

describe('example weights as large or as small as f64 holds', () => {
  const columns = [Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(0.3, -0.2, 1, 0.1, -1)];
  const targets = Float64Array.of(1, 3, 2, 5, 4.5);
  const labels = Float64Array.of(0, 1, 0, 1, 0);
  const weighing = (weight: number, values: Float64Array) =>
    new Dataset(columns, values, ['a', 'b'], 'y', new Float64Array(5).fill(weight));
  const same = { absolute: 1e-9, because: 'only the ratios of weights count' };
  const ways: FitOptions[] = [
    {},
    { l2: 0.1 },
    { optimizer: 'newton' },
    { optimizer: 'lbfgs' },
    { loss: 'huber' },
    { loss: 'logistic', l2: 0.1 },
    { optimizer: 'momentum' },
  ];
  it.each(ways)('count as those of 1: %j', async (options) => {
    const values = options.loss === 'logistic' ? labels : targets;
    const [equal, ...others] = await Promise.all(
      [1, 1e-300, 1e42, 1e307].map((w) => fit(weighing(w, values), options)),
    );
    for (const { weights, bias, report } of others) {
      expectClose(weights, equal?.weights ?? [], same);
      expect(bias).toBeCloseTo(equal?.bias ?? NaN, 9);
      expect(report.converged).toBe(equal?.report.converged);
    }
  });

  it.each(['qr', 'moments'] as const)('count as those of 1 in solveExact by %s', async (method) => {
    const options = { method, backend: 'cpu' } as const;
    const equal = await solveExact(weighing(1, targets), options);
    const heavy = await solveExact(weighing(1e307, targets), options);
    expectClose(heavy.weights, equal.weights, same);
  });
});

it("targets of a streamed source have the δ of Huber's loss that their errors ask for, in all units", async () => {
  const data = drawn('huber');
  const learned = async (unit: number) => {
    const { columns, targets, exampleWeights } = inUnits(data, { y: unit });
    const source = sourceOfColumns(
      columns as Float64Array[],
      targets as Float64Array,
      exampleWeights as Float64Array,
      20,
    );
    const { weights, bias, report } = await fit(source, { ...CPU, loss: 'huber', memoryBudget: 2000 });
    expect(report.source?.read).toBe('streamed');
    return [...weights, bias].map((value) => value / unit);
  };
  const because = 'units that are not powers of 2 round each number';
  const plain = await learned(1);
  for (const unit of [1e-30, 1e15, 1e17, 1e30]) {
    expectClose(await learned(unit), plain, { absolute: 1e-8, relative: 1e-8, because });
  }
});
