// The teaching page as `npm run dev` serves it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { servePages, START_TIMEOUT_MS } from '../support/pages.js';
import { TeachingPage } from '../support/teaching-page.js';

let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  pages = await servePages('page-test', ['papaparse', 'uplot']);
}, START_TIMEOUT_MS);

afterAll(() => pages.close());

it('is found beside the documentation, and computes', { timeout: 30_000 }, async () => {
  const shown = new TeachingPage();
  shown.site = { browser: pages.browser, url: `${pages.server.resolvedUrls?.local[0]}lesson/` };
  await shown.open();
  expect(new URL(shown.page.url()).pathname).toBe('/demo/');
  await shown.page.waitForSelector('#program .run');
  await shown.says('#adapter', /^GPU: .*software adapter/);
  await shown.close();
});

it('has the documentation at its root, whose examples run from the sources', { timeout: 60_000 }, async () => {
  const address = pages.server.resolvedUrls?.local[0] ?? '';
  const page = await pages.browser.newPage();
  await page.goto(address);
  expect(await page.$eval('h1', ({ textContent }) => textContent)).toContain('browser tab');
  await (await page.waitForSelector('.editable .run'))?.click();
  const end = await page.waitForSelector('.editable .output :is(.quiet, .error)');
  expect(await end?.evaluate(({ textContent }) => textContent)).toMatch(/^done in/);
  await page.goto(`${address}learning-rates.html`);
  expect(await page.title()).toBe('Scaling and learning rates · webgpu-descent');
  await page.close();
});
