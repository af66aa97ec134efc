// What the command line refuses.

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { LinearModel } from '../../src/model/linear-model.js';
import { BROWSER_TIMEOUT_MS, GOOD, withCommandLine, ZERO_MODEL } from '../support/command-line.js';

const { folder, start } = withCommandLine();

describe('bad input gives exit code 2, one line and no file:', () => {
  const FILES = {
    'text.csv': 'a,b,y\n1,2,3\n2,many,5\n',
    'nan.csv': 'a,b,y\n1,2,3\n2,3,NaN\n',
    'infinite.csv': 'a,b,y\n1,2,3\n-Infinity,3,5\n',
    'ragged.csv': 'a,b,y\n1,2,3\n4,5\n',
    'empty.csv': '',
    'header.csv': 'a,b,y\n',
    'single.csv': 'y\n1\n2\n',
    'binary.csv': '\0\u0001\0\u0002',
    'model.json': JSON.stringify(new LinearModel(ZERO_MODEL)),
    'huge.csv': 'a,y\n1e39,1\n2e39,2\n',
  };
  const fromFile = (file: string, ...words: string[]) => ['--data', file, ...words];

  beforeAll(async () => {
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  });

  test.concurrent.each([
    ['a missing file', fromFile('none.csv', '--target', 'y'), 'no file none.csv in the folder /'],
    ['a folder', fromFile('.', '--target', 'y'), 'a folder, .'],
    ['no target', fromFile('good.csv'), '--target NAME, one of a, b, y'],
    ['an unknown target', fromFile('good.csv', '--target', 'z'), 'column "z", which good.csv does not have'],
    ['an unknown feature', fromFile('good.csv', '--target', 'y', '--features', 'aa'), 'Did you mean "a"?'],
    ['a cell of text', fromFile('text.csv', '--target', 'y'), 'text.csv, row 3, column "b": "many"'],
    ['NaN', fromFile('nan.csv', '--target', 'y'), 'nan.csv, row 3, column "y": "NaN"'],
    ['infinity', fromFile('infinite.csv', '--target', 'y'), 'infinite.csv, row 3, column "a": "-Infinity"'],
    ['a ragged row', fromFile('ragged.csv', '--target', 'y'), 'ragged.csv, row 3: 2 cells; expected 3'],
    ['an empty file', fromFile('empty.csv', '--target', 'y'), 'empty.csv without any row'],
    ['a header alone', fromFile('header.csv', '--target', 'y'), 'header.csv without any row below its header'],
    [
      'a file beyond its memory budget with a summary',
      fromFile('good.csv', '--target', 'y', '--memory-budget', '20', '--summary'),
      'good.csv, whose numbers take more than 20 bytes, with --summary; expected examples within --memory-budget',
    ],
    ['one column', fromFile('single.csv', '--target', 'y'), 'single.csv with no column but the target'],
    ['targets that leave no feature', fromFile('good.csv', '--target', 'y,a,b'), 'with no column but the targets'],
    [
      'an unknown target of several',
      fromFile('good.csv', '--target', 'y,z'),
      'column "z", which good.csv does not have',
    ],
    [
      'a target that is a feature',
      fromFile('good.csv', '--target', 'y,b', '--features', 'a,b'),
      'feature "b", which is the target',
    ],
    [
      'a target that holds weights',
      fromFile('good.csv', '--target', 'y,b', '--weights', 'b'),
      'weights "b", which is the target',
    ],
    ['no text at all', fromFile('binary.csv', '--target', 'y'), 'binary.csv, row 1: a NUL character'],
    [
      'no label',
      fromFile('good.csv', '--target', 'y', '--loss', 'logistic'),
      'good.csv, row 4, column "y": "7", which is neither "3" nor "5": 4 different values',
    ],
    [
      'a start of no file',
      fromFile('good.csv', '--target', 'y', '--warm-start', 'none.json'),
      'no file none.json in the folder /',
    ],
    ['a start of no JSON', fromFile('good.csv', '--target', 'y', '--warm-start', 'good.csv'), 'good.csv: not JSON'],
    [
      'a start of other features',
      fromFile('good.csv', '--target', 'y', '--warm-start', 'model.json', '--backend', 'cpu'),
      "a column 'a'",
    ],
    [
      'a start of other targets',
      fromFile('good.csv', '--target', 'y,b', '--warm-start', 'model.json'),
      "model.json without a model for target 'y'",
    ],
    ['contradicting flags', ['--no-restore-best'], '--restore-best false without validation examples'],
    ['zero epochs', ['--epochs', '0'], '--epochs 0; expected a whole number from 1'],
    ['a rate of zero', ['--learning-rate', '0'], '--learning-rate 0; expected a number above 0'],
    ['a negative rate', ['--learning-rate', '-1'], '--learning-rate -1; expected a number above 0'],
    ['an unknown flag', ['--epoch', '3'], 'Did you mean --epochs?'],
    ['output over the data', fromFile('good.csv', '--target', 'y', '--output', 'good.csv'), 'the data file itself'],
  ])('%s is refused', async (_, words, part) => {
    const output = words.includes('--output') ? [] : ['--output', 'never.json'];
    const { code, stdout, stderr } = await start([...words, ...output]).ended;
    expect(stderr).toContain(part);
    expect(stderr).toMatch(/^webgpu-descent: [^\n]+\n$/);
    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(join(folder, 'never.json'))).toBe(false);
    expect(await readFile(join(folder, 'good.csv'), 'utf8')).toBe(GOOD);
  });

  test.runIf(process.platform === 'linux')(
    'an output where no file can be is refused before the training',
    async () => {
      const words = fromFile('good.csv', '--target', 'y', '--output', '/proc/model.json');
      const { code, stdout, stderr } = await start(words).ended;
      expect([code, stdout]).toEqual([2, '']);
      // Root has the permission, and makes no file there all the same.
      expect(stderr).toMatch(/^webgpu-descent: [^\n]*(?:takes no file,|no permission to write to) \/proc;[^\n]+\n$/);
    },
  );

  test('numbers that f32 cannot hold are refused', { timeout: BROWSER_TIMEOUT_MS }, async () => {
    const { code, stdout, stderr } = await start(
      fromFile('huge.csv', '--target', 'y', '--no-standardize', '--strategy', 'streaming', '--backend', 'webgpu'),
    ).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^webgpu-descent: 1e\+39 in .*'a', which f32 cannot hold;[^\n]+\n$/);
  });
});
