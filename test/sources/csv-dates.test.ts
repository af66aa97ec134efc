// Dates as people write them, and the order of day and month.

import { describe, expect, test } from 'vitest';
import { type CsvOptions, csvSource, csvTable } from '../../src/data/csv.js';
import { collectDataset, createDataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { LinearModel } from '../../src/model/linear-model.js';
import { expectFailure, read } from './read.js';

const csvOf = (cells: readonly string[]) => `x,y\n${cells.map((cell, i) => `"${cell}",${i}\n`).join('')}`;

const DATES = { target: 'y', dates: ['x'] } as const;

/** The values of a column of dates, batch by batch and at once. */
async function datesOf(cells: readonly string[], options: Partial<CsvOptions> = {}): Promise<number[]> {
  const { columns } = await read(csvOf(cells), { ...DATES, ...options });
  const dataset = await collectDataset(csvSource(csvOf(cells), { ...DATES, ...options }));
  expect([...(dataset.columns[0] ?? [])]).toEqual(columns[0]);
  return columns[0] as number[];
}

describe('dates', () => {
  test.each([
    ['days', ['1970-01-02', '2024-03-01', '1969-12-31'], [1, 19783, -1]],
    ['hours', ['1970-01-01T12:00Z', '1970-01-01 12:30', '1970-01-01T12:00+02:00'], [12, 12.5, 10]],
    ['seconds', ['1970-01-01T00:00:01.5', '1970-01', '1970'], [1.5, 0, 0]],
  ] as const)('are numbers in %s since 1970', async (dateUnit, cells, values) => {
    expect(await datesOf(cells, { dateUnit })).toEqual(values);
  });

  test.each([
    '2024-03-31',
    '2024/3/31',
    '20240331',
    '31.03.2024',
    '31.3.2024',
    '31/03/2024',
    '3/31/2024',
    '31-03-2024',
    '31 Mar 2024',
    '31-Mar-2024',
    '31. March 2024',
    'March 31, 2024',
    'Mar 31 2024',
  ])('%s is a date', async (text) => expect(await datesOf([text, text])).toEqual([19813, 19813]));

  test.each(['31.03.2024 06:00', '03/31/2024 6:00:00', '31 Mar 2024, 06:00', '2024-03-31T06:00Z'])(
    '%s has a time',
    async (text) => expect(await datesOf([text])).toEqual([19813.25]),
  );

  test.each(['2024-02-30', '30.02.2024', '31.03.24', '12:30', '2024Q1', '2024-13', '31 Foo 2024', 'Ma 5, 2024', '7'])(
    '%s is none',
    async (text) => {
      await expectFailure(csvOf(['2024-02-29', text]), DATES, 'INVALID_CSV', `row 3, column "x": "${text}"`, '31 Mar 2024'); // prettier-ignore
    },
  );
});

describe('the order of day and month', () => {
  const dayFirst = [19817, 19786, 19813]; // 2024-04-04, 2024-03-04 and 2024-03-31
  const monthFirst = [19817, 19816, 19813]; // 2024-04-04, 2024-04-03 and 2024-03-31

  test('is that of a cell with a number above 12, wherever it stands', async () => {
    expect(await datesOf(['04/04/2024', '04/03/2024', '31/03/2024'])).toEqual(dayFirst);
    expect(await datesOf(['04/04/2024', '04/03/2024', '03/31/2024'])).toEqual(monthFirst);
    expect(await datesOf(['31/03/2024', '04/03/2024'])).toEqual([19813, 19786]);
    const many = Array.from({ length: 70_000 }, () => '04/03/2024');
    expect((await datesOf([...many, '03/31/2024']))[0]).toBe(19816);
    const table = { x: ['04/03/2024', '03/31/2024'], y: [1, 2] };
    expect([...(createDataset({ table, ...DATES }).columns[0] ?? [])]).toEqual([19816, 19813]);
  });

  test('may be given, and is needed where no cell proves it', async () => {
    const cells = ['04/04/2024', '04/03/2024'];
    expect(await datesOf(cells, { dateOrder: 'dmy' })).toEqual([19817, 19786]);
    expect(await datesOf(cells, { dateOrder: 'mdy' })).toEqual([19817, 19816]);
    const fix = "dateOrder: 'dmy' reads 2024-03-04, dateOrder: 'mdy' reads 2024-04-03.";
    await expectFailure(csvOf(cells), DATES, 'INVALID_CSV', 'row 3, column "x": "04/03/2024"; expected a column', fix);
  });

  test('is one in all of a column', async () => {
    const [day, month] = ['31/03/2024', '03/31/2024'];
    await expectFailure(csvOf([day, month]), DATES, 'INVALID_CSV', `row 3, column "x": "${month}"; expected the day first, as in row 2: "${day}"`); // prettier-ignore
    await expectFailure(csvOf([month, day]), DATES, 'INVALID_CSV', `row 3, column "x": "${day}"; expected the month first, as in row 2: "${month}"`); // prettier-ignore
    await expectFailure(csvOf([day]), { ...DATES, dateOrder: 'mdy' }, 'INVALID_CSV', 'the month first');
    await expectFailure('x,y\n1,1\n', { target: 'y', dateOrder: 'mdy' }, 'UNKNOWN_COLUMN').catch(() => undefined);
  });

  test('is kept in the model, for rows that prove none', async () => {
    const model = await fit(csvSource(csvOf(['01/02/2024', '02/02/2024', '13/02/2024']), DATES), { backend: 'cpu' });
    const loaded = LinearModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(loaded.encoder?.columns).toEqual([{ name: 'x', kind: 'date', unit: 'days', order: 'dmy' }]);
    const [one] = await model.predict(csvTable('x\n01/02/2024\n'));
    expect(await loaded.predict({ x: ['01/02/2024'] })).toEqual(Float64Array.of(one as number));
    expect(await loaded.predict(csvTable('x\n2024-02-01\n'))).toEqual(Float64Array.of(one as number));
  });

  test('of a model without one is that of the first row to predict', async () => {
    const model = await fit(csvSource(csvOf(['2024-01-01', '2024-02-02', '2024-03-03']), DATES), { backend: 'cpu' });
    const values = await model.predict(csvTable('x\n03/31/2024\n02/03/2024\n'));
    expect(values).toEqual(await model.predict({ x: ['2024-03-31', '2024-02-03'] }));
    const late = () => model.predict(csvTable('x\n02/03/2024\n03/31/2024\n'));
    await expect(late()).rejects.toThrow(/row 2, column "x": "02\/03\/2024".*dateOrder: 'dmy'/);
    const given = await model.predict(csvTable('x\n02/03/2024\n03/31/2024\n', { dateOrder: 'mdy' }));
    expect([...given].reverse()).toEqual([...values]);
  });
});

describe('times of twelve hours', () => {
  test.each([
    ['1/13/2024 12:00 AM', '2024-01-13T00:00Z'],
    ['1/13/2024 12:30:15 PM', '2024-01-13T12:30:15Z'],
    ['1/13/2024 3:05 pm', '2024-01-13T15:05Z'],
    ['1/13/2024, 11 p.m.', '2024-01-13T23:00Z'],
    ['2024-01-13 09:00AM', '2024-01-13T09:00Z'],
  ])('%s is %s', async (text, same) => {
    const [value, other] = await datesOf([text, same], { dateUnit: 'seconds' });
    expect(value).toBe(other);
  });
});

describe('a cell that is no date', () => {
  test.each([
    ['31.02.2024', 'a day that the month does not have: it has 29'],
    ['29.02.2023', 'a day that the month does not have: it has 28'],
    ['2024-13-01', 'with 13 for the month'],
    ['31/31/2024', 'with 31 for the month'],
    ['2024-00-10', 'with 0 for the month'],
    ['2024-01-00', 'a day that the month does not have: it has 31'],
    ['1/13/2024 13:00 PM', 'with a time that no day has'],
    ['2024-01-13 25:00', 'with a time that no day has'],
    ['31.03.24', 'with two digits for the year'],
    ['3/31/24', 'with two digits for the year'],
    ["31-Mar-'24", 'with two digits for the year'],
  ])('says why: %s', async (text, reason) => {
    const csv = `x,y\n13/01/2024,1\n${text},2\n`;
    const error = await expectFailure(csv, DATES, 'INVALID_CSV', `row 3, column "x": "${text}", ${reason}`);
    expect(error.fix).not.toContain('categories');
  });

  test('is told from a column that holds none', async () => {
    await expectFailure('x,y\nfoo,1\nbar,2\n', DATES, 'INVALID_CSV', 'take the column out of dates');
    await expectFailure('x,y\n1.2.24,1\n2.2.24,2\n', { target: 'y' }, 'INVALID_CSV', "as dates with dates: ['x']");
    const model = await fit(csvSource('x,y\n2024-01-01,1\n2024-02-02,2\n', DATES), { backend: 'cpu' });
    await expect(model.predict(csvTable('x\nfoo\n'))).rejects.toThrow(/The model was trained on dates in this column/);
  });
});
