// moments, merge and fit --moments: processes in the place of machines.

import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import warehouse from '../../docs/warehouse.md?raw';
import { Moments, solveExact } from '../../src/index.js';
import { expectClose } from '../support/close.js';
import { CLI, withCommandLine } from '../support/command-line.js';
import { numbers } from '../support/data.js';

const { folder, start } = withCommandLine();
const run = (verb: string, ...words: string[]) => start(words, {}, verb).ended;
const KEPT = { relative: 1e-9, because: 'sums in f64 about means, of features whose condition number is below 10' };

const ROWS = 300;
const area = Array.from(numbers(1, ROWS, 20, 80));
const rooms = Array.from(numbers(2, ROWS, 2, 4));
const price = area.map((value, i) => 2 * value + 9 * (rooms[i] as number) + (numbers(3, ROWS)[i] as number));

/** Writes the rows in parts of a hundred, and returns the files. */
async function writeParts(): Promise<string[]> {
  const files = ['part-0.csv', 'part-1.csv', 'part-2.csv'];
  for (const [k, file] of files.entries()) {
    const rows = Array.from({ length: 100 }, (_, i) =>
      [area, rooms, price].map((column) => column[100 * k + i]).join(','),
    );
    await writeFile(join(folder, file), ['area,rooms,price', ...rows].join('\n'));
  }
  return files;
}

const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(folder, file), 'utf8'));

describe('moments of parts', () => {
  test('by processes at once, merged in any order, give the model of all rows', async () => {
    const files = await writeParts();
    const outputs = files.map((file) => file.replace('.csv', '.moments.json'));
    const ended = await Promise.all(
      files.map((file, k) => run('moments', '--data', file, '--target', 'price', '--output', outputs[k] as string)),
    );
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
    expect(ended[0]?.stdout).toContain('100 examples of part-0.csv to part-0.moments.json');
    expect((await run('merge', '--moments', ...outputs, '--output', 'all.json')).code).toBe(0);
    const printed = await run('merge', '--moments', ...outputs.toReversed());
    const [all, reversed] = [Moments.fromJSON(await read('all.json')), Moments.fromJSON(JSON.parse(printed.stdout))];
    expectClose(reversed.scatter, all.scatter, { relative: 1e-12, because: 'two merges in f64' });
    const fitted = await run('fit', '--moments', 'all.json', '--json', '--output', 'model.json');
    expect([fitted.code, fitted.stderr]).toEqual([0, '']);
    const found = JSON.parse(fitted.stdout) as { weights: number[]; bias: number; r2: number; converged: boolean };
    const exact = await solveExact({ columns: { area, rooms }, targets: price }, { backend: 'cpu' });
    expectClose([...found.weights, found.bias], [...exact.weights, exact.bias], KEPT);
    expectClose([found.r2], [await exact.score({ columns: { area, rooms }, targets: price })], KEPT);
    expect(found.converged).toBe(true);
    const summarized = await run('fit', '--moments', 'all.json', '--summary', '--json');
    const exactSummary = await exact.summary({ columns: { area, rooms }, targets: price });
    const { summary } = JSON.parse(summarized.stdout) as { summary: typeof exactSummary };
    const errorsOf = ({ rows }: typeof exactSummary) => rows.map(({ standardError }) => standardError as number);
    expectClose(errorsOf(summary), errorsOf(exactSummary), KEPT);
    expect((await run('fit', '--moments', 'all.json', '--summary')).stdout).toMatch(/area +\S+ +\S+ +\S+/);
    expect((await run('fit', '--moments', 'all.json', '--summary', '--l2', '1')).stderr).toContain('without --l1');
    const through0 = await run('fit', '--moments', 'all.json', '--json', '--no-fit-intercept');
    const data = { columns: { area, rooms }, targets: price };
    const line = await solveExact(data, { backend: 'cpu', fitIntercept: false });
    expectClose([(JSON.parse(through0.stdout) as { r2: number }).r2], [await line.score(data)], KEPT);
    expect(await read('model.json')).toMatchObject({ featureNames: ['area', 'rooms'], targetName: 'price' });
    // Several files are merged on the way, and the text says what came out.
    const text = await run('fit', '--moments', ...outputs, '--l1', '0.1');
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/moments of 300 examples, target price[\s\S]*area +\d/);
  });

  test('come from the recipes of docs/warehouse.md, run as they stand', async () => {
    await writeParts();
    const recipes = Array.from(warehouse.matchAll(/^```sh\n([\s\S]*?)^```/gm), ([, text = '']) => text);
    expect(recipes).toHaveLength(1);
    const text = recipes[0]
      ?.replaceAll('npx webgpu-descent', `node ${CLI}`)
      .replaceAll('--target fare', '--target price');
    execFileSync('sh', ['-ec', text as string], { cwd: folder, stdio: 'pipe' });
    const exact = await solveExact({ columns: { area, rooms }, targets: price }, { backend: 'cpu' });
    const { weights } = (await read('model.json')) as { weights: number[] };
    expectClose(weights, exact.weights, KEPT);
  });

  test('are read from lines of one file, and from standard input', async () => {
    const files = await writeParts();
    const lines: string[] = [];
    for (const file of files) lines.push((await run('moments', '--data', file, '--target', 'price')).stdout);
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    await writeFile(join(folder, 'all.jsonl'), lines.join(''));
    const outputs = [
      await run('merge', '--moments', 'all.jsonl'),
      await start(['--moments', '-'], {}, 'merge', lines.join('\n')).ended,
    ];
    for (const { code, stdout } of outputs) {
      expect(code).toBe(0);
      expect(Moments.fromJSON(JSON.parse(stdout)).count).toBe(ROWS);
    }
    const nothing = await start(['--moments', '-'], {}, 'merge', '\n').ended;
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('standard input: nothing in it')]);
  });

  test('take features, weights and the options of reading', async () => {
    await writeFile(join(folder, 'german.csv'), 'a;b;y;n\n1,5;2;3;1\n2,5;2;4;2\n4;1;7;0\n;1;7;1\n');
    const { code, stdout } = await run(
      'moments',
      '--data',
      'german.csv',
      '--target',
      'y',
      '--features',
      'a',
      '--weights',
      'n',
      '--decimal',
      ',',
      '--missing',
      'drop',
    );
    expect(code).toBe(0);
    const moments = Moments.fromJSON(JSON.parse(stdout));
    expect(moments).toMatchObject({ featureNames: ['a'], count: 3 });
    expectClose(moments.means, [6.5 / 3], KEPT);
  });

  test('are refused with the reason where something is wrong', async () => {
    await writeParts();
    await writeFile(join(folder, 'broken.json'), '{"format":');
    const refusals = [
      [await run('moments', '--data', 'part-0.csv'), 'expected --target NAME'],
      [await run('moments', '--target', 'price'), 'moments without --data'],
      [await run('moments', '--data', 'part-0.csv', '--target', 'price', '--l2', '1'), '--l2 with moments'],
      [await run('moments', '--data', 'part-0.csv', '--target', 'price,area'), 'the name of one column'],
      [await run('moments', '--data', 'part-0.csv', '--target', 'price', '--missing', 'mean'), '--missing mean'],
      [await run('merge', '--output', 'all.json'), 'merge without --moments'],
      [await run('merge', '--moments', 'broken.json'), 'broken.json'],
      [await run('merge', '--moments', 'gone.json'), 'gone.json'],
      [await run('fit', '--moments', 'gone.json', '--data', 'part-0.csv'), '--data with fit --moments'],
    ] as const;
    for (const [{ code, stdout, stderr }, words] of refusals) {
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(words);
    }
  });
});
