import { describe, expect, it } from 'vitest';
import { compareFit, isRight } from './compare.js';
import { withContext } from '../support/kernel.js';
import { OBJECTIVES } from './problems.js';

const gpu = withContext();

/** Problems of each objective; more in the table of docs/accuracy.md. */
const PROBLEMS = Number(import.meta.env.VITE_OPTIMUM_PROBLEMS ?? 1);

describe.each(OBJECTIVES)('the default fit of loss $loss with penalty $penalty', (objective) => {
  it.each(Array.from({ length: PROBLEMS }, (_, seed) => seed))(
    'is the optimum of drawn problem %d on the GPU, whatever its scales, offsets and weights',
    async (seed) => {
      const comparison = await compareFit(seed, objective, 1e4, { context: gpu.context });
      expect(comparison.converged, JSON.stringify(comparison)).toBe(true);
      expect(isRight(comparison), JSON.stringify(comparison)).toBe(true);
    },
  );
});
