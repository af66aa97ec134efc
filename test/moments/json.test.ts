// Moments saved and loaded, and everything else that is refused.

import { describe, expect, it } from 'vitest';
import { momentsOfColumns } from '../../src/moments/columns.js';
import type { MomentsJson } from '../../src/moments/json.js';
import { Moments } from '../../src/moments/moments.js';
import { uniforms } from '../support/examples.js';
import { hardColumns, hardTargets, partsOf } from '../support/moments.js';
import { expectRefusal } from '../support/refusal.js';

const MOMENTS = momentsOfColumns({
  features: hardColumns(50).slice(0, 3),
  targets: [hardTargets(50), uniforms(9, 50)],
  featureNames: ['kelvin', 'year', '__proto__'],
  targetNames: ['y', 'zwölf "Zoll"'],
});

/** What a file holds, to be spoilt. */
const saved = () => JSON.parse(JSON.stringify(MOMENTS)) as MomentsJson;

describe('moments as JSON', () => {
  it('come back to the last bit', () => {
    const loaded = Moments.fromJSON(saved());
    expect(loaded).toBeInstanceOf(Moments);
    expect(partsOf(loaded)).toEqual(partsOf(MOMENTS));
    expect(loaded.toJSON()).toEqual(MOMENTS.toJSON());
  });

  it('say what they are, in rows', () => {
    expect(saved()).toMatchObject({ format: 'webgpu-descent/moments', version: 1, count: 50 });
    expect(saved().scatter.map((row) => row.length)).toEqual([3, 3, 3]);
    expect(saved().crossScatter.map((row) => row.length)).toEqual([2, 2, 2]);
    expect(saved().crossScatter[2]?.[1]).toBe(MOMENTS.crossScatter[5]);
  });

  it('are refused as what is no object', async () => {
    for (const value of [undefined, null, 3, true, [], '{}', () => 3]) {
      await expectRefusal(() => Moments.fromJSON(value), 'INVALID_FILE', 'an object');
    }
  });

  it.each(Object.keys(saved()))('are refused without %s', (key) => {
    const rest = Object.fromEntries(Object.entries(saved()).filter(([name]) => name !== key));
    return expectRefusal(() => Moments.fromJSON(rest), 'INVALID_FILE', `no ${key}`);
  });

  it.each([
    { change: { format: 'webgpu-descent/linear-model' }, text: "format 'webgpu-descent/linear-model'" },
    { change: { version: 2 }, text: 'version 2; expected 1' },
    { change: { version: '1' }, text: "version '1'" },
    { change: { mean: [1] }, text: "a key named 'mean'; expected keys such as 'means'" },
    { change: { featureNames: 'kelvin' }, text: "'kelvin' in featureNames" },
    { change: { featureNames: ['a', 'b', 3] }, text: '3 in featureNames[2]' },
    { change: { featureNames: ['a', 'b'] }, text: '3 numbers in means; expected 2' },
    { change: { targetNames: ['y'] }, text: '2 numbers in targetMeans; expected 1' },
    { change: { targetNames: null }, text: 'null in targetNames' },
    { change: { count: 0 }, text: '0 examples' },
    { change: { count: -3 }, text: '-3 examples' },
    { change: { count: null }, text: 'null in count' },
    { change: { count: '50' }, text: "'50' in count" },
    { change: { count: Infinity }, text: 'Infinity in count' },
    { change: { means: { length: 3 } }, text: 'an object in means; expected a list' },
    { change: { means: [1, 2] }, text: '2 numbers in means; expected 3' },
    { change: { means: [1, null, 3] }, text: 'null in means[1]; expected a finite number' },
    { change: { means: [1, 2, Number.NaN] }, text: 'NaN in means[2]' },
    { change: { targetMeans: [1, [2]] }, text: 'a list in targetMeans[1]' },
    { change: { scatter: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, text: '9 rows in scatter; expected 3' },
    { change: { scatter: [[1], [2], [3]] }, text: '1 numbers in scatter[0]; expected 3' },
    { change: { scatter: 'x'.repeat(100) }, text: `'${'x'.repeat(40)}…' in scatter` },
    { change: { crossScatter: [[1, 2], [3, 4]] }, text: '2 rows in crossScatter; expected 3' }, // prettier-ignore
    { change: { crossScatter: [[1, 2], [3, true], [5, 6]] }, text: 'true in crossScatter[1][1]' }, // prettier-ignore
    { change: { targetScatter: [1, 2, 3] }, text: '3 numbers in targetScatter; expected 2' },
    { change: { targetScatter: [1, -1] }, text: '-1 as the sum of squares 1 of targetScatter' },
  ])('are refused with $text', ({ change, text }) =>
    expectRefusal(() => Moments.fromJSON({ ...saved(), ...change }), 'INVALID_FILE', text),
  );

  it('are refused with a scatter that no data has', async () => {
    const spoilt = (spoil: (scatter: number[][], crossScatter: number[][]) => void) => {
      const json = saved();
      spoil(json.scatter, json.crossScatter);
      return () => Moments.fromJSON(json);
    };
    const row = (rows: number[][], i: number) => rows[i] as number[];
    const asymmetric = spoilt((scatter) => (row(scatter, 0)[2] = 1e-9));
    await expectRefusal(asymmetric, 'INVALID_FILE', 'at [2][0] and 1e-9 at [0][2]', 'symmetric');
    const negative = spoilt((scatter) => (row(scatter, 1)[1] = -1));
    await expectRefusal(negative, 'INVALID_FILE', '-1 as the sum of squares 1 of scatter');
    const beyond = spoilt((scatter) => (row(scatter, 1)[0] = row(scatter, 0)[1] = 1e9));
    await expectRefusal(beyond, 'INVALID_FILE', '1000000000 in scatter[1][0]', 'no correlation above 1');
    const below = spoilt((scatter) => (row(scatter, 1)[0] = row(scatter, 0)[1] = -1e9));
    await expectRefusal(below, 'INVALID_FILE', '-1000000000 in scatter[1][0]');
    const across = spoilt((_, crossScatter) => (row(crossScatter, 2)[1] = 1e9));
    await expectRefusal(across, 'INVALID_FILE', '1000000000 in crossScatter[2][1]');
  });

  it('are refused with __proto__ among the keys, and with fields that are not their own', async () => {
    const text = JSON.stringify(MOMENTS).replace('{', '{"__proto__":{"version":1},');
    await expectRefusal(() => Moments.fromJSON(JSON.parse(text)), 'INVALID_FILE', "a key named '__proto__'");
    await expectRefusal(() => Moments.fromJSON(Object.create(saved()) as unknown), 'INVALID_FILE', 'no format');
    expect(Object.prototype).not.toHaveProperty('version');
  });
});

describe('the parts of moments', () => {
  const part = partsOf(MOMENTS);

  it('are copied', () => {
    const means = MOMENTS.means.slice();
    const moments = new Moments({ ...part, means });
    means[0] = 7;
    expect(moments.means[0]).toBe(MOMENTS.means[0]);
  });

  it.each([
    { change: { featureNames: ['a'] }, code: 'SHAPE_MISMATCH', text: '3 numbers in means; expected 1' },
    { change: { scatter: new Float64Array(8) }, code: 'SHAPE_MISMATCH', text: '8 numbers in scatter; expected 9' },
    { change: { targetNames: [] }, code: 'EMPTY_DATA', text: '0 targets' },
    { change: { count: 0 }, code: 'EMPTY_DATA', text: '0 examples' },
    { change: { count: Number.NaN }, code: 'NON_FINITE_VALUE', text: 'a count of NaN' },
    { change: { means: Float64Array.of(1, Infinity, 2) }, code: 'NON_FINITE_VALUE', text: 'Infinity in means[1]' },
    { change: { targetScatter: Float64Array.of(-1, 1) }, code: 'INVALID_OPTION', text: '-1 as the sum of squares 0' },
  ] as const)('are refused with $text', ({ change, code, text }) =>
    expectRefusal(() => new Moments({ ...part, ...change }), code, text),
  );

  it('may miss a correlation of 1 by the rounding of f32', () => {
    const twice = (excess: number) => {
      const scatter = Float64Array.of(4, 6 * (1 + excess), 6 * (1 + excess), 9);
      const rest = { means: new Float64Array(2), crossScatter: new Float64Array(4), featureNames: ['a', 'b'] };
      return () => new Moments({ ...part, ...rest, scatter });
    };
    expect(twice(1e-5)().scatter[1]).toBe(6 * (1 + 1e-5));
    return expectRefusal(twice(1e-2), 'INVALID_OPTION', 'scatter[1][0], where 6 bounds it');
  });
});
