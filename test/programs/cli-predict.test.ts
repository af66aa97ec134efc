// predict: a saved model on a new file.

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { csvSource, csvTable } from '../../src/data/csv.js';
import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import type { CsvOptions } from '../../src/data/csv.js';
import { solveExact } from '../../src/solve-exact.js';
import { withCommandLine } from '../support/command-line.js';
import { expectRefusal } from '../support/refusal.js';

const { folder, start, run } = withCommandLine();
const CPU: FitOptions = { backend: 'cpu' };

const RENTS = 'city,area,rent\nParis,40,1080\nRome,50,900\nParis,60,1480\nOslo,30,860\nRome,70,1300\nOslo,50,1260\n';

/** Trains on text, saves the model, and writes the file to predict. */
async function prepare(data: string, options: CsvOptions, rows: string, fitOptions?: FitOptions): Promise<void> {
  const source = csvSource(data, options);
  const model = fitOptions ? await fit(source, fitOptions) : await solveExact(source);
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
  await writeFile(join(folder, 'new.csv'), rows);
}

const predict = (...words: string[]) => run(['predict', '--model', 'model.json', '--data', 'new.csv', ...words]);

/** The lines of printed CSV, numbers rounded to nine digits. */
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/\d+\.\d+/g, (number) => String(Number(Number(number).toPrecision(9)))));

describe('predict', () => {
  test('finds columns by name, encodes them, and has a line for each row', async () => {
    const rows = 'id;area;city\n1;10,5;Rome\n2;0,5;Oslo\n3;5;Paris\n';
    await prepare(RENTS, { target: 'rent', categories: ['city'] }, rows);
    const { code, stdout, stderr } = await predict();
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual(['prediction', '110', '270', '380']);
    expect(stderr.replace(/\s+/g, ' ')).toBe(
      'read UTF-8; cells divided by semicolons; with a header; decimal comma in area; categories in city; 3 rows. ',
    );
    expect((await predict('--json')).stderr).toBe('');
  });

  test('writes to a file, and says how the rows were read', async () => {
    await prepare('x,y\n1,3\n2,5\n', { target: 'y' }, 'x\n10\n20\n');
    const { code, stdout } = await predict('--output', 'out.csv');
    expect(code).toBe(0);
    expect(stdout).toContain('predicted  2 rows of new.csv to out.csv');
    expect(stdout).toContain('read       UTF-8');
    expect(linesOf(await readFile(join(folder, 'out.csv'), 'utf8'))).toEqual(['prediction', '21', '41']);
  });

  test('gives probabilities and classes', async () => {
    const data = 'x,y\n1,"no, never"\n2,"no, never"\n3,yes\n2.5,"no, never"\n4,yes\n1.5,yes\n5,yes\n3.5,"no, never"\n';
    await prepare(data, { target: 'y' }, 'x\n1\n5\n', { ...CPU, loss: 'logistic' });
    const [header, first, second] = (await predict()).stdout.split('\n');
    expect(header).toBe('probability,class');
    expect(first).toMatch(/^0\.17\d+,"no, never"$/);
    expect(second).toMatch(/^0\.86\d+,yes$/);
    const { stdout } = await predict('--json');
    expect(JSON.parse(stdout)).toMatchObject({
      dataset: { source: 'new.csv', rows: 2, reading: { header: true } },
      classes: ['no, never', 'yes'],
      labels: ['no, never', 'yes'],
      predictions: [expect.closeTo(0.179, 2), expect.closeTo(0.867, 2)],
    });
  });

  test('fills missing values by the means of the model, refuses them without, or writes NA', async () => {
    const rows = 'x,z\n1,1\n,1\n3,1\n';
    await prepare('x,z,y\n1,1,4\n2,3,9\n6,,15\n', { target: 'y', missing: 'mean' }, rows);
    const filled = linesOf((await predict()).stdout);
    expect(filled).toHaveLength(4);
    expect(filled[2]).toBe(filled[3]); // the mean of x is 3
    await prepare('x,z,y\n1,1,4\n2,3,9\n6,1,14\n', { target: 'y' }, rows);
    const refused = await predict('--output', 'none.csv');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('new.csv, row 3, column "x": an empty cell');
    expect(existsSync(join(folder, 'none.csv'))).toBe(false);
    expect(linesOf((await predict('--missing', 'drop')).stdout)).toEqual(['prediction', '4', 'NA', '8']);
    expect(JSON.parse((await predict('--missing', 'drop', '--json')).stdout)).toMatchObject({
      predictions: [expect.closeTo(4, 9), null, expect.closeTo(8, 9)],
    });
  });

  test('of a list of models has a column for each', async () => {
    const text = 'x,y,z\n1,3,-1\n2,5,0\n3,7,1\n';
    const models = [];
    for (const target of ['y', 'z']) models.push(await solveExact(csvSource(text, { target, features: ['x'] })));
    await writeFile(join(folder, 'model.json'), JSON.stringify(models));
    await writeFile(join(folder, 'new.csv'), 'x\n4\n');
    expect(linesOf((await predict()).stdout)).toEqual(['prediction of y,prediction of z', '9,2']);
  });

  test.each([
    ['a column that is missing', 'area\n10\n', [], 'column "city", which new.csv does not have'],
    ['a level that is new', 'city,area\nUlm,10\nRome,1\n', [], 'row 2, column "city": "Ulm"'],
    ['text for a number', 'city,area\nRome,ten\n', [], 'row 2, column "area": "ten"'],
    ['no rows', 'city,area\n', [], 'new.csv without any row below its header'],
    ['an option that the model keeps', 'city,area\n', ['--categories', 'city'], '--categories with predict'],
  ])('refuses %s', async (_, rows, words, part) => {
    await prepare(RENTS, { target: 'rent', categories: ['city'] }, rows);
    const { code, stdout, stderr } = await predict(...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(part);
  });

  test('needs a model and a file', async () => {
    const refusal = async (...words: string[]) => (await run(['predict', ...words])).stderr;
    expect(await refusal('--data', 'good.csv')).toContain('predict without --model');
    expect(await refusal('--model', 'm.json')).toContain('predict without --data');
    expect(await refusal('--model', 'good.csv', '--data', 'good.csv')).toContain('good.csv: not JSON');
    expect(await refusal('--model', 'none.json', '--data', 'good.csv')).toContain('Check the path given with --model.');
    expect((await start(['--model', 'm.json']).ended).stderr).toContain('--model with fit');
  });
});

test('predict of the library reads the same files', async () => {
  const model = await solveExact(csvSource(RENTS, { target: 'rent', categories: ['city'] }));
  const text = `city,area\n${'Rome,10\nOslo,0\n'.repeat(50_000)}`;
  const predictions = await model.predict(csvTable(text));
  expect(predictions).toHaveLength(100_000);
  expect([predictions[0], predictions.at(-1)].map((value) => Math.round(value ?? 0))).toEqual([100, 260]);
  const gaps = csvTable('city,area\nRome,\nOslo,0\n', { missing: 'drop' });
  expect(Array.from(await model.predict(gaps), Math.round)).toEqual([Number.NaN, 260]);
  await expectRefusal(() => model.predict(csvTable('city,area\nRome,\n')), 'MISSING_VALUE', 'row 2, column "area"');
  const yes = await fit(csvSource('x,y\n1,a\n2,b\n3,a\n', { target: 'y' }), { ...CPU, loss: 'logistic' });
  await expectRefusal(() => yes.predictClass(csvTable('x\n1\nNA\n', { missing: 'drop' })), 'MISSING_VALUE', 'row 1');
  expect(() => csvTable('x\n1\n', { categories: ['x'] } as object)).toThrow(/an option named 'categories'/);
});

describe('a new file in another notation than the training data', () => {
  const COMMAS = 'area;price\n40,5;1080\n50,5;900\n60,25;1480\n35,5;860\n';
  const predictions = async (rows: string, ...words: string[]) => {
    await prepare(COMMAS, { target: 'price' }, rows);
    return predict(...words);
  };

  test('is refused where points before three digits may be decimal, and read once it is said', async () => {
    const rows = 'area\n55.512\n35.125\n';
    const { code, stdout, stderr } = await predictions(rows);
    expect([code, stdout]).toEqual([2, '']);
    const ways = '--thousands . reads 55512, --decimal . reads 55.512.';
    expect(stderr).toContain(
      `row 2, column "area": "55.512"; expected a column whose cells tell what the point means. ${ways}`,
    );
    const said = await predict('--decimal', '.');
    const inCommas = await predictions('area;b\n55,512;1\n35,125;1\n');
    expect([said.code, said.stdout]).toEqual([0, inCommas.stdout]);
    expect(Number(linesOf(said.stdout)[1])).toBeLessThan(5000);
  });

  test.each([
    ['a cell that is no group', 'area\n55.5\n35.125\n'],
    ['groups behind a proof', 'area;b\n1.055,5;1\n2.035;1\n'],
    ['groups beside decimal commas', 'area;b\n55,5;1\n2.035;1\n'],
  ])('has %s', async (what, rows) => {
    const { code } = await predictions(rows);
    expect(code).toBe(what.startsWith('a cell') ? 2 : 0);
  });

  test('has groups as the training data had them', async () => {
    await prepare(
      'area;price\n1.040,5;1080\n50,5;900\n60,25;1480\n35,5;860\n',
      { target: 'price' },
      'area\n1.055\n2.035\n',
    );
    expect((await predict()).code).toBe(0);
  });
});
