// The rules of axe-core, over every section, in both languages and colours, on a laptop and on a telephone.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 120_000;

const shown = withTeachingPage();

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules that are broken, with the elements that break them; everything that can be opened is open. */
async function violations(): Promise<string[]> {
  await shown.page.$$eval('details', (all) => all.forEach((details) => (details.open = true)));
  await new Promise((resolve) => setTimeout(resolve, 800)); // the page looks for what scrolls a moment after a change
  await shown.page.evaluate(AXE);
  const { violations: found } = (await shown.page.evaluate(
    '(async () => JSON.parse(JSON.stringify(await axe.run(document, { resultTypes: ["violations"] }))))()',
  )) as AxeResults;
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, target }) => `${id}: ${target.join(' ')} ${html.slice(0, 120)}`),
  );
}

const at = (width: number, height: number) => async (page: Page) => {
  await page.setViewport({ width, height });
  await withoutWebGpu(page);
};

const CASES = ['en', 'ko'].flatMap((language) =>
  ['light', 'dark'].flatMap((theme) => [
    { language, theme, width: 1366, height: 650 },
    { language, theme, width: 375, height: 800 },
  ]),
);

describe('accessibility', { timeout: TIMEOUT_MS }, () => {
  it.each(CASES)(
    'breaks no rule in $language, $theme, at $width pixels',
    async ({ language, theme, width, height }) => {
      await shown.open(`language=${language}&theme=${theme}&line=9&runs=optimizers`, at(width, height));
      await shown.page.waitForSelector('#program .run.adam');
      expect(await violations()).toEqual([]);
    },
  );

  it.each([
    { theme: 'light', width: 1366, height: 650 },
    { theme: 'dark', width: 375, height: 800 },
  ])('breaks no rule with times and a file of data, $theme, at $width pixels', async ({ theme, width, height }) => {
    await shown.open(`language=en&theme=${theme}&section=scale&rows=1000`, at(width, height));
    await shown.says('#scale .status', '1,000 examples ready');
    await shown.press('#scale', 'Time streaming and moments');
    await shown.says('#scale .measures thead', 'Moments');
    await shown.press('#own', 'Fuel use of cars');
    await shown.says('#own .status', /^h\(x\) predicts/);
    await shown.says('#own .own-play', 'Press Play to watch');
    expect(await violations()).toEqual([]);
  });

  it('breaks no rule on a projector', async () => {
    await shown.open('language=en&view=presenter', at(1366, 650));
    expect(await violations()).toEqual([]);
  });

  it.each(['?teacher', '?embed=step', '?embed=loss&controls=off'])('breaks no rule at %s', async (search) => {
    await shown.open('language=en', at(1366, 650));
    await shown.page.goto(`${shown.site.url}${search}#language=en`);
    await shown.page.waitForSelector('main :is(h1, h2)');
    expect(await violations()).toEqual([]);
  });
});
