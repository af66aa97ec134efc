// Pages whose policy forbids WebAssembly or workers train all the same, and the report says how.

import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { BUILT } from '../support/built.js';
import { expectClose } from '../support/close.js';
import { START_TIMEOUT_MS } from '../support/pages.js';
import { serveFolder } from '../support/serve-folder.js';

/** A fit in a page, as far as it is compared. */
interface PageFit {
  kernels: string;
  threads: number;
  parameters: number[];
}

/** A text, so that nothing rewrites its import. */
const PROGRAM = `(async () => {
  const { fit, syntheticRegression } = await import('LIBRARY');
  const { dataset } = syntheticRegression({ rows: 700_000, features: 2, seed: 1 });
  const options = { backend: 'cpu', strategy: 'streaming', epochs: 200, tolerance: 0, learningRate: 0.5, seed: 2 };
  const { weights, bias, report } = await fit(dataset, options);
  return { kernels: report.kernels, threads: report.threads, parameters: [...weights, bias] };
})()`;

/** The fit of as many examples as pay for two threads, in a page with these headers. */
async function fitUnder(browser: Browser, headers: Record<string, string>): Promise<PageFit> {
  const { url, close } = await serveFolder(BUILT, headers);
  const page = await browser.newPage();
  try {
    await page.goto(`${url}index.js`); // any document of this policy
    return (await page.evaluate(PROGRAM.replace('LIBRARY', `${url}index.js`))) as PageFit;
  } finally {
    await page.close();
    await close();
  }
}

describe('a page', { timeout: START_TIMEOUT_MS }, () => {
  let browser: Browser;
  beforeAll(async () => void ({ browser } = await launchBrowser({ prefer: 'bundled' })), START_TIMEOUT_MS);
  afterAll(() => browser.close());

  const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  const policy = (text: string) => ({ ...ISOLATED, 'content-security-policy': text });
  it('without a policy trains on several threads, and one that forbids something on one or by loops', async () => {
    const free = await fitUnder(browser, ISOLATED);
    expect(free.kernels).toBe('wasm');
    expect(free.threads).toBeGreaterThan(1);
    const because = 'sums in f32 of other lengths';
    const noWorkers = await fitUnder(browser, policy("script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'"));
    expect([noWorkers.kernels, noWorkers.threads]).toEqual(['wasm', 1]);
    expectClose(noWorkers.parameters, free.parameters, { absolute: 1e-6, because });
    const noWasm = await fitUnder(browser, policy("script-src 'self'; worker-src 'self' blob:"));
    expect([noWasm.kernels, noWasm.threads]).toEqual(['loops', 1]);
    expectClose(noWasm.parameters, free.parameters, { absolute: 1e-6, because });
  });
});
