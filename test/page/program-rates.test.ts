// What section 5 calculates of its data: the fastest rates, the map of rate and momentum, and the cut of the surface.

import { describe, expect, it } from 'vitest';
import { fit, lossSurface, SEED_PROGRAM } from '../../src/index.js';
import { bestOf, programData, Surface } from '../../demo/lesson/program-data.js';
import { fastestOf, mapOf } from '../../demo/lesson/program-rates.js';

const SEED = 3;

describe('rates and momenta', () => {
  it('has the ratio that is asked for, and the fastest momentum that theory has for it', async () => {
    const ratio = 25;
    const data = programData('correlated', ratio, SEED);
    const best = await bestOf(data);
    const { report } = await fit(data, { ...SEED_PROGRAM, epochs: 1, backend: 'cpu' });
    const limit = report.learningRateLimit ?? 0;
    // The bias has the curvature 1, above the 2/3·25/26 of the steepest weight: the valley is 1 to 1/39.
    const { rates, momenta, epochs } = await mapOf(data, { best, limit, seed: SEED });
    const at = epochs.reduce<number>((a, count, i) => (count !== null && count < (epochs[a] ?? Infinity) ? i : a), 0);
    const root = Math.sqrt(39);
    const theory = ((root - 1) / (root + 1)) ** 2; // Polyak 1964, for the slowest direction
    const momentum = momenta[Math.floor(at / rates.length)] ?? 0;
    expect(Math.abs(momentum - theory), `${momentum} for ${theory}`).toBeLessThan(0.15); // the map has steps of 0.09
    const fastest = await fastestOf(data, { best, limit, seed: SEED, momentum: 0.5 });
    expect(fastest.momentum.epochs).toBeLessThan(fastest.gradientDescent.epochs ?? Infinity);
  });
});

describe('the cut of the surface', () => {
  it('is the loss at any b, by two cuts and the second derivative', async () => {
    const data = programData('large', 9, SEED);
    const best = await bestOf(data);
    const surface = await Surface.of(data, best);
    const bias = best.bias + 3.7;
    const { x, y } = surface;
    const expected = await lossSurface(data, { x, y, at: { weights: best.weights, bias } }, { backend: 'cpu' });
    const highest = Math.max(...expected);
    surface.at(bias).forEach((loss, i) => {
      // lossSurface is accurate to 1e-5 of the loss.
      expect(Math.abs(loss - (expected[i] as number))).toBeLessThan(3e-5 * highest);
    });
  });
});
