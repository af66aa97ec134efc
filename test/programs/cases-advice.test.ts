// Words on stderr: advice names flags that the command has, with names as they are, and predict says what it read.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listOf, literalOf, textOfLiteral } from '../../src/base/quote-names.js';
import { PREDICT_FLAGS, readingInFlags } from '../../src/node/cli/flags.js';
import { readNames } from '../../src/node/cli/parse-names.js';
import { withCommandLine } from '../support/command-line.js';

const { folder, run } = withCommandLine();

const ODD_NAMES = ['speed [m/s]', "it's", 'a "b"', 'back\\slash', 'a, b', "dates: ['x']", '-x', 'é', '$x `y`', "\\'"];

describe('options in the words of code', () => {
  test.each(ODD_NAMES)('become flags that spell the same name: %s', (name) => {
    expect(textOfLiteral(literalOf(name))).toBe(name);
    const flag = readingInFlags(`leave it out with exclude: ${listOf(name, 'z')}.`);
    const [, word = ''] = /^leave it out with --exclude[ =](.*)\.$/.exec(flag) ?? [];
    const spelt = word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word;
    expect(readNames(spelt)).toEqual([name, 'z']);
  });

  test.each([
    ["missing: 'drop'", '--missing drop'],
    ['skipRows: [2]', '--skip-rows 2-2'],
    ['skipRows: 2', '--skip-rows 2'],
    ['skipRows: [2, 5]', "--skip-rows '2,5'"],
    ['header: true', '--header'],
    ['header: false', '--no-header'],
    ["missingValues: ['-999']", '--missing-values=-999'],
    ["units: ['Rs.']", '--units Rs.'],
    ['cells that are no dates: 3', 'cells that are no dates: 3'],
    ['the cell "header: true"', 'the cell "header: true"'],
  ])('%s is %s', (text, flags) => expect(readingInFlags(text)).toBe(flags));
});

/** The last line on stderr of a fit of a file with these contents. */
async function refusalOf(contents: string, words: readonly string[], name = 'fit.csv'): Promise<string> {
  await writeFile(join(folder, name), contents);
  const { code, stdout, stderr } = await run(['fit', '--data', name, ...words]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^webgpu-descent: [^\n]+\n$/);
  return stderr;
}

describe('fit', () => {
  test('advises with names as they are', async () => {
    const said = await refusalOf('speed [m/s],y\na,2\nb,4\n', ['--target', 'y']);
    expect(said).toContain("--categories 'speed [m/s]', or leave it out with --exclude 'speed [m/s]' or features.");
  });

  test('counts cells that are no dates', async () => {
    const said = await refusalOf('d,y\nfoo,2\nbar,4\n', ['--target', 'y', '--dates', 'd']);
    expect(said).toContain('(cells that are no dates: 2 in "d")');
  });

  test('says what to do with JSON', async () => {
    const said = await refusalOf('[{"x":1,"y":2}]', ['--target', 'y'], 'fit.json');
    expect(said).toContain('fit.json, row 1: JSON; expected CSV text. Save the records as CSV, a row for each');
  });

  test('says how many cells were filled', async () => {
    await writeFile(join(folder, 'gaps.csv'), 'x,z,y\n1,1,3\n,2,5\n3,,7\n,7,9\n6,8,12\n');
    const words = ['--data', 'gaps.csv', '--target', 'y', '--missing', 'mean'];
    const { stdout } = await run(['fit', ...words]);
    expect(stdout.replace(/\s+/g, ' ')).toContain('missing values filled with the mean: 2 in x, 1 in z;');
    const json = JSON.parse((await run(['fit', ...words, '--json'])).stdout) as { dataset: object };
    expect(json.dataset).toMatchObject({ reading: { columns: [{ filled: 2 }, { filled: 1 }, { filled: 0 }] } });
  });
});

describe('predict', () => {
  /** Trains on a file, and predicts the rows of another one. */
  async function predict(training: string, flags: string, rows: string, ...words: string[]) {
    await writeFile(join(folder, 'train.csv'), training);
    await writeFile(join(folder, 'new.csv'), rows);
    const fit = ['--data', 'train.csv', ...flags.split(' '), '--output', 'model.json', '--json'];
    expect((await run(['fit', ...fit])).code).toBe(0);
    return run(['predict', '--model', 'model.json', '--data', 'new.csv', ...words]);
  }

  const NUMBERS = 'x,z,y\n1,1,3\n2,4,5\n3,9,7\n5,2,11\n';
  const OPTIONS = PREDICT_FLAGS.map(({ name }) => name);

  test.each([
    ['a word among numbers', NUMBERS, '--target y', 'x,z\n1,2\nfoo,3\n'],
    ['a column of words', NUMBERS, '--target y', 'x,z\nfoo,2\nbar,3\n'],
    ['a gap', NUMBERS, '--target y', 'x,z\n1,2\n,3\n'],
    ['a unit', NUMBERS, '--target y', 'x,z\nRs. 1,2\nRs. 2,3\n'],
    ['a name twice', NUMBERS, '--target y', 'x,x,z\n1,2,3\n'],
    ['a column that is missing', NUMBERS, '--target y', 'x,w\n1,2\n'],
    ['a row too long', NUMBERS, '--target y', 'x,z\n1,2\n1,2,3\n'],
    ['an integer too long', NUMBERS, '--target y', 'x,z\n9007199254740993,2\n'],
    ['points in doubt', NUMBERS, '--target y', 'x;z\n1.180;2\n'],
    [
      'a day that there is not',
      'd,y\n2024-01-01,1\n2024-01-02,2\n2024-01-05,9\n',
      '--target y --dates d',
      'd\n31.02.2024\n',
    ],
    ['another word than dates', 'd,y\n2024-01-01,1\n2024-01-02,2\n2024-01-05,9\n', '--target y --dates d', 'd\nfoo\n'],
  ])('advises on %s with options that it has', async (_, training, flags, rows) => {
    const { code, stdout, stderr } = await predict(training, flags, rows);
    expect([code, stdout]).toEqual([2, '']);
    const advice = stderr.replace(/ a model that was trained with [^.;]*/, '');
    for (const [, flag = ''] of advice.matchAll(/--([a-z-]+)/g)) expect(OPTIONS).toContain(flag);
    expect(advice).not.toMatch(/exclude|categories|features|--missing mean/);
  });

  test('takes the unit that it advises', async () => {
    const { stdout } = await predict(NUMBERS, '--target y', 'x,z\nRs. 1,2\nRs. 2,3\n', '--units', 'Rs.');
    expect(stdout.split('\n').slice(1, 3).map(Number)).toEqual([expect.closeTo(3, 9), expect.closeTo(5, 9)]);
  });

  test('says what it read, on stderr beside the predictions', async () => {
    const rows = ';x;z\n0;1,5;2\n1;NA;3\n';
    const { code, stdout, stderr } = await predict(NUMBERS, '--target y', rows, '--missing', 'drop');
    expect([code, stdout.split('\n').length]).toEqual([0, 4]);
    const said = stderr.replace(/\s+/g, ' ');
    expect(said).toContain('read UTF-8; cells divided by semicolons; with a header; decimal comma in x;');
    expect(said).toContain('no prediction for missing values: 1 in x; 2 rows. The first column has no name and counts');
    expect(
      (await run(['predict', '--model', 'model.json', '--data', 'new.csv', '--missing', 'drop', '--json'])).stderr,
    ).toBe('');
  });
});
