import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import type { FloatArray } from '../../data/dataset.js';
import { type LaunchedBrowser, launchBrowser } from './browser.js';
import { untilInterrupted } from './interruption.js';
import { serve } from './serve.js';

/** The folder of the built library, in which this module is node/browser/open-page.js. */
const DIST = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Runs `body` on a page of the built library in a headless browser, which ends with it, or with this process. The page
 * finds the columns at /columns/0, /columns/1, …; what it throws comes out as an error.
 */
export function onPage<Result>(
  columns: readonly FloatArray[],
  body: (page: Page, launched: LaunchedBrowser) => Promise<Result>,
): Promise<Result> {
  return untilInterrupted((signal) => onPageUntil(signal, columns, body));
}

async function onPageUntil<Result>(
  signal: AbortSignal,
  columns: readonly FloatArray[],
  body: (page: Page, launched: LaunchedBrowser) => Promise<Result>,
): Promise<Result> {
  const launched = await launchBrowser({ prefer: 'installed', signal });
  const { browser } = launched;
  // One promise for all who ask: a second close() of puppeteer's would not wait for the process to end.
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= browser.close());
  const onAbort = () => {
    kill(browser); // there is nothing in it to keep, and one that is busy would take its time
    void close();
  };
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

/** Ends a browser at once. Its children end as they find the pipe to it closed. */
function kill(browser: Browser): void {
  browser.process()?.kill('SIGKILL');
}
