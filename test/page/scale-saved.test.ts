// The times of the saved benchmark on the lesson: the numbers of the file, which the page of the benchmark shows, too.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { numberOf, withTeachingPage } from '../support/teaching-page.js';

const FOLDER = join(import.meta.dirname, '../../bench/results');

const shown = withTeachingPage();

interface SavedCase {
  rows: number;
  features: number;
  results: { name: string; msPerEpoch: { median: number } | null }[];
}

/** The cases of the last file of results, by its name. */
async function savedCases(): Promise<{ date: string; cases: SavedCase[] }> {
  const names = (await readdir(FOLDER)).filter((name) => !/-(larger-than-memory|warehouse)\.json$/.test(name));
  const { environment, cases } = JSON.parse(await readFile(join(FOLDER, names.toSorted().at(-1) ?? ''), 'utf8')) as {
    environment: { date: string };
    cases: SavedCase[];
  };
  return { date: environment.date.slice(0, 10), cases: cases.filter(({ features }) => features <= 2) };
}

describe('the times of the benchmark', { timeout: 30_000 }, () => {
  it('are those of the last saved result, of the engines and of the plain loop', async () => {
    await shown.open('language=en&section=scale', withoutWebGpu);
    const { date, cases } = await savedCases();
    expect(cases.length).toBeGreaterThan(1);
    const fold = '#scale details.fold:has(> summary)';
    await shown.page.$$eval(fold, (all) =>
      all
        .find(({ firstElementChild }) => firstElementChild?.textContent === 'Times of the benchmark')
        ?.querySelector('summary')
        ?.click(),
    );
    await shown.says('#scale', 'Milliseconds per epoch from the last saved run of the benchmark');
    expect(await shown.text('#scale')).toContain(`, ${date}.`);
    const table = await shown.page.$$eval('#scale details .measures tr', (rows) =>
      rows.map((row) => [...row.children].map(({ textContent }) => textContent)),
    );
    const [heads = [], ...rows] = table;
    expect(heads.slice(1)).toEqual(expect.arrayContaining(['webgpu-descent', 'plain JS loop']));
    expect(rows).toHaveLength(cases.length);
    cases.forEach((one, i) => {
      const [size = '', ...cells] = rows[i] ?? [];
      expect(size).toBe(`${one.rows.toLocaleString('en')} × ${one.features}`);
      heads.slice(1).forEach((name, column) => {
        const ms = one.results.find((result) => result.name.split(': ')[0] === name)?.msPerEpoch?.median;
        if (ms === undefined) expect(cells[column]).toBe('–');
        // Two digits are shown.
        else expect(Math.abs(numberOf(cells[column] ?? '') / ms - 1), `${size}, ${name}`).toBeLessThan(0.051);
      });
    });
  });
});
