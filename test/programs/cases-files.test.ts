// Small files as people have them, from the command line with its defaults: the weights are exact, found by numpy in f64.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withCommandLine } from '../support/command-line.js';

const { folder, run } = withCommandLine();

interface Printed {
  weights: number[];
  bias: number;
  classes?: unknown[];
  dataset: { rows: number; features: string[]; reading: { guesses: string[]; rowsDropped: number } };
}

type Contents = string | Buffer;

let fileCount = 0;

/** A fit of a file with these contents, without a browser. */
async function fitFile(contents: Contents, words: readonly string[]) {
  const name = `case-${fileCount++}.csv`;
  await writeFile(join(folder, name), contents);
  const { code, stdout, stderr } = await run(['fit', '--data', name, ...words, '--json']);
  return { code, stderr, printed: stdout === '' ? undefined : (JSON.parse(stdout) as Printed) };
}

/** The kind of a file, its contents, the flags, the exact weights with the bias last, and more that is printed. */
type Read = readonly [string, Contents, string, readonly number[], { rows?: number; features?: string[] }?];

const YEARS = '2019,2020,2021\n1,2,3\n2,3,5\n3,5,8\n4,4,8\n';
const IRIS =
  '5.1,3.5,1.4,0.2,setosa\n4.9,3.0,1.4,0.2,setosa\n7.0,3.2,4.7,1.4,versicolor\n6.4,3.2,4.5,1.5,versicolor\n5.0,3.6,1.4,0.2,setosa\n';
const CO2 = '# CO2, annual means\n# Source: somewhere, 2024\nyear,mean\n2019,411\n2020,414\n2021,416\n2022,418\n';
const BANK =
  '08/01/2016;A;-21.419,06\n12/01/2016;A;-21.375,00\n13/01/2016;A;-53,9\n15/01/2016;A;-116\n26/01/2016;B;37.996,97\n';
const PANDAS = ',area,price\n0,50,103\n1,60,118\n2,55,113\n3,80,161\n4,75,148\n';
const LATIN = Buffer.from('Größe;Gewicht\n170;65\n180;80\n175;72\n', 'latin1');
const TWICE = 'id,score,score,y\n1,2,9,5\n2,1,8,4\n3,5,7,9\n4,0,6,4\n';
const COMMAS =
  'Price (net, EUR);Height (cm, required);Weight (g, required)\n10;1;21.5\n12;2;26.5\n9;4;22.5\n20;3;43.5\n';
const GAPS = 'x,y\n1,3\n2,NA\n3,7\nNA,8\n5,11\n';
const EMPTY = 'x,z,y\n1,1,4\n2,,5\n3,0,7\n4,2,11\n5,1,12\n';
const COMMA_NUMBERS = 'X;Y;Z\n1,5;2,5;4,5\n2,5;1,0;4,0\n3,0;4,5;8,0\n4,0;2,0;6,5\n';
const THOUSANDS = 'area,price\n50,"1,030"\n60,"1,180"\n55,"1,105"\n';
const DOLLARS = 'area,price\n50,"$1,030.50"\n60,"$1,180.00"\n55,"$1,130.00"\n';
const PERCENT = 'rate,y\n10%,1\n20%,2\n30%,3.5\n';
const UNITS = 'area,price\n50 m²,103\n60 m²,118\n55 m²,113\n';
const UNITS_ROW = 'length,force\nmm,N\n1,3\n2,5\n3,7\n';
const BOOLEANS =
  'area,city_Paris,city_Rome,rent\n40,True,False,1080\n50,False,True,900\n60,True,False,1480\n30,False,False,860\n70,False,True,1300\n50,False,False,1260\n';
const CITIES = 'city,area,rent\nParis,40,1080\nRome,50,900\nParis,60,1480\nOslo,30,860\nRome,70,1300\nOslo,50,1260\n';

const READ: readonly Read[] = [
  ['years as names', YEARS, '--target c3 --header', [1, 1, 0], { rows: 4, features: ['2019', '2020'] }],
  ['years as names, one of which is named', YEARS, '--target 2021', [1, 1, 0], { rows: 4 }],
  ['no header, with text behind', IRIS, '--target c4 --features c1,c2,c3', [-0.34027871, 0.08204955, 0.57558237, 0.81945876], { rows: 5 }], // prettier-ignore
  ['a line sep=;', 'sep=;\nx;y\n1;3\n2;5\n3;7\n', '--target y', [2, 1]],
  [
    'a line sep=; in quotes, with a byte order mark',
    '\uFEFF"sep=;"\r\nx;y\r\n1;3\r\n2;5\r\n3;7\r\n',
    '--target y',
    [2, 1],
  ],
  ['comments', CO2, '--target mean', [2.3, -4232.4], { rows: 4 }],
  ['comments of another mark', 'x,y\n1,3\n% a note\n2,5\n3,7\n', '--target y --comment %', [2, 1], { rows: 3 }],
  ['blanks as delimiters', '  1  3  2\n 2   5 1\n 3  7   5\n  4 9 2\n', '--target c2', [2, 0, 1], { rows: 4, features: ['c1', 'c3'] }], // prettier-ignore
  ['semicolons without a header', BANK.replace(/^.*?;/gm, ''), '--target c2 --categories c1', [48737.96, -10740.99], { rows: 5, features: ['c1=B'] }], // prettier-ignore
  ['dates with the day first', BANK, '--target c3 --dates c1 --categories c2', [3279.782307692308, 2821.007692307692, -55150441.146923076], { rows: 5 }], // prettier-ignore
  ['delimiters at the ends of rows', 'a|b|y|\n1|2|5|\n2|1|5|\n3|5|12|\n4|0|7|\n', '--target y', [1.5652173913, 1.3260869565, 0.6847826087], { features: ['a', 'b'] }], // prettier-ignore
  ['the index of pandas', PANDAS, '--target price', [1.9, 7], { features: ['area'] }],
  ['Latin-1', LATIN, '--target Gewicht --encoding latin1', [1.5, -190.1666666667], { features: ['Größe'] }],
  ['UTF-16', Buffer.from('\uFEFFGröße;Gewicht\r\n170;65\r\n180;80\r\n175;72\r\n', 'utf16le'), '--target Gewicht', [1.5, -190.1666666667]], // prettier-ignore
  ['a name twice that is not used', TWICE, '--target y --features id', [0.2, 5]],
  ['a name twice, by its place', TWICE, '--target y --features c2', [1.0714285714, 3.3571428571]],
  ['blanks before quotes', 'x, "y"\n1, "3"\n2, "5"\n3, "7"\n', '--target y', [2, 1]],
  ['names with commas', COMMAS, '--target "Weight_(g,_required)"', [2, 1, 0.5]],
  ['names with commas, not quoted', COMMAS, '--target Weight_(g,_required)', [2, 1, 0.5]],
  ['features with commas, not quoted', COMMAS, '--target c3 --features Height_(cm,_required),Price_(net,_EUR)', [1, 2, 0.5]], // prettier-ignore
  ['NA', GAPS, '--target y --missing drop', [2, 1], { rows: 3 }],
  ['NA, filled', 'x,y\n1,3\n3,7\nNA,5\n2,5\n', '--target y --missing mean', [2, 1], { rows: 4 }],
  ['empty cells', EMPTY, '--target y --missing drop', [2, 1, 1], { rows: 4 }],
  ['a number for missing values', GAPS.replaceAll('NA', '-999'), '--target y --missing drop --missing-values=-999', [2, 1], { rows: 3 }], // prettier-ignore
  ['errors of a spreadsheet', GAPS.replaceAll('NA', '#DIV/0!'), '--target y --missing drop', [2, 1], { rows: 3 }],
  ['decimal commas between tabs', COMMA_NUMBERS.replaceAll(';', '\t'), '--target Z', [1, 1, 0.5]],
  ['decimal commas between semicolons', COMMA_NUMBERS, '--target Z', [1, 1, 0.5]],
  ['decimal commas in quotes', 'x,y\n"1,5","4,0"\n"2,5","6,0"\n"4,5","10,0"\n', '--target y', [2, 1]],
  ['thousands', THOUSANDS, '--target price --thousands ,', [15, 280]],
  ['thousands of a European', 'x;y\n1.000,5;1\n2.000,5;2\n4.000,5;4\n', '--target y', [0.001, -0.0005]],
  ['thousands of a Swiss', "x;y\n1'000;1\n2'000;2\n4’000;4\n", '--target y', [0.001, 0]],
  ['dollars', DOLLARS, '--target price --units $', [14.95, 291.25]],
  ['percent', PERCENT, '--target y --units %', [0.125, -0.3333333333]],
  ['units', UNITS, '--target price --units m²', [1.5, 28.8333333333]],
  [
    'French numbers',
    'surface;prix\n50;1\u00A0030,50\n60;1\u202F180,00\n55;1\u00A0105,25\n',
    '--target prix',
    [14.95, 283],
  ],
  ['a row of units', UNITS_ROW, '--target force --skip-rows 2-2', [2, 1], { rows: 3 }],
  [
    'lines above the table',
    `Lengths and forces\n\n${UNITS_ROW}`,
    '--target force --skip-rows 1-2,4-4',
    [2, 1],
    { rows: 3 },
  ],
  ['true and false', BOOLEANS, '--target rent', [20, 20, -360, 260]],
  ['yes and no', BOOLEANS.replaceAll('True', 'yes').replaceAll('False', 'no'), '--target rent', [20, 20, -360, 260]],
  ['categories', CITIES, '--target rent --categories city', [20, -360, 20, 260], { features: ['city=Paris', 'city=Rome', 'area'] }], // prettier-ignore
];

describe('a file with', () => {
  // A blank in a name is written as an underscore here.
  const cases = READ.map(([kind, contents, flags, right, more = {}]) => ({ kind, contents, flags, right, more }));
  test.each(cases)('$kind is read', async ({ contents, flags, right, more }) => {
    const words = flags.split(' ').map((word) => word.replaceAll('_', ' '));
    const { code, stderr, printed } = await fitFile(contents, words);
    expect([code, stderr]).toEqual([0, '']);
    expect(printed?.dataset).toMatchObject(more);
    const found = [...(printed?.weights ?? []), printed?.bias ?? Number.NaN];
    expect(found).toHaveLength(right.length);
    right.forEach((value, j) => {
      expect(Math.abs((found[j] as number) - value), `${found[j]} for ${value}`).toBeLessThanOrEqual(1e-8 * Math.max(1, Math.abs(value))); // prettier-ignore
    });
  });
});

const X = [1, 2, 3, 2.5, 4, 1.5, 5, 3.5];
const IS_BOUGHT = [0, 0, 1, 0, 1, 1, 1, 0];

/** The labels of a file, and how they are kept: the first counts as 0. */
const LABELS: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['no', 'yes', ['no', 'yes']],
  ['FALSE', 'TRUE', ['FALSE', 'TRUE']],
  ['-1', '1', [-1, 1]],
  ['1', '2', [1, 2]],
  ['0', '1', [0, 1]],
  ['good', 'poor', ['good', 'poor']],
];

describe('labels', () => {
  test.each(LABELS)('%s and %s are classes', async (zero, one, classes) => {
    const contents = `x,bought\n${X.map((x, i) => `${x},${IS_BOUGHT[i] ? one : zero}\n`).join('')}`;
    const { code, stderr, printed } = await fitFile(contents, ['--target', 'bought', '--loss', 'logistic']);
    expect([code, stderr, printed?.classes]).toEqual([0, '', classes]);
    expect([printed?.weights[0], printed?.bias]).toEqual([
      expect.closeTo(0.848165045, 8),
      expect.closeTo(-2.367387512, 8),
    ]);
  });
});

/** The kind of a file, its contents, the flags, and all of the one line on stderr but the name of the file. */
const REFUSED: readonly (readonly [string, Contents, string, string])[] = [
  [
    'NA',
    GAPS,
    '--target y',
    'row 3, column "y": "NA", a missing value (missing values: 1 in "y", 1 in "x"); expected a value in every cell in use. Leave such rows out with --missing drop, or fill features with the mean of their column with --missing mean.',
  ],
  [
    'empty cells',
    EMPTY,
    '--target y',
    'row 3, column "z": an empty cell; expected a value in every cell in use. Leave such rows out with --missing drop, or fill features with the mean of their column with --missing mean.',
  ],
  [
    'Latin-1',
    LATIN,
    '--target Gewicht',
    'row 1: bytes that are not UTF-8; expected text in UTF-8 or UTF-16, or the name of its encoding. --encoding windows-1252 reads files of Western European programs (Latin-1, Excel); or save the file as UTF-8.',
  ],
  [
    'thousands that may be decimals',
    THOUSANDS,
    '--target price',
    'row 2, column "price": "1,030"; expected a column whose cells tell what the comma means. --thousands \',\' reads 1030, --decimal \',\' reads 1.030.',
  ],
  [
    'dollars',
    DOLLARS,
    '--target price',
    'row 2, column "price": "$1,030.50" (numbers with a unit: 3 in "price"); expected a number without a sign or unit. --units \'$\' takes $ off.',
  ],
  [
    'units',
    UNITS,
    '--target price',
    'row 2, column "area": "50 m²" (numbers with a unit: 3 in "area"); expected a number without a sign or unit. --units \'m²\' takes m² off.',
  ],
  [
    'a row of units',
    UNITS_ROW,
    '--target force',
    'row 2, column "length": "mm" (also values of another type: 1 in "force"); expected a number such as 12, -0.5 or 1e-3. Correct the cell, name it as a missing value with --missing-values mm, leave out the row with --skip-rows 2-2, or leave out the column with --exclude length.',
  ],
  [
    'words and dates',
    BANK,
    '--target c3',
    'row 1, column "c1": "08/01/2016" (cells that are no numbers: 5 in "c1", 5 in "c2"); expected a number such as 12, -0.5 or 1e-3. Read columns as categories with --categories c2, as dates with --dates c1, or leave them out with --exclude \'c2,c1\' or features.',
  ],
  [
    'categories',
    CITIES,
    '--target rent',
    'row 2, column "city": "Paris" (cells that are no numbers: 6 in "city"); expected a number such as 12, -0.5 or 1e-3. Read the column as categories with --categories city, or leave it out with --exclude city or features.',
  ],
  [
    'a row of another length',
    'x,y\n1,3\n2,5,7\n3,9\n',
    '--target y',
    'row 3: 3 cells; expected 2, as in the first row. Add or remove cells, quote those that hold the delimiter, or skip the row with --skip-rows 3-3.',
  ],
];

describe('a file with', () => {
  test.each(REFUSED)('%s is refused in one line that says what to do', async (_, contents, flags, message) => {
    const { code, stderr, printed } = await fitFile(contents, flags.split(' '));
    expect([code, printed]).toEqual([2, undefined]);
    expect(stderr.replace(/^webgpu-descent: case-\d+\.csv, /, '').trimEnd()).toBe(message);
  });

  test('names below the first row is refused with the rows to skip', async () => {
    const { stderr } = await fitFile(`Lengths and forces\n\n${UNITS_ROW}`, ['--target', 'force']);
    expect(stderr).toContain('Row 3 has that name: --skip-rows 2 skips the rows above it.');
  });

  test('a name twice is refused where it is used', async () => {
    const { code, stderr } = await fitFile(TWICE, ['--target', 'y']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('column name "score" twice, in columns 2 and 3')]);
  });

  test.each([
    [
      'the index of pandas',
      PANDAS,
      'price',
      'The first column has no name and counts the rows (0, 1, …): it is left out',
    ],
    ['numbers only', YEARS, 'c3', 'There is no header, since the first row holds numbers only'],
    ['comments', CO2, 'mean', 'Lines that begin with # are comments.'],
  ])('%s is read with a word about it', async (_, contents, target, guess) => {
    const { printed } = await fitFile(contents, ['--target', target]);
    expect(printed?.dataset.reading.guesses.join(' ')).toContain(guess);
  });
});
