// The benchmark page in headless Chrome, served as `npm run dev` serves it.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, ElementHandle, Page } from 'puppeteer';
import type { ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BenchResult } from '../../bench/result.js';
import { parseBenchResult } from '../../bench/validate.js';
import { eventually } from '../support/eventually.js';
import { servePages, START_TIMEOUT_MS } from '../support/pages.js';

const TIMEOUT_MS = 60_000;

let folder: string;
let server: ViteDevServer;
let browser: Browser;
let close: () => Promise<void>;
let page: Page;
let requests: string[];
let failures: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-test-'));
  ({ server, browser, close } = await servePages('bench-page-test', ['uplot', 'simple-statistics']));
}, START_TIMEOUT_MS);

afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  page = await browser.newPage();
  requests = [];
  failures = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => failures.push(String(error)));
});

afterEach(async () => {
  await page.close();
  expect(failures).toEqual([]);
});

async function open(hash: string): Promise<void> {
  await page.goto(`${server.resolvedUrls?.local[0]}bench/${hash}`);
  await page.waitForSelector('input[name="case"]');
}

/** Waits for the status line to begin like this. */
async function statusIs(beginning: string): Promise<void> {
  await eventually(async () => expect(await text('#status')).toMatch(new RegExp(`^${beginning}`)), TIMEOUT_MS);
}

function text(selector: string): Promise<string> {
  return page.$eval(selector, (found) => found.textContent);
}

function texts(selector: string): Promise<string[]> {
  return page.$$eval(selector, (found) => found.map((each) => each.textContent));
}

function checked(name: string): Promise<string[]> {
  return page.$$eval(`input[name="${name}"]:checked`, (boxes) => boxes.map(({ value }) => value));
}

async function drop(name: string, content: string): Promise<void> {
  await page.evaluate(
    (fileName, fileContent) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([fileContent], fileName));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    name,
    content,
  );
}

describe('the benchmark page', { timeout: TIMEOUT_MS }, () => {
  it('runs the default arms, shows chart and table, and hands out the result', async () => {
    await open('#cases=1000x2&effort=quick');
    expect(await checked('arm')).toEqual(['webgpu-descent', 'plain JS loop']);
    await page.click('#run');
    await statusIs('Done: 1 case');

    expect(await texts('.results tbody th')).toEqual(expect.arrayContaining(['webgpu-descent', 'plain JS loop']));
    expect(await texts('.results .correct')).toEqual(['✓ correct', '✓ correct']);
    const canvas = await page.$eval('#time-chart canvas', ({ width, height }) => width * height);
    expect(canvas).toBeGreaterThan(0);
    expect(await texts('#time-chart ~ .readout tbody th')).toHaveLength(2);
    expect(await text('#adapter-warning')).toContain('software');
    expect(requests.filter((url) => /tfjs|jax/.test(url))).toEqual([]);

    const cdp = await page.createCDPSession();
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
    await page.$$eval('#exports button', (buttons) => {
      buttons.find(({ textContent }) => textContent === 'Download JSON')?.click();
    });
    const result = await eventually(async () => {
      const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.json'));
      return parseBenchResult(await readFile(join(folder, name), 'utf8'));
    });
    expect(result.environment).toMatchObject({ runtime: 'browser', adapter: { isSoftware: true } });
    expect(result.environment.copyGigabytesPerSecond).toBeGreaterThan(0);
    expect(result.cases).toMatchObject([{ rows: 1000, features: 2, speedupOverFastestWebgpuPeer: null }]);
    expect(result.cases[0]?.speedupOverFastestCpuPeer).toBeGreaterThan(0);

    await drop('saved.json', JSON.stringify(result));
    await page.waitForSelector('.from-file');
    expect(await texts('.from-file th')).toEqual(expect.arrayContaining(['webgpu-descent file', 'plain JS loop file']));
    expect(await text('#file-text')).toContain('saved.json');
  });

  it('keeps its choices in the address', async () => {
    await open('');
    await page.click('[data-preset="none"]');
    await page.type('#custom', '50000x16');
    await page.keyboard.press('Enter');
    await page.$eval('input[name="case"][value="1000x2"]', (box) => box.click());
    await page.$eval('input[name="arm"][value="plain JS loop"]', (box) => box.click());
    await page.click('input[value="quick"]');
    const before = page.url();
    expect(decodeURIComponent(new URL(before).hash)).toBe('#cases=1000x2,50000x16&arms=webgpu-descent&effort=quick');
    await page.reload();
    await page.waitForSelector('input[name="case"]');
    expect(page.url()).toBe(before);
    expect(await checked('case')).toEqual(['1000x2', '50000x16']);
    expect(await checked('arm')).toEqual(['webgpu-descent']);
    expect(await checked('effort')).toEqual(['quick']);
  });

  it('says what is wrong with a size and with a file', async () => {
    await open('');
    await page.type('#custom', '12 by 3');
    await page.click('#add');
    expect(await text('#custom-error')).toContain("unknown case '12 by 3'; expected ROWSxFEATURES");

    await drop('notes.txt', 'hello');
    await page.waitForSelector('#file-error:not([hidden])');
    expect(await text('#file-error')).toMatch(/^notes.txt is no result file: not JSON/);

    const wrong = join(folder, 'wrong.json');
    await writeFile(wrong, JSON.stringify({ environment: { adapter: null, runtime: 'browser' } }));
    const input = await page.$('input[type="file"]');
    await (input as ElementHandle<HTMLInputElement>).uploadFile(wrong);
    await eventually(async () => {
      expect(await text('#file-error')).toContain('environment.browser is missing; expected a text');
    });
    expect(await text('#file-text')).toMatch(/^The last saved result/); // which neither of them has replaced
  });

  it('stops when it is cancelled, and keeps what is done', async () => {
    await open('#cases=1000x2,1000000x2&arms=plain+JS+loop&effort=full');
    await page.click('#run');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('cancel');
    await statusIs('1 of 2 cases done');
    await page.keyboard.press('Enter');
    await statusIs('Cancelled after 1 of 2 cases');
    expect(await texts('.results caption strong')).toEqual(['1,000 × 2']);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('run');
  });

  it('names the limit that a case exceeds, and goes on with the others', async () => {
    await open('#cases=2000000000x2,1000x2&arms=plain+JS+loop&effort=quick');
    await page.click('#run');
    await statusIs('Done: 2 cases');
    expect(await text('.results .reason')).toMatch(/^did not run: needs about \d+ GiB of memory in this page/);
    expect(await texts('.results .correct')).toEqual(['✓ correct']);
  });

  it('reads values out by the arrow keys', async () => {
    const spread = { median: 1, q1: 0.9, q3: 1.2 };
    const arm = {
      name: 'webgpu-descent',
      kind: 'ours' as const,
      describe: '',
      msPerEpoch: spread,
      gigabytesPerSecond: 1,
      shareOfCopyBandwidth: null,
      jobMs: null,
      lastLoss: 1,
      correct: true,
    };
    const sized = (rows: number, ms: number, loopMs: number) => ({
      rows,
      features: 8,
      epochs: 10,
      expectedLoss: 1,
      results: [
        { ...arm, msPerEpoch: { median: ms, q1: ms, q3: ms } },
        { ...arm, name: 'numpy: rows', kind: 'peer-cpu' as const, msPerEpoch: { ...spread, median: loopMs } },
      ],
      speedupOverFastestWebgpuPeer: null,
      speedupOverFastestCpuPeer: null,
    });
    const saved: BenchResult = {
      environment: {
        adapter: null,
        runtime: 'browser',
        browser: 'Chrome',
        cpu: 'a',
        cores: 2,
        date: '2025-01-31T12:00:00Z',
        copyGigabytesPerSecond: null,
        coldStartMs: null,
      },
      cases: [sized(1000, 1, 0.1), sized(100_000, 1, 10)],
    };
    await open('');
    await drop('saved.json', JSON.stringify(saved));
    await page.waitForSelector('#time-chart canvas');
    expect(await text('#crossover')).toBe(
      'The file: With 8 features, webgpu-descent overtakes the fastest library on the CPU (numpy) at about 10,000 rows.',
    );
    await page.focus('#time-chart');
    await page.keyboard.press('ArrowLeft');
    expect(await text('#time-chart ~ .readout .spoken')).toBe(
      'ms per epoch at 1,000 rows: webgpu-descent (file) 1.00, quartiles 1.00–1.00; numpy (file) 0.100, quartiles 0.900–1.20',
    );
  });
});
