// Your own data, as a person would open it: the built page, a file, its columns, and what the page says.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../src/node/browser.js';
import { START_TIMEOUT_MS } from '../support/pages.js';
import { serveFolder } from '../support/serve-folder.js';
import { TeachingPage } from '../support/teaching-page.js';

let folder: string;
let site: Awaited<ReturnType<typeof serveFolder>>;
let started: Awaited<ReturnType<typeof launchBrowser>>;
let shown: TeachingPage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-own-'));
  await build({ mode: 'site', logLevel: 'error', build: { outDir: join(folder, 'site') } });
  site = await serveFolder(join(folder, 'site'));
  started = await launchBrowser({ prefer: 'bundled' });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await started.browser.close();
  await site.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => shown.close());

/** Opens the page and a file with this text. */
async function openFile(text: string, prepare?: Parameters<typeof TeachingPage.open>[3]): Promise<void> {
  const path = join(folder, 'mine.csv');
  await writeFile(path, text);
  shown = await TeachingPage.open(started.browser, site.url, 'language=en', prepare);
  const input = await shown.page.waitForSelector('#own input[type="file"]');
  await (input as ElementHandle<HTMLInputElement>).uploadFile(path);
}

describe('the reader’s own data', { timeout: 30_000 }, () => {
  it('fits the columns that are chosen, and keeps them in another language', async () => {
    await openFile('a,b,c\n0,5,1\n1,3,4\n2,1,7\n3,-1,10\n'); // c = 3a + 1, b = 5 − 2a
    await shown.says('#own .status', 'The line predicts c from a.');
    // The page shows three digits, and descent stops within 1e-6 of the loss.
    expect(await shown.value('own', 'w')).toBeCloseTo(3, 2);
    expect(await shown.value('own', 'b')).toBeCloseTo(1, 2);
    expect(await shown.page.$$('#own svg.plot circle')).toHaveLength(4);
    await shown.page.select('#own select[name="target"]', 'b');
    await shown.says('#own .status', 'The line predicts b from a.');
    expect(await shown.value('own', 'w')).toBeCloseTo(-2, 2);
    await shown.page.$eval('.switches input[value="ko"]', (input) => input.click());
    await shown.says('#own .status', '이 직선은 a에서 b의 값을 예측한다.');
    expect(shown.requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url))).toEqual([]);
  });

  it('says in the library’s words what is wrong with a file, and takes another choice', async () => {
    await openFile('a,b,c\n0,x,1\n1,3,4\n2,1,7\n');
    await shown.says('#own .status', 'The line predicts c from a.');
    await shown.page.select('#own select[name="feature"]', 'b');
    await shown.says('#own .status', /mine\.csv, row 2, column "b": "x"/);
    expect(await shown.text('#own [data-value="w"]')).toBe('–');
    await shown.page.select('#own select[name="feature"]', 'a');
    await shown.says('#own .status', 'The line predicts c from a.');
  });

  it('takes a file that is dropped, and says when it has no rows', async () => {
    shown = await TeachingPage.open(started.browser, site.url, 'language=en');
    const drop = (text: string) =>
      shown.page.$eval(
        '#own .drop',
        (zone, content) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([content], 'dropped.csv'));
          zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        },
        text,
      );
    await drop('x,y\n');
    await shown.says('#own .status', 'dropped.csv without any row below its header');
    await drop('x,y\n0,2\n1,4\n');
    await shown.says('#own .status', 'The line predicts y from x.');
    expect(await shown.value('own', 'w')).toBeCloseTo(2, 2);
  });

  it('works without WebGPU', async () => {
    await openFile('x,y\n0,2\n1,4\n2,6\n', (page) =>
      page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'gpu', { value: undefined })),
    );
    await shown.says('#own .status', 'The line predicts y from x.');
    expect(await shown.value('own', 'b')).toBeCloseTo(2, 2);
  });
});
