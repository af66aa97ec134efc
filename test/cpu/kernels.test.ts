// The kernels of the CPU engine, in f32 and f64, against their twins in src/reference.

import { describe, expect, it } from 'vitest';
import type { KernelKind } from '../../src/cpu/kernels/module.js';
import { hessianLength } from '../../src/cpu/kernels/shape.js';
import { LOSSES } from '../../src/options/names.js';
import { gradient } from '../../src/reference/gradient.js';
import type { ExampleTerms } from '../../src/reference/loss.js';
import { moments } from '../../src/reference/moments.js';
import { residual } from '../../src/reference/residual.js';
import { expectClose } from '../support/close.js';
import { kernelExamples, type KernelExamples } from '../support/cpu.js';
import { numbers } from '../support/data.js';
import { HUBER_DELTA } from '../support/terms.js';

/** Around the 8 or 16 rows of a tile, and the 64 tiles after which sums are folded. */
const ROWS = [1, 2, 7, 8, 9, 15, 16, 17, 63, 65, 511, 512, 513, 1023, 1025, 2051];
const FEATURES = [1, 2, 3, 8, 17, 64, 129];
const pairs = (turn: number) =>
  ROWS.flatMap((m, i) => FEATURES.filter((_, j) => (i + 3 * j + turn) % 7 === 0).map((d) => ({ m, d })));

const FAST = { hasTargets: true, isPrecise: false, withHessian: false };
const PRECISE = { ...FAST, isPrecise: true };
const WITH_HESSIAN = { ...PRECISE, withHessian: true };

/** Every arithmetic that a kernel has, with a rounding of it. */
const ARITHMETICS = [
  { arithmetic: 'f32', kernels: 'wasm', storedBytes: 4, kind: FAST, rounding: 2 ** -24 },
  { arithmetic: 'f64 on f32', kernels: 'wasm', storedBytes: 4, kind: PRECISE, rounding: 2 ** -53 },
  { arithmetic: 'f64', kernels: 'wasm', storedBytes: 8, kind: FAST, rounding: 2 ** -53 },
  { arithmetic: 'plain loops on f32', kernels: 'loops', storedBytes: 4, kind: FAST, rounding: 2 ** -53 },
  { arithmetic: 'plain loops on f64', kernels: 'loops', storedBytes: 8, kind: FAST, rounding: 2 ** -53 },
] as const;

const FORMS = ARITHMETICS.flatMap((arithmetic) =>
  LOSSES.flatMap((loss) => [false, true].map((isWeighted) => ({ ...arithmetic, loss, isWeighted }))),
);

const because =
  'a prediction and a term take some roundings of their size; sums over a tree of 16 and 64 in a row few more';

/** The sums that the twins come to over the rows `first` to before `end`, and the sizes of their terms. */
function expectedSums(
  { features, targets, terms }: Pick<KernelExamples, 'features' | 'targets' | 'terms'>,
  parameters: Float64Array,
  { first, end, target }: { first: number; end: number; target: number },
) {
  const part = (column: Float64Array) => column.subarray(first, end);
  const sumsOf = (columns: Float64Array[], y: Float64Array, point: Float64Array, some: ExampleTerms) => {
    const [slopes, twiceLosses] = [new Float64Array(y.length), new Float64Array(y.length)];
    const sums = new Float64Array(point.length + 1);
    residual(columns, y, point, slopes, some, twiceLosses);
    gradient(columns, slopes, sums, twiceLosses);
    return sums;
  };
  const exampleWeights = terms.exampleWeights && part(terms.exampleWeights);
  const y = part(targets[target] as Float64Array);
  const columns = features.map(part);
  // With all numbers positive, errors of the squared loss bound the sizes of the terms of any loss.
  const sizes = sumsOf(
    columns.map((column) => column.map(Math.abs)),
    y.map((value) => -Math.abs(value) - 1),
    parameters.map(Math.abs),
    { exampleWeights },
  );
  return { sums: sumsOf(columns, y, parameters, { ...terms, exampleWeights }), sizes };
}

/** Each number over the size of its terms. */
const scaled = (sums: ArrayLike<number>, sizes: Float64Array) =>
  sizes.map((size, j) => (sums[j] as number) / (size || 1));

async function sumsOf(
  examples: KernelExamples,
  kind: KernelKind,
  parameters: Float64Array,
  { first, end, target }: { first: number; end: number; target: number },
): Promise<Float64Array> {
  const pass = await examples.rows.pass(kind);
  pass.begin(Float64Array.of(...parameters, HUBER_DELTA));
  pass.add(first, end, target);
  return pass.read().slice(0, parameters.length + 1);
}

describe.each(FORMS)(
  '$arithmetic, $loss, weights $isWeighted',
  ({ kernels, storedBytes, kind, rounding, loss, isWeighted }) => {
    it.each(pairs(LOSSES.indexOf(loss)))('sums of all rows: $m × $d', async ({ m, d }) => {
      const examples = kernelExamples(m, d, { loss, isWeighted, storedBytes, kernels });
      const parameters = numbers(300, d + 1, 0.8 / Math.sqrt(d), 0.05);
      const range = { first: 0, end: m, target: 0 };
      const { sums, sizes } = expectedSums(examples, parameters, range);
      const found = await sumsOf(examples, { ...kind, loss }, parameters, range);
      expectClose(scaled(found, sizes), scaled(sums, sizes), { absolute: 8 * rounding, because });
    });

    it('sums of any range of rows, with the targets that are named', async () => {
      const [m, d] = [150, 3];
      const examples = kernelExamples(m, d, { loss, isWeighted, storedBytes, kernels, targetCount: 3 });
      const parameters = numbers(300, d + 1);
      for (const [first, end] of [
        [0, 0],
        [5, 5],
        [3, 5],
        [0, 16],
        [16, 32],
        [5, 16],
        [5, 17],
        [8, 24],
        [31, 33],
        [1, 149],
        [100, 150],
      ] as const) {
        for (const target of [0, 1, 2]) {
          const range = { first, end, target };
          const { sums, sizes } = expectedSums(examples, parameters, range);
          const found = await sumsOf(examples, { ...kind, loss }, parameters, range);
          expectClose(scaled(found, sizes), scaled(sums, sizes), { absolute: 8 * rounding, because });
        }
      }
    });
  },
);

describe.each(ARITHMETICS)('$arithmetic', ({ kernels, storedBytes, kind, rounding }) => {
  it('takes targets as 0 for the curvature', async () => {
    const [m, d] = [77, 5];
    const examples = kernelExamples(m, d, { loss: 'squared', isWeighted: true, storedBytes, kernels });
    const direction = numbers(301, d + 1);
    const range = { first: 0, end: m, target: 0 };
    const zeros = { ...examples, targets: [new Float64Array(m)] };
    const { sums, sizes } = expectedSums(zeros, direction, range);
    const found = await sumsOf(examples, { ...kind, loss: 'squared', hasTargets: false }, direction, range);
    expectClose(scaled(found, sizes), scaled(sums, sizes), { absolute: 8 * rounding, because });
  });

  it('adds up piece by piece', async () => {
    const examples = kernelExamples(1000, 4, { loss: 'squared', isWeighted: false, storedBytes, kernels });
    const parameters = numbers(302, 5);
    const pass = await examples.rows.pass({ ...kind, loss: 'squared' });
    pass.begin(Float64Array.of(...parameters, 1));
    for (const [first, end] of [
      [0, 7],
      [7, 500],
      [500, 1000],
    ] as const)
      pass.add(first, end, 0);
    const { sums, sizes } = expectedSums(examples, parameters, { first: 0, end: 1000, target: 0 });
    expectClose(scaled(pass.read(), sizes), scaled(sums, sizes), { absolute: 8 * rounding, because });
  });

  it.each([-1e5, -700, -100, -90, -30, -1, -1e-3, 0, 1e-4, 2, 17, 87, 88, 104, 708, 709, 1e5])(
    'has loss and slope of a logistic prediction of %d',
    async (z) => {
      const examples = kernelExamples(4, 1, { loss: 'logistic', isWeighted: false, storedBytes, kernels });
      const parameters = Float64Array.of(0, z);
      const range = { first: 1, end: 2, target: 0 };
      const { sums } = expectedSums(examples, parameters, range);
      const found = await sumsOf(examples, { ...kind, loss: 'logistic' }, parameters, range);
      expectClose(found, sums, {
        relative: 8 * rounding,
        absolute: 2 ** -124, // next to the least normal number of f32, below which exp is not followed
        because: 'exp and log1p to the last digits: some roundings',
      });
    },
  );

  it.each(LOSSES)('has no finite %s loss at parameters without one', async (loss) => {
    const examples = kernelExamples(40, 2, { loss, isWeighted: false, storedBytes, kernels });
    for (const value of [Infinity, -Infinity, Number.NaN]) {
      const range = { first: 0, end: 40, target: 0 };
      const found = await sumsOf(examples, { ...kind, loss }, Float64Array.of(1, value, 0), range);
      expect([value, Number.isFinite(found[3])]).toEqual([value, false]);
    }
  });
});

const HESSIANS = ARITHMETICS.filter(({ arithmetic }) => arithmetic !== 'f32');

describe.each(HESSIANS)('second derivatives in $arithmetic', ({ kernels, storedBytes }) => {
  it.each(pairs(1).filter(({ d }) => d < 100))('of the squared loss are the moments: $m × $d', async ({ m, d }) => {
    const isWeighted = m % 2 === 1;
    const examples = kernelExamples(m, d, { loss: 'squared', isWeighted, storedBytes, kernels });
    const parameters = numbers(303, d + 1);
    const pass = await examples.rows.pass({ ...WITH_HESSIAN, loss: 'squared' });
    pass.begin(Float64Array.of(...parameters, 1));
    pass.add(0, m, 0);
    const found = pass.read();
    const { sums, sizes } = expectedSums(examples, parameters, { first: 0, end: m, target: 0 });
    const absolute = 8 * 2 ** -53;
    expectClose(scaled(found, sizes), scaled(sums, sizes), { absolute, because });

    const products = new Float64Array((d + 1) ** 2);
    const columns = [...examples.features, new Float64Array(m).fill(1)];
    moments(columns, [], examples.terms.exampleWeights, new Float64Array(d + 1), new Float64Array(d + 1), products);
    const upper = products.filter((_, at) => at % (d + 1) >= Math.floor(at / (d + 1)));
    expect(found).toHaveLength(d + 2 + hessianLength(d));
    const largest = Math.max(...upper);
    expectClose(
      found.subarray(d + 2).map((sum) => sum / largest),
      upper.map((sum) => sum / largest),
      { absolute: m * 2 ** -53, because: 'the twin adds up m terms one after the other' },
    );
  });
});
