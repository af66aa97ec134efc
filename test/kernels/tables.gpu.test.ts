// The kernels that read a caller's table row by row into what training reads: column_statistics and import_rows.

import { describe, expect, it } from 'vitest';
import type { Tuning } from '../../src/gpu/device/tuning.js';
import { columnLayout, featureBytes, type Layout, quadCountOf } from '../../src/gpu/kernels/layout.js';
import {
  importRowsKernel,
  FOUND_BYTES,
  type Holds,
  columnStatisticsKernel,
  writeCenters,
  writePiece,
  writeRows,
} from '../../src/gpu/kernels/table-kernels.js';
import { importRows } from '../../src/reference/import-rows.js';
import { columnStatistics } from '../../src/reference/column-statistics.js';
import { expectClose } from '../support/close.js';
import { numbers, tableOf } from '../support/data.js';
import { raggedAndLong, runKernel, TUNINGS, withContext } from '../support/kernel.js';

const gpu = withContext();

/** Scales are powers of two, as the host has them. */
const centersOf = (columns: number) =>
  Array.from({ length: columns }, (_, j) => ({ center: Math.fround(0.3 * (j % 5) - 0.4), scale: 2 ** ((j % 3) - 1) }));

interface Surveyed {
  sum: number;
  squares: number;
  least: number;
  greatest: number;
  strange: number;
}

/** The input of column_statistics. */
interface Look {
  columns: number;
  shares: number;
  holds?: Holds;
  /** [m], and the scale that the kernel puts on them. */
  weights?: Float64Array;
  weightScale?: number;
  /** The first row to look at. Default 0, to the end. */
  first?: number;
}

/** Runs column_statistics with so many invocations to a column, and folds what they find. */
async function runSurvey(tuning: Tuning, table: Float64Array, look: Look): Promise<Surveyed[]> {
  const { columns, shares, holds, weights, weightScale = 1, first = 0 } = look;
  const workgroups = Math.ceil((shares * columns) / tuning.residualSize);
  const count = table.length / columns - first;
  const [output] = await runKernel(gpu.context, columnStatisticsKernel(tuning, holds, weights !== undefined), {
    config: writeRows({ first, count, columnCount: columns, shareCount: shares, weightScale }),
    reads: [table, Float64Array.from(writeCenters(centersOf(columns))), ...(weights ? [weights] : [])],
    writes: [FOUND_BYTES * shares * columns],
    workgroups: [Math.ceil(workgroups / 2), 2],
  });
  const view = new DataView(output as ArrayBuffer);
  return Array.from({ length: columns }, (_, j) => {
    const all: Surveyed = { sum: 0, squares: 0, least: Infinity, greatest: -Infinity, strange: Infinity };
    for (let s = 0; s < shares; s++) {
      const at = FOUND_BYTES * (s * columns + j);
      all.sum += view.getFloat32(at, true);
      all.squares += view.getFloat32(at + 4, true);
      all.least = Math.min(all.least, view.getFloat32(at + 8, true));
      all.greatest = Math.max(all.greatest, view.getFloat32(at + 12, true));
      all.strange = Math.min(all.strange, view.getUint32(at + 16, true));
    }
    return all;
  });
}

/** Weights from 0 to 2, many of them 0. */
const weightsOf = (rows: number) => numbers(90, rows, 1.25, 0.75).map((weight) => Math.max(0, weight));

describe.each(TUNINGS)('column_statistics.wgsl, tuned for $name,', ({ tuning }) => {
  it.each(raggedAndLong(tuning))('equals its twin at $rows × $features', async ({ rows, features }) => {
    const table = tableOf(rows, features);
    // A term is under 4.2 (a number under 1.25 and a centre under 0.9, doubled), its square under 18.
    const rounding = 2 ** -24 * Math.min(rows, 256 + rows / 256 + 2);
    for (const weights of [undefined, weightsOf(rows)]) {
      const most = weights ? 2 : 1;
      const expected = columnStatistics(table, centersOf(features), 'numbers', weights);
      for (const shares of [1, 5]) {
        const given = weights && { weights: weights.map((weight) => weight / 8), weightScale: 8 };
        const found = await runSurvey(tuning, table, { columns: features, shares, ...given });
        const because = 'sums of up to 256 terms, and of those sums, are rounded at each addition';
        const sumsOf = (of: readonly { sum: number }[]) => of.map(({ sum }) => sum);
        const squaresOf = (of: readonly { squares: number }[]) => of.map(({ squares }) => squares);
        expectClose(sumsOf(found), sumsOf(expected), { absolute: most * 4.2 * rows * rounding, because });
        expectClose(squaresOf(found), squaresOf(expected), { absolute: most * 18 * rows * rounding, because });
        const extremesOf = (of: readonly { least: number; greatest: number }[]) =>
          of.map(({ least, greatest }) => (least > greatest ? 'none' : [least, greatest]));
        expect(extremesOf(found)).toEqual(extremesOf(expected));
        expect(found.every(({ strange }) => strange === 0xffffffff)).toBe(true);
      }
    }
  });

  it('finds the first number of a column that is not finite, and leaves it out of the sums', async () => {
    const columns = 3;
    const table = tableOf(700, columns);
    for (const [row, column, value] of [
      [650, 0, Number.NaN],
      [9, 1, Infinity],
      [8, 1, -Infinity],
      [699, 1, Number.NaN],
    ] as const) {
      table[row * columns + column] = value;
    }
    const expected = columnStatistics(table, centersOf(columns));
    expect(expected.map(({ strange }) => strange)).toEqual([650, 8, -1]);
    for (const shares of [1, 4, 64]) {
      const found = await runSurvey(tuning, table, { columns, shares });
      expect(found.map(({ strange }) => strange)).toEqual([650 * columns, 8 * columns + 1, 0xffffffff]);
      const of = (all: readonly { sum: number; least: number; greatest: number }[]) =>
        all.flatMap(({ sum, least, greatest }) => [sum, least, greatest]);
      expectClose(of(found), of(expected), { absolute: 1e-3, because: 'a number that is not finite would be seen' });
    }
  });

  it.each([
    { holds: 'labels', may: [0, 1, -0], mayNot: [0.5, 2, -1, 1 - 2 ** -24, 2 ** -149, Number.NaN, Infinity] },
    { holds: 'weights', may: [0, 1, -0, 3e38, 2 ** -149], mayNot: [-1, -3e38, -(2 ** -149), Number.NaN, -Infinity] },
  ] as const)('finds the first number that is none of the $holds', async ({ holds, may, mayNot }) => {
    const rows = 300;
    for (const value of mayNot) {
      const table = Float64Array.from({ length: 2 * rows }, (_, i) => may[i % may.length] as number);
      const clean = await runSurvey(tuning, table, { columns: 2, shares: 4, holds });
      expect(clean.map(({ strange }) => strange)).toEqual([0xffffffff, 0xffffffff]);
      for (const row of [77, 211]) table[2 * row + 1] = value;
      const expected = columnStatistics(table, centersOf(2), holds);
      expect(expected.map(({ strange }) => strange)).toEqual([-1, 77]);
      for (const shares of [1, 4]) {
        const found = await runSurvey(tuning, table, { columns: 2, shares, holds });
        expect(found.map(({ strange }) => strange)).toEqual([0xffffffff, 2 * 77 + 1]);
      }
    }
  });

  it('equals its twin from a given row on, and leaves out rows of weight 0 whose terms are infinite', async () => {
    const [rows, columns, first] = [90, 3, 37];
    const table = tableOf(rows, columns);
    const weights = weightsOf(rows);
    weights.fill(0, 40, 44);
    table.fill(3e38, 40 * columns, 44 * columns);
    const expected = columnStatistics(
      table.slice(first * columns),
      centersOf(columns),
      'numbers',
      weights.slice(first),
    );
    for (const shares of [1, 7]) {
      const found = await runSurvey(tuning, table, { columns, shares, weights, first });
      const of = (all: readonly { sum: number; squares: number; least: number; greatest: number }[]) =>
        all.flatMap(({ sum, squares, least, greatest }) => [sum, squares, least, greatest]);
      expectClose(of(found), of(expected), { absolute: 1e-4, because: '53 terms under 36 are rounded to f32' });
    }
  });
});

const ROWS: Layout = { order: 'rows', rowQuads: 0, exampleMultiple: 8, storage: 'f32' };
const LAYOUTS = [columnLayout('f32'), columnLayout('f16'), ROWS, { ...ROWS, storage: 'f16' }] as const;

describe.each(TUNINGS)('import_rows.wgsl, tuned for $name,', ({ tuning }) => {
  it.each(LAYOUTS)('equals its twin: $order, $storage', async (given) => {
    for (const { rows, features } of raggedAndLong(tuning)) {
      const layout = { ...given, rowQuads: given.order === 'rows' ? Math.ceil(features / 4) + 1 : 0 };
      const table = tableOf(rows, features);
      const centers = centersOf(features);
      const [before, after] = [8, 20]; // rows of the table that belong to other pieces
      const whole = Float64Array.from([...numbers(8, before * features), ...table, ...numbers(9, after * features)]);
      const quadCount = quadCountOf(rows, layout);
      const bytes = featureBytes(quadCount, features, layout);
      const piece = { firstRow: before, rowCount: rows, firstExample: 0, columnCount: features };
      const [output] = await runKernel(gpu.context, importRowsKernel(layout.order, layout.storage, tuning), {
        config: writePiece({ ...piece, quadCount, rowQuads: layout.rowQuads, firstColumn: 0 }),
        reads: [whole, Float64Array.from(writeCenters(centers))],
        writes: [bytes],
        workgroups: [Math.ceil(rows / 256)],
      });
      const actual = numbersOf(output as ArrayBuffer, layout.storage);
      const expected = importRows(table, centers, layout.order, {
        paddedRows: 4 * quadCount,
        paddedColumns: 4 * layout.rowQuads,
      });
      // What is not written is NaN here, and zero in a new buffer.
      expect(actual.filter(Number.isNaN).length).toBeLessThanOrEqual(expected.length - rows * features);
      const written = actual.map((value, i) => (Number.isNaN(value) && expected[i] === 0 ? 0 : value));
      expectClose(written, expected, {
        absolute: layout.storage === 'f16' ? 2 ** -10 * 4.2 : 2 ** -22,
        because: 'one rounding of numbers under 4.2, either way',
      });
    }
  });

  it.each(LAYOUTS)('puts a piece where it belongs, and touches nothing else: $order, $storage', async (given) => {
    const [rows, features, first] = [12, 5, 24];
    const layout = { ...given, rowQuads: given.order === 'rows' ? 2 : 0 };
    const table = tableOf(rows, features);
    const quadCount = 12;
    const [output] = await runKernel(gpu.context, importRowsKernel(layout.order, layout.storage, tuning), {
      config: writePiece({
        ...{ firstRow: 0, rowCount: rows, firstExample: first, columnCount: features },
        ...{ quadCount, rowQuads: layout.rowQuads, firstColumn: 0 },
      }),
      reads: [table, Float64Array.from(writeCenters(centersOf(features)))],
      writes: [featureBytes(quadCount, features, layout)],
      workgroups: [2],
    });
    const actual = numbersOf(output as ArrayBuffer, layout.storage);
    const written = Array.from(actual.keys()).filter((i) => !Number.isNaN(actual[i]));
    const expected = Array.from({ length: rows }, (_, i) =>
      layout.order === 'columns'
        ? Array.from({ length: features }, (_, j) => 4 * quadCount * j + first + i)
        : Array.from({ length: 8 }, (_, j) => 8 * (first + i) + j),
    ).flat();
    expect(written).toEqual(expected.toSorted((a, b) => a - b));
  });
});

it.each(TUNINGS)(
  'import_rows.wgsl puts a table beside columns that are there already, tuned for $name',
  async ({ tuning }) => {
    const [rows, quadCount] = [11, 4];
    const table = tableOf(rows, 1);
    const kernel = importRowsKernel('columns', 'f32', tuning);
    const [output] = await runKernel(gpu.context, kernel, {
      config: writePiece({
        ...{ firstRow: 0, rowCount: rows, firstExample: 4, columnCount: 1 },
        ...{ quadCount, rowQuads: 0, firstColumn: 2 },
      }),
      reads: [table, Float64Array.from(writeCenters(centersOf(1)))],
      writes: [16 * quadCount * 3],
      workgroups: [1],
    });
    const actual = numbersOf(output as ArrayBuffer, 'f32');
    const expected = importRows(table, centersOf(1), 'columns', { paddedRows: 12, paddedColumns: 0 });
    const first = 2 * 4 * quadCount + 4;
    expectClose(actual.slice(first, first + 12), expected, { absolute: 2 ** -22, because: 'one rounding, either way' });
    expect(actual.filter((value, i) => !Number.isNaN(value) && (i < first || i >= first + 12))).toHaveLength(0);
  },
);

/** f32, or halves by their bits; 0xffff is NaN in both. */
function numbersOf(contents: ArrayBuffer, storage: 'f32' | 'f16'): Float64Array {
  if (storage === 'f32') return Float64Array.from(new Float32Array(contents));
  return Float64Array.from(new Uint16Array(contents), (bits) => {
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const sign = bits >> 15 ? -1 : 1;
    if (exponent === 31) return fraction > 0 ? Number.NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}
