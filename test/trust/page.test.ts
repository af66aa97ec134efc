// docs/trust.md is what the tests recorded; `npm run docs` writes it anew.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIGURES, type Figures, readFigures } from '../support/figures.js';
import { trustPage, trustRows } from '../support/trust-page.js';

async function allFigures(): Promise<Record<string, Figures>> {
  const names = (await readdir(FIGURES)).map((name) => name.replace('.json', ''));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFigures(name)] as const)));
}

it('docs/trust.md is up to date: if not, npm run docs', async () => {
  await expect(trustPage(await allFigures())).toMatchFileSnapshot('../../docs/trust.md');
});

it('has a test that exists for each promise, and a figure of each that records one', async () => {
  for (const { promise, test, command = '', figure } of trustRows(await allFigures())) {
    expect(existsSync(join(import.meta.dirname, '../..', test)), promise).toBe(true);
    expect(`${command} ${figure}`, promise).not.toContain('not recorded');
  }
});
