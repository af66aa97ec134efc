// Results as drivers return them: names in any case, numbers as numbers, bigints, text and objects; and what is no result.

import { describe, expect, it } from 'vitest';
import { type Moments } from '../../src/index.js';
import { momentsFromSql, momentsPlan } from '../../src/sql.js';
import { refusalOf } from '../support/refusal.js';

const QUERY = { dialect: 'snowflake', from: 'trips', features: ['x'], target: 'y' } as const;

/** x is 1, 2, 6 and y is 2, 4, 9; the centres are 3 and 5. */
const STATISTICS = {
  ...{ d_m: 3, d_nc0: 3, d_tc0: 3, d_ac0: 3 },
  ...{ d_nc1: 3, d_tc1: 3, d_ac1: 5 },
};
const SUMS = { d_m: 3, d_s0: 0, d_s1: 0, d_p0_0: 14, d_p0_1: 19, d_p1_1: 26 };

function momentsOf(statistics: unknown, sums: unknown): Moments {
  return momentsPlan(QUERY).sums([statistics]).read([sums]);
}

const mapped = (row: Readonly<Record<string, number>>, to: (name: string, value: number) => [string, unknown]) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => to(name, value)));

/** A decimal of a driver. */
class Decimal {
  constructor(readonly digits: bigint) {}

  toString(): string {
    return `${this.digits}.000`;
  }
}

describe('a result', () => {
  it.each([
    ['numbers', (name: string, value: number): [string, unknown] => [name, value]],
    ['names in upper case', (name: string, value: number): [string, unknown] => [name.toUpperCase(), value]],
    ['bigints', (name: string, value: number): [string, unknown] => [name, BigInt(value)]],
    ['text', (name: string, value: number): [string, unknown] => [name, ` ${value}.0e0 `]],
    ['decimals', (name: string, value: number): [string, unknown] => [name, new Decimal(BigInt(value))]],
  ])('of %s is read', (_, to) => {
    const moments = momentsOf(mapped(STATISTICS, to), mapped(SUMS, to));
    expect(moments).toMatchObject({ count: 3, means: Float64Array.of(3), targetMeans: Float64Array.of(5) });
    expect(moments).toMatchObject({ scatter: Float64Array.of(14), crossScatter: Float64Array.of(19) });
  });

  it.each(Object.keys({ ...STATISTICS, ...SUMS }))('without %s is refused', async (name) => {
    const without = (row: object) => Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));
    expect(await refusalOf(() => momentsOf(without(STATISTICS), without(SUMS)))).toMatchObject({
      code: 'INVALID_RESULT',
    });
  });

  it('that is none is refused', async () => {
    const plan = momentsPlan(QUERY);
    for (const rows of [
      null,
      undefined,
      {},
      { rows: [STATISTICS] },
      [],
      [STATISTICS, STATISTICS],
      [[3, 3]],
      ['3'],
      [null],
    ])
      expect(await refusalOf(() => plan.sums(rows))).toMatchObject({ code: 'INVALID_RESULT' });
    const sums = plan.sums([STATISTICS]);
    for (const results of [[], [[SUMS], [SUMS]], [[]], [[SUMS, SUMS]]])
      expect(await refusalOf(() => sums.read(...results))).toMatchObject({
        code: expect.stringMatching(/INVALID_RESULT|EMPTY_DATA/) as string,
      });
  });

  it('with a value that is no number, or no count, is refused', async () => {
    for (const value of ['three', '', 2 ** 53, -1, 1.5, {}])
      expect((await refusalOf(() => momentsOf({ ...STATISTICS, d_m: value }, SUMS))).code).toMatch(
        /INVALID_RESULT|NON_FINITE_VALUE/,
      );
  });

  it('whose sums overflowed is refused', async () => {
    for (const value of [Infinity, 'inf', '-Infinity', 'NaN', null])
      expect(await refusalOf(() => momentsOf(STATISTICS, { ...SUMS, d_p0_0: value }))).toMatchObject({
        code: 'NON_FINITE_VALUE',
      });
    expect(await refusalOf(() => momentsOf({ ...STATISTICS, d_ac0: 'inf' }, SUMS))).toMatchObject({
      code: 'NON_FINITE_VALUE',
    });
  });

  it('of other rows than before is refused', async () => {
    expect(await refusalOf(() => momentsOf(STATISTICS, { ...SUMS, d_m: 4 }))).toMatchObject({ code: 'INVALID_RESULT' });
  });
});

describe('a query', () => {
  it.each([
    [{ dialect: 'oracle' }, 'dialect'],
    [{ features: [] }, 'features'],
    [{ features: 'x' }, 'features'],
    [{ features: ['x', 'x'] }, 'features'],
    [{ features: ['x', 'y'] }, 'features'],
    [{ features: [''] }, 'features'],
    [{ features: ['a\0b'] }, 'features'],
    [{ features: ['\ud800'] }, 'features'],
    [{ features: [null] }, 'features'],
    [{ features: [{ name: 'x' }] }, 'features'],
    [{ dialect: 'postgres', features: ['é'.repeat(32)] }, 'features'],
    [{ target: { name: 'y', sql: ' ' } }, 'target'],
    [{ from: '' }, 'from'],
    [{ from: 3 }, 'from'],
    [{ where: '' }, 'where'],
    [{ missing: 'mean' }, 'missing'],
    [{ categories: { x: ['one'] } }, 'categories'],
    [{ categories: { x: ['one', 'one'] } }, 'categories'],
    [{ categories: { z: ['one', 'two'] } }, 'categories'],
    [{ dialect: 'redshift', categories: { x: ['a\\', 'b'] } }, 'categories'],
    [{ foldBy: 'a', groupBy: 'b' }, 'groupBy'],
    [{ groupBy: 'rand()' }, 'groupBy'],
  ])('with %o is refused', async (wrong, option) => {
    expect(await refusalOf(() => momentsPlan({ ...QUERY, ...wrong } as never))).toMatchObject({
      code: 'INVALID_OPTION',
      where: { option },
    });
  });

  it('with an option that nobody knows, or without execute, is refused', async () => {
    expect(await refusalOf(() => momentsPlan({ ...QUERY, table: 'x' } as never))).toMatchObject({
      code: 'UNKNOWN_OPTION',
    });
    await expect(momentsFromSql(QUERY as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      where: { option: 'execute' },
    });
  });

  it('keeps its own names apart from those of the caller', () => {
    const { statistics } = momentsPlan({ ...QUERY, features: ['D_x'], where: 'd1_a > 0' });
    expect(statistics).toContain('COUNT(*) AS d2_m');
  });
});
