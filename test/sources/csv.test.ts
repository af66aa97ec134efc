import { describe, expect, test } from 'vitest';
import { type CsvOptions, csvSource } from '../../src/data/csv.js';
import { expectFailure, inPieces, read, SMALL } from './read.js';

describe('columns', () => {
  test('features are the other columns in file order', async () => {
    const seen = await read('b,y,a\n1,2,3\n', { target: 'y' });
    expect(seen).toMatchObject({ features: ['b', 'a'], columns: [[1], [3]], targets: [2] });
  });

  test('named features come in the order named, and other columns are not looked at', async () => {
    const seen = await read('name,b,y,a\nAnn,1,2,3\n,4,5,6\n', { target: 'y', features: ['a', 'b'] });
    expect(seen).toMatchObject({
      features: ['a', 'b'],
      columns: [
        [3, 6],
        [1, 4],
      ],
      targets: [2, 5],
    });
  });

  test('names lose the space around them', async () => {
    const seen = await read(' x ,"y " \n1,2\n', { target: 'y' });
    expect(seen.features).toEqual(['x']);
  });

  test('are called c1, c2, … without a header', async () => {
    const seen = await read('1, 2e0 ,+3\n4,5,6\n', { target: 'c2' });
    expect(seen).toMatchObject({
      features: ['c1', 'c3'],
      columns: [
        [1, 4],
        [3, 6],
      ],
      targets: [2, 5],
    });
  });

  test('one cell that is not a number makes a header', async () => {
    const seen = await read('2019,2020,y\n1,2,3\n', { target: 'y' });
    expect(seen).toMatchObject({ features: ['2019', '2020'], columns: [[1], [2]], targets: [3] });
  });

  test('a column whose name is empty is called by its place', async () => {
    const seen = await read(',x,y\n0,1,2\n', { target: 'y' });
    expect(seen.features).toEqual(['c1', 'x']);
  });

  test('an unknown target or feature is answered with the nearest name', async () => {
    const text = 'width,height,price\n1,2,3\n';
    const options = { target: 'Prise', name: 'h.csv' };
    await expectFailure(
      text,
      options,
      'UNKNOWN_COLUMN',
      '"Prise"',
      'h.csv',
      'Did you mean "price"?',
      '"width", "height"',
    );
    await expectFailure(text, { target: 'price', features: ['hieght'] }, 'UNKNOWN_COLUMN', 'mean "height"?');
    await expectFailure('1,2\n3,4\n', { target: 'y' }, 'UNKNOWN_COLUMN', '"c1", "c2"', 'first row holds numbers only');
  });

  test('batches() finds an unknown column by itself', async () => {
    const batches = csvSource(SMALL, { target: 'z' }).batches();
    await expect(batches[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'UNKNOWN_COLUMN' });
  });

  test('a long list of columns is cut', async () => {
    const header = Array.from({ length: 500 }, (_, j) => `column${j}`).join(',');
    const error = await expectFailure(`${header}\n`, { target: 'y' }, 'UNKNOWN_COLUMN', '"column9", … (500 columns)');
    expect(error.message).not.toContain('"column10"');
    expect(error.message.length).toBeLessThan(400);
  });

  test('a name used twice is refused', async () => {
    await expectFailure('x,y, x \n1,2,3\n', { target: 'y', name: 'd.csv' }, 'INVALID_CSV', 'd.csv', '"x"', '1 and 3');
  });

  test('options that fit no file are refused before one is opened', () => {
    const make = (options: CsvOptions) => () => csvSource(SMALL, options);
    expect(make({ target: 'y', features: ['x1', 'y'] })).toThrow(/feature "y", which is the target/);
    expect(make({ target: 'y', features: ['x1', 'x1'] })).toThrow(/feature "x1", named twice/);
    expect(make({ target: 'y', features: [] })).toThrow(expect.objectContaining({ code: 'EMPTY_DATA' }));
    expect(make({} as CsvOptions)).toThrow(/target undefined/);
    expect(make({ target: 'y', features: ['x1', 'y'] })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('cells', () => {
  test.each([
    ['1e-3', 1e-3],
    ['1E+3', 1e3],
    ['+2', 2],
    ['-0.5', -0.5],
    [' 3 ', 3],
    ['.5', 0.5],
    ['5.', 5],
    ['007', 7],
    ['0.1234567890123456789', 0.1234567890123456789],
    ['1e-400', 0],
    ['1.7976931348623157e308', Number.MAX_VALUE],
  ])('are read as numbers: %j', async (text, value) => {
    expect((await read(`x,y\n${text},1\n`, { target: 'y' })).columns).toEqual([[value]]);
    expect((await read(`x,y\n"${text}",1\n`, { target: 'y' })).columns).toEqual([[value]]);
  });

  test.each([
    ['abc', '"abc"'],
    ['0x10', '"0x10"'],
    ['0b1', '"0b1"'],
    ['0o7', '"0o7"'],
    ['1 2', '"1 2"'],
    ['--1', '"--1"'],
    ['1e', '"1e"'],
    ['1_000', '"1_000"'],
    ['"two\nlines"', String.raw`"two\nlines"`],
    ['true', '"true"'],
  ])('are refused with INVALID_CSV: %j', async (text, shown) => {
    const name = 'bad.csv';
    await expectFailure(
      `x,y\n1,1\n${text},1\n`,
      { target: 'y', name },
      'INVALID_CSV',
      'bad.csv, row 3, column "x": ',
      shown,
    );
  });

  test.each(['NaN', 'nan', 'Inf', '-inf', 'Infinity', '-Infinity', '+INF', '1e309', '-1e999', ' nan '])(
    'are refused with NON_FINITE_VALUE: %j',
    async (text) => {
      const shown = `CSV, row 3, column "y": "${text.trim()}"`;
      await expectFailure(`x,y\n1,1\n1,${text}\n`, { target: 'y' }, 'NON_FINITE_VALUE', shown);
    },
  );

  test.each([
    ['', 'an empty cell; expected a value'],
    ['   ', 'an empty cell; expected a value'],
    ['NA', '"NA", a missing value'],
    ['.', '".", a missing value'],
  ])('%j is MISSING_VALUE', async (text, shown) => {
    const options = { target: 'y', name: 'bad.csv' };
    const place = 'bad.csv, row 3, column "x": ';
    await expectFailure(`x,y\n1,1\n${text},1\n`, options, 'MISSING_VALUE', place, shown, "missing: 'drop'");
  });

  test('long text and long names are cut in errors', async () => {
    const name = 'n'.repeat(500);
    const error = await expectFailure(
      `${name},y\n${'z'.repeat(5000)},1\n`,
      { target: 'y' },
      'INVALID_CSV',
      `column "${'n'.repeat(120)}…": "${'z'.repeat(40)}…"`,
    );
    expect(error.message.length).toBeLessThan(800);
  });

  test('row numbers are those of a spreadsheet: header, blank lines and records of several lines count one each', async () => {
    const text = '\nt,x,y\r\n"two\r\nlines",1,2\r\n\r\nt,oops,2\r\n';
    for (const size of [1, 1000]) {
      const options = { target: 'y', features: ['x'] };
      await expectFailure(inPieces(text, size), options, 'INVALID_CSV', 'row 5, column "x": "oops"');
    }
    await expectFailure('1,2\nx,4\n', { target: 'c2' }, 'INVALID_CSV', 'row 2, column "c1": "x"');
  });

  test('row numbers hold beyond one batch and one block', async () => {
    const text = `x,y\n${'1.5,2.5\n'.repeat(100_000)}1,two\n`;
    await expectFailure(inPieces(text, 65_536), { target: 'y' }, 'INVALID_CSV', 'row 100002, column "y": "two"');
  });
});

describe('batches', () => {
  test.each([65_535, 65_536, 65_537, 131_072, 150_001])('hold %i rows in order, up to 65,536 at a time', async (m) => {
    let text = 'x,y\n';
    for (let i = 0; i < m; i++) text += `${i},${-i / 4}\n`;
    const seen = await read(inPieces(text, 50_000), { target: 'y' });
    const full = Math.floor(m / 65_536);
    expect(seen.batchRows).toEqual([...Array<number>(full).fill(65_536), ...(m % 65_536 ? [m % 65_536] : [])]);
    expect(seen.targets).toHaveLength(m);
    expect(seen.columns[0]?.every((x, i) => x === i)).toBe(true);
    expect(seen.targets.every((y, i) => y === -i / 4)).toBe(true);
  });

  test('a batch stays as it is while the next one is read', async () => {
    const held: Float64Array[] = [];
    const text = `x,y\n${'1,10\n'.repeat(65_536)}${'2,20\n'.repeat(65_536)}3,30\n`;
    for await (const { features, targets } of csvSource(text, { target: 'y' }).batches())
      held.push(...features, targets);
    expect(held.map((column) => column[65_535] ?? column[0])).toEqual([1, 10, 2, 20, 3, 30]);
  });

  test('wide batches hold fewer rows', async () => {
    const d = 1023; // 2,097,152 values in a batch make 2,048 rows of 1,024
    const header = Array.from({ length: d }, (_, j) => `x${j}`).join(',');
    const seen = await read(`${header},y\n${`${'7,'.repeat(d)}1\n`.repeat(2_050)}`, { target: 'y' });
    expect(seen.batchRows).toEqual([2_048, 2]);
  });
});

describe('labels and weights', () => {
  test('what is no label is refused with its row, where labels are asked for', async () => {
    const text = 'x,y\n1,0\n\n2,1\n3,2\n';
    const error = await expectFailure(
      text,
      { target: 'y', labels: true },
      'INVALID_LABEL',
      'CSV, row 5, column "y": "2", which is neither "0" nor "1": 3 different values',
    );
    expect(error.where).toEqual({ file: 'CSV', row: 5, column: 'y' });
    expect((await read(text, { target: 'y' })).targets).toEqual([0, 1, 2]);
    expect((await read('x,y\n5,0\n6,1.0\n', { target: 'y', labels: true })).targets).toEqual([0, 1]);
  });

  test('a weight under 0 is refused with its row', async () => {
    const text = 'x,w,y\n1,0,5\n2,-0.5,6\n';
    const options = { target: 'y', weights: 'w' };
    const error = await expectFailure(text, options, 'INVALID_OPTION', 'CSV, row 3, column "w": -0.5');
    expect(error.where).toEqual({ file: 'CSV', row: 3, column: 'w' });
  });
});
