// Numbers as people write them, true and false, dates, and what a column may not mix.

import { describe, expect, test } from 'vitest';
import { markedNumber, plainNumber, valueOf } from '../../src/data/cells/number-format.js';
import { type CsvOptions, csvSource, csvTable } from '../../src/data/csv.js';
import { collectDataset } from '../../src/data/dataset.js';
import { solveExact } from '../../src/solve-exact.js';
import { expectRefusal } from '../support/refusal.js';
import { expectFailure, inPieces, read } from './read.js';

/** The values of a column of text, quoted as cells are that hold the delimiter. */
async function columnOf(cells: readonly string[], options: Partial<CsvOptions> = {}): Promise<number[]> {
  const { columns } = await read(csvOf(cells), { target: 'y', ...options });
  return columns[0] as number[];
}

const csvOf = (cells: readonly string[]) => `x,y\n${cells.map((cell) => `"${cell}",1\n`).join('')}`;

describe('plain numbers', () => {
  test('are right to the last bit', () => {
    const texts = [
      '0',
      '-0',
      '7',
      '+2',
      '.5',
      '5.',
      '-0.1',
      '0.3',
      '123456.789',
      '9007199254740991',
      '0.000001234567890',
    ];
    for (const text of texts) expect(Object.is(plainNumber(text), Number(text)), text).toBe(true);
    // A linear congruential generator: digits of all lengths, with a point anywhere.
    let state = 1;
    const next = (below: number) => (state = (state * 48271) % 2147483647) % below;
    for (let i = 0; i < 20_000; i++) {
      const digits = Array.from({ length: 1 + next(17) }, () => next(10)).join('');
      const at = next(digits.length + 1);
      const text = `${next(2) ? '-' : ''}${digits.slice(0, at)}${next(3) ? '.' : ''}${digits.slice(at)}`;
      const value = plainNumber(text);
      if (!Number.isNaN(value)) expect(value, text).toBe(Number(text));
      else expect(Number(text.replace(/\D/g, '')) >= 2 ** 53 || Number.isNaN(Number(text)), text).toBe(true);
    }
  });

  test.each(['', '-', '+', '.', '-.', '1.2.3', '1e3', '0x10', ' 1', '1 ', '12345678901234567890123', 'NaN', '--1'])(
    '%j is left to others',
    (text) => expect(plainNumber(text)).toBeNaN(),
  );
});

describe('the marks of a number', () => {
  test.each([
    ['1,5', ',', '', 1.5],
    ['1234,567', ',', '', 1234.567],
    ['0,123', ',', '', 0.123],
    ['1,5e-3', ',', '', 0.0015],
    ['1.234.567', '', '.', 1234567],
    ['1.234,5', ',', '.', 1234.5],
    ['1,234.5', '.', ',', 1234.5],
    ['12,34,567', '', ',', 1234567],
    ['1 030,50', ',', ' ', 1030.5],
    ['1\u00A0030', '', ' ', 1030],
    ['1\u202F030\u202F500', '', ' ', 1030500],
    ["1'234.5", '.', "'", 1234.5],
    ['1\u2019234', '', "'", 1234],
    ['\u22121,5', ',', '', -1.5],
    ['- 1.5', '.', '', -1.5],
    ['(1.5)', '.', '', -1.5],
    [' 1e3 ', '', '', 1000],
    ['1.7976931348623157e308', '.', '', Number.MAX_VALUE],
  ])('%j', (text, fraction, groups, value) => {
    const number = markedNumber(text);
    expect(number).toMatchObject({ fraction, groups, either: '' });
    const decimal = fraction === ',' || groups === '.' ? ',' : '.';
    expect(number && valueOf(number, decimal)).toBe(value);
  });

  test.each(['1,030', '1.030', '12,345', '999.000'])('%j may be either', (text) => {
    expect(markedNumber(text)?.either).toBe(text.includes(',') ? ',' : '.');
  });

  test.each([
    '1 2',
    '12 34',
    '1,23,4',
    '1.2.3',
    '12.03.2020',
    '1,',
    'two',
    '1_000',
    '1,2,3',
    '0,123,456',
    '1 234 5',
    '(-1)',
  ])('%j is no number', (text) => expect(markedNumber(text)).toBeUndefined());
});

describe('a column', () => {
  test.each([
    ['decimal commas', ['1', '2,5', '3,25'], [1, 2.5, 3.25]],
    ['decimal commas and points between groups', ['1.234', '2,5', '1.234.567'], [1234, 2.5, 1234567]],
    ['decimal points and commas between groups', ['1,234', '2.5', '1,234,567'], [1234, 2.5, 1234567]],
    ['a comma that a later cell explains', ['1,030', '1,180', '1,5'], [1.03, 1.18, 1.5]],
    ['points that a later cell explains', ['1.030', '1.180', '1,5'], [1030, 1180, 1.5]],
    ['blanks between groups', ['1 030,50', '1\u202F180,00', '7'], [1030.5, 1180, 7]],
    ['minus signs of typographers', ['\u22121', '\u22122.5'], [-1, -2.5]],
    ['three digits after a point', ['1.030', '1.180'], [1.03, 1.18]],
  ])('of %s is read', async (_, cells, values) => {
    expect(await columnOf(cells)).toEqual(values);
    expect([...((await collectDataset(csvSource(csvOf(cells), { target: 'y' }))).columns[0] ?? [])]).toEqual(values);
  });

  test('that can be read in two ways is refused with both, and read as it is said', async () => {
    const cells = ['1,030', '1,180', '1,105'];
    const both = ["thousands: ',' reads 1030", "decimal: ',' reads 1.030"];
    await expectFailure(
      csvOf(cells),
      { target: 'y', name: 'a' },
      'INVALID_CSV',
      'a, row 2, column "x": "1,030"',
      ...both,
    );
    expect(await columnOf(cells, { thousands: ',' })).toEqual([1030, 1180, 1105]);
    expect(await columnOf(cells, { decimal: '.' })).toEqual([1030, 1180, 1105]);
    expect(await columnOf(cells, { decimal: ',' })).toEqual([1.03, 1.18, 1.105]);
    expect(await columnOf(['1.030'], { decimal: ',' })).toEqual([1030]);
  });

  test('is refused for predictions in another notation, which is said to be that of training or of an option', async () => {
    const model = await solveExact(csvSource('x;y\n1,5;3\n2,5;5\n4,5;9\n', { target: 'y' }));
    const trained = 'a decimal comma, as the model was trained on';
    await expectRefusal(() => model.predict(csvTable('x\n1.5\n')), 'INVALID_CSV', trained);
    const said = () => model.predict(csvTable('x\n1.5\n', { decimal: ',' }));
    await expectRefusal(said, 'INVALID_CSV', 'a decimal comma, as the options say');
  });

  test('of points before three digits is refused beside decimal commas in another', async () => {
    const text = 'a;x;y\n1,5;1.030;1\n2,5;1.180;2\n';
    await expectFailure(
      text,
      { target: 'y' },
      'INVALID_CSV',
      'row 2, column "x": "1.030", while "a" has decimal commas',
    );
    expect((await read(text, { target: 'y', decimal: ',' })).columns).toEqual([[1.5, 2.5], [1030, 1180]]); // prettier-ignore
  });

  test.each([
    ['a comma after a decimal point', ['1.5', '2,5'], 'row 3, column "x": "2,5"', 'a decimal point'],
    [
      'a point after a decimal comma',
      ['1,5', '2.5'],
      'row 3, column "x": "2.5"',
      'a decimal comma, as in row 2: "1,5"',
    ],
    ['text half-way', ['1', '2', 'many', '4'], 'row 4, column "x": "many"', "exclude: ['x']"],
    ['true half-way', ['1', '2', 'true'], 'row 4, column "x": "true"', 'a number, as in row 2: "1"'],
    [
      'a number after true and false',
      ['yes', 'no', '3'],
      'row 4, column "x": "3"',
      'true or false, as in row 2: "yes"',
    ],
  ])('that changes is refused with its row: %s', async (_, cells, place, expected) => {
    await expectFailure(csvOf(cells), { target: 'y' }, 'INVALID_CSV', place, expected);
  });

  test('of text is named as such, with all cells counted, and the columns beside it', async () => {
    const text = 'a,b,c,y\nred,1,up,1\ngreen,?,2,2\nblue,3,down,3\n';
    const shown =
      'row 2, column "a": "red" (cells that are no numbers: 3 in "a", 2 in "c"; also missing values: 1 in "b")';
    await expectFailure(text, { target: 'y' }, 'INVALID_CSV', shown, "categories: ['a']", "exclude: ['a']");
  });

  test('a notation that changes far below is found, batch by batch and at once', async () => {
    const text = `x;y\n${'12;1\n'.repeat(150_000)}1,5;1\n`;
    expect((await read(inPieces(text, 65_536), { target: 'y' })).columns[0]?.at(-1)).toBe(1.5);
    const late = `x;y\n${'1.234;1\n'.repeat(150_000)}1,5;1\n`;
    const whole = await collectDataset(csvSource(late, { target: 'y' }));
    expect([whole.columns[0]?.[0], whole.columns[0]?.at(-1)]).toEqual([1234, 1.5]);
    // Handed out already as 1.234, it cannot become 1234.
    await expectFailure(late, { target: 'y' }, 'INVALID_CSV', 'column "x": "1.234"', '"1,5" in row 150002');
  });
});

describe('units', () => {
  test.each([
    ['currency', '$', ['$1,030.50', '-$5', '($7.25)', '$ 8'], [1030.5, -5, -7.25, 8]],
    ['percent', '%', ['10%', '20 %', '-3.5%'], [10, 20, -3.5]],
    ['units', 'm²', ['50 m²', '60m²'], [50, 60]],
    ['words', 'EUR', ['EUR 5', '6,50 EUR'], [5, 6.5]],
  ])('%s', async (_, unit, cells, values) => {
    expect(await columnOf(cells, { units: [unit] })).toEqual(values);
    const error = await expectFailure(csvOf(cells), { target: 'y' }, 'INVALID_CSV', `units: ['${unit}']`);
    expect(error.where).toEqual({ file: 'CSV', row: 2, column: 'x' });
  });

  test('the longest that fits is taken, and a column has one', async () => {
    expect(await columnOf(['5 km', '6 km'], { units: ['m', 'km'] })).toEqual([5, 6]);
    const mixed = csvOf(['5 km', '500 m']);
    await expectFailure(mixed, { target: 'y', units: ['m', 'km'] }, 'INVALID_CSV', 'row 3, column "x": "500 m"', 'km');
    const bare = csvOf(['10%', '0.1']);
    await expectFailure(bare, { target: 'y', units: ['%'] }, 'INVALID_CSV', 'row 3, column "x": "0.1"', 'with a unit');
  });
});

describe('true and false', () => {
  test.each([
    ['True', 'False'],
    ['TRUE', 'FALSE'],
    ['yes', 'no'],
    ['Y', 'N'],
    ['on', 'off'],
  ])('%s and %s are 1 and 0', async (yes, no) => expect(await columnOf([yes, no, yes])).toEqual([1, 0, 1]));
});

test('options of reading are checked', () => {
  const make = (options: object) => () => csvSource('x,y\n1,2\n', { target: 'y', ...options });
  expect(make({ decimal: ';' })).toThrow(/decimal ';'; expected 'auto', '\.' or ','/);
  expect(make({ decimal: ',', thousands: ',' })).toThrow(/decimal and thousands both ','/);
  expect(make({ droppedLevel: 'none' })).toThrow(/droppedLevel 'none' without categories/);
  expect(make({ dateUnit: 'years' })).toThrow(/dateUnit 'years' without dates/);
  expect(make({ categories: ['x'], exclude: ['x'] })).toThrow(/'x' in exclude and in categories/);
  expect(make({ classes: ['a', 'a'] })).toThrow(/classes \['a', 'a'\]; expected two different values/);
  expect(make({ sep: ';' })).toThrow(/an option named 'sep'.*Did you mean 'delimiter'/);
  expect(make({ na_values: ['x'] })).toThrow(/Did you mean 'missingValues'/);
});
