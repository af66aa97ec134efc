// Your own data, as a person would open it: the built page, a file, its columns, and what the page says.

import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { solveExact } from '../../src/index.js';
import { type BuiltSite, buildSite } from '../support/built-site.js';
import { START_TIMEOUT_MS } from '../support/pages.js';
import { numberOf, TeachingPage } from '../support/teaching-page.js';

let site: BuiltSite;
let shown: TeachingPage;

beforeAll(async () => {
  site = await buildSite();
}, START_TIMEOUT_MS);

afterAll(() => site.close());

afterEach(() => shown.close());

const openPage = async (hash = 'language=en', prepare?: Parameters<typeof TeachingPage.open>[3]) => {
  shown = await TeachingPage.open(site.browser, site.url, hash, prepare);
};

/** Opens a file with this text in the page that is open. */
async function openFile(text: string, name = 'mine.csv'): Promise<void> {
  const path = join(await mkdtemp(join(site.folder, 'file-')), name); // the same path again would be no other file
  await writeFile(path, text);
  const input = await shown.page.waitForSelector('#own input[type="file"]');
  await (input as ElementHandle<HTMLInputElement>).uploadFile(path);
}

const predicts = (words: string) => shown.says('#own .status', `h(x) predicts ${words}.`);
const cells = (parameter: string) =>
  shown.page.$$eval(`#own tr[data-parameter="${parameter}"] td`, (all) => all.map(({ textContent }) => textContent));
const weight = async (parameter: string) => numberOf((await cells(parameter))[0] ?? '');
const tick = (feature: string) => shown.page.$eval(`#own input[value="${feature}"]`, (box) => box.click());
const caption = () => shown.text('#own figure figcaption');

/** 200 houses, whose price depends on area and rooms and on something that no column holds. */
const HOUSES = Array.from({ length: 200 }, (_, i) => {
  const area = 40 + ((i * 37) % 101);
  const rooms = 1 + ((i * 13) % 6);
  return { area, rooms, price: 5 + 2.5 * area - 3 * rooms + (((i * 29) % 17) - 8) / 2, town: `T${i % 3}` };
});
const HOUSES_CSV = `town,area,rooms,price\n${HOUSES.map(({ area, rooms, price, town }) => `${town},${area},${rooms},${price}\n`).join('')}`;

describe('the reader’s own data', { timeout: 30_000 }, () => {
  it('fits the columns that are chosen, and keeps them in another language', async () => {
    await openPage();
    await openFile('a,b,c\n0,5,1\n1,3,4\n2,1,7\n3,-1,10\n'); // c = 3a + 1, b = 5 − 2a
    await predicts('c from a');
    // Descent stops within 1e-8 of the loss.
    expect(await weight('a')).toBeCloseTo(3, 2);
    expect(await weight('bias')).toBeCloseTo(1, 2);
    expect(await shown.page.$$('#own svg.plot circle')).toHaveLength(4);
    await shown.page.select('#own select[name="target"]', 'b');
    await predicts('b from a');
    expect(await weight('a')).toBeCloseTo(-2, 2);
    await shown.page.$eval('.switches input[value="ko"]', (input) => input.click());
    await shown.says('#own .status', 'h(x)는 a에서 b의 값을 예측한다.');
    expect(shown.requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url))).toEqual([]);
  });

  it('fits several features, with the errors of their weights, over what is wanted across', async () => {
    await openPage();
    await openFile(HOUSES_CSV);
    await predicts('price from area');
    expect(await shown.page.$$eval('#own .features input', (all) => all.map(({ value }) => value))).toEqual([
      'area',
      'rooms',
      'price',
    ]);
    await shown.says('#own .panel .note', 'Columns that hold no numbers, and cannot be chosen: town');
    await tick('rooms');
    await predicts('price from area, rooms');

    const columns = { area: HOUSES.map(({ area }) => area), rooms: HOUSES.map(({ rooms }) => rooms) };
    const data = { columns, targets: HOUSES.map(({ price }) => price), targetName: 'price' };
    const summary = await (await solveExact(data)).summary(data);
    for (const { name, value, standardError, t } of summary.rows) {
      const [shownValue = '', error = '', ratio = ''] = await cells(name);
      // Descent ends within a thousandth of a standard error; four digits are shown.
      expect(Math.abs(numberOf(shownValue) - value), name).toBeLessThan(1e-3 * Math.abs(value));
      expect(Math.abs(numberOf(error) - (standardError ?? 0)), name).toBeLessThan(1e-3 * (standardError ?? 0));
      expect(Math.abs(numberOf(ratio) - (t ?? 0)), name).toBeLessThan(1e-3 * Math.abs(t ?? 0));
    }
    expect(await shown.value('own', 'r2')).toBeCloseTo(summary.r2, 3);
    await shown.says('#own .equation', /^price ≈ 2\.50 · area − 3\.\d\d · rooms \+ \d\.\d\d$/);

    await shown.says('#own figcaption', 'mine.csv, 200 examples. Across is the prediction h(x)');
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
    expect(await shown.page.$eval('#own .uplot canvas', ({ width }) => width)).toBeGreaterThan(0);
  });

  it('learns labels by the logistic loss, where the target is 0 and 1', async () => {
    await openPage();
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
    const right = await shown.value('own', 'accuracy');
    expect(right).toBeGreaterThan(0.7);
    expect(await shown.page.$eval('#own [data-value="r2"]', (value) => value.checkVisibility())).toBe(false);
    expect(await cells('hours')).toHaveLength(1); // no standard errors of least squares
    await tick('coffee');
    await shown.says('#own figcaption', 'Across is w·x + b; the curve is the probability that the target is 1.');
    await shown.page.select('#own select[name="target"]', 'coffee');
    await shown.says('#own .status', /^h\(x\) predicts coffee from hours/);
    const isOffered = await shown.page.$eval('#own input[value="logistic"]', (input) => input.checkVisibility());
    expect(isOffered).toBe(false);
  });

  it('keeps the choice of columns in the address, whatever their names', async () => {
    await openPage();
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

  it('says in the library’s words what is wrong with a file, and leaves the picture as it was', async () => {
    await openPage();
    await openFile('a,b\n0,1\n1,3\n2,5\n', 'good.csv');
    await predicts('b from a');
    const isAsBefore = async () => {
      expect(await caption()).toBe('good.csv, 3 examples. The line is h(x).');
      expect(await weight('a')).toBeCloseTo(2, 2);
      expect(await shown.page.$eval('#own figure', (figure) => figure.checkVisibility())).toBe(true);
    };
    const says: Record<string, RegExp> = {
      '': /bad\.csv without any row/,
      'p,q\n': /bad\.csv without any row below its header/,
      'p\n1\n2\n': /bad\.csv with no column but the target "p"/,
      'p,p\n1,2\n': /bad\.csv: column name "p" twice/,
      'p,q\n1,2\n3\n': /bad\.csv, row 3: 1 cell/,
      'p,q\n1,2\n2,3\n3,1;5\n': /bad\.csv, row 4, column "q": "1;5"/,
      'p,q\nx,2\ny,3\n': /bad\.csv, row 2, column "p": "x"/,
      'p,q\n"1,2\n': /bad\.csv, row 2: a quoted cell that is not closed/,
    };
    for (const [text, words] of Object.entries(says)) {
      await openFile(text, 'bad.csv');
      await shown.says('#own .problem q[lang="en"]', words);
      await isAsBefore();
    }
    await shown.page.$eval('.switches input[value="ko"]', (input) => input.click());
    await shown.says('#own .problem', /^계산할 수 없다\. .*bad\.csv, row 2: a quoted cell/);
  });

  it('takes another column of a file with one that is wrong', async () => {
    await openPage();
    await openFile('a,b,c\n0,x,1\n1,3,4\n2,1,7\n');
    await predicts('c from a');
    await tick('b');
    await shown.says('#own .problem', /mine\.csv, row 2, column "b": "x"/);
    await tick('b');
    await predicts('c from a');
    expect(await shown.page.$eval('#own .problem', (banner) => banner.checkVisibility())).toBe(false);
  });

  it('says when the loss is still falling at the end', async () => {
    await openPage();
    // Two features that are nearly one: descent along their difference is slow.
    const rows = Array.from({ length: 50 }, (_, i) =>
      [i, i + 0.01 * ((i * 7) % 5), 3 * i + 200 * ((i * 7) % 5)].join(),
    );
    await openFile(`a,b,c\n${rows.join('\n')}\n`);
    await predicts('c from a');
    await tick('b');
    await shown.says('#own .status', 'h(x) predicts c from a, b. After 1,000 epochs the loss is still falling.');
    expect(await shown.value('own', 'epochs')).toBe(1000);
  });

  it('fits nothing to a feature of one value, and says so', async () => {
    await openPage();
    await openFile('a,b,c\n5,1,2\n5,2,4\n5,3,6\n');
    await predicts('c from a');
    await shown.says('#own .banner li', /'a' is constant/);
    expect(await weight('a')).toBe(0);
    await shown.page.select('#own select[name="target"]', 'a');
    await shown.says('#own .status', /^h\(x\) predicts a from b/);
    expect(await weight('bias')).toBeCloseTo(5, 3);
  });

  it('takes a file that is dropped anywhere on the section, and stays where it is for one that misses it', async () => {
    await openPage();
    const drag = (kind: string, selector: string) =>
      shown.page.$eval(
        selector,
        (target, type) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['x,y\n0,2\n1,4\n'], 'dropped.csv'));
          const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
          target.dispatchEvent(event);
          return [event.defaultPrevented, document.querySelector('#own')?.classList.contains('dropping')];
        },
        kind,
      );
    expect(await drag('dragover', '#own h2')).toEqual([true, true]);
    expect(await drag('dragover', '#step h2')).toEqual([true, false]);
    expect(await drag('drop', '#step h2')).toEqual([true, false]); // the browser does not open the file
    expect(await shown.text('#own .status')).toBe('');
    expect(await drag('drop', '#own h2')).toEqual([true, false]);
    await predicts('y from x');
    expect(await weight('x')).toBeCloseTo(2, 2);
  });

  it('saves every row with its prediction, and the picture', async () => {
    await openPage();
    const cdp = await shown.page.createCDPSession();
    const saved = join(site.folder, 'saved');
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: saved });
    await openFile('"a,b",c\n0,1\n1,4\n2,7\n');
    await predicts('c from a,b');
    await shown.press('#own', 'Save CSV');
    await shown.press('#own', 'Save PNG');
    await vi.waitFor(async () => expect((await readdir(saved)).toSorted()).toEqual(['own-data.csv', 'own-data.png']), {
      timeout: 10_000,
    });
    const [head, ...rows] = (await readFile(join(saved, 'own-data.csv'), 'utf8')).trim().split('\n');
    expect(head).toBe('"a,b",c,h(x)');
    expect(rows.map((row) => row.split(',').slice(0, 2).join())).toEqual(['0,1', '1,4', '2,7']);
    rows.forEach((row, i) => expect(Number(row.split(',')[2])).toBeCloseTo(3 * i + 1, 2));
    const png = await readFile(join(saved, 'own-data.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  it('reads a million rows while the page goes on, and is stopped and begun again', async () => {
    // A thousand rows a thousand times: quick to write, and known by the thousand.
    const block = Array.from({ length: 1000 }, (_, i) => [(i * 7) % 100, (i * 3) % 11, ((i * 29) % 17) - 8] as const);
    const rows = block.map(([a, b, noise]) => `${a},${b},${2 * a - 3 * b + 1 + noise / 4}\n`).join('');
    await openPage();
    await shown.page.evaluate(() => {
      let last = performance.now();
      const gapsMs: number[] = [];
      const shares = new Set<number>();
      Object.assign(globalThis, { gapsMs, shares });
      setInterval(() => {
        gapsMs.push(performance.now() - last);
        last = performance.now();
        shares.add(document.querySelector('progress')?.value ?? 0);
      }, 5);
    });
    await openFile(`a,b,c\n${rows.repeat(1000)}`, 'million.csv');
    await shown.page.waitForFunction(() => (document.querySelector('progress')?.value ?? 0) > 0.02);
    await shown.says('#own .progress label', 'Reading');
    await shown.press('#own', 'Cancel');
    await shown.says('#own .status', 'Cancelled.');
    const sharesRead = () => shown.page.evaluate(() => (globalThis as unknown as { shares: Set<number> }).shares.size);
    const before = await sharesRead();
    await new Promise((resolve) => setTimeout(resolve, 200)); // several pieces long
    expect(await sharesRead()).toBe(before);
    expect(await shown.page.$eval('#own progress', (bar) => bar.checkVisibility())).toBe(false);
    await shown.press('#own', 'Start again');
    await shown.page.waitForFunction(() => (document.querySelector('progress')?.value ?? 0) > 0.02);
    await shown.page.waitForSelector('#own progress', { visible: true });
    await shown.press('#step', 'One step');
    await shown.shows('step', 'epoch', (value) => value === 1, '1');
    await predicts('c from a');
    await tick('b');
    await predicts('c from a, b');
    const [longestMs, turns] = await shown.page.evaluate(() => {
      const { gapsMs, shares } = globalThis as unknown as { gapsMs: number[]; shares: Set<number> };
      return [Math.max(...gapsMs), shares.size];
    });
    // Some 40 pieces are read two and a half times, a turn of the page after each; read at once there would be five or so.
    expect(turns).toBeGreaterThan(20);
    expect(longestMs).toBeLessThan(1000); // 150 where two processors have other work as well

    expect(await shown.value('own', 'count')).toBe(1_000_000);
    await shown.says('#own figcaption', /One row in 500 is drawn; all of them are fitted\.$/);
    expect(await shown.page.$$('#own .plot circle')).toHaveLength(2000);
    const columns = { a: block.map(([a]) => a), b: block.map(([, b]) => b) };
    const targets = block.map(([a, b, noise]) => 2 * a - 3 * b + 1 + noise / 4);
    const { weights } = await solveExact({ columns, targets });
    // Descent ends at 1e-8 of the loss, and moments are in f32 on a device; the page shows four digits.
    expect(Math.abs((await weight('a')) - (weights[0] as number))).toBeLessThan(2e-3);
    expect(Math.abs((await weight('b')) - (weights[1] as number))).toBeLessThan(3e-3);
  });

  it('fits a telephone, with many columns of long names', async () => {
    await openPage('language=en', (page) => page.setViewport({ width: 375, height: 700 }));
    const names = Array.from({ length: 24 }, (_, j) => `the_quite_long_name_of_column_number_${j}`);
    const rows = HOUSES.map((_, i) => names.map((__, j) => Math.sin(i * (j + 1))).join(','));
    await openFile(`${names.join(',')}\n${rows.join('\n')}\n`);
    await shown.says('#own .status', /^h\(x\) predicts the_quite_long_name_of_colum… from the_quite/);
    for (const name of names.slice(1, 6)) await tick(name);
    await shown.says('#own .equation', / \+ … /);
    expect(await shown.page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  });

  it('works without WebGPU', async () => {
    await openPage('language=en', (page) =>
      page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'gpu', { value: undefined })),
    );
    await openFile('x,y\n0,2\n1,4\n2,6\n');
    await predicts('y from x');
    expect(await weight('bias')).toBeCloseTo(2, 2);
  });
});

/** The places of the curve, in pixels. */
async function curvePlaces(): Promise<(readonly [number, number])[]> {
  const path = await shown.page.$eval('#own .plot .line path', (line) => line.getAttribute('d') ?? '');
  return [...path.matchAll(/[ML] (\S+) (\S+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}
