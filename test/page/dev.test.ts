// The teaching page as `npm run dev` serves it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { servePages, START_TIMEOUT_MS } from '../support/pages.js';
import { TeachingPage } from '../support/teaching-page.js';

let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  pages = await servePages('page-test', ['papaparse', 'uplot']);
}, START_TIMEOUT_MS);

afterAll(() => pages.close());

it('is what the address of the server opens on, and computes', { timeout: 30_000 }, async () => {
  const shown = new TeachingPage();
  shown.site = { browser: pages.browser, url: pages.server.resolvedUrls?.local[0] ?? '' };
  await shown.open();
  expect(new URL(shown.page.url()).pathname).toBe('/demo/');
  await shown.page.waitForSelector('#program .run');
  await shown.says('#adapter', /^GPU: .*software adapter/);
  await shown.close();
});
