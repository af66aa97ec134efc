import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { DescentError, type DescentErrorCode } from '../../src/errors.js';
import { type CsvInput, type CsvOptions, csvSource } from '../../src/sources/csv.js';

const utf8 = new TextEncoder();

/** Opens streams that yield `size` bytes at a time. */
function inPieces(content: string | Uint8Array, size: number): () => ReadableStream<Uint8Array> {
  const bytes = typeof content === 'string' ? utf8.encode(content) : content;
  return () => {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, (at += size)));
      },
    });
  };
}

/** Reads a source to its end: names, and every column as a plain list. */
async function read(input: CsvInput, options: CsvOptions) {
  const source = csvSource(input, options);
  const { features, target } = await source.columns();
  const columns: number[][] = features.map(() => []);
  const targets: number[] = [];
  const batchRows: number[] = [];
  for await (const batch of source.batches()) {
    expect(batch.features).toHaveLength(features.length);
    for (const [j, column] of batch.features.entries()) {
      expect(column).toHaveLength(batch.targets.length);
      for (const value of column) columns[j]?.push(value);
    }
    for (const value of batch.targets) targets.push(value);
    batchRows.push(batch.targets.length);
  }
  return { features, target, columns, targets, batchRows };
}

/** Reads to the end, which must fail with this code and one line that holds every one of these texts. */
async function expectFailure(
  input: CsvInput,
  options: CsvOptions,
  code: DescentErrorCode,
  ...texts: string[]
): Promise<DescentError> {
  const error = await read(input, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DescentError)) throw new Error(`expected a DescentError, got ${String(error)}`);
  expect(error.code, error.message).toBe(code);
  for (const text of texts) expect(error.message).toContain(text);
  expect(error.message).not.toMatch(/[\r\n]/);
  return error;
}

const SMALL = 'x1,x2,y\n1,2,3\n4,5,6\n';
const SMALL_READ = {
  features: ['x1', 'x2'],
  target: 'y',
  columns: [
    [1, 4],
    [2, 5],
  ],
  targets: [3, 6],
  batchRows: [2],
};

describe('input', () => {
  test('text, Blob, File, stream and promised stream are the same to the reader', async () => {
    const inputs: CsvInput[] = [
      SMALL,
      new Blob([SMALL]),
      new File([SMALL], 'small.csv'),
      inPieces(SMALL, 1000),
      () => Promise.resolve(inPieces(SMALL, 1000)()),
    ];
    for (const input of inputs) expect(await read(input, { target: 'y' })).toEqual(SMALL_READ);
  });

  test('a source is called by its option, else by its file name, else CSV', () => {
    expect(csvSource(new File([SMALL], 'small.csv'), { target: 'y' }).name).toBe('small.csv');
    expect(csvSource(new File([SMALL], 'small.csv'), { target: 'y', name: 'other' }).name).toBe('other');
    expect(csvSource(new Blob([SMALL]), { target: 'y' }).name).toBe('CSV');
    expect(csvSource(SMALL, { target: 'y' }).name).toBe('CSV');
  });

  test('batches() reads anew each time, on its own arrays', async () => {
    let opened = 0;
    const open = inPieces(SMALL, 5);
    const source = csvSource(() => (opened++, open()), { target: 'y' });
    const reads: number[][] = [];
    for (let i = 0; i < 3; i++) {
      for await (const { targets } of source.batches()) {
        reads.push([...targets]);
        targets.fill(NaN);
      }
    }
    expect(reads).toEqual([
      [3, 6],
      [3, 6],
      [3, 6],
    ]);
    expect(opened).toBe(3);
  });

  test('a reader that stops early cancels the stream, and so does columns()', async () => {
    let cancelled = 0;
    const row = utf8.encode('1,2\n'.repeat(100_000));
    const open = () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(utf8.encode('x,y\n')),
        pull: (controller) => controller.enqueue(row), // never ends
        cancel: () => void cancelled++,
      });
    const source = csvSource(open, { target: 'y' });
    expect(await source.columns()).toEqual({ features: ['x'], target: 'y' });
    expect(cancelled).toBe(1);
    for await (const batch of source.batches()) {
      expect(batch.targets).toHaveLength(65_536);
      break;
    }
    expect(cancelled).toBe(2);
  });

  test('a stream is pulled as batches are taken, not ahead of them', async () => {
    let pulled = 0;
    const row = utf8.encode('1,2\n'.repeat(10_000));
    const open = () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(utf8.encode('x,y\n')),
        pull: (controller) => (pulled++, controller.enqueue(row)),
      });
    const batches = csvSource(open, { target: 'y' }).batches()[Symbol.asyncIterator]();
    await batches.next();
    const afterOne = pulled;
    expect(afterOne).toBeLessThan(20); // 65,536 rows are 7 pieces, a block of text ahead is 7 more
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pulled).toBe(afterOne);
    await batches.return?.();
  });

  test('a stream that breaks off, does not open or was read before is FILE_UNREADABLE', async () => {
    const broken = () =>
      new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('disk gone')) });
    const error = await expectFailure(broken, { target: 'y', name: 'a.csv' }, 'FILE_UNREADABLE', 'a.csv', 'disk gone');
    expect(error.cause).toBeInstanceOf(Error);
    await expectFailure(() => Promise.reject(new Error('no such file')), { target: 'y' }, 'FILE_UNREADABLE', 'no such');
    const once = inPieces(SMALL, 10)();
    once.getReader();
    await expectFailure(() => once, { target: 'y' }, 'FILE_UNREADABLE', 'opens a new stream');
  });

  test('a DescentError of the opener passes unchanged', async () => {
    const own = new DescentError('FILE_UNREADABLE', { got: 'x.csv', expected: 'a file', fix: 'Check the path.' });
    await expect(csvSource(() => Promise.reject(own), { target: 'y' }).columns()).rejects.toBe(own);
  });
});

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
    const filler = 'filler,0,0\r\n';
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
  ])('cells divided by %s', async (_, delimiter) => {
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
  ])('rows that end with %s, the last one with or without', async (_, end) => {
    const text = SMALL.replaceAll('\n', end);
    expect(await read(text, { target: 'y' })).toEqual(SMALL_READ);
    expect(await read(text.slice(0, -end.length), { target: 'y' })).toEqual(SMALL_READ);
    expect(await read(inPieces(text.replace(',2,', ',"2",').replace(',6', ',"6"'), 1), { target: 'y' })).toEqual(
      SMALL_READ,
    );
  });

  test('mixed line ends', async () => {
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

  test('without a header columns are called c1, c2, …', async () => {
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

  test('a name used twice', async () => {
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
  ])('%j is read as a number', async (text, value) => {
    expect((await read(`x,y\n${text},1\n`, { target: 'y' })).columns).toEqual([[value]]);
    expect((await read(`x,y\n"${text}",1\n`, { target: 'y' })).columns).toEqual([[value]]);
  });

  test.each([
    ['', 'an empty cell'],
    ['   ', 'an empty cell'],
    ['abc', '"abc"'],
    ['NA', '"NA"'],
    ['0x10', '"0x10"'],
    ['0b1', '"0b1"'],
    ['0o7', '"0o7"'],
    ['"1,5"', '"1,5"; expected a number such as 12, -0.5 or 1e-3. Write decimals with a point'],
    ['"1,234.5"', 'nothing between thousands'],
    ['1 2', '"1 2"'],
    ['--1', '"--1"'],
    ['1e', '"1e"'],
    ['.', '"."'],
    ['1_000', '"1_000"'],
    ['"two\nlines"', String.raw`"two\nlines"`],
    ['true', '"true"'],
  ])('%j is INVALID_CSV', async (text, shown) => {
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
    '%j is NON_FINITE_VALUE',
    async (text) => {
      const shown = `CSV, row 3, column "y": "${text.trim()}"`;
      await expectFailure(`x,y\n1,1\n1,${text}\n`, { target: 'y' }, 'NON_FINITE_VALUE', shown);
    },
  );

  test('long text and long names are cut in errors', async () => {
    const name = 'n'.repeat(500);
    const error = await expectFailure(
      `${name},y\n${'z'.repeat(5000)},1\n`,
      { target: 'y' },
      'INVALID_CSV',
      `column "${'n'.repeat(40)}…": "${'z'.repeat(40)}…"`,
    );
    expect(error.message.length).toBeLessThan(300);
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
    const text = `x,y\n${'1.5,2.5\n'.repeat(100_000)}1,?\n`;
    await expectFailure(inPieces(text, 65_536), { target: 'y' }, 'INVALID_CSV', 'row 100002, column "y": "?"');
  });
});

describe('rows', () => {
  test.each([
    ['fewer', '1,2', '2 cells; expected 3'],
    ['one', '1', '1 cell; expected 3'],
    ['more', '1,2,3,4', '4 cells; expected 3'],
    ['a delimiter too many', '1,2,3,', '4 cells; expected 3'],
  ])('ragged: %s', async (_, row, shown) => {
    await expectFailure(
      `x1,x2,y\n1,2,3\n${row}\n`,
      { target: 'y', name: 'r.csv' },
      'INVALID_CSV',
      'r.csv, row 3: ',
      shown,
    );
  });

  test.each([1, 1000])('a quote that is not closed, in pieces of %i bytes', async (size) => {
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

  test.each([1, 1000])('text after a closing quote, in pieces of %i bytes', async (size) => {
    const text = 'x,y\n1,2\n"3"4,5\n6,"7"\n';
    await expectFailure(inPieces(text, size), { target: 'y' }, 'INVALID_CSV', 'row 3: text after the closing quote');
  });

  test('the first fault of the file is the one reported', async () => {
    await expectFailure('x,y\n1,?\n"3"4,5\n', { target: 'y' }, 'INVALID_CSV', 'row 2, column "y"');
    await expectFailure('x,y\n1,?\n1,\0\n', { target: 'y' }, 'INVALID_CSV', 'row 2, column "y"');
  });

  test('a NUL, and UTF-16 with or without its mark', async () => {
    await expectFailure(
      'x,y\n1,2\n3\0,4\n',
      { target: 'y', name: 'n.csv' },
      'INVALID_CSV',
      'n.csv, row 3: a NUL',
      'UTF-8',
    );
    const units = [...'\uFEFFx,y\n1,2\n'].map((character) => character.charCodeAt(0));
    const little = new Uint8Array(units.flatMap((unit) => [unit & 255, unit >> 8]));
    const big = new Uint8Array(units.flatMap((unit) => [unit >> 8, unit & 255]));
    for (const bytes of [little, big, little.slice(2), big.slice(2)]) {
      await expectFailure(inPieces(bytes, 1), { target: 'y' }, 'INVALID_CSV', 'row 1: a NUL', 'UTF-16', 'in UTF-8');
    }
  });

  test('bytes that are not UTF-8 do no harm outside the columns in use', async () => {
    const bytes = new Uint8Array([...utf8.encode('name,x,y\nM'), 0xfc, ...utf8.encode('ller,1,2\n')]);
    const seen = await read(inPieces(bytes, 3), { target: 'y', features: ['x'] });
    expect(seen).toMatchObject({ columns: [[1]], targets: [2] });
  });

  test('a character that the end of the file cuts off is not lost', async () => {
    const bytes = new Uint8Array([...utf8.encode('x,y\n1,2'), 0xc3]);
    await expectFailure(inPieces(bytes, 3), { target: 'y' }, 'INVALID_CSV', 'row 2, column "y": "2\uFFFD"');
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

describe('batches', () => {
  test.each([65_535, 65_536, 65_537, 131_072, 150_001])('%i rows come in order, up to 65,536 at a time', async (m) => {
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

describe('published data', () => {
  // The residual standard deviation at the published coefficients is itself published: a wrong number anywhere moves it.
  test.each([
    {
      data: 'norris',
      target: 'y',
      features: ['x'],
      intercept: -0.262323073774029,
      weights: [1.00211681802045],
      residualDeviation: 0.884796396144373,
      tolerance: 1e-12, // certified to 15 digits
    },
    {
      data: 'longley',
      target: 'employed',
      features: ['gnp_deflator', 'gnp', 'unemployed', 'armed_forces', 'population', 'year'],
      intercept: -3482258.63459582,
      weights: [
        15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359, -0.0511041056535807,
        1829.15146461355,
      ],
      residualDeviation: 304.854073561965,
      tolerance: 1e-9, // certified to 15 digits, of which the sum of terms near 3.5e6 loses some
    },
    {
      data: 'stackloss',
      target: 'stack_loss',
      features: ['air_flow', 'water_temp', 'acid_conc'],
      intercept: -39.9197,
      weights: [0.7156, 1.2953, -0.1521],
      residualDeviation: 3.243,
      tolerance: 5e-4, // published to 4 digits
    },
  ])('$data', async ({ data, target, features, intercept, weights, residualDeviation, tolerance }) => {
    const url = new URL(`../data/${data}.csv`, import.meta.url);
    const open = () => Readable.toWeb(createReadStream(url)) as ReadableStream<Uint8Array>;
    const seen = await read(open, { target });
    expect(seen.features).toEqual(features);
    expect(await read(await readFile(url, 'utf8'), { target })).toEqual(seen);
    let sum = 0;
    for (const [i, y] of seen.targets.entries()) {
      const prediction = weights.reduce((h, weight, j) => h + weight * (seen.columns[j]?.[i] ?? NaN), intercept);
      sum += (prediction - y) ** 2;
    }
    const deviation = Math.sqrt(sum / (seen.targets.length - weights.length - 1));
    expect(Math.abs(deviation / residualDeviation - 1)).toBeLessThan(tolerance);
  });
});
