// Your own data, as a person would open it: the built page, a file, its columns, and what the page says.

import { describe, expect, it } from 'vitest';
import { solveExact } from '../../src/index.js';
import { HOUSES, HOUSES_CSV, withOwnData } from '../support/own-data.js';
import { numberOf } from '../support/teaching-page.js';

const { shown, openFile, predicts, cells, weight, tick, caption, curvePlaces } = withOwnData();
/** Whether the page shows the loss by step. */
const lossIsShown = () => shown.page.$eval('#own .columns .uplot', (chart) => chart.checkVisibility());

describe('the reader’s own data', { timeout: 30_000 }, () => {
  it('fits the columns that are chosen, and keeps them in another language', async () => {
    await shown.open();
    await openFile('a,b,c\n0,5,1\n1,3,4\n2,1,7\n3,-1,10\n'); // c = 3a + 1, b = 5 − 2a
    await predicts('c from a');
    expect(await weight('a')).toBe(3);
    expect(await weight('bias')).toBe(1);
    expect(await shown.page.$$('#own svg.plot circle')).toHaveLength(4);
    await shown.page.select('#own select[name="target"]', 'b');
    await predicts('b from a');
    expect(await weight('a')).toBe(-2);
    await shown.page.$eval('.switches input[value="ko"]', (input) => input.click());
    await shown.says('#own .status', 'h(x)는 a에서 b의 값을 예측한다.');
    expect(shown.requests.filter((url) => !url.startsWith(shown.site.url) && !/^(data|blob):/.test(url))).toEqual([]);
  });

  it('fits several features, with the errors of their weights, over what is wanted across', async () => {
    await shown.open();
    await openFile(HOUSES_CSV);
    await predicts('price from area');
    expect(await shown.page.$$eval('#own .features input', (all) => all.map(({ value }) => value))).toEqual([
      'area',
      'rooms',
      'price',
      'town',
    ]);
    await shown.says('#own .features', 'town (words)');
    await tick('rooms');
    await predicts('price from area, rooms');

    const columns = { area: HOUSES.map(({ area }) => area), rooms: HOUSES.map(({ rooms }) => rooms) };
    const data = { columns, targets: HOUSES.map(({ price }) => price), targetName: 'price' };
    const summary = await (await solveExact(data)).summary(data);
    for (const { name, value, standardError, t } of summary.rows) {
      const [shownValue = '', error = '', ratio = ''] = await cells(name);
      // Four digits are shown.
      expect(Math.abs(numberOf(shownValue) - value), name).toBeLessThan(1e-3 * Math.abs(value));
      expect(Math.abs(numberOf(error) - (standardError ?? 0)), name).toBeLessThan(1e-3 * (standardError ?? 0));
      expect(Math.abs(numberOf(ratio) - (t ?? 0)), name).toBeLessThan(1e-3 * Math.abs(t ?? 0));
    }
    expect(await shown.value('own', 'r2')).toBeCloseTo(summary.r2, 3);
    await shown.says('#own .equation', /^price ≈ 2\.50 · area − 3\.\d\d · rooms \+ \d\.\d\d$/);

    await shown.says('#own figcaption', 'mine.csv, 200 examples. Horizontal: the prediction h(x)');
    expect(await shown.page.$$eval('#own .plot .axis', (all) => all.map(({ textContent }) => textContent))).toEqual([
      'h(x)',
      'price',
    ]);
    await shown.page.select('#own select[name="across"]', 'rooms');
    await shown.says('#own figcaption', 'The line is h(x). The other features are held at their means.');
    expect(await shown.text('#own .plot .axis')).toBe('rooms');
    // Fewer rooms cost more at a given area: the line falls, to larger y on the screen.
    const curve = await curvePlaces();
    expect(curve.at(-1)?.[1]).toBeGreaterThan(curve[0]?.[1] ?? 0);
    // Least squares goes through the means of all columns.
    const dots = await shown.page.$$eval('#own .plot circle', (all) =>
      all.map((dot) => [dot.cx.baseVal.value, dot.cy.baseVal.value] as const),
    );
    const [x, y] = [0, 1].map((axis) => dots.reduce((sum, dot) => sum + (dot[axis] as number), 0) / dots.length);
    const nearest = curve.reduce((a, b) => (Math.abs(a[0] - (x ?? 0)) < Math.abs(b[0] - (x ?? 0)) ? a : b));
    expect(Math.abs(nearest[1] - (y ?? 0))).toBeLessThan(1); // a pixel: the curve has a place at every fifth
    expect(await lossIsShown()).toBe(false); // solved at once
  });

  it('learns labels by the logistic loss, where the target is 0 and 1', async () => {
    await shown.open();
    // Passed more often the longer one has studied, and not always.
    const rows = Array.from({ length: 60 }, (_, i) => `${i / 6},${i % 7},${Number(i + ((i * 17) % 23) > 40)}\n`);
    await openFile(`hours,coffee,passed\n${rows.join('')}`);
    await predicts('passed from hours');
    expect(await shown.page.$$eval('#own .plot .line path', (all) => all.length)).toBe(1);
    await shown.page.$eval('#own input[value="logistic"]', (input) => input.click());
    await shown.says('#own figcaption', 'The curve is the probability that passed is 1.');
    await shown.says('#own .equation', /^log-odds of passed ≈ \d/);
    const heights = (await curvePlaces()).map(([, y]) => y);
    const steps = heights.slice(1).map((height, i) => (heights[i] as number) - height);
    for (const step of steps) expect(step).toBeGreaterThanOrEqual(0); // ever more probable
    // Flat at both ends and steep between: an S.
    expect(Math.max(...steps)).toBeGreaterThan(4 * Math.max(steps[0] as number, steps.at(-1) as number));
    expect(await lossIsShown()).toBe(true);
    expect(await shown.page.$eval('#own .columns .uplot canvas', ({ width }) => width)).toBeGreaterThan(0);
    expect(await shown.value('own', 'steps')).toBeLessThan(12);
    const right = await shown.value('own', 'accuracy');
    expect(right).toBeGreaterThan(0.7);
    expect(await shown.page.$eval('#own [data-value="r2"]', (value) => value.checkVisibility())).toBe(false);
    expect(await cells('hours')).toHaveLength(1); // no standard errors of least squares
    await tick('coffee');
    await shown.says('#own figcaption', 'Horizontal: w·x + b. The curve is the probability that the target is 1.');
    await shown.page.select('#own select[name="target"]', 'coffee');
    await shown.says('#own .status', /^h\(x\) predicts coffee from hours/);
    const isOffered = await shown.page.$eval('#own input[value="logistic"]', (input) => input.checkVisibility());
    expect(isOffered).toBe(false);
  });

  it('keeps the choice of columns in the address, whatever their names', async () => {
    await shown.open();
    const text = '"a,b",c&d,e=%,f\n0,1,2,1\n1,0,5,4\n2,1,7,9\n3,5,11,12\n';
    await openFile(text);
    await predicts('f from a,b');
    await shown.page.$eval('#own select[name="target"]', (select) => {
      select.value = 'e=%';
      select.dispatchEvent(new Event('change'));
    });
    await predicts('e=% from a,b');
    await tick('c&d');
    await predicts('e=% from a,b, c&d');
    await shown.page.select('#own select[name="across"]', 'c&d');
    await shown.says('#own figcaption', 'The line is h(x).');
    const before = [await weight('a,b'), await weight('c&d'), await caption()];
    await shown.page.waitForFunction(() => /across=/.test(location.hash));
    await shown.page.reload();
    await openFile(text);
    await predicts('e=% from a,b, c&d');
    await shown.says('#own figcaption', 'The line is h(x).');
    expect([await weight('a,b'), await weight('c&d'), await caption()]).toEqual(before);
    await openFile('x,y\n1,2\n2,4\n', 'another.csv'); // which has none of them
    await predicts('y from x');
    await shown.page.waitForFunction(() => /features=x&target=y/.test(location.hash));
  });

  it('finds the weights of features that are nearly one', async () => {
    await shown.open();
    // Descent along their difference is slow: c = 3a + 20,000 (b − a).
    const rows = Array.from({ length: 50 }, (_, i) =>
      [i, i + 0.01 * ((i * 7) % 5), 3 * i + 200 * ((i * 7) % 5)].join(),
    );
    await openFile(`a,b,c\n${rows.join('\n')}\n`);
    await predicts('c from a');
    await tick('b');
    await predicts('c from a, b');
    expect([await weight('a'), await weight('b')]).toEqual([-19_997, 20_000]); // −19,997 of four digits
  });

  it('says when no weights have the least loss', async () => {
    await shown.open();
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${Number(i > 9)}\n`);
    await openFile(`hours,passed\n${rows.join('')}`);
    await predicts('passed from hours');
    await shown.page.$eval('#own input[value="logistic"]', (input) => input.click());
    await shown.says(
      '#own .status',
      'h(x) predicts passed from hours. A boundary separates the two classes without an error, so there are no best weights: larger ones are always better.',
    );
    await shown.says('#own .banner li', /'hours' alone too/);
  });

  it('fits nothing to a feature of one value, and says so', async () => {
    await shown.open();
    await openFile('a,b,c\n5,1,2\n5,2,4\n5,3,6\n');
    await predicts('c from a');
    await shown.says('#own .banner li', /'a' is constant/);
    expect(await weight('a')).toBe(0);
    await shown.page.select('#own select[name="target"]', 'a');
    await shown.says('#own .status', /^h\(x\) predicts a from b/);
    expect(await weight('bias')).toBeCloseTo(5, 3);
  });

  it('fits a telephone, with many columns of long names', async () => {
    await shown.open('language=en', (page) => page.setViewport({ width: 375, height: 700 }));
    const names = Array.from({ length: 24 }, (_, j) => `the_quite_long_name_of_column_number_${j}`);
    const rows = HOUSES.map((_, i) => names.map((__, j) => Math.sin(i * (j + 1))).join(','));
    await openFile(`${names.join(',')}\n${rows.join('\n')}\n`);
    await shown.says('#own .status', /^h\(x\) predicts the_quite_long_name_of_colum… from the_quite/);
    for (const name of names.slice(1, 6)) await tick(name);
    await shown.says('#own .equation', / \+ … /);
    expect(await shown.page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  });

  it('works without WebGPU', async () => {
    await shown.open('language=en', (page) =>
      page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'gpu', { value: undefined })),
    );
    await openFile('x,y\n0,2\n1,4\n2,6\n');
    await predicts('y from x');
    expect(await weight('bias')).toBeCloseTo(2, 2);
  });
});
