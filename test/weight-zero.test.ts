// Examples of weight 0 are as good as absent: in degrees of freedom, warnings, constant features and scores.

import { describe, expect, it } from 'vitest';
import { crossValidate } from '../src/cross-validate.js';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { countedExamples } from '../src/data/example-weights.js';
import type { ExampleSource } from '../src/data/source.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import type { Checkpoint } from '../src/model/checkpoint.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { resume } from '../src/resume.js';
import { solveExact } from '../src/solve-exact.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';

const because = 'sums of the same terms and of zeros';

/** Examples with these weights. */
function weighted(exampleWeights: readonly number[], featureCount = 3): Dataset {
  const { columns, targets, featureNames } = examples(1, exampleWeights.length, featureCount);
  return new Dataset(columns, targets, featureNames, 'y', Float64Array.from(exampleWeights));
}

function sourceOf({ columns, targets, featureNames, targetName, exampleWeights }: Dataset): ExampleSource {
  const part = (from: number, to: number) => ({
    features: columns.map((column) => Float64Array.from(column.subarray(from, to))),
    targets: Float64Array.from(targets.subarray(from, to)),
    exampleWeights: Float64Array.from(exampleWeights?.subarray(from, to) ?? []),
  });
  return {
    name: 'two batches',
    columns: () => Promise.resolve({ features: featureNames, target: targetName }),
    async *batches() {
      yield await Promise.resolve(part(0, 3));
      yield part(3, targets.length);
    },
  };
}

/** The warning of each way to a model of these examples. */
async function sizeWarningsOf(dataset: Dataset): Promise<string[]> {
  const cpu = { backend: 'cpu', epochs: 30 } as const;
  const models: LinearModel[] = [
    await solveExact(dataset, { method: 'qr' }),
    await solveExact(dataset, { method: 'moments', backend: 'cpu' }),
    await solveExact(sourceOf(dataset), { method: 'moments', backend: 'cpu' }),
    await fit(dataset, { ...cpu, strategy: 'streaming' }),
    await fit(dataset, { ...cpu, strategy: 'moments' }),
    await fit(sourceOf(dataset), { ...cpu, strategy: 'moments' }),
    ...(await fitMany(dataset, [{ epochs: 30 }], { backend: 'cpu' })),
  ];
  return models.map(({ report }) => report?.warnings.find(({ code }) => code === 'UNDERDETERMINED')?.message ?? '');
}

describe('the warning that there are fewer examples than parameters', () => {
  it.each([{ l1: 0.1 }, { l2: 0.1 }])('is not given with %o, which makes the best model one', async (penalty) => {
    const dataset = weighted([0, 5, 0, 0, 5, 5, 0]);
    const { report } = await fit(dataset, { backend: 'cpu', ...penalty });
    expect(report.warnings.map(({ code }) => code)).not.toContain('UNDERDETERMINED');
  });

  it('counts examples with a weight above 0, not their weights', async () => {
    const few = '3 examples for 4 parameters: the best model is not unique.';
    expect(new Set(await sizeWarningsOf(weighted([0, 5, 0, 0, 5, 5, 0])))).toEqual(new Set([few]));
    expect(new Set(await sizeWarningsOf(weighted([0.1, 0.2, 0.1, 0, 0.01, 0.3, 0.4])))).toEqual(new Set(['']));
  });

  it('counts, in cross-validation, those outside the fold', async () => {
    const [result] = await crossValidate(weighted([1, 1, 1, 1, 1, 1], 3), [{ epochs: 5 }], {
      folds: 2,
      backend: 'cpu',
    });
    const messages = (model: LinearModel | undefined) => model?.report?.warnings.map(({ message }) => message);
    expect(messages(result?.models[0])?.[0]).toContain('3 examples for 4 parameters');
    const [enough] = await crossValidate(weighted([0, 1, 1, 0.1, 1, 1, 0.1, 1, 1, 1], 3), [{ epochs: 5 }], { folds: 2, backend: 'cpu' }); // prettier-ignore
    enough?.models.forEach((model) => {
      expect(messages(model)?.join() ?? '').not.toMatch(/[4-9] examples for 4/);
    });
  });

  it('takes the sum of weights of moments alone for a number only if it is whole', async () => {
    const warningsOf = async (dataset: Dataset) => (await solveExact(momentsOfDataset(dataset))).report.warnings;
    const fractional = await warningsOf(weighted([0.1, 0.2, 0.1, 0.5, 0.01, 0.3, 0.4]));
    expect(fractional).toEqual([]);
    expect((await fit(momentsOfDataset(weighted([0.1, 0.2, 0.1, 0.5, 0.01, 0.3, 0.4])))).report.warnings).toEqual([]);
    expect((await warningsOf(weighted([1, 1, 1])))[0]?.message).toContain('3 examples for 4 parameters');
  });
});

it('a report has all examples, whatever their weights, also of a fit by moments', async () => {
  const dataset = weighted([0, 0.5, 0.25, 0.1, 0.2, 0.3, 0.4]);
  for (const strategy of ['streaming', 'moments'] as const) {
    expect((await fit(dataset, { backend: 'cpu', strategy })).report.exampleCount).toBe(7);
  }
  expect((await fit(sourceOf(dataset), { backend: 'cpu', strategy: 'moments' })).report.exampleCount).toBe(7);
  for (const method of ['qr', 'moments'] as const) {
    expect((await solveExact(dataset, { backend: 'cpu', method })).report.exampleCount).toBe(7);
  }
  expect(countedExamples(dataset)).toBe(6);
  expect(countedExamples(examples(1, 7, 1))).toBe(7);
});

it('a feature that varies in examples of weight 0 only is constant, and R² does not see these', async () => {
  const data = { columns: { a: [1, 2, 3, 4, 5], k: [7, 7, 7, 7, 8] }, targets: [3.1, 4.9, 7, 9, 1e9] };
  const dataset = createDataset({ ...data, exampleWeights: [1, 1, 1, 1, 0] });
  const rest = createDataset({ columns: { a: [1, 2, 3, 4], k: [7, 7, 7, 7] }, targets: [3.1, 4.9, 7, 9] });
  for (const method of ['qr', 'moments'] as const) {
    const model = await solveExact(dataset, { method, backend: 'cpu' });
    const expected = await solveExact(rest, { method, backend: 'cpu' });
    expectClose([...model.weights, model.bias], [...expected.weights, expected.bias], { relative: 1e-12, because });
    expect(model.report.warnings).toEqual(expected.report.warnings);
    const [found, wanted] = [await model.summary(dataset), await expected.summary(rest)];
    const numbers = ({ rows, r2 }: typeof found) => [...rows.map(({ standardError }) => standardError ?? 0), r2];
    expectClose(numbers(found), numbers(wanted), { relative: 1e-9, because });
    expect(found).toMatchObject({ exampleCount: 4, degreesOfFreedom: 2 });
    expectClose([await model.score(dataset)], [await model.score(rest)], { relative: 1e-12, because });
  }
});

it('a sum of weights that is refused is printed in a few digits', async () => {
  const [first, second] = [[0.1, 0.2, 0.1, 0.5, 0.01], [0.1, 0.2, 0.3, 0.7, 0.1]].map((weights) => momentsOfDataset(weighted(weights, 1))); // prettier-ignore
  const model = await fit(first!, { epochs: 3, learningRate: 0.1 });
  await expectRefusal(() => resume(model.checkpoint(), second!, { epochs: 6 }), 'SHAPE_MISMATCH', '1.4 examples', '0.91, the number'); // prettier-ignore
});

it('a fit on moments goes on from its checkpoint, whatever the sum of the weights', async () => {
  const moments = momentsOfDataset(weighted([0.1, 0.2, 0.1, 0.5, 0.01], 1));
  const first = await fit(moments, { epochs: 3, learningRate: 0.1 });
  const resumed = await resume(JSON.parse(JSON.stringify(first.checkpoint())) as Checkpoint, moments, { epochs: 6 });
  const whole = await fit(moments, { epochs: 6, learningRate: 0.1 });
  expect([...resumed.weights, resumed.bias]).toEqual([...whole.weights, whole.bias]);
});
