// Weights of examples in summaries: as counts, as precisions, and those that are neither.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { solveExact } from '../src/solve-exact.js';
import type { SummaryOptions } from '../src/model/summary/summary-options.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';

const because = 'the ten digits of the reference';

/** Rows of x, w, y, where w is 0.001/σ² and y is 2x + 1 with an error of σ. */
const SMALL_WEIGHTS = `
  -1.138,0.075614,-1.484 0.771,0.006608,2.196 1.15,0.023338,3.358 0.735,0.1,2.533 1.448,0.00798,4.129
  0.003,0.005562,1.402 -1.423,0.014568,-1.993 -0.057,0.09803,0.838 0.483,0.15625,2.09 0.415,0.032653,1.803
  -0.601,0.005408,-0.075 -2.06,0.050299,-3.254 2.095,0.009645,5.334 -0.003,0.010892,0.609 0.466,0.092456,1.881
  -0.638,0.008911,-0.373 -0.824,0.011809,-0.722 0.644,0.005334,2.53 0.952,0.05251,3.005 -0.943,0.023565,-0.708
  -0.562,0.069444,-0.125 -0.702,0.01214,-0.599 -1.09,0.073051,-1.198 -0.832,0.005834,-0.877 -0.12,0.01993,0.554
  -1.746,0.062988,-2.292 2.144,0.00434,4.674 -1.434,0.182615,-1.82 -0.394,0.005696,-0.023 1.781,0.013616,4.054
`;

/** The examples of SMALL_WEIGHTS, with each weight times `factor`. */
function smallWeights(factor = 1): Dataset {
  const rows = SMALL_WEIGHTS.trim()
    .split(/\s+/)
    .map((row) => row.split(',').map(Number));
  const column = (j: number) => Float64Array.from(rows, (row) => row[j] as number);
  const exampleWeights = column(1).map((weight) => factor * weight);
  return createDataset({ columns: { x: column(0) }, targets: column(2), exampleWeights });
}

const summaryOf = async (dataset: Dataset, options: SummaryOptions = {}) =>
  (await solveExact(dataset)).summary(dataset, options);

/** A dataset with other weights. */
const weighted = ({ columns, targets, featureNames }: Dataset, exampleWeights: Float64Array) =>
  new Dataset(columns, targets, featureNames, 'y', exampleWeights);

describe('weights that are not whole numbers', () => {
  it('are precisions by default: the values of R lm(y ~ x, weights = w)', async () => {
    for (const options of [{}, { weightsAs: 'precisions' }] as const) {
      const summary = await summaryOf(smallWeights(), options);
      const { rows, exampleCount, degreesOfFreedom, weightsAs } = summary;
      expect({ exampleCount, degreesOfFreedom, weightsAs }).toEqual({ exampleCount: 30, degreesOfFreedom: 28, weightsAs: 'precisions' }); // prettier-ignore
      const found = rows.flatMap(({ value, standardError }) => [value, standardError as number]);
      expectClose(found, [2.0064154268869, 0.0259226348684, 1.0038620566613, 0.0273960118536], { relative: 1e-11, because }); // prettier-ignore
      const overall = [summary.residualStandardError as number, summary.r2, summary.adjustedR2 as number];
      expectClose(overall, [0.028997577945441135, 0.9953478950648942, 0.995181748460069], { relative: 1e-12, because });
      expect(String(summary)).toContain('y: 30 examples (weights as precisions), 28 degrees of freedom');
    }
  });

  it('may all be multiplied by any number: only the variance of weight 1 changes', async () => {
    const [plain, large] = [await summaryOf(smallWeights()), await summaryOf(smallWeights(1e6))];
    const errors = (summary: typeof plain) => summary.rows.map(({ standardError }) => standardError as number);
    expectClose(errors(large), errors(plain), { relative: 1e-12, because: 'roundings of roots of weights' });
    expect(large.degreesOfFreedom).toBe(28);
    expectClose([large.residualStandardError as number], [1000 * (plain.residualStandardError as number)], { relative: 1e-12, because: 'the same' }); // prettier-ignore
  });

  it('are refused as counts, in plain words', async () => {
    const words = ['weight 0.075614 of example 0', 'weights as counts', 'whole numbers', "weightsAs 'precisions'"];
    await expectRefusal(() => summaryOf(smallWeights(), { weightsAs: 'counts' }), 'INVALID_OPTION', ...words);
  });

  it('are refused of moments, which know only their sum', async () => {
    const dataset = smallWeights();
    const [model, moments] = [await solveExact(dataset), momentsOfDataset(dataset)];
    await expectRefusal(() => model.summary(moments), 'INVALID_OPTION', 'a sum of weights of 1.24109', 'a whole number', 'Pass the examples'); // prettier-ignore
    await expectRefusal(() => model.summary(moments, { weightsAs: 'precisions' }), 'INVALID_OPTION', 'know only the sum of the weights'); // prettier-ignore
    const one = momentsOfDataset(smallWeights(1 / 1.241086));
    await expectRefusal(() => model.summary(one), 'INVALID_OPTION', 'a sum of weights of 1, which determine 2 parameters'); // prettier-ignore
  });
});

describe('weights that are whole numbers', () => {
  const dataset = examples(3, 40, 2);
  const counts = Float64Array.from(dataset.targets, (_, i) => i % 4);

  it('are counts by default, and precisions if that is what they are', async () => {
    const data = weighted(dataset, counts);
    const [asCounts, asPrecisions] = [await summaryOf(data), await summaryOf(data, { weightsAs: 'precisions' })];
    expect(asCounts).toMatchObject({ weightsAs: 'counts', exampleCount: 60, degreesOfFreedom: 57 });
    expect(asPrecisions).toMatchObject({ weightsAs: 'precisions', exampleCount: 30, degreesOfFreedom: 27 });
    expect(String(asCounts)).toContain('60 examples (weights as counts), 57 degrees of freedom');
    asPrecisions.rows.forEach(({ standardError }, j) => {
      const ratio = (standardError as number) / (asCounts.rows[j]?.standardError as number);
      expectClose([ratio], [Math.sqrt(57 / 27)], { relative: 1e-12, because: 'σ² alone depends on the number' });
    });
    expect(await summaryOf(data, { weightsAs: 'counts' })).toEqual(asCounts);
  });

  it('of 1 are no weights, and of 0 no examples', async () => {
    const plain = await summaryOf(dataset);
    expect(plain.weightsAs).toBeNull();
    expect(await summaryOf(dataset, { weightsAs: 'precisions' })).toEqual(plain);
    const ones = await summaryOf(weighted(dataset, new Float64Array(40).fill(1)));
    const { exampleCount, degreesOfFreedom, rows } = plain;
    expect(ones).toMatchObject({ exampleCount, degreesOfFreedom, rows, weightsAs: 'counts' });
    const isIn = (i: number) => i % 3 > 0;
    const some = await summaryOf(weighted(dataset, counts.map((_, i) => (isIn(i) ? 0.5 : 0)))); // prettier-ignore
    const rest = { columns: dataset.columns.map((column) => column.filter((_, i) => isIn(i))), targets: dataset.targets.filter((_, i) => isIn(i)) }; // prettier-ignore
    const without = await summaryOf(new Dataset(rest.columns, rest.targets, dataset.featureNames, 'y'));
    expect(some).toMatchObject({ exampleCount: 26, degreesOfFreedom: 23, weightsAs: 'precisions' });
    const errors = (summary: typeof plain) => summary.rows.map(({ standardError }) => standardError as number);
    expectClose(errors(some), errors(without), { relative: 1e-12, because: 'roots of 0.5' });
    expectClose([some.r2], [without.r2], { relative: 1e-13, because: 'sums of other terms' });
  });

  it('go by the moments of many examples, too, with the number of rows', async () => {
    const large = examples(4, 300_000, 2);
    const weights = Float64Array.from(large.targets, (_, i) => 0.001 * (i % 2));
    const summary = await summaryOf(weighted(large, weights));
    expect(summary).toMatchObject({ exampleCount: 150_000, degreesOfFreedom: 149_997, weightsAs: 'precisions' });
    const odd = (column: ArrayLike<number>) => Float64Array.from({ length: 150_000 }, (_, i) => column[2 * i + 1] as number); // prettier-ignore
    const half = await summaryOf(new Dataset(large.columns.map(odd), odd(large.targets), large.featureNames, 'y'));
    const errors = (of: typeof half) => of.rows.map(({ standardError }) => standardError as number);
    expectClose(errors(summary), errors(half), { relative: 1e-9, because: 'sums of other terms' });
  });

  it('are of moments the number of examples', async () => {
    const data = weighted(dataset, counts);
    const summary = await (await solveExact(data)).summary(momentsOfDataset(data));
    expect(summary).toMatchObject({ weightsAs: null, exampleCount: 60, degreesOfFreedom: 57 });
  });
});

it('a meaning of weights that does not exist is refused, and weights by the name of weightsAs', async () => {
  const dataset = examples(3, 9, 1);
  const model = await solveExact(dataset);
  const wrong = (options: object) => () => model.summary(dataset, options);
  await expectRefusal(wrong({ weightsAs: 'frequencies' }), 'INVALID_OPTION', "'auto', 'counts' or 'precisions'");
  await expectRefusal(wrong({ weights: 'counts' }), 'UNKNOWN_OPTION', "Did you mean 'weightsAs'?");
});
