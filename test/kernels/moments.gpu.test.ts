import { describe, expect, it } from 'vitest';
import { MOST_NARROW_COLUMNS, momentsKernel, sumsOf, TILE } from '../../src/gpu/kernels/moments-kernels.js';
import { partialsOf, type Tuning } from '../../src/gpu/device/tuning.js';
import { moments } from '../../src/reference/moments.js';
import { expectClose } from '../support/close.js';
import { columns, numbers, RAGGED_ROWS } from '../support/data.js';
import { configFor, runKernel, shareOf, TUNINGS, withContext } from '../support/kernel.js';

const gpu = withContext();

/** What of each sum's terms, taken positive, sums in f32 may lose. */
const ROUNDING = 1e-6;
const because = 'roundings of 2^-24 in 259 additions and of three factors, which add up like a walk at random';

/** So many quads to an invocation are what ROUNDING is for. */
const QUADS = 256;

/** Columns one after another, each padded to whole quads with its shift. */
function inQuads(given: readonly Float64Array[], shift: Float64Array): Float32Array {
  const padded = 4 * Math.ceil((given[0]?.length ?? 0) / 4);
  const laidOut = new Float32Array(padded * given.length);
  given.forEach((column, i) => {
    laidOut.fill(shift[i] as number, padded * i, padded * (i + 1));
    laidOut.set(column, padded * i);
  });
  return laidOut;
}

interface Shape {
  rows: number;
  features: number;
  targets: number;
}

/** The lower triangle in the order of a partial: of the kernel, added up in f64, of the twin, and of its terms' sizes. */
async function run(tuning: Tuning, { rows, features, targets }: Shape, offset = 0) {
  const size = features + targets;
  const X = columns(4, rows, features).map((column) => column.map((x) => Math.fround(offset + 35 * x)));
  const Y = Array.from({ length: targets }, (_, k) => numbers(50 + k, rows, 2, 0.7 - k));
  const shift = Float64Array.from([...X, ...Y], (column) => Math.fround((column[0] as number) * 0.9));
  const quads = Math.ceil(rows / 4);
  const workgroups = Math.ceil(quads / (tuning.sumsSize * QUADS)) + 1; // one more than needed, with nothing to do
  const partialCount = partialsOf(workgroups, tuning);
  const tiles = size <= MOST_NARROW_COLUMNS ? 1 : Math.ceil(size / TILE);
  const [output] = await runKernel(gpu.context, momentsKernel(size, tuning), {
    config: configFor(rows, size, partialCount),
    reads: [inQuads([...X, ...Y], shift), shift],
    writes: [4 * sumsOf(size) * partialCount],
    workgroups: [workgroups, tiles, tiles],
  });
  const partials = new Float32Array(output as ArrayBuffer);
  const actual = new Float64Array(sumsOf(size));
  partials.forEach((partial, k) => (actual[k % sumsOf(size)] = (actual[k % sumsOf(size)] as number) + partial));
  const deviations = [...X, ...Y].map((column, i) => column.map((x) => Math.abs(x - (shift[i] as number))));
  return {
    partials,
    actual,
    expected: triangleOf(X, Y, shift),
    sizes: triangleOf(deviations, [], new Float64Array(size)),
  };
}

function triangleOf(X: Float64Array[], Y: Float64Array[], shift: Float64Array): number[] {
  const size = shift.length;
  const sums = new Float64Array(size);
  const products = new Float64Array(size * size);
  expect(moments(X, Y, undefined, shift, sums, products)).toBe(X[0]?.length);
  return Array.from(sums).flatMap((sum, i) => [sum, ...products.subarray(i * size, i * size + i + 1)]);
}

const FEATURES = [1, 2, 3, 8, 9, 16, 17, 64];
const LONG = [
  { rows: 100_003, features: 8, targets: 1 },
  { rows: 100_003, features: 10, targets: 2 },
];

describe.each(TUNINGS)('moments.wgsl and moments_narrow.wgsl, tuned for $name,', ({ tuning }) => {
  const shapes = shareOf(tuning, FEATURES).flatMap((features) =>
    [1, 2].flatMap((targets) => RAGGED_ROWS.map((rows) => ({ rows, features, targets }))),
  );
  it.each([...shapes, ...LONG])('equal their twin at $rows × $features, $targets targets', async (shape) => {
    const { actual, expected, sizes } = await run(tuning, shape);
    expect(actual).toHaveLength(expected.length);
    const errors = expected.map((sum, k) => ((actual[k] as number) - sum) / (sizes[k] || 1));
    expectClose(errors, new Float64Array(errors.length), { absolute: ROUNDING, because });
  });

  it.each([8, 11])('equal their twin on %i temperatures in kelvin', async (features) => {
    const { actual, expected, sizes } = await run(tuning, { rows: 10_001, features, targets: 1 }, 285);
    const errors = expected.map((sum, k) => ((actual[k] as number) - sum) / (sizes[k] || 1));
    expectClose(errors, new Float64Array(errors.length), { absolute: ROUNDING, because });
  });

  it.each(LONG)('give the same bits every time: $features features', async ({ features, targets }) => {
    const shape = { rows: 20_003, features, targets };
    const first = await run(tuning, shape);
    for (let time = 0; time < 3; time++) expect((await run(tuning, shape)).partials).toEqual(first.partials);
  });
});
