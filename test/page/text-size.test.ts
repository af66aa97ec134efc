// Type that is twice as large, as readers set it in their browser: nothing is cut, and pictures grow with it. What is marked is
// marked whole, and an adapter without a name is called so.

import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();

describe.each([
  { width: 1366, least: 1.7 },
  { width: 375, least: 1.3 }, // as far as two marks of an axis fit beside one another
])('type twice as large, in a window of $width pixels', { timeout: 60_000 }, ({ width, least }) => {
  it('is that of the axes, too, and every formula stays whole', async () => {
    await shown.open('language=en&moves=both&line=9', async (page) => {
      await page.setViewport({ width, height: 800 });
      await withoutWebGpu(page);
    });
    await shown.page.waitForSelector('#noise .degree-mark');
    const axis = () =>
      shown.page.$eval('#step svg.plot text', (text) => {
        text.scrollIntoView({ block: 'center', behavior: 'instant' });
        return text.getBoundingClientRect().height;
      });
    /** The room of the words below the loss curve of section 5, which is a canvas. */
    const margin = () =>
      shown.page.$eval('#program .uplot', (chart) => {
        const [all, curve] = [chart, chart.querySelector('.u-over')].map((box) => box?.getBoundingClientRect().bottom);
        return (all ?? 0) - (curve ?? 0);
      });
    const [before, marginBefore] = [await axis(), await margin()];
    const session = await shown.page.createCDPSession();
    await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } }); // 16 and 13 otherwise
    await eventually(async () => expect((await axis()) / before).toBeGreaterThan(least));
    await eventually(async () => expect((await margin()) / marginBefore).toBeGreaterThan(1.7));
    // A formula that is too wide is scrolled to in its own box, never cut by one that hides the rest.
    const cut = await shown.page.$$eval('math', (all) =>
      all.flatMap((formula) => {
        if (!formula.checkVisibility()) return [];
        const { right } = formula.getBoundingClientRect();
        for (let box = formula.parentElement; box; box = box.parentElement) {
          const { overflowX } = getComputedStyle(box);
          if (['auto', 'scroll'].includes(overflowX)) break;
          const isBeyond = right > box.getBoundingClientRect().right + 1;
          if (isBeyond && (overflowX !== 'visible' || box === document.body)) return [formula.textContent];
        }
        return formula.scrollWidth > formula.clientWidth + 1 && !/auto|scroll/.test(getComputedStyle(formula).overflowX)
          ? [formula.textContent]
          : [];
      }),
    );
    expect(cut).toEqual([]);
  });
});

it('marks x in the last line of the derivation as high as the letters beside it', { timeout: 60_000 }, async () => {
  await shown.open('language=en&line=8', withoutWebGpu);
  const [mark = 0, line = 0] = await shown.page.$$eval('.derivation li:nth-child(8) .marked', ([marked]) => {
    const letter = marked?.parentElement?.querySelector('mi') ?? marked;
    return [marked, letter].map((one) => one?.getBoundingClientRect().height ?? 0);
  });
  const size = await shown.page.$eval('.derivation li:nth-child(8) .marked', (one) =>
    Number.parseFloat(getComputedStyle(one).fontSize),
  );
  expect(line).toBeGreaterThan(0);
  expect(mark).toBeGreaterThan(0.7 * size); // a letter with an ascender is about 0.7 of its size high
});

it('says of an adapter without a name that it has none', { timeout: 60_000 }, async () => {
  await shown.open('language=en', (page) =>
    page.evaluateOnNewDocument(() => {
      for (const name of ['vendor', 'architecture', 'description'])
        Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => '' });
    }),
  );
  await shown.says('#adapter', /^GPU: an adapter that does not say its name/);
});
