// The short way for rows of plain numbers: the same values, rows and errors as the parser, which reads all other rows.

import { describe, expect, test } from 'vitest';
import { readPlainRows } from '../../src/data/csv/plain-rows.js';
import { expectFailure, inPieces, read } from './read.js';

const layout = { delimiter: ','.charCodeAt(0), width: 3, positions: [2, 0] };
const columns = () => [
  { mark: '.'.charCodeAt(0), point: 'none' as const, hasFraction: false },
  { mark: '.'.charCodeAt(0), point: 'none' as const, hasFraction: false },
];

describe('rows of plain numbers', () => {
  test('are read up to the last complete one', () => {
    const { rowCount, columns: values, end } = readPlainRows('1,x y,2.5\r\n-3,,+.5\n4,z,6\n7,8,9', layout, columns());
    expect([rowCount, end]).toEqual([3, 25]);
    expect(values).toEqual([Float64Array.of(2.5, 0.5, 6), Float64Array.of(1, -3, 4)]);
  });

  test('may have empty cells that are not in use', () => {
    const rows = readPlainRows('1,,2\n'.repeat(50), layout, columns());
    expect(rows.rowCount).toBe(50);
    expect(rows.columns[1]).toEqual(new Float64Array(50).fill(1));
    const one = { ...layout, positions: [2] };
    expect(readPlainRows(',,7\n'.repeat(50), one, columns()).columns[0]).toEqual(new Float64Array(50).fill(7));
  });

  test.each([
    ['an empty cell', '1,2,\n'],
    ['a blank row', '\n'],
    ['a cell too few', '1,2\n'],
    ['a cell too many', '1,2,3,4\n'],
    ['an exponent without digits', '1e,2,3\n'],
    ['a number that f64 does not hold', '1e999,2,3\n'],
    ['text', '1,2,three\n'],
    ['a blank beside a number', ' 1,2,3\n'],
    ['more digits than f64 holds', '1,2,9007199254740993\n'],
    ['more digits than f64 holds, and a point', '1,2,9007199254740993.\n'],
    ['a sign alone', '-,2,3\n'],
    ['two points', '1.2.3,2,3\n'],
    ['a carriage return alone', '1,2,3\r4,5,6\n'],
  ])('end before %s', (_, row) => {
    const { rowCount, end } = readPlainRows(`1,2,3\n${row}4,5,6\n`, layout, columns());
    expect([rowCount, end]).toEqual([1, 6]);
  });

  test('are read with many digits and with exponents, rounded once', () => {
    const spelled = ['0.30000000000000004', '-1e-7', '+2.5E+3', '1.7976931348623157e308', '.1e1', '5.e-324', '9007199254740993.5', '0.1000000000000000055511151231257827021181583404541015625', '12345678901234567890e1']; // prettier-ignore
    const text = spelled.map((number) => `${number},x,${number}\n`).join('');
    const { rowCount, columns: values } = readPlainRows(text, layout, columns());
    expect(rowCount).toBe(spelled.length);
    expect(values[0]).toEqual(Float64Array.from(spelled, Number));
    const comma = ','.charCodeAt(0);
    const commas = { layout: { ...layout, delimiter: ';'.charCodeAt(0) }, columns: columns().map((column) => ({ ...column, mark: comma })) }; // prettier-ignore
    const inCommas = text.replaceAll(',', ';').replaceAll('.', ',');
    expect(readPlainRows(inCommas, commas.layout, commas.columns).columns).toEqual(values);
  });

  test.each(['1.234e3,x,1\n', '1,x,1.2345678901234567890123\n'])('say that a point is decimal: %j', (row) => {
    const read = columns();
    readPlainRows(row, layout, read);
    expect(new Set<string>(read.map(({ point }) => point))).toEqual(new Set(['none', 'fraction']));
  });

  test('say what their points prove', () => {
    const read = columns();
    readPlainRows('1.234,0,1.234\n12,0,1.5\n', layout, read);
    expect(read.map(({ point }) => point)).toEqual(['fraction', 'either']);
  });
});

/** Rows of numbers in many spellings, from a linear congruential generator. */
function rowsOf(count: number, end: string): string[] {
  let state = 7;
  const next = (below: number) => (state = (state * 48271) % 2147483647) % below;
  const endings = () => [
    '',
    '.',
    `.${next(1000)}`,
    '.25',
    `.${next(1e9)}${next(1e9)}`,
    `e-${next(9)}`,
    `.5E+${next(9)}`,
  ];
  const number = () => `${['', '-', '+'][next(3)]}${next(100_000)}${endings()[next(7)]}`;
  return Array.from({ length: count }, () => `a,${number()},${number()},${number()}${end}`);
}

describe('a long file', () => {
  const options = { target: 'y', features: ['u', 'v'] };

  test.each(['\n', '\r\n'])('has the same values as through the parser, whatever stands between (%j)', async (end) => {
    const rows = rowsOf(60_000, end);
    // Rows that only the parser reads, in blocks of their own and close together.
    for (const at of [20_000, 20_001, 41_000]) rows[at] = `a, 1e3 ,"2",3${end}`;
    rows.splice(30_000, 0, end, `,,,${end}`, `a,1,2,3,,${end}`);
    const text = `t,u,v,y${end}${rows.join('')}`;
    const short = await read(inPieces(text, 65_536), options);
    const quoted = await read(text.replaceAll('a,', '"a",'), options);
    expect(short).toEqual(quoted);
    expect(short.targets).toHaveLength(60_001);
  });

  test('without an end of its last row, of decimal commas and of runs of blanks', async () => {
    const rows = rowsOf(40_000, '\n');
    const plain = await read(`t,u,v,y\n${rows.join('').trimEnd()}`, options);
    expect(plain.targets).toHaveLength(40_000);
    const commas = `t;u;v;y\n${rows.join('').replaceAll(',', ';').replaceAll('.', ',')}`;
    const points = { ...options, decimal: '.' } as const;
    expect(await read(commas.replaceAll(/,(?=;|\n)/g, ''), { ...options, decimal: ',' })).toEqual(
      await read(`t,u,v,y\n${rows.join('')}`, points),
    );
    expect(await read(`t  u v y\n${rows.join('').replaceAll(',', '   ')}`, options)).toEqual(plain);
  });

  test('has the same errors, with their rows', async () => {
    const rows = rowsOf(60_000, '\n');
    rows[50_000] = 'a,1,two,3\n';
    rows[55_000] = 'a,1\n';
    const shown = 'row 50002, column "v": "two" (also rows of another length: 1)';
    await expectFailure(`t,u,v,y\n${rows.join('')}`, options, 'INVALID_CSV', shown);
    rows[52_000] = 'a,1,,3\n';
    await expectFailure(`t,u,v,y\n${rows.join('')}`, options, 'INVALID_CSV', 'also missing values: 1 in "v"');
    const weights = { ...options, features: ['u'], weights: 'v' };
    const positive = rowsOf(40_000, '\n').map((row) => row.replaceAll('-', ''));
    positive[35_000] = 'a,1,-2,3\n';
    await expectFailure(`t,u,v,y\n${positive.join('')}`, weights, 'INVALID_OPTION', 'row 35002, column "v": -2');
  });

  test('has missing values by their number far below', async () => {
    const rows = rowsOf(60_000, '\n');
    rows[50_000] = 'a,-999,2,3\n';
    const text = `t,u,v,y\n${rows.join('')}`;
    const { targets } = await read(text, { ...options, missing: 'drop', missingValues: ['-999'] });
    expect(targets.length).toBeLessThan(60_000);
    expect(targets.length).toBeGreaterThan(59_900);
  });
});
