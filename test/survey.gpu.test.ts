import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GpuContext } from '../src/gpu/device/device.js';
import { AS_IT_IS, sumTable, surveyTable } from '../src/gpu/examples/column-statistics.js';
import { surveyWeights } from '../src/gpu/examples/example-statistics.js';
import { zScores } from '../src/reference/standardize.js';
import { expectClose } from './support/close.js';
import { onDevice } from './support/device-data.js';
import { uniforms } from './support/examples.js';
import { openShared } from './support/kernel.js';

let contexts: GpuContext[];
beforeAll(async () => {
  contexts = [await openShared(), await openShared({ maxStorageBufferBindingSize: 16_384 })];
});
afterAll(() => contexts.forEach((context) => context.dispose()));

const ROWS = 3_003;
const COLUMNS: Record<string, (u: number, i: number) => number> = {
  plain: (u) => u,
  years: (u) => 2000 + 20 * u,
  'far and narrow': (u) => 4096 + 2 ** -8 * u,
  tiny: (u) => 1e-30 * u,
  huge: (u) => 1e38 * (u + 2), // no sum of theirs stays in f32
  'huge but for one': (u, i) => (i === 1234 ? -3e38 : 3e38 - 1e34 * u),
  'all but one zero': (_, i) => (i === 7 ? 1 : 0),
  constant: () => 0.1,
};

it.each(Object.entries(COLUMNS))('mean, deviation and extremes of a column are found: %s', async (_, column) => {
  const values = Float32Array.from(uniforms(4, ROWS), column);
  const expected = zScores(values);
  // Beside another column, so that the numbers are not neighbours.
  const rows = Float32Array.from({ length: 2 * ROWS }, (__, k) => (k % 2 === 0 ? -5 : (values[(k - 1) / 2] as number)));
  for (const context of contexts) {
    const buffer = onDevice(context, rows);
    const table = { label: 'table', buffer, rowCount: ROWS, columns: ['other', 'column'] };
    const [other, found] = await surveyTable(context, table);
    buffer.destroy();
    const one = { least: -5, greatest: -5 };
    expect(other).toEqual({ ...one, mean: -5, deviation: 0, reach: one });
    const extremes = { least: Math.min(...values), greatest: Math.max(...values) };
    expect(found).toMatchObject({ ...extremes, reach: extremes });
    const deviation = expected.isConstant ? 0 : expected.deviation;
    const because = 'sums about a centre near the mean are right to some roundings of 2^-24 of the spread';
    expectClose([found?.mean ?? Number.NaN], [expected.mean], { absolute: 1e-5 * deviation, because });
    expectClose([found?.deviation ?? Number.NaN], [deviation], { relative: 1e-5, because });
  }
});

it.each([1, 2 ** 100, 2 ** -80])(
  'weights in units of %s give the same, whatever lies in rows of weight 0',
  async (unit) => {
    const weights = Float32Array.from(uniforms(11, ROWS), (u) => unit * Math.max(0, u));
    for (const column of ['years', 'far and narrow', 'tiny', 'huge', 'constant']) {
      const values = Float32Array.from(uniforms(4, ROWS), COLUMNS[column] as (u: number, i: number) => number);
      const absent = weights.map((_, i) => i).filter((i) => weights[i] === 0);
      expect(absent.length).toBeGreaterThan(1000);
      values.set([3e38], absent[5]);
      values.set([-3e38], absent[900]);
      const expected = zScores(values, Float64Array.from(weights));
      const counted = values.filter((_, i) => (weights[i] as number) > 0);
      for (const context of contexts) {
        const buffers = [onDevice(context, values), onDevice(context, weights)] as const;
        const tableOf = (label: string, buffer: GPUBuffer) => ({ label, buffer, rowCount: ROWS, columns: [label] });
        const found = await surveyWeights(context, tableOf('weights', buffers[1]));
        const [survey] = await surveyTable(context, tableOf('column', buffers[0]), { weights: found });
        buffers.forEach((buffer) => buffer.destroy());
        expect(found.scale).toBe(1 / unit);
        const sum = weights.reduce((total, weight) => total + weight / unit, 0);
        const because = 'sums of some thousand terms, in shares of 256, are right to some roundings of 2^-24';
        expectClose([found.total], [sum], { relative: 1e-5, because });
        expect(survey).toMatchObject({
          least: Math.min(...counted),
          greatest: Math.max(...counted),
          reach: { least: Math.fround(-3e38), greatest: Math.fround(3e38) },
        });
        const deviation = expected.isConstant ? 0 : expected.deviation;
        expectClose([survey?.mean ?? Number.NaN], [expected.mean], { absolute: 1e-5 * deviation, because });
        expectClose([survey?.deviation ?? Number.NaN], [deviation], { relative: 1e-5, because });
      }
    }
  },
);

it.each([{ weights: [1] }, { weights: [0, 1, 2, 3] }])(
  'sums of whole numbers are exact: $weights',
  async ({ weights }) => {
    const rowOf = (i: number) => [(i % 5) - 1, (i % 7) - 6] as const;
    const weightOf = (i: number) => weights[i % weights.length] as number;
    const all = Array.from({ length: ROWS }, (_, i) => i);
    const sumOver = (termOf: (i: number) => number) => all.reduce((sum, i) => sum + weightOf(i) * termOf(i), 0);
    const expected = ([0, 1] as const).map((j) => {
      const counted = all.filter((i) => weightOf(i) > 0).map((i) => rowOf(i)[j]);
      const sums = { sum: sumOver((i) => rowOf(i)[j]), squares: sumOver((i) => rowOf(i)[j] ** 2) };
      return { ...sums, least: Math.min(...counted), greatest: Math.max(...counted) };
    });
    for (const context of contexts) {
      const buffers = [onDevice(context, all.flatMap(rowOf)), onDevice(context, all.map(weightOf))] as const;
      const table = { label: 'table', buffer: buffers[0], rowCount: ROWS, columns: ['a', 'b'] };
      const ofWeights = { label: 'weights', buffer: buffers[1], rowCount: ROWS, columns: ['weight'] };
      const options = weights.length > 1 ? { weights: { table: ofWeights, scale: 1, total: sumOver(() => 1) } } : {};
      expect(await sumTable(context, table, [AS_IT_IS, AS_IT_IS], options)).toEqual(expected);
      buffers.forEach((buffer) => buffer.destroy());
    }
  },
);
