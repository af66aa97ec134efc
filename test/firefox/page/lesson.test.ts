// The lesson in Firefox with WebGPU: every section is drawn at once, whatever its readbacks take, and can be played.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mouseOf, PLAYED, PLAYS, reach, seesOutcome } from '../../support/play-sections.js';
import { serveFolder } from '../../support/serve-folder.js';
import { launchFirefox } from '../launch-firefox.js';

/** A second on a quiet machine; the rest is for one that is busy with something else. Readbacks took 22 of them. */
const MOST_MS = 10_000;

/** What a section has once it is drawn. */
const DRAWN = [
  '#problem .point',
  '#loss .loss-curve',
  '#derivation li',
  '#step .loss-curve',
  '#program .heat image',
  '#program .plot .run',
  '#classes .s-curve',
  '#noise .degree-mark',
];

let folder: string;
let url: string;
let close: () => Promise<void>;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-firefox-'));
  await build({ mode: 'site', logLevel: 'error', build: { outDir: folder } });
  ({ url, close } = await serveFolder(folder));
  browser = await launchFirefox();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await close();
  await rm(folder, { recursive: true, force: true });
});

it('draws every section', async () => {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(`${url}#language=en`);
  const times: Record<string, number> = {};
  for (const selector of DRAWN) {
    await page.waitForSelector(selector, { timeout: 30_000 });
    times[selector] = await page.evaluate(() => performance.now());
  }
  console.log(`Firefox: all sections drawn ${Math.max(...Object.values(times)).toFixed(0)} ms after the page began`);
  for (const [selector, ms] of Object.entries(times)) expect(ms, selector).toBeLessThan(MOST_MS);
  await page.close();
});

it('removes a point by a double click', async () => {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(`${url}#language=en&points=-1,1;1,-1;0,0`);
  await page.waitForSelector('#noise .degree-mark', { timeout: 30_000 });
  const { x, y } = await reach(page, '#problem [data-point="1"]');
  await page.mouse.click(x, y, { count: 2 });
  await page.waitForFunction(() => document.querySelectorAll('#problem .point').length === 2);
  await page.close();
});

it.each(PLAYS)('plays section $section by mouse', async (play) => {
  const page = await browser.newPage();
  await page.setViewport({ width: 1366, height: 650 });
  await page.goto(`${url}#${PLAYED}`);
  await page.waitForSelector('#noise .degree-mark', { timeout: 30_000 });
  await play.act(mouseOf(page));
  await seesOutcome(page, play);
  await page.close();
});
