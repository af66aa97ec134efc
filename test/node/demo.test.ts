// The demo in headless Chrome, served as `npm run dev` serves it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { servePages, START_TIMEOUT_MS } from '../support/pages.js';

let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  pages = await servePages('demo-test');
}, START_TIMEOUT_MS);

afterAll(() => pages.close());

it('trains the seed program, shows its weights, and says why a rate is too high', async () => {
  const page = await pages.browser.newPage();
  const problems: unknown[] = [];
  page.on('pageerror', (error) => problems.push(error));
  await page.goto(pages.server.resolvedUrls?.local[0] ?? '');
  const status = () => page.$eval('#status', ({ textContent }) => textContent);
  const isDone = () => !document.querySelector('button')?.disabled;

  await page.click('button');
  await page.waitForFunction(isDone);
  expect(await status()).toMatch(/^100 epochs on google swiftshader \(software\), [\d.]+ ms each\.$/);
  const rows = await page.$$eval('tbody tr', (all) => all.map(({ innerText }) => innerText.split('\t').map(Number)));
  expect(rows).toHaveLength(3);
  // 100,000 examples with noise 0.1: a standard error of 0.0006, and every weight within five of them.
  for (const [, trained = Number.NaN, truth = 0] of rows) expect(Math.abs(trained - truth)).toBeLessThan(0.003);

  await page.$eval('[name=learningRate]', (input) => ((input as HTMLInputElement).value = '2.5'));
  await page.$eval('[name=epochs]', (input) => ((input as HTMLInputElement).value = '2000'));
  await page.click('button');
  await page.waitForFunction(isDone);
  expect(await status()).toMatch(/^Diverged after \d+ epochs: λ must stay under (2|1\.99\d+)\.?/);
  expect(problems).toEqual([]);
}, 60_000);
