// Sections 1 to 4 with data that are no usual data: one point, one x for all, none, points far out.

import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;

const shown = withTeachingPage();

const open = (hash: string) => shown.open(`language=en&${hash}`, withoutWebGpu);
const focus = (selector: string) => shown.page.$eval(selector, (element) => (element as SVGElement).focus());
const count = (expected: number) => shown.shows('problem', 'm', (value) => value === expected, `${expected} points`);

describe('unusual data', { timeout: TIMEOUT_MS }, () => {
  it('with every x at 0 has a level curve over w, which no step moves', async () => {
    await open('points=0,0;0,2&w=1&b=0');
    // Residuals 0 and −2: L = (0 + 4)/(2·2).
    expect(await shown.value('problem', 'loss')).toBe(1);
    await shown.says('#problem .status', 'All points have the same x');
    await shown.says('#loss .status', 'does not depend on w here');
    await shown.says('#step .status', 'every x is 0');
    await shown.press('#step', 'One step');
    await shown.shows('step', 'epoch', (value) => value === 1, '1');
    expect(await shown.value('step', 'w')).toBe(1);
  });

  it('with all points in one place is shown in every section', async () => {
    await open('points=0,0;0,0&w=1&b=1');
    expect(await shown.value('problem', 'loss')).toBe(0.5);
    await shown.says('#problem .status', 'The best possible: 0.000. All points have the same x');
    await shown.says('#step .status', 'every x is 0');
    expect(await shown.page.$$eval('#loss .loss-curve', ({ length }) => length)).toBe(1);
  });

  it('with one x for all has as good a line for every slope', async () => {
    await open('points=2,0;2,2&w=0&b=1');
    expect(await shown.value('problem', 'loss')).toBe(0.5);
    await shown.says('#problem .status', /^Your loss: 0\.500\. To the digits shown, no line does better\. All points/);
  });

  it('of a single point is fitted by every line through it, and the point cannot be removed', async () => {
    await open('points=1,2&w=1&b=1');
    expect(await shown.value('problem', 'loss')).toBe(0);
    await shown.says('#problem .status', 'Every line through the one point fits it.');
    await focus('#problem [data-point="0"]');
    await shown.page.keyboard.press('Delete');
    await shown.says('#problem .status', 'without data there is no loss');
    await count(1);
  });

  it('of no points is not taken from an address', async () => {
    await open('points=');
    expect(await shown.text('#address-banner')).toMatch(/points=$/);
    await count(9);
  });

  it('that lie far out are in the picture', async () => {
    await open('points=20,30;1,1');
    await count(2);
    const isInside = await shown.page.$eval('#problem [data-point="0"]', (point) => {
      const ground = point.closest('svg')?.querySelector('.ground')?.getBoundingClientRect() ?? new DOMRect();
      const { x, y } = point.getBoundingClientRect();
      return x > ground.left && x < ground.right && y > ground.top && y < ground.bottom;
    });
    expect(isInside).toBe(true);
  });

  it('on a line has the loss 0, and no rounding error is shown', async () => {
    await open('points=-1,1;1,3;2,4&w=0.5&b=2');
    await shown.says('#problem .status', /The best possible: 0\.000\./);
  });

  it('with a loss of 1 % over the lowest is not said to have none that does better', async () => {
    // The best line x + 2 leaves residuals of 1 and −1, L = ½; at w = 1.1 they are 1.1, 0.9, −0.9 and −1.1.
    await open('points=-1,0;-1,2;1,2;1,4&w=1.1&b=2');
    await shown.says('#problem .status', /^Your loss: 0\.505\. The best possible: 0\.500\.$/);
  });

  it('with a level line outside of the picture has its ends at the edge', async () => {
    await open('w=0&b=9');
    const ends = await shown.page.$$eval('#problem .handle', (all) => all.map((end) => Number(end.getAttribute('x'))));
    expect(ends.every(Number.isFinite)).toBe(true);
    expect(ends[0]).toBeLessThan(ends[1] ?? 0);
  });

  it('with a λ at which the steepest direction arrives is not said to overshoot for rounding', async () => {
    // 1/m Σ x² = 5/3 and mean 0: 1 − λH is 0 but for rounding along w, and 0.4 along b.
    await open('moves=both&rate=0.6');
    await shown.says('#step .status', 'Converges without overshooting: 40%');
  });
});
