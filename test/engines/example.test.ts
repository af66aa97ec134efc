// examples/duckdb in headless Chrome, on the built package and the DuckDB-Wasm of these tests.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { bundleExample, copyExample } from '../support/example-folder.js';
import { serveFolder } from '../support/serve-folder.js';

it('the example of DuckDB-Wasm comes to the truth of its table', async () => {
  const example = await copyExample('duckdb', [join(import.meta.dirname, 'node_modules')]);
  const { browser } = await launchBrowser({ prefer: 'bundled' });
  try {
    const { url, close } = await serveFolder(await bundleExample(example));
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(url);
    const shown = () => page.evaluate(() => document.querySelector('output')?.textContent ?? '');
    while ((await shown()) === '' && problems.length === 0) await new Promise((waited) => setTimeout(waited, 100));
    expect(problems).toEqual([]);
    expect(await shown()).toBe('2.500, 0.250, 3.000');
    await close();
  } finally {
    await browser.close();
    example.remove();
  }
});
