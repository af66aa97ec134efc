// Files as people have them, on the command line.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { NOWHERE, withCommandLine } from '../support/command-line.js';

const { folder, start, run } = withCommandLine();

/** Fits a file of this text on the CPU, to JSON. */
async function fitText(text: string, ...words: string[]) {
  await writeFile(join(folder, 'f.csv'), text);
  const done = await run(['fit', '--data', 'f.csv', ...words, '--backend', 'cpu', '--json']);
  expect(done.stderr).toBe('');
  return JSON.parse(done.stdout) as {
    weights: number[];
    bias: number;
    classes?: unknown[];
    accuracy?: number;
    dataset: {
      rows: number;
      features: string[];
      reading: { guesses: string[]; rowsDropped: number; delimiter: string };
    };
  };
}

describe('a file', () => {
  test('is read as it comes, and the object of --json says how', async () => {
    const printed = await fitText('sep=;\nx;y\n1,5;4\n2,5;6\n4,5;10\n', '--target', 'y');
    expect(printed.weights[0]).toBeCloseTo(2, 6);
    expect(printed.dataset.reading).toMatchObject({ delimiter: ';', header: true, encoding: 'utf-8', rowsRead: 3 });
  });

  test('may have gaps, which are left out and counted', async () => {
    const printed = await fitText('x,y\n1,3\n2,NA\n3,7\nNA,8\n5,11\n', '--target', 'y', '--missing', 'drop');
    expect([printed.dataset.rows, printed.dataset.reading.rowsDropped]).toEqual([3, 2]);
    expect([printed.weights[0], printed.bias]).toEqual([expect.closeTo(2, 6), expect.closeTo(1, 6)]);
  });

  test('may have labels of words', async () => {
    const text = 'x,y\n1,no\n2,no\n3,yes\n2.5,no\n4,yes\n1.5,yes\n5,yes\n3.5,no\n';
    const printed = await fitText(text, '--target', 'y', '--loss', 'logistic');
    expect(printed).toMatchObject({ classes: ['no', 'yes'], accuracy: 0.75 });
    expect(printed.weights[0]).toBeCloseTo(0.848165045, 4);
  });

  test('may have categories, and a row of units', async () => {
    const text = 'city,area,rent\n,m²,€\nParis,40,1080\nRome,50,900\nParis,60,1480\nOslo,30,860\nRome,70,1300\n';
    const words = ['--target', 'rent', '--categories', 'city', '--skip-rows', '2-2'];
    const printed = await fitText(text, ...words);
    expect(printed.dataset.features).toEqual(['city=Paris', 'city=Rome', 'area']);
    expect(printed.weights.map(Math.round)).toEqual([20, -360, 20]);
    const excluded = await fitText(text, '--target', 'rent', '--exclude', 'city', '--skip-rows', '2-2');
    expect(excluded.dataset.features).toEqual(['area']);
  });

  test('is described in one line for people, with every guess, and classes', async () => {
    await writeFile(join(folder, 'g.csv'), '# made today\n,x,y\n0,1,no\n1,2,yes\n2,3,no\n3,4,yes\n,,\n');
    const words = ['--data', 'g.csv', '--target', 'y', '--loss', 'logistic', '--backend', 'cpu'];
    const said = (await run(['fit', ...words])).stdout.replace(/\s+/g, ' ');
    expect(said).toContain(
      'read UTF-8; cells divided by commas; with a header; passed over: 1 comment, 1 row of delimiters',
    );
    expect(said).toContain(
      'Lines that begin with # are comments. The first column has no name and counts the rows (0, 1, …)',
    );
    expect(said).toContain('classes no = 0, yes = 1');
  });

  test.each([
    ['a unit', 'x,y\n$1,2\n$2,3\n', '--units', "--units '$' takes $ off"],
    ['a gap', 'x,y\n,2\n2,3\n', '--missing', '--missing drop'],
    ['words', 'x,y\na,2\nb,3\n', '--categories', '--categories x'],
    ['a row of units', 'x,y\nm,2\n1,3\n', '--skip-rows', '--skip-rows 2-2'],
    ['thousands', 'x,y\n"1,030",2\n"1,180",3\n', '--thousands', "--thousands ',' reads 1030"],
    ['Latin-1', Buffer.from([0x78, 0x2c, 0xf6, 0x0a, 0x31, 0x2c, 0x32, 0x0a]), '--encoding', '--encoding windows-1252'],
  ])('with %s is refused with the flag that helps', async (_, contents, flag, advice) => {
    await writeFile(join(folder, 'h.csv'), contents);
    const { code, stdout, stderr } = await run(['fit', '--data', 'h.csv', '--target', 'c2']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(advice);
    expect(stderr).toContain(flag);
    expect(stderr).toMatch(/^webgpu-descent: [^\n]+\n$/);
  });
});

describe('files of every format', () => {
  const table = { x: [1, 2, 3, 5], y: [3, 5, 7, 11] };
  const csv = 'x,y\n1,3\n2,5\n3,7\n5,11\n';
  const parquet = () =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'x', data: table.x, type: 'DOUBLE' },
          { name: 'y', data: table.y, type: 'DOUBLE' },
        ],
      }),
    );

  test.each<[string, () => Buffer | string]>([
    ['a.csv', () => csv],
    ['a.tsv', () => csv.replaceAll(',', '\t')],
    ['a.csv.gz', () => gzipSync(csv)],
    ['a.parquet', parquet],
    ['a.data', parquet],
    ['a.arrow', () => Buffer.from(tableToIPC(tableFromArrays(table), 'file'))],
    ['a.arrows', () => Buffer.from(tableToIPC(tableFromArrays(table), 'stream'))],
  ])('%s', async (name, contents) => {
    await writeFile(join(folder, name), contents());
    const words = ['--data', name, '--target', 'y', '--backend', 'cpu', '--json'];
    const { code, stdout, stderr } = await run(['fit', ...words]);
    expect([code, stderr]).toEqual([0, '']);
    const printed = JSON.parse(stdout) as { weights: number[]; bias: number; dataset: object };
    expect([printed.weights[0], printed.bias]).toEqual([expect.closeTo(2, 6), expect.closeTo(1, 6)]);
    expect(printed.dataset).toMatchObject({ source: name, rows: 4, features: ['x'] });
  });

  test('several, with the file of a fault', async () => {
    await writeFile(join(folder, 'one.csv'), 'x,y\n1,3\n2,5\n');
    await writeFile(join(folder, 'two.csv'), 'y;x\n7;3\n11;5\n');
    const words = ['--data', 'one.csv', 'two.csv', '--target', 'y', '--backend', 'cpu', '--json'];
    const printed = JSON.parse((await run(['fit', ...words])).stdout) as { weights: number[]; dataset: object };
    expect(printed.weights[0]).toBeCloseTo(2, 6);
    expect(printed.dataset).toMatchObject({ source: 'one.csv and 1 more file', rows: 4, reading: { rowsRead: 4 } });
    await writeFile(join(folder, 'two.csv'), 'y;x\n7;3\n11;NA\n\n9\n');
    const refused = (await run(['fit', ...words])).stderr;
    expect(refused).toContain('two.csv, row 3, column "x": "NA", a missing value (also rows of another length: 1)');
    await writeFile(join(folder, 'two.csv'), 'y;z\n7;3\n');
    expect((await run(['fit', ...words])).stderr).toContain('column "x", which two.csv does not have');
  });

  test.each<[string, () => Buffer | string]>([
    ['CSV', () => csv],
    ['Parquet', parquet],
  ])('standard input, of %s', async (_, contents) => {
    const words = ['--data', '-', '--target', 'y', '--backend', 'cpu', '--json'];
    const { code, stdout } = await start(words, NOWHERE, 'fit', contents()).ended;
    expect([code, (JSON.parse(stdout) as { dataset: object }).dataset]).toMatchObject([
      0,
      { source: 'standard input', rows: 4 },
    ]);
  });

  test('that are corrupt are refused', async () => {
    await writeFile(join(folder, 'c.parquet'), parquet().subarray(0, 100));
    const { code, stderr } = await run(['fit', '--data', 'c.parquet', '--target', 'y']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^webgpu-descent: c\.parquet: [^\n]+ expected a complete Parquet file[^\n]+\n$/);
  });
});
