// The slides that the lesson grew from, each where docs/lesson.md says it is: those of sections 1 to 4 are looked up here.

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;
const SLIDES = 29;

const shown = withTeachingPage();

const count = (selector: string) =>
  shown.page.$$eval(selector, (all) => all.filter((element) => element.checkVisibility()).length);
const openLine = (line: number) => shown.open(`language=en&line=${line}`, withoutWebGpu);
/** A line of the derivation without its spaces. */
const formula = async (line: number) =>
  (await shown.text(`.derivation li:nth-child(${line}) > math`)).replace(/\s/g, '');

describe('the deck', { timeout: TIMEOUT_MS }, () => {
  it('is whole: the table names every slide once', async () => {
    await shown.open('language=en', withoutWebGpu);
    const page = await readFile('docs/lesson.md', 'utf8');
    const rows = [...page.matchAll(/^\| (\d+)(?:–(\d+))? \| .+ \| .+ \|$/gm)];
    const slides = rows.flatMap(([, first, last = first]) =>
      Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i),
    );
    expect(slides).toEqual(Array.from({ length: SLIDES }, (_, i) => i + 1));
  });

  it('has its symbols, its two functions and their other names in section 1 (slides 1 to 5)', async () => {
    await shown.open('language=en', withoutWebGpu);
    expect(await count('#problem .symbols li')).toBe(5);
    expect(await shown.text('#problem .panel math')).toBe('h(x)=wx+b');
    expect(await shown.text('#problem .body > math')).toBe('L=12m∑i=1m(h(x(i))−y(i))2');
    expect(await shown.text('#problem .body')).toMatch(/cost function or the objective function/);
  });

  it('has its plan at the top, which says where one is and what is answered (slides 6 to 8)', async () => {
    await shown.open('language=en', withoutWebGpu);
    const current = () => shown.text('.plan [aria-current]');
    expect(await current()).toBe('1) Define h and L');
    expect(await shown.text('.plan li:nth-child(2)')).toContain('= ?');
    await shown.page.click('nav a[data-section="derivation"]');
    await shown.page.waitForSelector('nav a[data-section="derivation"][aria-current]');
    expect(await current()).toBe('2) Find ∂L/∂w = ?');
    await shown.press('#derivation', 'Show all');
    expect(await current()).toBe('2) Find ∂L/∂w ✓');
    await shown.page.click('nav a[data-section="step"]');
    await shown.page.waitForSelector('nav a[data-section="step"][aria-current]');
    expect(await current()).toBe('3) Repeat w ← w − λ ∂L/∂w');
  });

  it('steps downhill before it derives the slope, and without limits (slide 8)', async () => {
    await shown.open('language=en&w=0&b=0&points=-1,1;1,3', withoutWebGpu);
    await shown.says('#loss .way', 'The slope is −1.000, so increasing w lowers the loss.');
    await shown.press('#loss', 'One step downhill');
    await shown.shows('step', 'w', (value) => value === 0.1, '0.1'); // λ is 0.1 there
    const endsWithTheQuestion = await shown.page.$$eval('#loss .body > math', (all) => all.at(-1)?.textContent);
    expect(endsWithTheQuestion).toBe('∂L∂w=?');
  });

  it('marks the mean while it is dropped (slides 9 to 11)', async () => {
    await openLine(2);
    expect(await shown.text('.derivation li:first-child .marked')).toBe('12m∑i=1m');
    expect(await formula(2)).toBe('L(x)=12(h(x)−y)2');
    await shown.press('#derivation', 'Next line');
    expect(await count('.derivation li:first-child .marked')).toBe(0);
  });

  it('takes the derivative and moves the constant out (slides 12 to 15)', async () => {
    await openLine(4);
    expect(await formula(3)).toBe('∂L(x)∂w=∂∂w(12(h(x)−y)2)');
    expect(await formula(4)).toBe('=12∂∂w((h(x)−y)2)');
  });

  it('has the chain rule from where it is needed, with its reference (slide 16)', async () => {
    await openLine(3);
    expect(await count('#derivation aside')).toBe(0);
    await shown.press('#derivation', 'Next line');
    expect(await count('#derivation aside')).toBe(1);
    expect(await shown.page.$eval('#derivation aside a', (link) => link.getAttribute('href'))).toBe(
      'https://goo.gl/P7kFWW',
    );
  });

  it('boxes the outer function, and strikes out what cancels only then (slides 17 and 18)', async () => {
    await openLine(5);
    expect(await shown.text('.derivation .boxed')).toBe('12·2(h(x)−y)');
    expect(await count('.derivation .struck')).toBe(0);
    await shown.press('#derivation', 'Next line');
    expect(await shown.page.$$eval('.derivation .struck', (all) => all.map(({ textContent }) => textContent))).toEqual([
      '12',
      '2',
    ]);
  });

  it('ends at both gradients (slides 19 to 23)', async () => {
    await openLine(9);
    expect(await formula(7)).toBe('=(h(x)−y)∂∂w(wx+b−y)');
    expect(await formula(8)).toBe('=(h(x)−y)x');
    const gradients = await shown.page.$$eval('#derivation .conclusion math', (all) =>
      all.map(({ textContent }) => textContent),
    );
    expect(gradients).toEqual(['∂L∂w=1m∑i=1m(h(x(i))−y(i))x(i)', '∂L∂b=1m∑i=1m(h(x(i))−y(i))']);
  });
});
