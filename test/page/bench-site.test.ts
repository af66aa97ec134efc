// The page of the benchmark as it is published beside the lesson: the saved result first, in both languages, and peers when they are asked for.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { eventually } from '../support/eventually.js';
import { START_TIMEOUT_MS } from '../support/pages.js';
import { serveFolder } from '../support/serve-folder.js';

let folder: string;
let url: string;
let browser: Browser;
let close: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-bench-'));
  await build({ mode: 'bench-site', logLevel: 'error', build: { outDir: folder } });
  ({ url, close } = await serveFolder(folder));
  ({ browser } = await launchBrowser({ prefer: 'bundled' }));
}, START_TIMEOUT_MS);

afterAll(async () => {
  await browser.close();
  await close();
  await rm(folder, { recursive: true, force: true });
});

/** The page, with what it asks for and what goes wrong on it. */
async function open(hash: string): Promise<{ page: Page; requests: string[]; problems: string[] }> {
  const page = await browser.newPage();
  const [requests, problems]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${url}#${hash}`);
  await page.waitForSelector('input[name="case"]');
  return { page, requests, problems };
}

describe('the published benchmark page', { timeout: 60_000 }, () => {
  it('shows the last saved result before anything runs, and runs what it offers', async () => {
    const { page, requests, problems } = await open('language=en&cases=1000x2&arms=plain+JS+loop&effort=quick');
    const text = (selector: string) => page.$eval(selector, ({ textContent }) => textContent);
    await page.waitForSelector('#results:not([hidden]) .results tbody tr');
    expect(await text('#file-text')).toMatch(/^The last saved result, .*\.json: .*\d{4}-\d\d-\d\d$/);
    expect(await page.$$eval('#tables .results', (all) => all.length)).toBeGreaterThan(3);
    expect(requests.filter((asked) => !asked.startsWith(url) && !asked.startsWith('data:'))).toEqual([]);
    const peers = await page.$$eval('input[name="arm"]', (all) => all.map(({ value }) => value));
    expect(peers).toContain('webgpu-descent cpu');
    await page.click('#run');
    await eventually(async () => expect(await text('#status')).toMatch(/^Done: 1 case in/), 40_000);
    expect(await text('#features')).toMatch(/^2 features/);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('offers the other libraries where they are installed, and runs them under its policy when they are asked for', async () => {
    const isInstalled = existsSync('bench/peers/node_modules');
    if (!isInstalled) {
      const { page } = await open('language=en');
      const offered = await page.$$eval('input[name="arm"]', (all) => all.map(({ value }) => value));
      expect(offered.length).toBeGreaterThan(0);
      expect(offered.filter((name) => !name.startsWith('webgpu-descent') && !name.startsWith('plain'))).toEqual([]);
      await page.close();
      return;
    }
    const arms = ['tfjs+WebGPU', 'jax-js+WebGPU', 'jax-js+wasm'].join(',');
    const { page, requests, problems } = await open(`language=en&cases=1000x2&effort=quick&arms=${arms}`);
    const ofPeers = () => requests.filter((asked) => /\/(tfjs|jax)-[^/]*\.js$/.test(asked));
    await page.waitForSelector('#results:not([hidden]) .results tbody tr');
    expect(ofPeers()).toEqual([]);
    await page.click('#run');
    const text = (selector: string) => page.$eval(selector, ({ textContent }) => textContent);
    await eventually(async () => expect(await text('#status')).toMatch(/^Done: 1 case in/), 50_000);
    expect(ofPeers().length).toBeGreaterThanOrEqual(2);
    const rows = await page.$$eval('.results tbody tr', (all) => all.map((row) => row.textContent));
    for (const name of ['tfjs WebGPU', 'jax-js WebGPU'])
      expect(
        rows.find((row) => row.startsWith(name)),
        name,
      ).toContain('✓ correct');
    // Its threads need headers that a host of static files does not send.
    expect(rows.find((row) => row.startsWith('jax-js wasm'))).toContain('needs a cross-origin isolated page');
    expect(requests.filter((asked) => !asked.startsWith(url) && !/^(data|blob):/.test(asked))).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('speaks Korean, and changes its language by a link', async () => {
    const { page, problems } = await open('language=ko');
    const text = (selector: string) => page.$eval(selector, ({ textContent }) => textContent);
    expect(await text('h1')).toBe('webgpu-descent 벤치마크');
    expect(await text('#run')).toBe('실행');
    expect(await page.$eval('html', ({ lang }) => lang)).toBe('ko');
    const nameless = await page.$$eval('[data-text]', (all) =>
      all.filter(({ textContent }) => textContent.trim() === ''),
    );
    expect(nameless).toEqual([]);
    await page.waitForSelector('#results:not([hidden]) .results tbody tr');
    // Names of libraries, of their forms and of machines are the same in every language; sentences are not.
    const headings = await page.$$eval('.results thead th, .readout thead th', (all) =>
      all.map(({ textContent }) => textContent),
    );
    expect(headings).toEqual(expect.arrayContaining(['라이브러리', '에폭당 ms', '중앙값']));
    const sentences = await page.$$eval(
      '.results caption, .readout caption span:first-child, #crossover p, .results .correct, #exports button, #arms small',
      (all) => all.map((element) => element.textContent.trim()).filter((words) => words !== ''),
    );
    expect(sentences.filter((words) => !/[가-힣]/.test(words) && /[a-z]{3}/i.test(words))).toEqual([]);
    const labels = await page.$$eval('[aria-label]', (all) => all.map((element) => element.ariaLabel ?? ''));
    expect(labels.filter((words) => !/[가-힣]/.test(words))).toEqual([]);
    await Promise.all([page.waitForNavigation(), page.click('#other-language')]);
    await eventually(async () => expect(await text('#run')).toBe('Run'));
    expect(problems).toEqual([]);
    await page.close();
  });
});
