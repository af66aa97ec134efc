// Section 5 of the teaching page: optimizers and batch sizes side by side, what is said of them, and the program as a file.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { fit, SEED_PROGRAM, syntheticRegression } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { numberOf, withTeachingPage } from '../support/teaching-page.js';

const run = promisify(execFile);
const SEED = 3;

const shown = withTeachingPage();
const open = async (epochs: number, more: string) => {
  await shown.open(`language=en&section=program&seed=${SEED}&at=${5 + 5 * epochs}&${more}`);
  await shown.page.waitForSelector('#program .plot .run');
};

/** The cells of the comparison, by method: λ, its limit, the loss and the epochs. */
async function legend(): Promise<Record<string, string[]>> {
  const rows = await shown.page.$$eval('#program .legend tbody tr', (all) =>
    all.map(
      (row) => [row.dataset.run ?? '', [...row.querySelectorAll('td')].map(({ textContent }) => textContent)] as const,
    ),
  );
  return Object.fromEntries(rows);
}

describe('optimizers side by side', { timeout: 30_000 }, () => {
  it('begin at one place and have at the same λ the losses of the library', async () => {
    await open(5, 'runs=optimizers&rates=same');
    await shown.page.waitForFunction(() => document.querySelectorAll('#program .plot .run .start').length === 4);
    const starts = await shown.page.$$eval('#program .plot .run .start', (all) =>
      all.map((start) => `${start.getAttribute('cx')} ${start.getAttribute('cy')}`),
    );
    expect(new Set(starts).size).toBe(1);
    await shown.says('#program .status', /^5 epochs done/);
    const { dataset } = syntheticRegression({ rows: 1000, features: 2, noise: 0.1, seed: SEED });
    const optimizers = ['gradientDescent', 'momentum', 'nesterov', 'adam'] as const;
    const rows = await legend();
    expect(Object.keys(rows)).toEqual([...optimizers]);
    for (const optimizer of optimizers) {
      const rate = optimizer === 'adam' ? ({ learningRate: 'auto' } as const) : {};
      const { report } = await fit(dataset, { ...SEED_PROGRAM, ...rate, optimizer, seed: SEED, backend: 'cpu' });
      const [, limit = '', loss = ''] = rows[optimizer] ?? [];
      // Four digits after the point are shown.
      expect(Math.abs(numberOf(loss) - (report.lossHistory[5] ?? 0)), optimizer).toBeLessThan(1e-4);
      if (optimizer === 'adam') expect(limit).toBe('–');
      else expect(numberOf(limit), optimizer).toBeCloseTo(report.learningRateLimit ?? 0, 2);
    }
    expect(rows.adam?.[0]).toBe('0.0500');
    expect(new Set(Object.values(rows).map((cells) => cells[2])).size).toBe(4);
  });

  it('has nesterov diverge at a rate that descent and momentum still stand', async () => {
    await open(100, 'runs=optimizers&rates=same&programRate=1.5');
    await shown.says('#program .status', /^100 epochs done/);
    const rows = await legend();
    expect(rows.nesterov?.[2]).toBe('diverged');
    for (const name of ['gradientDescent', 'momentum', 'adam']) expect(rows[name]?.[2], name).toMatch(/^[\d.]+$/);
  });

  it('says who is ahead as measured: momentum in a valley, and not in a bowl', async () => {
    for (const [ratio, verdict] of [
      [100, 'Here momentum is ahead.'],
      [1, 'Here momentum is behind'],
    ] as const) {
      await open(100, `runs=optimizers&spread=correlated&ratio=${ratio}`);
      await shown.says('#program .verdict', verdict);
      const rows = await legend();
      const epochs = (name: string) => numberOf(rows[name]?.[3]?.replace(/^not.*/, '1000') ?? '');
      const isAhead = epochs('momentum') < epochs('gradientDescent');
      expect(isAhead, JSON.stringify(rows)).toBe(ratio > 1);
      if (ratio > 1) await shown.close();
    }
  });

  it('maps every λ with every momentum, and takes a cell that is clicked', async () => {
    await open(0, 'spread=correlated&ratio=20');
    await shown.page.$eval('#program details.map summary', (summary) => summary.click());
    await shown.page.waitForSelector('#program .map .cell');
    expect(await shown.page.$$('#program .map .cell')).toHaveLength(12 * 32);
    await shown.says('#program .map figcaption', /^Fastest: λ = [\d.]+ with μ = 0\.[1-9]\d?, \d+ epochs/);
    const cell = await shown.page.$('#program .map .cell.fastest');
    await cell?.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await cell?.click();
    await shown.page.waitForFunction(() => /rates=same/.test(location.hash) && /momentum=0\.[1-9]/.test(location.hash));
  });
});

describe('batches side by side', { timeout: 30_000 }, () => {
  it('make many noisy updates an epoch, as the library does, and say what λ one example bears', async () => {
    await open(3, 'runs=batches&programRate=0.1');
    await shown.says('#program .status', /^3 epochs done/);
    const rows = await legend();
    const { dataset } = syntheticRegression({ rows: 1000, features: 2, noise: 0.1, seed: SEED });
    for (const [method, batchSize] of [
      ['gradientDescent', 'full'] as const,
      ['batch16', 16] as const,
      ['batch1', 1] as const,
    ]) {
      const options = { ...SEED_PROGRAM, learningRate: 0.1, batchSize, seed: SEED, backend: 'cpu' } as const;
      const { report } = await fit(dataset, options);
      expect(Math.abs(numberOf(rows[method]?.[2] ?? '') - (report.lossHistory[3] ?? 0)), method).toBeLessThan(1e-4);
    }
    const largest = Math.max(
      ...Array.from({ length: 1000 }, (_, i) => dataset.columns.reduce((sum, x) => sum + (x[i] as number) ** 2, 1)),
    );
    await shown.says('#program .panel.wide', `stable under λ = ${(2 / largest).toPrecision(3)}`);
  });
});

describe('the program as a file', { timeout: 60_000 }, () => {
  it('runs with these data and ends at the page’s parameters, in TypeScript and in NumPy', async (context) => {
    await open(100, '');
    await shown.says('#program .status', /^100 epochs done/);
    const values = (await shown.text('#program .status')).match(/\((−?[\d.]+), (−?[\d.]+), (−?[\d.]+)\)/)?.slice(1);
    const expected = (values ?? []).map(numberOf);
    const folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-program-'));
    try {
      const cdp = await shown.page.createCDPSession();
      await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
      await shown.page.$eval('#program details.take summary', (summary) => summary.click());
      await shown.says('#program .take pre', '… 997 more rows');
      await shown.press('#program', 'Download');
      await shown.page.$eval('#program .take input[value="typescript"]', (input) => (input as HTMLElement).click());
      await shown.press('#program', 'Download');
      const source = await eventually(() => readFile(join(folder, 'gradient-descent.ts'), 'utf8'));
      const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
      await writeFile(join(folder, 'program.mjs'), outputText);
      const close = (output: string) => {
        const printed = output.trim().split(' ').map(Number);
        expect(printed).toHaveLength(3);
        printed.forEach((value, j) => expect(Math.abs(value - (expected[j] as number))).toBeLessThan(1e-3)); // three digits are shown
      };
      close((await run(process.execPath, [join(folder, 'program.mjs')])).stdout);
      const hasNumpy = await run('python3', ['-c', 'import numpy']).then(
        () => true,
        () => false,
      );
      if (!hasNumpy) context.skip('python3 with numpy is not installed: the NumPy text is not run');
      close((await run('python3', [join(folder, 'gradient_descent.py')])).stdout);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
