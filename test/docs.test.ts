// docs/options.md is what the code says, and the hosts of docs/support.md those that the vectors last ran in; `npm run docs`
// writes them anew.

import { describe, expect, it } from 'vitest';
import { parseCommand } from '../src/node/cli/arguments.js';
import { READING } from '../src/options/reading.js';
import { SETTINGS } from '../src/options/settings.js';
import many from '../src/fitting/many-options.ts?raw';
import options from '../src/fitting/fit-options.ts?raw';
import support from '../docs/support.md?raw';
import { readHosts } from './support/figures.js';
import { withHostsTable } from './support/hosts-table.js';
import { optionsPage } from './support/options-page.js';

describe('docs/options.md', () => {
  const page = optionsPage(options, many);

  it('is up to date: if not, npm run docs', () => expect(page).toMatchFileSnapshot('../docs/options.md'));

  it('has a row with a sentence for every option, and flags that exist', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    for (const { name, sentence } of SETTINGS) {
      expect(rows.find((line) => line.startsWith(`| \`${name}\` |`))).toContain(sentence.replaceAll('|', '\\|'));
    }
    for (const { name, sentence } of READING) {
      expect(rows.find((line) => line.startsWith(`| \`${name}\` |`))).toContain(sentence.replaceAll('|', '\\|'));
    }
    for (const name of ['initialParameters', 'context', 'signal', 'onProgress', 'target', 'targets']) {
      expect(rows.find((line) => line.startsWith(`| \`${name}\` |`))).toMatch(/\w.*\. \|$/);
    }
    for (const [, flag] of page.matchAll(/`--\[no-\]([a-z0-9-]+)`/g)) {
      expect(parseCommand([`--${flag}`]).kind).toBe('fit');
      // The best epoch needs validation examples, and an order of the examples mini-batches.
      const used = ['--validation-fraction', '0.1', '--batch-size', '32'];
      expect(parseCommand([`--no-${flag}`, ...used]).kind).toBe('fit');
    }
  });
});

it('docs/support.md has the hosts of the last `FIGURES=1 npm run test:hosts`: if not, npm run docs', async () => {
  await expect(withHostsTable(support, await readHosts())).toMatchFileSnapshot('../docs/support.md');
});
