// Files that can be read in more than one way: refused in one line with the way out, or read with a word about it.

import { describe, expect, test } from 'vitest';
import { type CsvOptions, csvSource, csvTable } from '../../src/data/csv.js';
import { fit } from '../../src/fit.js';
import { solveExact } from '../../src/solve-exact.js';
import { expectRefusal } from '../support/refusal.js';
import { expectFailure, read } from './read.js';

/** The guesses about a file, and the names of its features. */
async function guessesOf(text: string, options: CsvOptions) {
  const model = await solveExact(csvSource(text, options));
  return { features: model.featureNames, guesses: model.report.reading?.guesses ?? [] };
}

describe('commas in numbers without quotes', () => {
  const causes = ['Decimal commas without quotes are the likely cause', "delimiter: ';'"];

  test.each([
    ['in every column', 'x,y\n1,5,2,3\n2,5,4,3\n3,5,6,3\n', 'row 2: 4 cells (rows of another length: 3); expected 2'],
    ['in one column', 'x,y\n1,5,2\n2,5,4\n4,5,8\n', 'row 2: 3 cells under a header of 2, as in all rows'],
    ['in most rows', 'x,y\n1,5,2\n2,4\n3,5,8\n', 'row 2: 3 cells (rows of another length: 2); expected 2'],
    ['between thousands', 'area,price\n50,1,030\n61,1,180\n55,1,105\n', 'row 2: 3 cells under a header of 2'],
    ['in one column whose whole parts count the rows', 'x,y\n1,5,2\n2,5,4\n3,5,8\n', '3 cells under a header of 2'],
    ['in a single row', 'x,y\n1,5,2\n', 'row 2: 3 cells under a header of 2'],
    ['in the only column', 'y\n12,5\n-7,25\n', 'row 2: 2 cells under a header of 1'],
    ['in the only column of one row', 'y\n10,5\n', 'row 2: 2 cells under a header of 1'],
    ['in the only column, whose whole parts count the rows', `y\n${Array.from({ length: 20 }, (_, i) => `${i},5\n`).join('')}`, 'row 2: 2 cells under a header of 1'], // prettier-ignore
  ])('%s are refused with the likely cause', async (_, text, got) => {
    await expectFailure(text, { target: text.slice(text.indexOf(',') + 1, text.indexOf('\n')) }, 'INVALID_CSV', got, ...causes); // prettier-ignore
  });

  test('are no cause where few rows are too long', async () => {
    const error = await expectFailure('x,y\n1,3\n2,5,7\n3,9\n', { target: 'y' }, 'INVALID_CSV', 'row 3: 3 cells');
    expect(error.message).not.toContain('Decimal commas');
  });

  test('are refused for predictions, too', async () => {
    const model = await solveExact(csvSource('x,z,y\n1,1,3\n2,4,5\n3,9,7\n', { target: 'y' }));
    await expectRefusal(() => model.predict(csvTable('x,z\n2,5,3\n4,5,4\n')), 'INVALID_CSV', ...causes);
  });
});

test.each(['12 345e3', "12'345e3", '1,5 E3'])('the exponent of %s is no unit to take off', async (cell) => {
  const error = await expectFailure(`x;y\n${cell};1\n${cell};2\n`, { target: 'y' }, 'INVALID_CSV', cell);
  expect(error.message).not.toContain('units');
});

describe('a first column without a name', () => {
  const LEFT = 'it is left out, unless it is named, as c1';
  test.each([
    ['under a header that is short, counting from 1', 'x,y\n1,5.5,2\n2,6,4\n3,5,8\n'],
    [
      'under one that is short, in ten rows',
      `x,y\n${Array.from({ length: 10 }, (_, i) => `${i + 1},${(i * 7) % 5},${i * 3}\n`).join('')}`,
    ],
    ['under a header that is short, of text', 'x,y\na,5,2\nb,6,4\nc,5,8\n'],
    ['of text, as R writes it', '"",x,y\n"Mazda RX4",5,2\n"Datsun 710",6,4\n"Hornet 4",5,8\n'],
    ['of dates', ',x,y\n2024-01-01,5,2\n2024-01-02,6,4\n2024-01-03,5,8\n'],
  ])('%s is left out with a word', async (_, text) => {
    const { features, guesses } = await guessesOf(text, { target: 'y' });
    expect(features).toEqual(['x']);
    expect(guesses.join(' ')).toContain(LEFT);
  });

  test('is a feature where it is named', async () => {
    const { features, guesses } = await guessesOf(',x,y\na,5,2\nb,6,4\nc,7,8\n', { target: 'y', categories: ['c1'] });
    expect(features).toEqual(['c1=b', 'c1=c', 'x']);
    expect(guesses).toEqual([]);
  });

  test('of words that recur is a column', async () => {
    const options = { target: 'y' };
    await expectFailure(',x,y\na,5,2\na,6,4\nb,5,8\n', options, 'INVALID_CSV', "categories: ['c1']");
  });

  test('of other numbers is a feature, which is said', async () => {
    const { features, guesses } = await guessesOf(',x,,y\n10,1,5,3\n20,2,6,5\n30,4,5,9\n', { target: 'y' });
    expect(features).toEqual(['c1', 'x', 'c3']);
    expect(guesses).toEqual(['Columns without a name go by their places: c1, c3.']);
  });

  test('and without cells is passed over, wherever it stands', async () => {
    const model = await solveExact(csvSource(',x,,y\n,1,,3\n,2,,5\n,4,,9\n', { target: 'y' }));
    expect(model.featureNames).toEqual(['x']);
    expect(model.report.reading?.passedOver.emptyColumns).toBe(2);
  });
});

describe('integers that f64 does not hold', () => {
  test.each([
    ['9007199254740993', 'an id beyond 2^53'],
    ['-9007199254740993', 'a negative one'],
    ['12345678901234567890', 'twenty digits'],
    ['12.345.678.901.234.567', 'groups'],
  ])('%s are refused with column and row (%s)', async (id) => {
    const got = [`row 3, column "id": "${id}"`, "exclude: ['id']", 'with an exponent'];
    await expectFailure(`id;y\n1;1\n${id};2\n`, { target: 'y' }, 'INVALID_CSV', ...got);
  });

  test('are refused in a target, where nothing can be excluded', async () => {
    const error = await expectFailure('x,y\n1,9007199254740993\n', { target: 'y' }, 'INVALID_CSV', 'column "y"');
    expect(error.message).not.toContain('exclude');
  });

  test.each([
    ['9007199254740992', 2 ** 53],
    ['9007199254740994', 2 ** 53 + 2],
    ['100000000000000000000', 1e20],
    ['9.007199254740993e15', 9.007199254740993e15],
    ['1234567890123456.75', 1234567890123456.75],
  ])('%s is read', async (text, value) => {
    expect((await read(`x,y\n${text},1\n`, { target: 'y' })).columns).toEqual([[value]]);
  });
});

describe('points before three digits', () => {
  const text = 'x;y\n1.180;2\n2.180;4\n3.500;8\n';

  test('in a file of semicolons are refused with both readings', async () => {
    const ways = ["thousands: '.' reads 1180", "decimal: '.' reads 1.180"];
    await expectFailure(text, { target: 'y' }, 'INVALID_CSV', 'row 2, column "x": "1.180"', ...ways);
    expect((await read(text, { target: 'y', thousands: '.' })).columns).toEqual([[1180, 2180, 3500]]);
    expect((await read(text, { target: 'y', decimal: '.' })).columns).toEqual([[1.18, 2.18, 3.5]]);
    expect((await read(text, { target: 'y', thousands: 'none' })).columns).toEqual([[1.18, 2.18, 3.5]]);
  });

  test('are decimal where a cell of any column proves it', async () => {
    expect((await read(text.replace(';8', ';8.5'), { target: 'y' })).columns).toEqual([[1.18, 2.18, 3.5]]);
  });

  test.each([',', '\t', '|', ' '])('between %j are decimal, with a word', async (delimiter) => {
    const { guesses } = await guessesOf(text.replaceAll(';', delimiter), { target: 'y' });
    expect(guesses).toEqual([
      `Points in "x" are decimal, as in 1.180, though no cell proves it; thousands: '.' reads 1180.`,
    ]);
    const said = await guessesOf(text.replaceAll(';', delimiter), { target: 'y', decimal: '.' });
    expect(said.guesses).toEqual([]);
  });

  test('are in doubt in a file for predictions, too', async () => {
    const model = await solveExact(csvSource('x;y\n1180;2\n2180;4\n3500;8\n', { target: 'y' }));
    await expectRefusal(() => model.predict(csvTable('x;z\n1.180;1\n')), 'INVALID_CSV', "thousands: '.' reads 1180");
  });
});

describe('a row of numbers that may be names', () => {
  const YEARS = '2019,2020,2021\n1,2,3\n2,3,5\n3,5,8\n4,4,8\n';

  test('is data, which is said with the way to say otherwise', async () => {
    const { guesses } = await guessesOf(YEARS, { target: 'c3' });
    expect(guesses[0]).toContain('was taken as data; header: true takes it as names');
    const missed = () => solveExact(csvSource(YEARS, { target: '2022' }));
    await expectRefusal(missed, 'UNKNOWN_COLUMN', 'was taken as data', 'header: true takes it as names');
  });

  test.each<[string, CsvOptions]>([
    ['exclude', { target: 'c3', exclude: ['2019'] }],
    ['features', { target: 'c3', features: ['2020'] }],
  ])('is the header where %s names a cell of it', async (_, options) => {
    expect((await guessesOf(YEARS, options)).features).toEqual(['2020']);
  });

  test('is the header where a model knows its names', async () => {
    const model = await solveExact(csvSource(YEARS, { target: '2021' }));
    const predictions = await model.predict(csvTable('2019,2020\n1,2\n2,3\n'));
    expect(Array.from(predictions, Math.round)).toEqual([3, 5]);
  });
});

describe('names', () => {
  const NFD = 'Größe'.normalize('NFD');

  test('are the same in any composition of their letters', async () => {
    const text = `${NFD},y\n1,2\n2,4\n3,6\n`;
    const { features } = await guessesOf(text, { target: 'y', features: ['Größe'.normalize('NFC')] });
    expect(features).toEqual(['Größe'.normalize('NFC')]);
    const model = await solveExact(csvSource(text, { target: 'y' }));
    const predictions = [
      await model.predict(csvTable(`${'Größe'.normalize('NFC')}\n5\n`)),
      await model.predict([{ ['Größe'.normalize('NFC')]: 5 }]),
      await model.predict({ ['Größe'.normalize('NFC')]: [5] }),
    ];
    for (const [value] of predictions) expect(value).toBeCloseTo(10, 9);
  });

  test('may hold line breaks, which count as blanks', async () => {
    const text = '"Price\n(EUR)",y\n1,2\n2,4\n3,6\n';
    expect((await guessesOf(text, { target: 'y', features: ['Price (EUR)'] })).features).toEqual(['Price (EUR)']);
  });

  test('that stand twice are told apart by places, where they have any', async () => {
    const TWICE = 'a,a,y\n1,2,3\n2,1,4\n3,5,9\n';
    const ways = "leave one out with exclude: ['c2'], or choose by their places, c1 and c2";
    await expectFailure(TWICE, { target: 'y' }, 'INVALID_CSV', ways);
    expect((await guessesOf(TWICE, { target: 'y', exclude: ['c1'] })).features).toEqual(['c2']);
    await expectFailure(TWICE, { target: 'y', exclude: ['a'] }, 'EMPTY_DATA', 'no column but the target');
    const error = await expectFailure('c2,c2,y\n1,2,3\n', { target: 'y' }, 'INVALID_CSV', 'column name "c2" twice');
    expect(error.message).not.toContain('places');
  });

  test('are suggested only if they are near', async () => {
    const error = await expectFailure('x,y\n1,2\n', { target: 'price' }, 'UNKNOWN_COLUMN', 'one of "x", "y"');
    expect(error.message).not.toContain('Did you mean');
    await expectFailure('x,Price (EUR)\n1,2\n', { target: 'price' }, 'UNKNOWN_COLUMN', 'mean "Price (EUR)"?');
    await expectFailure('x::y\n1::2\n', { target: 'y' }, 'UNKNOWN_COLUMN', 'No character was found');
  });
});

describe('tables as documents show them', () => {
  test.each([
    ['Markdown', '| a | y |\n|---|--:|\n| 1 | 3 |\n| 2 | 5 |\n| 4 | 9 |\n'],
    ['Markdown without pipes at its edges', 'a | y\n--- | :---:\n1 | 3\n2 | 5\n4 | 9\n'],
    ['a database', '+---+---+\n| a | y |\n+---+---+\n| 1 | 3 |\n| 2 | 5 |\n| 4 | 9 |\n+---+---+\n'],
  ])('are read: %s', async (_, text) => {
    const model = await solveExact(csvSource(text, { target: 'y' }));
    expect([model.featureNames, model.report.reading?.rowsRead]).toEqual([['a'], 3]);
    expect([model.weights[0], model.bias]).toEqual([expect.closeTo(2, 9), expect.closeTo(1, 9)]);
  });
});

test.each([
  ['bzip2', 'BZh91AY&SY'],
  ['zstd', '(\u00B5/\u00FD\u0004'],
])('a file in %s is told from text of another encoding', async (_, start) => {
  const bytes = Uint8Array.from(start, (character) => character.charCodeAt(0));
  await expectFailure(
    () => new Blob([bytes]).stream(),
    { target: 'y' },
    'INVALID_CSV',
    'a compressed file',
    'Unpack it',
  );
});

describe('missing values', () => {
  test('that are a whole column say so where every row is left out', async () => {
    const text = 'a,z,y\n1,NA,2\n2,,4\n3,NA,6\n';
    await expectFailure(text, { target: 'y', missing: 'drop' }, 'EMPTY_DATA', '"z" holds nothing', "exclude: ['z']");
    await expectFailure(text, { target: 'z', missing: 'drop' }, 'EMPTY_DATA', '"z" holds nothing', 'Choose a target');
    const both = 'a,z,y\n1,NA,2\nNA,2,4\n';
    await expectFailure(both, { target: 'y', missing: 'drop' }, 'EMPTY_DATA', '1 in "a", 1 in "z"');
  });

  test('that are filled are counted by column, without rows that are left out', async () => {
    const text = 'x,z,y\n1,1,4\n,2,9\n6,,15\n,3,\n2,5,8\n';
    const model = await fit(csvSource(text, { target: 'y', missing: 'mean' }), { backend: 'cpu' });
    const { columns, rowsDropped } = model.report.reading ?? { columns: [], rowsDropped: 0 };
    expect(columns.map(({ name, missing, filled }) => [name, missing, filled])).toEqual([
      ['x', 2, 1],
      ['z', 1, 1],
      ['y', 1, 0],
    ]);
    expect(rowsDropped).toBe(1);
  });

  test('have no means in a model that was trained without', async () => {
    const model = await solveExact(csvSource('x,y\n1,3\n2,5\n', { target: 'y' }));
    const wanted = csvTable('x\n1\nNA\n', { missing: 'mean' });
    await expectRefusal(() => model.predict(wanted), 'INVALID_OPTION', "missing 'mean' for a model without means");
  });
});
