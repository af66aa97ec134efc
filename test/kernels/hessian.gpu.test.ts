// The second derivatives of losses, and the sums of the Hessian that they weigh, in either layout of X.

import { describe, expect, it } from 'vitest';
import { halfBits } from '../../src/gpu/examples/f16.js';
import {
  HESSIAN_TILE,
  hessianKernel,
  hessianNarrowKernel,
  MOST_NARROW_HESSIAN,
  rowBegin,
  secondDerivativesKernel,
  writeBand,
} from '../../src/gpu/kernels/hessian-kernels.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { partialsOf, type Tuning } from '../../src/gpu/device/tuning.js';
import { hessian } from '../../src/reference/hessian.js';
import { type ExampleTerms } from '../../src/reference/loss.js';
import { residual } from '../../src/reference/residual.js';
import { secondDerivatives } from '../../src/reference/second-derivatives.js';
import { expectClose } from '../support/close.js';
import { columns, numbers, RAGGED_ROWS } from '../support/data.js';
import { configFor, inQuads, runKernel, runKernelInPlace, shareOf, TUNINGS, withContext } from '../support/kernel.js';
import { HUBER_DELTA, OTHER_TERMS, targetsFor, termsFor, withWeights } from '../support/terms.js';

const gpu = withContext();

type Order = 'columns' | 'rows';
type Storage = 'f32' | 'f16';
const LAYOUTS = (['columns', 'rows'] as const).flatMap((order) =>
  (['f32', 'f16'] as const).map((storage) => ({ order, storage })),
);

/** Numbers of nine bits, which halves hold too. */
const featuresOf = (rows: number, features: number) =>
  columns(4, rows, features).map((column) => column.map((x) => Math.round(256 * x) / 256));

const rowQuadsOf = (features: number) => Math.ceil(features / 4) + 1;

/** X as a shard holds it: column after column, or row after row with a quad more than needed. */
function laidOut(X: readonly Float64Array[], order: Order, storage: Storage): Float64Array | ArrayBuffer {
  const stride = 4 * rowQuadsOf(X.length);
  const padded = 4 * Math.ceil((X[0]?.length ?? 0) / 4);
  const all = order === 'columns' ? inQuads(X) : new Float64Array(padded * stride);
  if (order === 'rows') X.forEach((column, j) => column.forEach((x, i) => (all[i * stride + j] = x)));
  return storage === 'f32' ? all : Uint16Array.from(all, halfBits).buffer;
}

/** A problem without an error so near to ±δ that f32 could take it for the other side. */
function problemOf(rows: number, features: number, form: Terms) {
  const X = featuresOf(rows, features);
  const terms = termsFor(form, rows);
  const parameters = numbers(6, features + 1);
  const errors = new Float64Array(rows);
  const plain = targetsFor(form, numbers(5, rows, 2));
  residual(X, plain, parameters, errors);
  const isNear = (error: number) => Math.abs(Math.abs(error) - HUBER_DELTA) < 0.01;
  const y = plain.map((value, i) => (form.loss === 'huber' && isNear(errors[i] as number) ? value + 0.0625 : value));
  return { X, y, terms, parameters };
}

interface Shape {
  rows: number;
  features: number;
}

/** Both triangles of [x 1][x 1]ᵀ to the lower one of [1 x][1 x]ᵀ, in which partials hold it. */
function triangleOf(sums: Float64Array, features: number): number[] {
  const size = features + 1;
  const at = (i: number, j: number) => sums[i * size + j] as number;
  const rows = Array.from({ length: features }, (_, i) => [
    at(i, features),
    ...Array.from({ length: i + 1 }, (_, j) => at(i, j)),
  ]);
  return [at(features, features), ...rows.flat()];
}

function expectedSums(X: readonly Float64Array[], curvatures: Float64Array): number[] {
  const sums = new Float64Array((X.length + 1) ** 2);
  hessian(X, curvatures, sums);
  return triangleOf(sums, X.length);
}

/** Holds partials, added up in f64, against the sums over examples, or those from `first` on. */
function expectSums(
  partials: Float32Array,
  X: readonly Float64Array[],
  curvatures: Float64Array,
  { first = 0, relative = 1e-6 } = {},
): void {
  const expected = expectedSums(X, curvatures);
  const count = expected.length - first;
  const actual = new Float64Array(count);
  partials.forEach((partial, k) => (actual[k % count] = (actual[k % count] as number) + partial));
  const absolute = (values: Float64Array) => values.map(Math.abs);
  const sizes = expectedSums(X.map(absolute), absolute(curvatures));
  const errors = Array.from(actual, (sum, k) => (sum - (expected[first + k] as number)) / (sizes[first + k] || 1));
  const because = 'roundings of 2^-24 in 260 additions and of three factors, which add up like a walk at random';
  expectClose(errors, new Float64Array(count), { absolute: relative, because });
}

const TRIED = [
  ...[1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 20, 64].map((features) => ({ rows: 65, features })),
  ...RAGGED_ROWS.map((rows) => ({ rows, features: 13 })),
  { rows: 257, features: 130 },
  { rows: 20_003, features: 11 },
];

/** A dispatch takes the quads that a shard has. */
const ALL_QUADS = { firstQuad: 0, endQuad: 1e6 };
const SOME_QUADS = { firstQuad: 3, endQuad: 9 };

/** Workgroups of this many quads to a lane, and one more, with nothing to do. */
const workgroupsOf = (rows: number, { sumsSize }: Tuning) => Math.ceil(rows / 4 / (sumsSize * 128)) + 1;

describe.each(TUNINGS)('hessian.wgsl, tuned for $name, equals its twin', ({ tuning }) => {
  const curvaturesOf = (rows: number) => numbers(7, rows, 1, 0.4);

  async function run({ rows, features }: Shape, order: Order, storage: Storage): Promise<Float32Array> {
    const workgroups = workgroupsOf(rows, tuning);
    const tiles = Math.ceil(features / HESSIAN_TILE);
    const sumCount = rowBegin(features);
    const [output] = await runKernel(gpu.context, hessianKernel({ order, storage }, tuning), {
      config: configFor(rows, features, 1, { rowQuads: rowQuadsOf(features) }),
      secondUniform: writeBand({ ...ALL_QUADS, firstTile: 0, firstSum: 0, sumCount, isAdded: false }),
      reads: [laidOut(featuresOf(rows, features), order, storage), inQuads([curvaturesOf(rows)])],
      writes: [4 * sumCount * partialsOf(workgroups, tuning)],
      workgroups: [workgroups, tiles, tiles],
    });
    return new Float32Array(output as ArrayBuffer);
  }

  describe.each(LAYOUTS)('in $order of $storage', ({ order, storage }) => {
    it.each(TRIED)('at $rows × $features', async (shape) => {
      const { rows, features } = shape;
      expectSums(await run(shape, order, storage), featuresOf(rows, features), curvaturesOf(rows));
    });
  });

  it('gives the same bits every time', async () => {
    const shape = { rows: 2003, features: 21 };
    const first = await run(shape, 'columns', 'f32');
    for (let time = 0; time < 3; time++) expect(await run(shape, 'columns', 'f32')).toEqual(first);
  });

  it.each(['columns', 'rows'] as const)('adds to the sums of a band of its rows, in %s', async (order) => {
    const [rows, features, workgroups] = [65, 21, 1];
    const X = featuresOf(rows, features);
    const curvatures = curvaturesOf(rows);
    const only = (column: Float64Array) => column.subarray(4 * SOME_QUADS.firstQuad, 4 * SOME_QUADS.endQuad);
    // Of three rows of tiles the last two lie in the partials, and the last one is added.
    const [first, last] = [rowBegin(HESSIAN_TILE), rowBegin(2 * HESSIAN_TILE)];
    const sumCount = rowBegin(features) - first;
    const before = Float64Array.from({ length: sumCount * partialsOf(workgroups, tuning) }, (_, k) => k % 97);
    const [output] = await runKernelInPlace(gpu.context, hessianKernel({ order, storage: 'f32' }, tuning), {
      config: configFor(rows, features, 1, { rowQuads: rowQuadsOf(features) }),
      secondUniform: writeBand({ ...SOME_QUADS, firstTile: 2, firstSum: first, sumCount, isAdded: true }),
      reads: [laidOut(X, order, 'f32'), inQuads([curvatures])],
      inPlace: [before],
      workgroups: [workgroups, 1, 3],
    });
    const partials = new Float32Array(output as ArrayBuffer);
    const isUntouched = partials.every((value, k) => k % sumCount >= last - first || value === before[k]);
    expect(isUntouched).toBe(true);
    const added = partials.map((value, k) => value - (before[k] as number));
    const ofLast = added.filter((_, k) => k % sumCount >= last - first);
    expectSums(ofLast, X.map(only), only(curvatures), { first: last, relative: 4e-6 }); // rounded beside numbers up to 96
  });
});

const FORMS = [{ ...PLAIN, counted: 'alike' }, ...OTHER_TERMS];

describe.each(TUNINGS)('second_derivatives.wgsl, tuned for $name, equals its twin', ({ tuning }) => {
  const cases = LAYOUTS.flatMap((layout) => shareOf(tuning, FORMS).map((form) => ({ ...layout, ...form })));
  const shapes = [
    ...[1, 4, 5, 17, 64].map((features) => ({ rows: 257, features })),
    ...RAGGED_ROWS.map((rows) => ({ rows, features: 3 })),
  ];
  it.each(cases)('of the $loss loss, counted $counted, in $order of $storage', async ({ order, storage, ...form }) => {
    for (const { rows, features } of shapes) {
      const { X, y, terms, parameters } = problemOf(rows, features, form);
      const quads = Math.ceil(rows / 4);
      const [output] = await runKernel(gpu.context, secondDerivativesKernel({ order, storage }, tuning, form), {
        config: configFor(rows, features, 1, { rowQuads: rowQuadsOf(features), huberDelta: HUBER_DELTA }),
        reads: [laidOut(X, order, storage), inQuads(withWeights([y], terms)), parameters],
        writes: [16 * quads],
        workgroups: [2],
      });
      expectSecondDerivatives(new Float32Array(output as ArrayBuffer), { X, y, parameters, terms });
    }
  });
});

function expectSecondDerivatives(
  actual: Float32Array,
  { X, y, parameters, terms }: { X: Float64Array[]; y: Float64Array; parameters: Float64Array; terms: ExampleTerms },
): void {
  const rows = y.length;
  const expected = new Float64Array(rows);
  secondDerivatives(X, y, parameters, expected, terms);
  // That of the logistic loss is off by as much of itself as the prediction is off: by roundings of its terms.
  const sizes = new Float64Array(rows);
  const absolute = (values: Float64Array) => values.map(Math.abs);
  residual(X.map(absolute), new Float64Array(rows), absolute(parameters), sizes);
  const errors = expected.map(
    (value, i) => ((actual[i] as number) - value) / ((value || 1) * (1 + (sizes[i] as number))),
  );
  const because = 'roundings of 2^-24 in the prediction, and of 2^-23·(3 + 2|z|) in WGSL of exp';
  expectClose(errors, new Float64Array(rows), { absolute: 1e-6, because });
  expect([...actual.subarray(rows)], 'padding').toEqual(Array.from({ length: actual.length - rows }, () => 0));
}

describe.each(TUNINGS)('hessian_narrow.wgsl, tuned for $name, equals its twins', ({ tuning }) => {
  const all = Array.from({ length: MOST_NARROW_HESSIAN }, (_, j) => j + 1);
  const shapes = [
    ...shareOf(tuning, all).flatMap((features) =>
      RAGGED_ROWS.map((rows) => ({ rows, features, ...PLAIN, counted: 'alike' })),
    ),
    ...shareOf(tuning, OTHER_TERMS).flatMap((form) =>
      [1, 3, 65, 257, 20_003].map((rows) => ({ rows, features: 3, ...form })),
    ),
    { rows: 20_003, features: 8, loss: 'logistic' as const, weighted: true, counted: 'by weight' },
  ];
  it.each(shapes)('of the $loss loss, counted $counted, at $rows × $features', async ({ rows, features, ...form }) => {
    const { X, y, terms, parameters } = problemOf(rows, features, form);
    const workgroups = workgroupsOf(rows, tuning);
    const sumCount = rowBegin(features);
    const storage = rows % 2 === 0 ? 'f16' : 'f32';
    const [output] = await runKernel(gpu.context, hessianNarrowKernel(features, { storage }, tuning, form), {
      config: configFor(rows, features, 1, { huberDelta: HUBER_DELTA }),
      secondUniform: writeBand({ ...ALL_QUADS, firstTile: 0, firstSum: 0, sumCount, isAdded: false }),
      reads: [laidOut(X, 'columns', storage), inQuads(withWeights([y], terms)), parameters],
      writes: [4 * sumCount * partialsOf(workgroups, tuning)],
      workgroups: [workgroups],
    });
    const curvatures = new Float64Array(rows);
    secondDerivatives(X, y, parameters, curvatures, terms);
    expectSums(new Float32Array(output as ArrayBuffer), X, curvatures);
  });

  it('adds to sums that are there', async () => {
    const { X, y, terms, parameters } = problemOf(65, 3, PLAIN);
    const sumCount = rowBegin(3);
    const before = Float64Array.from({ length: sumCount * partialsOf(1, tuning) }, (_, k) => k + 1);
    const [output] = await runKernelInPlace(gpu.context, hessianNarrowKernel(3, { storage: 'f32' }, tuning, PLAIN), {
      config: configFor(65, 3),
      secondUniform: writeBand({ ...SOME_QUADS, firstTile: 0, firstSum: 0, sumCount, isAdded: true }),
      reads: [inQuads(X), inQuads([y]), parameters],
      inPlace: [before],
      workgroups: [1],
    });
    const added = new Float32Array(output as ArrayBuffer).map((value, k) => value - (before[k] as number));
    const curvatures = new Float64Array(65);
    secondDerivatives(X, y, parameters, curvatures, terms);
    const only = (column: Float64Array) => column.subarray(4 * SOME_QUADS.firstQuad, 4 * SOME_QUADS.endQuad);
    expectSums(added, X.map(only), only(curvatures), { relative: 4e-6 });
  });
});
