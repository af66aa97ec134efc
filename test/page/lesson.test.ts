// Sections 1 to 4 of the teaching page in headless Chrome, played by mouse and by keys. They ask nothing of a GPU, so they
// are played without one: most of the time would go into kernels of the sections below.

import { beforeEach, describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;

/** The line x + 2 meets both, and 1/m Σ x² is 1. */
const TWO_POINTS = '-1,1;1,3';

const shown = withTeachingPage();

beforeEach(async () => {
  await shown.open(`language=en&w=0&b=0&points=${TWO_POINTS}`, withoutWebGpu);
});

const loss = (check: (value: number) => boolean, meaning: string) => shown.shows('problem', 'loss', check, meaning);

describe('the problem', { timeout: TIMEOUT_MS }, () => {
  it('has half the mean square of the residuals as its loss', async () => {
    // Residuals −1 and −3: squares 1 and 9, their mean 5, half of it 2.5. The best line x + 2 meets both.
    expect(await shown.value('problem', 'mean-square')).toBe(5);
    expect(await shown.value('problem', 'loss')).toBe(2.5);
    await shown.says('#problem .status', 'Your loss: 2.500. The best possible: 0.000.');
  });

  it('follows the sliders to the best line, and says so', async () => {
    await shown.slide('#problem .slider:nth-of-type(1) input', 1);
    await shown.slide('#problem .slider:nth-of-type(2) input', 2);
    await loss((value) => value === 0, '0');
    await shown.says('#problem .status', 'no line does better');
  });

  it('turns the line by one end, by mouse and by keys', async () => {
    await shown.drag('#problem [data-handle="1"]', { x: 0, y: -100 });
    const dragged = await loss((value) => value < 2.4, 'less than before');
    await shown.page.keyboard.press('ArrowUp');
    await loss((value) => value < dragged, 'less after a key');
  });

  it('moves the whole line', async () => {
    await shown.drag('#problem .line-grip', { x: 0, y: -60 });
    await shown.says('#problem .slider:nth-of-type(1) .shown', /^0\.000$/);
    await loss((value) => value < 2.4, 'less than before');
  });

  it('adds, moves and removes points', async () => {
    const count = (expected: number) => shown.shows('problem', 'm', (value) => value === expected, String(expected));
    const { left, top } = await shown.placeOf('#problem .ground');
    await shown.page.mouse.click(left + 20, top + 20);
    await count(3);
    await shown.press('#problem', 'Add a point');
    await count(4);
    await shown.page.waitForFunction(() =>
      document.activeElement?.getAttribute('aria-label')?.startsWith('Point 4: x 0.00'),
    );
    await shown.page.keyboard.press('ArrowRight');
    await shown.page.waitForFunction(() =>
      document.activeElement?.getAttribute('aria-label')?.startsWith('Point 4: x 0.1'),
    );
    await shown.page.keyboard.press('Delete');
    await count(3);
    const before = await shown.value('problem', 'loss');
    await shown.drag('#problem [data-point="0"]', { x: 0, y: -80 });
    await loss((value) => value > before, 'more, since the point went up');
  });
});

describe('the loss', { timeout: TIMEOUT_MS }, () => {
  it('is a parabola over w, whose lowest point is that of this b', async () => {
    // At b = 0 the residuals are −w − 1 and w − 3: the loss is ((w + 1)² + (w − 3)²)/4, 2.5 at 0 and lowest, 2, at 1.
    await shown.shows('loss', 'loss', (value) => value === 2.5, '2.5');
    expect(await shown.value('loss', 'lowest')).toBe(2);
    await shown.says('#loss .status', 'At w = 0.00 the loss is 2.500. The lowest point is at w = 1.00.');
  });

  it('is followed by dragging the point, and by keys', async () => {
    await shown.drag('#loss .here', { x: 60, y: 0 });
    const dragged = await shown.shows('loss', 'loss', (value) => value < 2.5, 'less than at w = 0');
    await shown.page.keyboard.press('ArrowLeft');
    await shown.shows('loss', 'loss', (value) => value > dragged, 'more, back to the left');
    await shown.says('#problem .slider:nth-of-type(2) .shown', /^0\.000$/); // b has stayed
  });

  it('shows the curve over b as well', async () => {
    await shown.page.click('#loss .choice label:nth-of-type(2)');
    await shown.says('#loss .status', 'At b = 0.00 the loss is 2.500. The lowest point is at b = 2.00.');
  });
});

describe('the derivation', { timeout: TIMEOUT_MS }, () => {
  const lines = () =>
    shown.page.$$eval('#derivation .derivation li', (all) => all.filter((line) => line.checkVisibility()).length);
  const isConclusionShown = () => shown.page.$eval('#derivation .conclusion', (element) => element.checkVisibility());

  it('opens line by line, with the rule from where it is needed, and ends at the gradient', async () => {
    expect(await lines()).toBe(1);
    for (let line = 2; line <= 5; line++) await shown.press('#derivation', 'Next line');
    expect(await lines()).toBe(5);
    expect(await shown.text('#derivation .newest p')).toMatch(/^Take the derivative of the outer function/);
    expect(await shown.page.$eval('#derivation aside', (element) => element.checkVisibility())).toBe(true);
    await shown.press('#derivation', 'Previous line');
    expect(await lines()).toBe(4);
    expect(await isConclusionShown()).toBe(false);
    await shown.press('#derivation', 'Show all');
    expect(await lines()).toBe(8);
    expect(await isConclusionShown()).toBe(true);
  });

  it('puts the numbers of an example in', async () => {
    await shown.press('#derivation', 'Show all');
    await shown.page.click('#derivation .checkbox input');
    const last = '#derivation li:last-child .numbers';
    await shown.says(last, /^\(−1\.000\)·\(−1\.000\)=1\.000$/); // residual 0 − 1, x = −1
    await shown.page.select('#derivation select', 'number 2');
    await shown.says(last, /^\(−3\.000\)·1\.000=−3\.000$/);
    await shown.says('#derivation .conclusion math:first-child', /=−1\.000$/); // their mean
    await shown.says('#derivation .conclusion math:last-child', /=−2\.000$/);
  });

  it('agrees with the finite difference, the better the smaller h is, until the digits run out', async () => {
    const error = (parameter: string) => shown.value('derivation', `error-${parameter}`);
    const slide = async (power: number) => {
      const before = await error('w');
      await shown.slide('#derivation input[type=range]', power);
      await shown.shows('derivation', 'error-w', (value) => value !== before, 'another');
    };
    await shown.shows('derivation', 'formula-w', (value) => value === -1, '−1');
    expect(await shown.value('derivation', 'formula-b')).toBe(-2);
    // The loss is quadratic with second derivatives of 1: the quotient is h/2 off, 10⁻⁴/2 and ½.
    expect(await error('w')).toBeCloseTo(5e-5, 9);
    await slide(0);
    expect(await error('w')).toBe(0.5);
    expect(await error('b')).toBe(0.5);
    await slide(-12);
    // One unit in the last place of a loss of 2.5, over h: 4e-16/1e-12 is more than the 5e-13 that h itself makes.
    expect(await error('w')).toBeGreaterThan(1e-5);
  });
});

describe('the step', { timeout: TIMEOUT_MS }, () => {
  const step = () => shown.press('#step', 'One step');
  const epoch = (expected: number) => shown.shows('step', 'epoch', (value) => value === expected, String(expected));

  it('moves w by −λ ∂L/∂w and leaves b, and goes back to the start', async () => {
    await shown.page.evaluate(() => (location.hash += '&rate=0.5'));
    await shown.says('#step .live', /^w←0\.000−0\.5·\(−1\.000\)=0\.500$/);
    await step();
    await epoch(1);
    expect(await shown.value('step', 'w')).toBe(0.5);
    expect(await shown.value('step', 'b')).toBe(0);
    expect(await shown.value('step', 'factor')).toBe(0.5); // 1 − λ·1
    await shown.says('#step .status', 'without overshooting: 50% of the distance remains');
    await shown.press('#step', 'Back to the start');
    await epoch(0);
    expect(await shown.value('step', 'w')).toBe(0);
  });

  it('arrives at once with the best rate, which the slider marks', async () => {
    expect(await shown.text('#step .mark.best')).toBe('fastest λ = 1.00');
    expect(await shown.text('#step .mark.limit')).toBe('limit λ = 2.00');
    await shown.page.$eval('#step .mark.best', (button) => (button as HTMLButtonElement).click());
    await shown.says('#step .status', 'one step arrives');
    await step();
    await shown.shows('step', 'w', (value) => value === 1, '1');
    expect(await shown.value('step', 'slope')).toBe(0);
  });

  it('overshoots, and past the limit diverges, says why, and stops by itself', async () => {
    await shown.slide('#step input[type=range]', Math.log10(1.5));
    await shown.says('#step .status', /^Overshoots, but converges: 50%/);
    await shown.slide('#step input[type=range]', 1);
    await shown.says('#step .status', /^λ is above the limit of 2\.00: each step multiplies the distance by 9\.000/);
    for (let done = 1; done <= 7; done++) {
      await step();
      await epoch(done);
    }
    await shown.says('#step .status', 'It diverged');
    expect(Math.abs(await shown.value('step', 'w'))).toBeGreaterThan(1e6);
    const canBePressed = () =>
      shown.page.$$eval('#step .stage .buttons button', (all) =>
        all.slice(0, 3).map(({ ariaDisabled }) => ariaDisabled !== 'true'),
      );
    expect(await canBePressed()).toEqual([false, false, true]); // back to the start alone
    await shown.press('#step', 'Back to the start');
    await eventually(async () => expect(await canBePressed()).toEqual([true, true, false]));
  });

  it('moves w and b together, as far as the least loss, when it is played', async () => {
    await shown.page.click('#step .choice label:nth-of-type(2)');
    await shown.slide('#step input[type=range]', Math.log10(0.9));
    await shown.press('#step', 'Play');
    await shown.shows('step', 'loss', (value) => value < 0.01, 'next to 0');
    expect(await shown.value('step', 'b')).toBeGreaterThan(1.9);
    await shown.press('#step', 'Pause');
    const stopped = await shown.value('step', 'epoch');
    await step();
    await epoch(stopped + 1);
  });

  it('waits while the page is hidden, and goes on when it is seen', async () => {
    const hide = (isHidden: boolean) =>
      shown.page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await shown.page.evaluate(() => (location.hash += '&rate=0.01'));
    await shown.says('#step .rate-slider .shown', '0.0100');
    await shown.press('#step', 'Play');
    await epoch(1);
    await hide(true);
    await new Promise((resolve) => setTimeout(resolve, 1000)); // the time of two steps and more
    expect(await shown.value('step', 'epoch')).toBeLessThanOrEqual(2); // one may have been under way
    await hide(false);
    await shown.shows('step', 'epoch', (value) => value >= 3, 'more');
  });
});
