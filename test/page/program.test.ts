// Section 5 of the teaching page in headless Chrome: the program, its formulas and its path.

import { beforeEach, describe, expect, it } from 'vitest';
import { fit, SEED_PROGRAM, syntheticRegression } from '../../src/index.js';
import { channelsOf, inkOf } from '../support/chart-ink.js';
import { eventually } from '../support/eventually.js';
import { numberOf, withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;
const SEED = 3;

/** Lines of the listing that are not blank, in their order. */
const LINES = { w1: 3, w2: 4, b: 5, epoch: 6, predictions: 7, newW1: 8, newW2: 9, newB: 10 };

const shown = withTeachingPage();

beforeEach(async () => {
  await shown.open(`language=en&section=program&seed=${SEED}`);
  await shown.page.waitForSelector('#program .plot .run');
});

/** Opens the page where the program has finished so many epochs. */
const atEpoch = (epochs: number, more = '') =>
  shown.goTo(`language=en&section=program&seed=${SEED}&at=${5 + 5 * epochs}${more}`);

const press = (name: string) => shown.press('#program', name);
const valueAt = (line: number) => shown.text(`#program .code li:not(.blank):nth-child(${placeOf(line)}) .value`);
const reaches = (epochs: string) => shown.says('#program .status', new RegExp(`^${epochs} epochs? done`));

/** The list has a blank item after the second, the fifth and the seventh line. */
function placeOf(line: number): number {
  return line + [2, 5, 7].filter((before) => line > before).length;
}

/** The program's own run, by the library's CPU twin in f64. */
async function expected(epochs: number) {
  const { dataset } = syntheticRegression({ rows: 1000, features: 2, noise: 0.1, seed: SEED });
  return fit(dataset, { ...SEED_PROGRAM, epochs, seed: SEED, backend: 'cpu' });
}

describe('the program', { timeout: TIMEOUT_MS }, () => {
  it('runs line by line, each variable changing at its own line', async () => {
    for (let line = 0; line < 5; line++) await press('Run a line');
    await shown.says('#program .code .running', 'b = np.random.uniform');
    const start = [await valueAt(LINES.w1), await valueAt(LINES.w2), await valueAt(LINES.b)].map(numberOf);
    for (const value of start) expect(Math.abs(value)).toBeLessThan(1);
    expect(await valueAt(LINES.predictions)).toBe('');

    await press('Run a line');
    await press('Run a line');
    await shown.says('#program .code .running', 'y_predict');
    expect(await valueAt(LINES.predictions)).toMatch(/^\[−?\d\.\d\d, −?\d\.\d\d, −?\d\.\d\d, …\]$/);
    expect(await valueAt(LINES.newW1)).toBe('');
    await press('Run a line');
    const { weights, bias } = await expected(1);
    // Four digits after the point are shown, of numbers that the device has to seven.
    expect(Math.abs(numberOf(await valueAt(LINES.newW1)) - (weights[0] as number))).toBeLessThan(1e-4);
    expect(await valueAt(LINES.newW2)).toBe('');
    await press('Run a line');
    await press('Run a line');
    await reaches('1');
    expect(Math.abs(numberOf(await valueAt(LINES.newW2)) - (weights[1] as number))).toBeLessThan(1e-4);
    expect(Math.abs(numberOf(await valueAt(LINES.newB)) - bias)).toBeLessThan(1e-4);
    expect(await valueAt(LINES.w1)).toBe(await valueAt(LINES.w1)); // the draw stays beside its own line
    expect(numberOf(await valueAt(LINES.w1))).toBe(start[0]);
  });

  it('plays all epochs to the weights of the CPU twin, and draws the path', async () => {
    await atEpoch(0);
    await press('Run an epoch');
    await reaches('1');
    const pathLength = () =>
      shown.page.$eval('#program .run path', (path) => path.getAttribute('d')?.split('L').length ?? 0);
    await eventually(async () => expect(await pathLength()).toBe(2)); // places that it joins, in the next frame
    await atEpoch(90);
    await reaches('90');
    await press('Play');
    await reaches('100');
    await eventually(async () => expect(await pathLength()).toBe(101));
    const { weights, bias } = await expected(100);
    const values =
      (await shown.text('#program .status')).match(/\((−?[\d.]+), (−?[\d.]+), (−?[\d.]+)\)/)?.slice(1) ?? [];
    [...weights, bias].forEach((value, j) => {
      expect(Math.abs(numberOf(values[j] ?? '') - value)).toBeLessThan(1e-3); // three digits are shown
    });
    expect(await shown.page.$eval('#program .uplot canvas', ({ width }) => width)).toBeGreaterThan(0);
  });

  it('keeps the focus on the button of the last epoch', async () => {
    await atEpoch(99);
    await shown.page.$$eval('#program button', (all) =>
      all.find(({ textContent }) => textContent === 'Run an epoch')?.focus(),
    );
    await shown.page.keyboard.press('Enter');
    await reaches('100');
    await shown.page.keyboard.press('Enter');
    expect(await shown.page.evaluate(() => document.activeElement?.textContent)).toBe('Run an epoch');
  });

  it('diverges past the limit, and says which limit', async () => {
    await shown.slide('#program .rate-slider input', Math.log10(3));
    await shown.says('#program .code', 'learning_rate = 3.0');
    await atEpoch(100, '&programRate=3'); // more than there are
    await shown.says(
      '#program .status',
      /^Diverged after \d+ epochs\. For these data λ must stay under the limit (1\.9\d|2\.0\d)/,
    );
  });

  it('diverges at λ = 1 with features up to 10, far over the limit', async () => {
    await shown.page.click('#program .choice:nth-of-type(1) label:nth-of-type(3)');
    await shown.says('#program .mark.limit', /^limit λ = 0\.03\d+$/);
    await press('Run an epoch');
    await press('Play');
    await shown.says('#program .status', /^Diverged after/); // in a few epochs
  });

  it('runs from sixteen starts at once, which all arrive', async () => {
    await atEpoch(0, '&runs=starts');
    await shown.page.waitForFunction(() => document.querySelectorAll('#program .plot .run').length === 16);
    await shown.page.waitForSelector('#program caption');
    const spreadOfLosses = async () => {
      const [, least = '', most = ''] = /: ([\d.]+) to ([\d.]+)/.exec(await shown.text('#program caption')) ?? [];
      return [numberOf(least), numberOf(most)] as const;
    };
    const [before, beforeMost] = await spreadOfLosses();
    expect(beforeMost).toBeGreaterThan(2 * before);
    await atEpoch(100, '&runs=starts');
    await reaches('100');
    const [least, most] = await spreadOfLosses();
    expect(most).toBe(least); // to four digits
  });

  it('takes a seed, keeps it in the address, draws anew, and says what a seed is', async () => {
    await atEpoch(0);
    const startOf = () => shown.page.$eval('#program .run .start', (start) => start.getAttribute('cx'));
    await shown.page.waitForSelector('#program .run .start');
    const first = await startOf();
    await press('New seed');
    await eventually(async () => expect(await startOf()).not.toBe(first));
    await shown.page.waitForFunction((seed) => location.hash.includes(`seed=${seed}`), {}, SEED + 1);
    await shown.page.$eval('#program input[type="number"]', (input) => {
      input.value = '-3';
      input.dispatchEvent(new Event('change'));
    });
    await shown.says('#program .seed [role="alert"]', 'A seed is a whole number from 0 to 4,294,967,296.');
  });

  it('shows the formulas of the slides beside their lines, lit together while the line runs', async () => {
    const formulas = await shown.page.$$eval('#program .code .formula', (all) => all.map((one) => one.textContent));
    expect(formulas).toEqual([
      'h(x)=w1x1+w2x2+b',
      'w1←w1−λ∂L∂w1,∂L∂w1=1m∑(h(x)−y)x1',
      'w2←w2−λ∂L∂w2,∂L∂w2=1m∑(h(x)−y)x2',
      'b←b−λ∂L∂b,∂L∂b=1m∑(h(x)−y)',
    ]);
    for (let line = 0; line < 8; line++) await press('Run a line');
    await shown.says('#program .code .running code', 'w1 = w1 - learning_rate');
    expect(await shown.text('#program .code .running .derivative')).toBe('((y_predict - y) * x1).mean()');
    const colourOf = (selector: string) =>
      shown.page.$eval(selector, (element) => getComputedStyle(element).backgroundColor);
    const lit = await colourOf('#program .code .running .derivative');
    expect(lit).not.toBe(await colourOf('#program .code li:not(.running) .derivative'));
    expect(await shown.text('#program .code .running .formula')).toMatch(/^w1←/);
  });

  it('gives no answer before its question: neither start nor losses before they are there', async () => {
    expect(await shown.page.$$('#program .plot .run circle')).toEqual([]);
    expect(await inkOfChart()).toBeLessThan(SPECKS);
    await atEpoch(10);
    await reaches('10');
    await eventually(async () => expect(await inkOfChart()).toBeGreaterThan(2 * SPECKS));
    const early = await inkOfChart();
    await atEpoch(100);
    await reaches('100');
    await eventually(async () => expect(await inkOfChart()).toBeGreaterThan(1.5 * early));
  });

  it('cuts the surface at the b of the run, so that a run that diverges is seen to', async () => {
    // Here it is b that diverges: λ is over the limit of its direction alone.
    await atEpoch(60, '&programRate=2.03');
    await shown.says('#program figcaption', /program’s own b = −?[\d.]+/);
    const caption = await shown.text('#program figcaption');
    const { report } = await fit(syntheticRegression({ rows: 1000, features: 2, noise: 0.1, seed: SEED }).dataset, {
      ...{ ...SEED_PROGRAM, learningRate: 2.03, epochs: 60, seed: SEED, backend: 'cpu', pathEvery: 1 },
    });
    expect(numberOf(/= (−?[\d.]+)/.exec(caption)?.[1] ?? '')).toBeCloseTo(report.path?.at(-1)?.bias ?? 0, 2);
  });

  it('breaks its lines under the code on a telephone, and not under the margin', async () => {
    await shown.page.setViewport({ width: 375, height: 800 });
    const lefts = await shown.page.$$eval('#program .code li:last-child code', ([code]) => {
      const range = document.createRange();
      range.selectNodeContents(code as HTMLElement);
      return [...range.getClientRects()].map(({ left }) => left - (code as HTMLElement).getBoundingClientRect().left);
    });
    expect(Math.max(...lefts)).toBeGreaterThan(0);
    const broken = lefts.filter((left) => left > 0);
    expect(Math.min(...broken)).toBeGreaterThan(30); // six letters
  });
});

/** Letters have a few pixels at their edges that are of any grey. */
const SPECKS = 30;

/** Pixels of the loss chart that have the colour of the program's own run. */
const inkOfChart = async () =>
  inkOf(shown.page, '#program .uplot canvas', await channelsOf(shown.page, 'gradientDescent'));
