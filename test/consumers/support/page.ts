import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { launchBrowser } from '../../../src/node/browser/browser.js';
import { serveFolder } from '../../support/serve-folder.js';
import { WORK } from './run.js';

let launching: Promise<Browser> | undefined;

/** The browser of all tests; it ends with this process. */
async function browser(): Promise<Browser> {
  launching ??= launchBrowser({ prefer: 'bundled' }).then((launched) => launched.browser);
  return launching;
}

/** The outcome that a page hands out, and the addresses that it asked for. */
export interface PageOutcome<Outcome> {
  outcome: Outcome;
  requests: string[];
}

/** Opens a page, and waits for what it promises as `outcome`. Throws what goes wrong in it. */
export async function outcomeAt<Outcome>(url: string): Promise<PageOutcome<Outcome>> {
  const page = await (await browser()).newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('requestfailed', (request) => problems.push(`${request.url()} ${request.failure()?.errorText}`));
  page.on('request', (request) => requests.push(request.url()));
  try {
    await page.goto(url, { waitUntil: 'load' });
    const promised = async () => {
      await page.waitForFunction('globalThis.outcome !== undefined', { timeout: 30_000 });
      return (await page.evaluate('globalThis.outcome')) as Outcome;
    };
    // A development server that finds a package late loads the page once more.
    const outcome = await promised().catch((error: unknown) => {
      if (!String(error).includes('context was destroyed')) throw error;
      return promised();
    });
    return { outcome, requests };
  } catch (error) {
    throw new Error(`${url}: ${problems.join('; ')}`, { cause: error });
  } finally {
    await page.close();
  }
}

/** The same of a page in a folder of the projects, which is served as it is. */
export async function outcomeIn<Outcome>(folder: string, file = ''): Promise<PageOutcome<Outcome>> {
  const server = await serveFolder(join(WORK, folder));
  try {
    return await outcomeAt<Outcome>(server.url + file);
  } finally {
    await server.close();
  }
}
