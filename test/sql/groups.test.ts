// Sums of groups about averages of their own, which each statement takes anew and says.

import { describe, expect, it } from 'vitest';
import { momentsPlan } from '../../src/sql.js';

const QUERY = {
  ...({ dialect: 'snowflake', from: 'trips', features: ['x', 'c'], target: 'y', groupBy: 'region' } as const),
  categories: { c: ['a', 'b'] },
};

/** x is 1, 2, 6 and y is 2, 4, 9, whose averages are 3 and 5; c is a, b, b. */
const STATISTICS = {
  ...{ d_m: 3, d_nk: 3, d_uy0: 3, d_ty0: 3 },
  ...{ d_nc0: 3, d_tc0: 3, d_ac0: 3, d_nc2: 3, d_tc2: 3, d_ac2: 5 },
};

describe('the sums of a group', () => {
  const { statements, read } = momentsPlan(QUERY).sums([STATISTICS]);

  it('are about the centres of the first statement and an average, which each statement of numbers says', () => {
    expect(statements).toHaveLength(2);
    for (const text of statements) {
      expect(text).toContain('d_c0 - CAST(3E0 AS DOUBLE) AS d_b0');
      expect(text).toContain('MIN(d_a0) AS d_e0');
    }
  });

  it('come together though another statement took another average', () => {
    // About 3.25 and 5 in one statement, and about 3 and 5.5 in the other.
    const numbers = {
      ...{ d_k: 'north', d_m: 3, d_e0: 0.25, d_e2: 0, d_s0: -0.75, d_s2: 0 },
      ...{ d_p0_0: 14.1875, d_p0_2: 19, d_p2_2: 26 },
    };
    const levels = [
      { d_k: 'north', d_y0: 'a', d_m: 1, d_e0: 0, d_e2: 0.5, d_s0: -2, d_s2: -3.5 },
      { d_k: 'north', d_y0: 'b', d_m: 2, d_e0: 0, d_e2: 0.5, d_s0: 2, d_s2: 2 },
    ];
    const moments = read([numbers], levels).get('north');
    expect(moments).toMatchObject({ count: 3, means: Float64Array.of(3, 2 / 3), targetMeans: Float64Array.of(5) });
    expect([...(moments?.scatter ?? [])].map((value) => Number(value.toFixed(12)))).toEqual([14, 2, 2, 0.666666666667]);
    expect([...(moments?.crossScatter ?? [])]).toEqual([19, 3]);
  });
});
