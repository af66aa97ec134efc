// Section 9 of the teaching page: degrees of polynomials judged by held-out examples, and batches of three sizes.

import { describe, expect, it } from 'vitest';
import { fit, SEED_PROGRAM } from '../../src/index.js';
import { heldOutCurve, noisyCurve, noisyLine, polynomialsOf, truth, valueOf } from '../../demo/lesson/noise-data.js';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();
const open = (more: string) => shown.open(`language=en&section=noise&${more}`);
const press = (name: string) => shown.press('#noise', name);

describe('polynomials', { timeout: 30_000 }, () => {
  it('fit their examples the better the higher their degree, and others only up to one', async () => {
    await open('');
    const [train, heldOut] = [noisyCurve(14, 0.3, 5), heldOutCurve(0.3, 5)];
    const found = await polynomialsOf(train, heldOut);
    found.slice(1).forEach(({ trainLoss }, i) => {
      expect(trainLoss).toBeLessThan((found[i]?.trainLoss ?? 0) * (1 + 1e-4)); // lossSurface has five digits
    });
    const best = found.reduce((a, b) => (b.heldOutLoss < a.heldOutLoss ? b : a));
    expect(best.degree).toBeGreaterThan(2); // the sine turns twice
    expect(best.degree).toBeLessThan(9);
    // Without noise a polynomial of the ninth degree is the sine, to a Taylor remainder of 3^11/11! at the ends and less by least squares.
    const exact = (await polynomialsOf(noisyCurve(40, 0, 5), heldOut)).at(-1);
    if (!exact) throw new Error('no polynomial');
    for (const x of [-0.9, -0.3, 0.2, 0.8]) expect(Math.abs(valueOf(exact, x) - truth(x))).toBeLessThan(5e-3);

    for (const [degree, words] of [
      [1, /^Underfitting/],
      [best.degree, /^About right/],
      [9, /^Overfitting/],
    ] as const) {
      await shown.slide('#noise input[max="9"]', degree);
      await shown.says('#noise .status', words);
      const one = found[degree - 1];
      expect(Math.abs((await shown.value('noise', 'train-loss')) - (one?.trainLoss ?? 0))).toBeLessThan(1e-4);
      expect(Math.abs((await shown.value('noise', 'held-out-loss')) - (one?.heldOutLoss ?? 0))).toBeLessThan(1e-4);
      expect(await shown.value('noise', 'best-degree')).toBe(best.degree);
    }
    const pathOf = () => shown.page.$eval('#noise .examples path.line', (line) => line.getAttribute('d'));
    const before = await pathOf();
    await press('New seed');
    await shown.page.waitForFunction(
      (old) => document.querySelector('#noise .examples path.line')?.getAttribute('d') !== old,
      {},
      before,
    );
  });
});

describe('batches', { timeout: 30_000 }, () => {
  it('move the line as the library does, the smaller the farther in an epoch', async () => {
    const losses: number[] = [];
    for (const [name, batchSize] of [['full', 'full'] as const, ['16', 16] as const, ['1', 1] as const]) {
      await open(`batch=${name}&batchRate=0.05`);
      await shown.shows('noise', 'epoch', (value) => value === 0, '0');
      await press('One epoch');
      await shown.shows('noise', 'epoch', (value) => value === 1, '1');
      const options = { ...SEED_PROGRAM, epochs: 1, learningRate: 0.05, batchSize, seed: 5, backend: 'cpu' } as const;
      const { weights, bias } = await fit(noisyLine(0.3, 5).train, options);
      // Three digits are shown.
      expect(Math.abs((await shown.value('noise', 'batch-w')) - (weights[0] ?? 0)), name).toBeLessThan(1e-3);
      expect(Math.abs((await shown.value('noise', 'batch-b')) - bias), name).toBeLessThan(1e-3);
      losses.push(await shown.value('noise', 'batch-train'));
      if (name !== '1') await shown.close();
    }
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    await press('Play');
    await shown.shows('noise', 'epoch', (value) => value > 5, 'more than 5');
    await press('Pause');
    await press('Back to the start');
    await shown.shows('noise', 'epoch', (value) => value === 0, '0');
  });
});
