import { describe, expect, test } from 'vitest';
import { expectFailure, inPieces, read, SMALL, SMALL_READ } from './read.js';

describe('grammar', () => {
  const text = '\uFEFF"größe 𝑥","a ""b"" c",y\r\n1,"2",3\r\n"4",5,"6"\r\n\r\n"7\n","8",9\r\n';

  test.each([1, 2, 3, 7, 64, 1000])(
    'pieces of %i bytes cut quoted cells, CRLF, BOM and multi-byte characters',
    async (size) => {
      const seen = await read(inPieces(text, size), { target: 'y' });
      expect(seen.features).toEqual(['größe 𝑥', 'a "b" c']);
      expect(seen.columns).toEqual([
        [1, 4, 7],
        [2, 5, 8],
      ]);
      expect(seen.targets).toEqual([3, 6, 9]);
    },
  );

  // The parser sees a block of 262,144 characters at a time: shift a record of every kind of cell over that edge.
  test('the edge of a parser block may fall on any character', async () => {
    const record = '"a ""quoted"", cell\r\n of two lines", 12 ,"34"\r\n';
    const filler = `${'filler'.repeat(200)},0,0\r\n`; // long, since it is their characters that fill a block
    for (let shift = 0; shift <= record.length; shift++) {
      const head = 'text,x,y\r\n';
      const fillers = filler.repeat(Math.ceil((2 ** 18 - head.length - shift) / filler.length) - 2);
      const padding = 2 ** 18 - shift - head.length - fillers.length - ',0,0\r\n'.length;
      const seen = await read(`${head}${fillers}${'p'.repeat(padding)},0,0\r\n${record}${filler}${record}`, {
        target: 'y',
        features: ['x'],
      });
      expect(seen.columns[0]?.slice(-3)).toEqual([12, 0, 12]);
      expect(seen.targets.slice(-3)).toEqual([34, 0, 34]);
      expect(seen.targets.filter((y) => y !== 0)).toEqual([34, 34]);
    }
  });

  test('a record longer than a parser block is read whole', async () => {
    const long = `"${'long, '.repeat(150_000)}"`;
    const seen = await read(inPieces(`text,x,y\n${long},1,2\n${long},3,4\n`, 65_536), { target: 'y', features: ['x'] });
    expect(seen.columns).toEqual([[1, 3]]);
    expect(seen.targets).toEqual([2, 4]);
  });

  test.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
    ['pipe', '|'],
  ])('cells divided by %s are read', async (_, delimiter) => {
    expect(await read(SMALL.replaceAll(',', delimiter), { target: 'y' })).toEqual(SMALL_READ);
  });

  test('a quoted delimiter of another kind does not mislead', async () => {
    const seen = await read('"x, in m";"y, in s"\n1;2\n3;4\n', { target: 'y, in s' });
    expect(seen.features).toEqual(['x, in m']);
    expect(seen.columns).toEqual([[1, 3]]);
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('rows that end with %s are read, the last one with or without', async (_, end) => {
    const text = SMALL.replaceAll('\n', end);
    expect(await read(text, { target: 'y' })).toEqual(SMALL_READ);
    expect(await read(text.slice(0, -end.length), { target: 'y' })).toEqual(SMALL_READ);
    expect(await read(inPieces(text.replace(',2,', ',"2",').replace(',6', ',"6"'), 1), { target: 'y' })).toEqual(
      SMALL_READ,
    );
  });

  test('mixed line ends are read', async () => {
    expect(await read('x1,x2,y\r\n1,2,"3"\n4,5,"6"\r\n', { target: 'y' })).toEqual(SMALL_READ);
    expect(await read('x1,x2,y\n1,2,3\r\n4,5,6', { target: 'y' })).toEqual(SMALL_READ);
    expect(await read('x1,x2,y\r\n1,2,3\r\n4,5,"6"\r', { target: 'y' })).toEqual(SMALL_READ);
  });

  test('a line break in a quoted name does not decide how rows end', async () => {
    const seen = await read('"x\n(m)",y\r1,2\r3,4\r', { target: 'y' });
    expect(seen).toMatchObject({ features: ['x\n(m)'], columns: [[1, 3]], targets: [2, 4] });
  });

  test('blank lines are skipped anywhere', async () => {
    const text = '\n  \r\nx1,x2,y\n\n1,2,3\n \t \n4,5,6\n\n\n';
    expect(await read(text, { target: 'y' })).toEqual(SMALL_READ);
  });

  test('a byte order mark is no part of the first name', async () => {
    expect(await read(`\uFEFF${SMALL}`, { target: 'y' })).toEqual(SMALL_READ);
    expect(await read(inPieces(`\uFEFF${SMALL}`, 1), { target: 'y' })).toEqual(SMALL_READ);
    expect(await read('\uFEFF1,2\n3,4\n', { target: 'c2' })).toMatchObject({ columns: [[1, 3]], targets: [2, 4] });
  });
});

describe('rows', () => {
  test.each([
    ['fewer', '1,2', '2 cells; expected 3'],
    ['one', '1', '1 cell; expected 3'],
    ['more', '1,2,3,4', '4 cells; expected 3'],
  ])('ragged rows are refused: %s', async (_, row, shown) => {
    await expectFailure(
      `x1,x2,y\n1,2,3\n${row}\n`,
      { target: 'y', name: 'r.csv' },
      'INVALID_CSV',
      'r.csv, row 3: ',
      shown,
    );
  });

  test.each([1, 1000])('a quote that is not closed is refused, in pieces of %i bytes', async (size) => {
    const text = 'x,y\n1,2\n"3,4\n5,6\n';
    await expectFailure(
      inPieces(text, size),
      { target: 'y' },
      'INVALID_CSV',
      'row 3: a quoted cell that is not closed',
    );
  });

  test('a quote that is not closed in a large file stops long before its end', async () => {
    const text = `x,y\n1,"2\n${'1,2\n'.repeat(5_000_000)}`;
    await expectFailure(text, { target: 'y' }, 'INVALID_CSV', 'row 2: no end of the row within 16,777,216 characters');
  });

  test.each([1, 1000])('text after a closing quote is refused, in pieces of %i bytes', async (size) => {
    const text = 'x,y\n1,2\n"3"4,5\n6,"7"\n';
    await expectFailure(inPieces(text, size), { target: 'y' }, 'INVALID_CSV', 'row 3: text after the closing quote');
  });

  test('ragged rows are counted, and cells that are wrong beside them', async () => {
    const shown = 'CSV, row 2: 1 cell (rows of another length: 2; also cells that are no numbers: 1 in "x")';
    await expectFailure('x,y\n1\n2,2\nz,2\n1,2,3\n', { target: 'y' }, 'INVALID_CSV', shown);
  });

  test('the first fault of the file is the one reported', async () => {
    await expectFailure('x,y\n1,two\n"3"4,5\n', { target: 'y' }, 'INVALID_CSV', 'row 2, column "y"');
    await expectFailure('x,y\n1,two\n1,\0\n', { target: 'y' }, 'INVALID_CSV', 'row 2, column "y"');
  });

  test('a NUL is refused', async () => {
    await expectFailure('x,y\n1,2\n3\0,4\n', { target: 'y', name: 'n.csv' }, 'INVALID_CSV', 'n.csv, row 3: a NUL');
    await expectFailure(inPieces('x,y\n1,2\n3\0,4\n', 1), { target: 'y' }, 'INVALID_CSV', 'row 3: a NUL', 'UTF-16');
  });

  test.each([
    ['nothing', ''],
    ['a byte order mark', '\uFEFF'],
    ['blank lines', '\n\r\n  \n'],
    ['a header', 'x,y'],
    ['a header and blank lines', 'x,y\n\n\n'],
  ])('a file of %s is EMPTY_DATA', async (_, text) => {
    await expectFailure(text, { target: 'y', name: 'e.csv' }, 'EMPTY_DATA', 'e.csv');
    await expectFailure(inPieces(text, 1), { target: 'y', name: 'e.csv' }, 'EMPTY_DATA', 'e.csv');
  });

  test('a file of the target alone is EMPTY_DATA', async () => {
    await expectFailure('y\n1\n2\n', { target: 'y' }, 'EMPTY_DATA', 'no column but the target "y"');
  });
});
