import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer';
import type { FloatArray } from '../../data/dataset.js';
import { type LaunchedBrowser, launchBrowser } from './browser.js';
import { serve } from './serve.js';

/** The folder of the built library, in which this module is node/browser/open-page.js. */
const DIST = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Runs `body` on a page of the built library in a headless browser, which ends with it, or with the signal. The page
 * finds the columns at /columns/0, /columns/1, …; what it throws comes out as an error.
 */
export async function onPage<Result>(
  columns: readonly FloatArray[],
  signal: AbortSignal,
  body: (page: Page, launched: LaunchedBrowser) => Promise<Result>,
): Promise<Result> {
  const launched = await launchBrowser({ prefer: 'installed' });
  const { browser } = launched;
  // One promise for all who ask: a second close() of puppeteer's would not wait for the process to end.
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= browser.close());
  const onAbort = () => void close();
  signal.addEventListener('abort', onAbort);
  const server = await serve(columns, DIST);
  try {
    signal.throwIfAborted();
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(server.url, { waitUntil: 'load' });
    return await body(page, launched).catch((error: unknown) => {
      signal.throwIfAborted();
      throw problems.length > 0 ? new Error(problems.join('; '), { cause: error }) : error;
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    await Promise.all([close(), server.close()]);
  }
}
