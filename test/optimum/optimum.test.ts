import { describe, expect, it } from 'vitest';
import { type Comparison, compareFit, isRight } from './compare.js';
import { accuracyPage } from './page.js';
import { OBJECTIVES } from './problems.js';

/** Problems of each objective. OPTIMUM_PROBLEMS=30 with --update writes docs/accuracy.md. */
const PROBLEMS = Number(process.env.OPTIMUM_PROBLEMS ?? 3);

const found: { name: string; comparisons: Comparison[] }[] = [];

describe.each(OBJECTIVES)('the default fit of loss $loss with penalty $penalty', (objective) => {
  const comparisons: Comparison[] = [];
  found.push({ name: `${objective.loss} | ${objective.penalty}`, comparisons });

  it.each(Array.from({ length: PROBLEMS }, (_, seed) => seed))(
    'is the optimum of drawn problem %d on the CPU, whatever its scales, offsets and weights',
    async (seed) => {
      const comparison = await compareFit(seed, objective, 1e4, { backend: 'cpu' });
      comparisons.push(comparison);
      expect(comparison.converged, JSON.stringify(comparison)).toBe(true);
      expect(isRight(comparison), JSON.stringify(comparison)).toBe(true);
    },
  );

  it('is the optimum at a condition number of 1e8, or says that it is not', async () => {
    const comparison = await compareFit(500, objective, 1e8, { backend: 'cpu' });
    expect(isRight(comparison), JSON.stringify(comparison)).toBe(true);
  });
});

if (PROBLEMS >= 30) {
  it('gives the table in docs/accuracy.md', async () => {
    await expect(accuracyPage(found, PROBLEMS)).toMatchFileSnapshot('../../docs/accuracy.md');
  });
}
