// Each example of examples/ runs by itself on the built package, and shows the right answer.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { solveExact } from '../../src/index.js';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { bundleExample, copyExample, type ExampleFolder } from '../support/example-folder.js';
import { drawToTexture, paintedPixels } from '../support/canvas-texture.js';
import { serveFolder } from '../support/serve-folder.js';

const ROOT = join(import.meta.dirname, '../..');
const DENO = join(ROOT, 'node_modules/deno/bin.cjs');

let browser: Browser;
beforeAll(async () => {
  ({ browser } = await launchBrowser({ prefer: 'bundled' }));
});
afterAll(() => browser.close());

async function withExample<T>(name: string, run: (example: ExampleFolder) => Promise<T>): Promise<T> {
  const example = await copyExample(name);
  try {
    return await run(example);
  } finally {
    example.remove();
  }
}

/** The text of the page's `output` once there is one, unless a problem comes first. */
async function outputOf(
  folder: string,
  isDone = (text: string) => text !== '',
  { before, after }: { before?: (page: Page) => Promise<unknown>; after?: (page: Page) => Promise<unknown> } = {},
): Promise<string> {
  const { url, close } = await serveFolder(folder);
  const page = await browser.newPage();
  await before?.(page);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => {
    if (!/^(?:http:\/\/127\.0\.0\.1|data:|blob:)/.test(request.url())) problems.push(`asked for ${request.url()}`);
  });
  try {
    await page.goto(url);
    for (;;) {
      const text = await page.evaluate(() => document.querySelector('output')?.textContent ?? '');
      expect(problems.filter((problem) => !problem.includes('favicon') && !problem.includes('404'))).toEqual([]);
      if (isDone(text)) {
        await after?.(page);
        return text;
      }
      await new Promise((waited) => setTimeout(waited, 50));
    }
  } finally {
    await page.close();
    await close();
  }
}

/** The least-squares line of the five homes that several examples share, by QR. */
async function homes() {
  const { weights, bias } = await solveExact(
    { columns: { area: [50, 80, 65, 120, 95] }, targets: [120, 190, 152, 281, 224] },
    { method: 'qr' },
  );
  return {
    slope: (weights[0] as number).toFixed(3),
    bias: bias.toFixed(2),
    at70: (bias + 70 * weights[0]!).toFixed(1),
  };
}

describe('examples', () => {
  it('are all in the list, and have a package and three lines to read', () => {
    const list = readFileSync(join(ROOT, 'examples/README.md'), 'utf8');
    const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((each) => each.isDirectory());
    expect(folders.length).toBeGreaterThanOrEqual(10);
    for (const { name } of folders) {
      expect(list).toContain(`[${name}](${name}/README.md)`);
      const lines = readFileSync(join(ROOT, 'examples', name, 'README.md'), 'utf8')
        .trim()
        .split('\n');
      expect(lines.length, name).toBeLessThanOrEqual(5);
      const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'examples', name, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      expect(Object.keys(dependencies), name).toContain('webgpu-descent');
    }
  });

  it('plain-page', async () => {
    const { slope, bias } = await homes();
    const text = await withExample('plain-page', ({ folder }) => outputOf(folder, (shown) => shown.includes('=')));
    expect(text).toBe(`price = ${slope}·area + ${bias}, by cpu`);
  });

  it('react', async () => {
    const text = await withExample('react', async (example) => outputOf(await bundleExample(example)));
    // The truth is 3 and −2, with noise of 0.1 over 5,000 rows: three standard errors are 0.01.
    expect(
      text
        .split(', ')
        .map(Number)
        .map((value) => value.toFixed(1)),
    ).toEqual(['3.0', '-2.0']);
  });

  it('worker', async () => {
    const text = await withExample('worker', async (example) => outputOf(await bundleExample(example)));
    expect(text).toBe('3.00, -2.00, 0.50');
  });

  it('shared-device', async () => {
    let painted = { blue: 0, red: 0 };
    const after = async (page: Page) => (painted = await paintedPixels(page));
    const text = await withExample('shared-device', async (example) =>
      outputOf(await bundleExample(example), undefined, { before: drawToTexture, after }),
    );
    expect(text.split(', ').map((value) => Number(value).toFixed(1))).toEqual(['0.6', '0.1']);
    expect(painted.blue).toBeGreaterThan(1000); // 20,000 points, many on one another
    expect(painted.red).toBeGreaterThan(240); // a line over 480 columns
  });

  it('learning-rates', async () => {
    const text = await withExample('learning-rates', async (example) => outputOf(await bundleExample(example)));
    expect(text).toMatch(/^best (?:0\.5|0\.8|0\.95), first true, over true$/);
  });

  it('logistic-csv', async () => {
    const text = await withExample('logistic-csv', async (example) => outputOf(await bundleExample(example)));
    const [, probability] = /^yes at 31: (.*)$/.exec(text) ?? [];
    // Dalal, Fowlkes and Hoadley (1989) have at least 0.96 for any damage, by 23 launches.
    expect(Number(probability)).toBeGreaterThan(0.96);
  });

  it('node', async () => {
    const { slope, at70 } = await homes();
    const text = await withExample('node', async ({ folder }) =>
      execFileSync(process.execPath, ['fit.js'], { cwd: folder, encoding: 'utf8' }),
    );
    expect(text).toContain(`a home of 70: ${at70}`);
    expect(text).toContain(slope.slice(0, 4));
  });

  it('deno', async () => {
    const { slope, bias } = await homes();
    const text = await withExample('deno', async ({ folder }) => denoRun(folder, 'fit.ts'));
    expect(text.trim()).toBe(`price = ${slope}·area + ${bias}`);
  });

  it('notebook', async () => {
    const text = await withExample('notebook', async ({ folder }) => {
      const { cells } = JSON.parse(readFileSync(join(folder, 'line.ipynb'), 'utf8')) as {
        cells: { cell_type: string; source: string[] }[];
      };
      const code = cells.filter(({ cell_type: kind }) => kind === 'code').map(({ source }) => source.join(''));
      writeFileSync(join(folder, 'cells.ts'), code.join('\n')); // the cells of a notebook share their names
      writeFileSync(join(folder, 'deno.json'), '{ "nodeModulesDir": "manual" }');
      return denoRun(folder, 'cells.ts');
    });
    expect(text).toMatch(/^2\.0\d 1\.\d+|^2\.00 0\.9\d/);
    expect(text).toContain('standard error');
  });
});

function denoRun(folder: string, file: string): string {
  return execFileSync(process.execPath, [DENO, 'run', '--no-prompt', file], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
  });
}
