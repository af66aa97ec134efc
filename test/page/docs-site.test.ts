// The documentation as it is published: built, served from a folder, under its own content security policy.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from 'vite';
import { CONTENT_SECURITY } from '../../pages/content-security.js';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { serveFolder } from '../support/serve-folder.js';

const TIMEOUT_MS = 120_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let folder: string;
let files: string[];
let site: Awaited<ReturnType<typeof serveFolder>>;
let browser: Browser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-docs-'));
  await build({ mode: 'docs-site', logLevel: 'error', build: { outDir: folder } });
  files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
  site = await serveFolder(folder);
  ({ browser } = await launchBrowser({ prefer: 'bundled' }));
}, TIMEOUT_MS);

afterAll(async () => {
  await browser.close();
  await site.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  problems = [];
  page = await browser.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url) && !/^(?:data|blob):/.test(request.url())) problems.push(request.url());
  });
});

afterEach(async () => {
  await page.close();
  expect(problems).toEqual([]);
});

const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

/** Links and files of a page that lead nowhere. The lesson and the benchmark page are built beside this part. */
function brokenLinks(file: string): string[] {
  const links = Array.from(textOf(file).matchAll(/ (?:href|src|data-\w+)="([^"]*)"/g), ([, link = '']) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link) || /^(?:ts|js|tsx|sh)$/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = normalize(join(dirname(file), path));
    if (/^(?:lesson|bench)\/$/.test(target)) return false;
    if (path !== '' && !existsSync(join(folder, target))) return true;
    const inside = path === '' ? file : target;
    return anchor !== undefined && !textOf(inside).includes(` id="${decodeURIComponent(anchor)}"`);
  });
}

describe('the files', { timeout: TIMEOUT_MS }, () => {
  it('are a page for each of docs, and one for each export', () => {
    const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
    expect(files.length).toBeGreaterThan(pages.length + 100);
    for (const name of ['index.html', 'ko.html', 'changelog.html', 'benchmark.html', 'shaders.html', 'examples.html'])
      expect(files).toContain(name);
    expect(textOf('api/webgpu-descent/functions/fit.html')).toContain('<h2 id="example">');
    // Options have the sentence and the default of their table.
    expect(textOf('api/webgpu-descent/interfaces/FitOptions.html')).toMatch(
      /Maximum number of epochs.*Default: <code>1000<\/code>/,
    );
  });

  it('lead nowhere but to one another', () => {
    expect(
      Object.fromEntries(files.map((file) => [file, brokenLinks(file)]).filter(([, broken]) => broken?.length)),
    ).toEqual({});
  });

  it('hold neither scripts nor styles of their own, and say that they do not', () => {
    for (const file of files) {
      const text = textOf(file);
      expect(text, file).toContain(`content="${CONTENT_SECURITY}; require-trusted-types-for 'script'`);
      expect(/ style="| on\w+="|<style|<script(?! type="module" src=")/.exec(text)?.[0], file).toBeUndefined();
    }
  });
});

/** Pages of each kind: starts, examples, wide tables, the reference. */
const READ = [
  'index.html',
  'ko.html',
  'playground.html',
  'options.html',
  'api/webgpu-descent/interfaces/FitOptions.html',
];

describe('a reader', { timeout: TIMEOUT_MS }, () => {
  it('finds a section by words, with keys alone', async () => {
    await page.goto(site.url);
    await page.waitForSelector('#search-button:not([hidden])');
    await page.keyboard.press('/');
    await page.keyboard.type('stability limit');
    await page.waitForSelector('dialog.search li a');
    await page.keyboard.press('ArrowDown');
    const [address] = await Promise.all([
      page.evaluate(() => (document.activeElement as HTMLAnchorElement).href),
      page.waitForNavigation(),
      page.keyboard.press('Enter'),
    ]);
    expect(page.url()).toBe(address);
    expect((await page.$eval('main', ({ textContent }) => textContent)).toLowerCase()).toContain('stability limit');
  });

  it('runs every example, and sees what it prints', async () => {
    await page.goto(`${site.url}playground.html`);
    const buttons = await page.$$('.editable .run');
    expect(buttons.length).toBeGreaterThan(5);
    for (const [i, button] of buttons.entries()) {
      await button.click();
      const end = await page.waitForFunction(
        (place) =>
          document.querySelectorAll('.editable')[place]?.querySelector('.output .quiet, .output .error')?.textContent,
        {},
        i,
      );
      expect(await end.jsonValue()).toMatch(/^done in \d+ ms\n$/);
    }
  });

  it('edits an example, sees an error of the library, and ends a loop without an end', async () => {
    await page.goto(site.url);
    const run = async (code: string) => {
      await page.$eval('.editable textarea', (area, text) => (area.value = text), code);
      await page.click('.editable .run');
    };
    const shown = (kind: string) =>
      page
        .waitForSelector(`.editable .output ${kind}`)
        .then((line) => line?.evaluate(({ textContent }) => textContent));
    await page.waitForSelector('.editable .run');
    await page.click('.editable .buttons button:nth-child(2)');
    await run(
      "import { fit as train } from 'webgpu-descent';\nconsole.log(6 * 7, Float32Array.of(0.5), typeof train);",
    );
    expect(await shown('span')).toBe('42 [0.5] function\n');
    await shown('.quiet');
    await run("import { fit } from 'webgpu-descent';\nawait fit({ features: [[1]], targets: [2, 3] });");
    expect(await shown('.error')).toMatch(/^DescentError: .*targets/);
    await run('this is no program');
    expect(await shown('.error')).toContain('look at its syntax');
    await run('console.log("begun"); for (;;);');
    expect(await shown('span')).toBe('begun\n');
    await page.click('.editable .run'); // Stop
    expect(await page.$eval('.editable .run', ({ textContent }) => textContent)).toBe('Run');
    await page.click('.editable .buttons button:nth-child(3)'); // Reset
    await page.click('.editable .run');
    expect(await shown('.quiet')).toMatch(/^done/);
  });

  it.each(READ)('reads %s on a telephone and by a screen reader', async (name) => {
    await page.setViewport({ width: 375, height: 812 });
    await page.goto(site.url + name);
    await page.waitForSelector('#search-button:not([hidden])');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    await page.evaluate(AXE);
    const { violations } = (await page.evaluate(
      '(async () => JSON.parse(JSON.stringify(await axe.run(document, { resultTypes: ["violations"] }))))()',
    )) as AxeResults;
    const broken = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
    expect(broken).toEqual([]);
  });
});
