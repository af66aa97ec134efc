import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GpuContext } from '../src/gpu/device.js';
import { surveyTable } from '../src/gpu/survey.js';
import { zScores } from '../src/reference/standardize.js';
import { expectClose } from './support/close.js';
import { onDevice } from './support/device-data.js';
import { uniforms } from './support/examples.js';
import { openContext } from './support/kernel.js';

let contexts: GpuContext[];
beforeAll(async () => {
  contexts = [await openContext(), await openContext({ maxStorageBufferBindingSize: 16_384 })];
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

it.each(Object.entries(COLUMNS))('mean, deviation and extremes of a column: %s', async (_, column) => {
  const values = Float32Array.from(uniforms(4, ROWS), column);
  const expected = zScores(values);
  // Beside another column, so that the numbers are not neighbours.
  const rows = Float32Array.from({ length: 2 * ROWS }, (__, k) => (k % 2 === 0 ? -5 : (values[(k - 1) / 2] as number)));
  for (const context of contexts) {
    const buffer = onDevice(context, rows);
    const table = { label: 'table', buffer, rowCount: ROWS, columns: ['other', 'column'] };
    const [other, found] = await surveyTable(context, table);
    buffer.destroy();
    expect(other).toEqual({ least: -5, greatest: -5, mean: -5, deviation: 0 });
    expect([found?.least, found?.greatest]).toEqual([Math.min(...values), Math.max(...values)]);
    const deviation = expected.isConstant ? 0 : expected.deviation;
    const because = 'sums about a centre near the mean are right to some roundings of 2^-24 of the spread';
    expectClose([found?.mean ?? Number.NaN], [expected.mean], { absolute: 1e-5 * deviation, because });
    expectClose([found?.deviation ?? Number.NaN], [deviation], { relative: 1e-5, because });
  }
});
