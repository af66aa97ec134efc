// Summaries of logistic models: what R's glm(family = binomial) prints.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { LinearModel } from '../src/model/linear-model.js';
import type { ModelSummary } from '../src/model/summary/model-summary.js';
import type { SummaryOptions } from '../src/model/summary/summary-options.js';
import { twoSidedNormalP } from '../src/model/normal-p.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { expectClose } from './support/close.js';
import { examples, uniforms } from './support/examples.js';
import { fitCpu } from './support/fit-cpu.js';
import { reweighted } from './support/newton.js';
import { published } from './support/published.js';
import { expectRefusal } from './support/refusal.js';

/** Rows of age, weight, gain, y: the features differ in size by a factor of ten thousand. */
const UNSCALED = `
  73,124390,0,0 35,174129,0,0 34,82584,0,1 46,92480,0,0 73,739625,509,1 25,67328,50611,0 33,79776,0,0
  50,142819,0,0 32,680921,0,1 43,215474,0,1 39,322280,0,1 22,224762,0,0 20,114903,0,1 24,203348,0,0 59,823813,0,1
  79,409671,0,1 75,540752,0,0 61,589014,0,1 75,545095,0,1 45,782484,0,0 52,607284,0,0 57,814037,0,0 43,787213,0,0
  34,170296,0,0 61,885040,0,1 36,867286,0,1 52,514117,0,1 22,586484,0,0 31,412702,0,1 21,284729,0,0 56,184773,0,1
  68,693754,0,1 72,414403,0,1 68,241360,0,0 75,879228,0,1 18,610728,0,0 65,472751,0,1 38,274061,0,0 58,25492,0,0
  23,501053,84507,1 31,600620,0,1 47,89925,0,0 34,255593,0,0 56,819046,0,1 74,325267,99198,1 52,85638,0,0
  75,420407,0,1 26,682502,0,0 45,496119,0,1 61,241479,0,1 27,870616,0,0 56,213456,0,0 43,242257,0,1 46,876754,0,1
  50,847627,0,1 36,156283,0,0 61,492802,0,1 74,706295,0,0 26,683970,0,1 23,491736,0,0 34,726440,0,1 26,277478,0,0
  42,252682,0,1 41,136661,0,0 32,407038,0,1 34,852261,0,1 36,480878,0,0 56,533481,0,1 69,579033,0,1 61,793792,0,0
  24,303639,0,0 61,420345,1394,1 59,591554,0,1 65,274680,0,1 31,28657,53693,1 28,635583,0,0 18,18204,0,0
  64,646649,0,0 42,600682,0,0 33,370088,0,0 59,153427,86288,1 51,434332,0,1 49,581500,0,0 31,441908,0,0
  26,459552,0,0 68,852538,0,1 38,160450,0,0 24,105289,0,0 73,168764,50433,1 44,575394,0,0 46,349893,0,0
  57,433261,0,1 46,284506,5491,1 61,742253,0,1 73,400513,0,1 23,204172,0,0 39,532550,0,0 79,847844,0,1
  73,72261,0,1 35,707813,90653,1 34,444653,0,0 45,697126,0,1 66,38182,0,1 36,785624,0,0 19,216229,15915,0
  20,192536,0,0 30,342923,0,1 33,227353,0,1 78,745302,0,1 38,95851,0,0 75,467407,0,0 53,570328,0,0 20,764030,0,0
  22,867202,0,0 67,590678,0,1 75,176211,0,1 34,846158,0,0 30,194023,0,0 52,141144,0,1 50,453225,0,0 45,194100,0,1
  40,874326,18737,1 29,142953,0,0 40,569621,0,1 49,349846,0,1 74,668633,40354,1 55,191883,0,1 73,497126,0,1
  79,567463,0,1 55,683832,0,1 50,655433,87183,1 35,555637,0,1 63,831763,0,1 27,703848,0,1 41,388157,0,0
  46,265653,0,0 45,389082,0,0 28,789004,0,1 50,573825,0,1 48,677179,0,1 51,595853,0,0 22,278245,0,0 44,886833,0,1
  19,250675,0,0 33,719133,0,0 50,754970,0,1 58,587306,0,1 42,391357,0,0 41,164744,0,0 79,455208,0,1 64,816706,0,1
  41,792773,0,0 73,213184,0,0 51,376652,0,0 77,765098,0,1 42,504297,0,0 64,572733,0,0 65,633626,5647,1
  49,353659,0,0 41,342649,0,0 22,174531,0,0 33,271257,0,0 72,327555,0,0 46,653984,0,0 79,830129,0,0 67,625557,0,1
  25,377344,0,0 50,452626,0,0 40,488339,8805,1 60,625388,0,0 38,629793,0,0 55,612078,0,1 37,228383,0,0
  32,522854,0,0 22,676948,84707,1 47,740355,0,1 56,520175,0,1 42,686834,0,0 72,486782,0,1 67,654013,0,0
  57,822697,0,1 34,805457,0,1 41,401311,0,1 68,12385,0,1 22,511860,9473,0 40,732195,95894,1 50,539599,0,0
  38,160160,0,0 31,721995,26500,0 75,77722,0,0 72,110882,0,0 71,123140,0,0 27,149210,0,0 51,16533,0,1
  36,597734,0,1 69,96207,0,1 75,295109,0,1 71,765939,0,1 46,36492,24519,1 65,549701,0,0 30,751074,0,0
  54,699500,0,1 31,475542,0,0 63,385030,0,0 21,231511,0,0 21,603246,0,0 72,683219,0,0 38,630360,0,0 58,393443,0,0
  50,191576,0,0 21,635656,0,0 25,45173,0,0 54,891753,0,1 30,101921,0,0 51,368502,0,0 29,332439,0,0
  56,639466,99118,1 32,237025,0,0 55,232259,0,0 41,721832,0,1 68,599089,0,1 35,786665,0,0 36,440224,0,0
  75,141758,0,1 20,840064,0,0 19,849085,0,0 66,173981,0,0 53,850569,0,1 41,54948,0,1 57,838449,0,0 42,887887,0,1
  60,396789,0,0 47,526158,0,1 37,390539,0,0 40,522056,0,0 79,340451,10361,1 74,402043,0,0 55,811722,0,1
  39,252474,0,0 61,55304,0,0 62,191456,24024,1 21,386310,0,0 63,261439,0,0 41,843053,0,0 76,135588,0,0
  32,667370,0,0 55,616431,0,1 72,732371,0,1 75,304395,0,1 40,756138,22371,1 23,822611,0,1 32,257697,64981,1
  79,97462,78863,1 70,527942,0,0 67,151055,0,0 29,246391,22509,0 25,191389,0,0 42,412521,0,0 24,51033,0,0
  74,351242,0,1 34,331915,0,0 19,33135,45681,0 27,834926,0,0 27,832275,0,1 41,219412,0,0 48,21627,38403,1
  41,565512,0,0 46,277296,0,0 55,127007,0,0 78,842086,54474,1 25,879173,0,1 73,897306,0,1 50,545979,78534,1
  58,608310,0,1 61,144903,0,1 19,383891,0,0 28,632262,0,0 29,350892,0,0 21,522369,0,0 52,352818,0,0 48,796461,0,0
  44,490239,0,0 45,75061,0,0 77,607944,0,0 41,219527,0,0 46,177500,32041,1 38,439723,0,0 76,472866,0,0
  35,430116,0,0 29,491512,0,1 69,247098,0,1 70,152119,0,0 24,680437,0,1 57,153322,0,0 73,768639,0,1 71,472925,0,1
  72,331091,0,1 61,60360,0,0 22,723615,0,0 56,312874,0,1
`;

function unscaled(): Dataset {
  const rows = UNSCALED.trim()
    .split(/\s+/)
    .map((row) => row.split(',').map(Number));
  const column = (j: number) => Float64Array.from(rows, (row) => row[j] as number);
  return createDataset({ columns: { age: column(0), weight: column(1), gain: column(2) }, targets: column(3) });
}

/** A logistic model with these weights and, last, the bias. */
const modelOf = ({ featureNames }: Dataset, parameters: readonly number[]) =>
  new LinearModel({
    weights: Float64Array.from(parameters.slice(0, -1)),
    bias: parameters.at(-1) as number,
    ...{ featureNames, targetName: 'y', loss: 'logistic', report: null },
  });

/** The summary of the model at the optimum. */
const summaryOf = (dataset: Dataset, options: SummaryOptions = {}) =>
  modelOf(dataset, reweighted(dataset, { loss: 'logistic', ...options })).summary(dataset, options);

const weighted = ({ columns, targets, featureNames }: Dataset, exampleWeights: Float64Array) =>
  new Dataset(columns, targets, featureNames, 'y', exampleWeights);

const errorsOf = ({ rows }: ModelSummary) => rows.map(({ standardError }) => standardError ?? Number.NaN);

const because = 'ten digits of the reference';

describe('standard errors of a logistic model', () => {
  it('are those of the inverse Fisher information, whatever the units of the features', async () => {
    const dataset = unscaled();
    const { model } = await fitCpu(dataset, { loss: 'logistic', epochs: 20_000, tolerance: 0 });
    const summary = await model.summary(dataset);
    const values = summary.rows.map(({ value }) => value);
    const expected = [0.0486234539070229, 2.3858712677342e-6, 6.06461107373678e-5, -3.8006021166673];
    expectClose(values, expected, { relative: 1e-8, because: 'descent' });
    const errors = [8.2181079536988e-3, 5.5064719045185e-7, 1.6733644003936e-5, 5.3750021587102e-1];
    expectClose(errorsOf(summary), errors, { relative: 1e-8, because });
    const z = summary.rows.map(({ t }) => t as number);
    expectClose(z, [5.9166238970052, 4.3328492528517, 3.6242022791391, -7.0708848191036], { relative: 1e-8, because });
    const p = summary.rows.map((row) => row.p as number);
    const tails = [3.2861695425477e-9, 1.4719189948854e-5, 2.8985469263227e-4, 1.539488845284e-12];
    expectClose(p, tails, { relative: 1e-6, because: 'tails fall with z² of the values' });
    expect(summary).toMatchObject({ exampleCount: 300, degreesOfFreedom: 296, nullDegreesOfFreedom: 299 });
    const overall = [summary.deviance, summary.nullDeviance, summary.r2, summary.aic] as number[];
    const totals = [333.37965974413356, 413.9662550750397, 0.1946694793185455, 341.37965974413356];
    expectClose(overall, totals, { relative: 1e-12, because: 'at the minimum the loss is flat' });
    expect(summary).toMatchObject({ residualStandardError: null, adjustedR2: null, weightsAs: null, loss: 'logistic' });
    expect(summary.errorsFromOptimum).toBeLessThan(1e-6);
  });

  it('are those that R prints for the flights before that of the Challenger', async () => {
    const dataset = await published('challenger', 'distress');
    const summary = await summaryOf(dataset);
    expect(String(summary).split('\n')).toEqual([
      'y: 23 examples, 21 degrees of freedom',
      '',
      // 15.0429 (7.3786) and −0.2322 (0.1082), 28.267 on 22, 20.315 on 21 degrees of freedom, AIC 24.315
      'parameter         value   standard error        z        p',
      'temperature   -0.232163         0.108237   -2.145   0.0320',
      'bias            15.0429          7.37864    2.039   0.0415',
      '',
      'deviance 20.3152 on 21 degrees of freedom',
      'null deviance 28.2672 on 22 degrees of freedom',
      "McFadden's R² 0.281315, AIC 24.3152",
      'condition number of the features 1',
      'from the exact optimum: under 0.001 standard errors',
    ]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(structuredClone(summary));
  });

  it('without an intercept are about a null model of even odds', async () => {
    const dataset = await published('challenger', 'distress');
    const summary = await summaryOf(dataset, { fitIntercept: false });
    expect(summary.rows.map(({ name }) => name)).toEqual(['temperature']);
    expectClose(errorsOf(summary), [0.0066702011548109945], { relative: 1e-10, because });
    expectClose([summary.nullDeviance as number], [46 * Math.LN2], { relative: 1e-14, because: 'one rounding' });
    expect(summary).toMatchObject({ degreesOfFreedom: 22, nullDegreesOfFreedom: 23 });
  });
});

describe('weights in a logistic summary', () => {
  it('as counts stand for that many examples', async () => {
    const dataset = await published('challenger', 'distress');
    const counts = Float64Array.from(dataset.targets, (_, i) => i % 3);
    const rows = Array.from(counts, (count, i) => new Array<number>(count).fill(i)).flat();
    const repeated = (column: ArrayLike<number>) => Float64Array.from(rows, (row) => column[row] as number);
    const long = new Dataset(dataset.columns.map(repeated), repeated(dataset.targets), dataset.featureNames, 'y');
    const [found, expected] = [await summaryOf(weighted(dataset, counts)), await summaryOf(long)];
    expect(found).toMatchObject({ weightsAs: 'counts', exampleCount: 22, degreesOfFreedom: 20 });
    expectClose(errorsOf(found), errorsOf(expected), { relative: 1e-9, because: 'two iterations to the optimum' });
    const overall = ({ deviance, nullDeviance, aic }: ModelSummary) => [deviance, nullDeviance, aic] as number[];
    expectClose(overall(found), overall(expected), { relative: 1e-12, because: 'sums of other terms' });
  });

  it('as precisions enter the information as they are, with dispersion 1', async () => {
    const dataset = await published('challenger', 'distress');
    const data = weighted(
      dataset,
      Float64Array.from(dataset.targets, (_, i) => 0.3 + (i % 4) / 10),
    );
    const summary = await summaryOf(data);
    expect(summary).toMatchObject({ weightsAs: 'precisions', exampleCount: 23, degreesOfFreedom: 21 });
    expectClose(errorsOf(summary), [0.18657857390714958, 12.751045711595484], { relative: 1e-9, because });
    expectClose([summary.deviance, summary.nullDeviance] as number[], [8.069780512764137, 11.988936754596278], {
      relative: 1e-11,
      because,
    });
    await expectRefusal(() => summaryOf(data, { weightsAs: 'counts' }), 'INVALID_OPTION', 'weight 0.3 of example 0');
  });

  it('of 0 count nowhere', async () => {
    const dataset = await published('challenger', 'distress');
    const whole = await summaryOf(dataset);
    const far = new Dataset([Float64Array.of(...(dataset.columns[0] as Float64Array), 900, 901)], Float64Array.of(...dataset.targets, 1, 0), dataset.featureNames, 'y', Float64Array.from({ length: 25 }, (_, i) => Number(i < 23))); // prettier-ignore
    const summary = await summaryOf(far);
    expect(summary).toMatchObject({ weightsAs: 'counts', exampleCount: 23, degreesOfFreedom: 21 });
    expectClose(errorsOf(summary), errorsOf(whole), { relative: 1e-9, because: 'two iterations to the optimum' });
    expectClose([summary.nullDeviance as number], [whole.nullDeviance as number], { relative: 1e-14, because: 'sums of 0' }); // prettier-ignore
  });
});

describe('a logistic summary', () => {
  it('says how far the model is from the optimum, in standard errors', async () => {
    const dataset = unscaled();
    const best = reweighted(dataset, { loss: 'logistic' });
    const [first, ...others] = best as [number, ...number[]];
    const [error] = errorsOf(await summaryOf(dataset));
    const moved = await modelOf(dataset, [first + 0.05 * (error as number), ...others]).summary(dataset);
    // A weight moved by a share of its error is at least that share away, more where others would have moved with it.
    expect(moved.errorsFromOptimum).toBeGreaterThan(0.05);
    expect(moved.errorsFromOptimum).toBeLessThan(0.5);
    const short = (await fitCpu(dataset, { loss: 'logistic', epochs: 2, learningRate: 0.5 })).model;
    const far = await short.summary(dataset);
    expect(far.errorsFromOptimum).toBeGreaterThan(1);
    expect(String(far)).toContain('standard errors: the standard errors hold at the optimum, train longer');
  });

  it('has errors for what dependent features leave determined', async () => {
    const { columns } = examples(7, 80, 2);
    const [a, b] = columns as [Float64Array, Float64Array];
    const targets = uniforms(9, 80).map((value, i) => Number(value + (a[i] as number) > 0));
    const expected = await summaryOf(createDataset({ columns: { a, b }, targets }));
    const data = createDataset({ columns: { a, b, copy: b.map((value) => 4 * value), ones: b.map(() => 3) }, targets });
    const [wa, wb, bias] = expected.rows.map(({ value }) => value) as [number, number, number];
    const summary = await modelOf(data, [wa, wb / 2, wb / 8, 0, bias]).summary(data);
    const determined = summary.rows.filter(({ standardError }) => standardError !== null);
    expect(determined.map(({ name }) => name)).toEqual(['a', 'bias']);
    const [errorA, , errorBias] = errorsOf(expected) as [number, number, number];
    expectClose(determined.map(({ standardError }) => standardError as number), [errorA, errorBias], { relative: 1e-9, because: 'the optimum of another iteration' }); // prettier-ignore
    expect(summary).toMatchObject({ degreesOfFreedom: 77, conditionNumber: null });
    expect(summary.errorsFromOptimum).toBeLessThan(1e-6);
    expectClose([summary.aic as number], [expected.aic as number], { relative: 1e-12, because: 'three parameters' });
    const dummies = createDataset({ columns: { a, in: b.map((value) => Number(value > 0)), out: b.map((value) => Number(value <= 0)) }, targets }); // prettier-ignore
    const ofDummies = await modelOf(dummies, [wa, 0.1, -0.1, 0]).summary(dummies);
    expect(ofDummies.rows.map(({ standardError }) => standardError === null)).toEqual([false, true, true, true]);
  });

  it('has no errors without degrees of freedom', async () => {
    const data = createDataset({ columns: { a: [1, 2], b: [3, 1] }, targets: [0, 1] });
    const summary = await modelOf(data, [0.1, 0.2, 0.3]).summary(data);
    expect(summary.rows.every(({ standardError, t, p }) => standardError === null && t === null && p === null)).toBe(
      true,
    );
    expect(summary).toMatchObject({ degreesOfFreedom: 0, errorsFromOptimum: null });
  });

  it('p is of the normal distribution', async () => {
    const { rows } = await summaryOf(unscaled());
    rows.forEach(({ t, p }) => expect(p).toBe(twoSidedNormalP(t as number)));
  });

  it('is refused of moments, of targets that are no labels, of one class, and with penalties', async () => {
    const dataset = await published('challenger', 'distress');
    const model = modelOf(dataset, [-0.2, 15]);
    await expectRefusal(() => model.summary(momentsOfDataset(dataset)), 'INVALID_OPTION', 'on moments', 'Pass the examples'); // prettier-ignore
    const withTargets = (targets: Float64Array) => new Dataset(dataset.columns, targets, dataset.featureNames, 'y');
    await expectRefusal(() => model.summary(withTargets(dataset.targets.map((y) => 2 * y) as Float64Array)), 'INVALID_LABEL', '2 in row 1'); // prettier-ignore
    await expectRefusal(() => model.summary(withTargets(new Float64Array(23))), 'INVALID_LABEL', 'only label 0');
    const { model: ridge } = await fitCpu(dataset, { loss: 'logistic', l2: 0.1, epochs: 5 });
    await expectRefusal(() => ridge.summary(dataset), 'INVALID_OPTION', 'l2 0.1', 'without regularization');
  });
});
