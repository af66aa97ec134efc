// Section 5 of the teaching page in headless Chrome: the program, its paths, and a device that goes away.

import { beforeEach, describe, expect, it } from 'vitest';
import { fit, SEED_PROGRAM, syntheticRegression } from '../../src/index.js';
import { destroyDevice, keepDevices } from '../support/built-site.js';
import { numberOf, withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;
const SEED = 3;

/** Lines of the listing that are not blank, in their order. */
const LINES = { w1: 3, w2: 4, b: 5, epoch: 6, predictions: 7, newW1: 8, newW2: 9, newB: 10 };

const shown = withTeachingPage();

beforeEach(async () => {
  await shown.open(`language=en&seed=${SEED}`, keepDevices);
  await shown.page.waitForSelector('#program .run');
});

/** Opens the page where the program has finished so many epochs. */
const atEpoch = (epochs: number, more = '') => shown.goTo(`language=en&seed=${SEED}&at=${5 + 5 * epochs}${more}`);

const press = (name: string) => shown.press('#program', name);
const valueAt = (line: number) => shown.text(`#program .code li:not(.blank):nth-child(${placeOf(line)}) .value`);
const reaches = (epochs: string) => shown.says('#program .status', new RegExp(`^${epochs} epochs? done`));

/** The cells of the comparison, by optimizer: swatch, name, λ, its limit and the loss. */
async function legend(): Promise<Record<string, string[]>> {
  const rows = await shown.page.$$eval('#program .legend tbody tr', (all) =>
    all.map((row) => [row.dataset.run ?? '', [...row.children].map(({ textContent }) => textContent)] as const),
  );
  return Object.fromEntries(rows);
}

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
    expect(await pathLength()).toBe(2); // places that it joins
    await atEpoch(90);
    await reaches('90');
    await press('Play');
    await reaches('100');
    expect(await pathLength()).toBe(101);
    const { weights, bias } = await expected(100);
    const values =
      (await shown.text('#program .status')).match(/\((−?[\d.]+), (−?[\d.]+), (−?[\d.]+)\)/)?.slice(1) ?? [];
    [...weights, bias].forEach((value, j) => {
      expect(Math.abs(numberOf(values[j] ?? '') - value)).toBeLessThan(1e-3); // three digits are shown
    });
    expect(await shown.page.$eval('#program .uplot canvas', ({ width }) => width)).toBeGreaterThan(0);
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
    await shown.page.click('#program .choice:nth-of-type(2) label:nth-of-type(2)');
    await shown.page.waitForFunction(() => document.querySelectorAll('#program .plot .run').length === 16);
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

  it('compares four optimizers from one start, as the CPU twin has them', async () => {
    await shown.page.click('#program .choice:nth-of-type(2) label:nth-of-type(3)');
    await shown.page.waitForFunction(() => document.querySelectorAll('#program .plot .run').length === 4);
    const starts = await shown.page.$$eval('#program .plot .run .start', (all) =>
      all.map((start) => `${start.getAttribute('cx')} ${start.getAttribute('cy')}`),
    );
    expect(new Set(starts).size).toBe(1);
    await atEpoch(5, '&runs=optimizers');
    await reaches('5');
    const { dataset } = syntheticRegression({ rows: 1000, features: 2, noise: 0.1, seed: SEED });
    const optimizers = ['gradientDescent', 'momentum', 'nesterov', 'adam'] as const;
    const rows = await legend();
    expect(Object.keys(rows)).toEqual([...optimizers]);
    for (const optimizer of optimizers) {
      const rate = optimizer === 'adam' ? ({ learningRate: 'auto' } as const) : {};
      const { report } = await fit(dataset, { ...SEED_PROGRAM, ...rate, optimizer, seed: SEED, backend: 'cpu' });
      const [, , , limit = '', loss = ''] = rows[optimizer] ?? [];
      // Four digits after the point are shown, of losses that f32 has to six or so.
      expect(Math.abs(numberOf(loss) - (report?.lossHistory[5] ?? 0)), optimizer).toBeLessThan(1e-4);
      if (optimizer === 'adam') expect(limit).toBe('–');
      else expect(numberOf(limit), optimizer).toBeCloseTo(report?.learningRateLimit ?? 0, 2);
    }
    expect(rows.adam?.[2]).toBe('0.0500');
    // Each loss on its own, and the paths too.
    expect(new Set(Object.values(rows).map((cells) => cells[4])).size).toBe(4);
    const paths = await shown.page.$$eval('#program .plot .run path', (all) =>
      all.map((path) => path.getAttribute('d')),
    );
    expect(new Set(paths).size).toBe(4);
  });

  it('has nesterov diverge at a rate that descent and momentum still stand', async () => {
    await atEpoch(100, '&runs=optimizers&programRate=1.5');
    await shown.says('#program .legend', /Nesterov1\.50/);
    await reaches('100');
    const rows = await legend();
    expect(rows.nesterov?.[4]).toBe('diverged');
    for (const name of ['gradientDescent', 'momentum', 'adam']) expect(rows[name]?.[4], name).toMatch(/^[\d.]+$/);
  });

  it('opens another device when its own is lost in mid-play, says so, and goes on', async () => {
    await atEpoch(80);
    await reaches('80');
    await press('Play');
    await destroyDevice(shown.page);
    await shown.page.waitForSelector('#device-lost:not([hidden])');
    expect(await shown.text('#device-lost')).toMatch(/opened anew/);
    await reaches('100');
    await shown.slide('#program .rate-slider input', Math.log10(0.5));
    await shown.says('#program .legend tbody td:nth-of-type(2)', '0.500');
    await shown.says('#adapter', /^GPU: /);
    expect(await shown.page.evaluate(() => (globalThis as unknown as { devices: unknown[] }).devices.length)).toBe(2);
  });

  it('begins a calculation again whose device is lost under it', async () => {
    await shown.page.$eval(
      '#program .rate-slider input',
      (input, power) => {
        input.valueAsNumber = power;
        input.dispatchEvent(new Event('input', { bubbles: true })); // which begins it
        (globalThis as unknown as { devices: GPUDevice[] }).devices.at(-1)?.destroy();
      },
      Math.log10(0.8),
    );
    await shown.says('#program .legend tbody td:nth-of-type(2)', '0.800');
    expect(await shown.page.$eval('#program [role="alert"]', (alert) => alert.hasAttribute('hidden'))).toBe(true);
    await shown.page.waitForSelector('#device-lost:not([hidden])');
  });

  it('takes a seed, keeps it in the address, and draws anew', async () => {
    const first = await shown.page.$eval('#program .run .start', (start) => start.getAttribute('cx'));
    await press('Draw anew');
    await shown.page.waitForFunction(
      (before) => document.querySelector('#program .run .start')?.getAttribute('cx') !== before,
      {},
      first,
    );
    await shown.page.waitForFunction((seed) => location.hash.includes(`seed=${seed}`), {}, SEED + 1);
  });
});
