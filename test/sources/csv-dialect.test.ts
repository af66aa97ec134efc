// CSV as programs write it: encodings, delimiters, what stands above the table, and headers.

import { describe, expect, test } from 'vitest';
import { type CsvInput, type CsvOptions, csvSource } from '../../src/data/csv.js';
import { collectDataset } from '../../src/data/dataset.js';
import type { ReadingReport } from '../../src/data/table/reading-report.js';
import { expectFailure, inPieces, read, SMALL, SMALL_READ, utf8 } from './read.js';

/** The report of reading a file to its end. */
async function reportOf(input: CsvInput, options: CsvOptions): Promise<ReadingReport> {
  const { origin } = await collectDataset(csvSource(input, options));
  if (!origin?.reading) throw new TypeError('no report');
  return origin.reading;
}

const LINE = { columns: [[1, 2, 3]], targets: [3, 5, 7] };

/** Bytes of UTF-16, with a byte order mark or without. */
function utf16(text: string, isBig: boolean): Uint8Array {
  const units = Array.from(text, (character) => character.charCodeAt(0));
  return new Uint8Array(units.flatMap((unit) => (isBig ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8])));
}

describe('encodings', () => {
  test.each([false, true])(
    'UTF-16 is found by its mark, and without one by its zeros (big-endian: %s)',
    async (isBig) => {
      for (const size of [1, 7, 1000]) {
        expect(await read(inPieces(utf16(`\uFEFF${SMALL}`, isBig), size), { target: 'y' })).toEqual(SMALL_READ);
      }
      const { encoding, guesses } = await reportOf(inPieces(utf16(SMALL, isBig), 3), { target: 'y' });
      expect(encoding).toBe(isBig ? 'utf-16be' : 'utf-16le');
      expect(guesses).toEqual([expect.stringContaining('UTF-16')]);
    },
  );

  const latin = new Uint8Array([...utf8.encode('Gr'), 0xf6, 0xdf, ...utf8.encode('e;y\n170;65\n180;80\n')]);

  test('bytes that are not UTF-8 are refused with their row, in columns that are not used too', async () => {
    for (const size of [1, 3, 1000]) {
      const options = { target: 'y', name: 'l.csv' };
      await expectFailure(inPieces(latin, size), options, 'INVALID_CSV', 'l.csv, row 1: bytes that', 'windows-1252');
    }
    const later = new Uint8Array([...utf8.encode('name,x,y\nA,1,2\nM'), 0xfc, ...utf8.encode('ller,1,2\n')]);
    await expectFailure(inPieces(later, 5), { target: 'y', features: ['x'] }, 'INVALID_CSV', 'row 3: bytes that');
    const cut = new Uint8Array([...utf8.encode('x,y\n1,2'), 0xc3]);
    await expectFailure(inPieces(cut, 3), { target: 'y' }, 'INVALID_CSV', 'row 2: bytes that are not UTF-8');
  });

  test('another encoding is read by its name', async () => {
    for (const encoding of ['windows-1252', 'latin1', 'iso-8859-1']) {
      const seen = await read(inPieces(latin, 2), { target: 'y', encoding });
      expect(seen).toMatchObject({ features: ['Größe'], columns: [[170, 180]] });
    }
    const korean = new Uint8Array([0xc5, 0xb0, ...utf8.encode(',y\n1,2\n')]); // 키 in EUC-KR
    expect((await read(inPieces(korean, 1), { target: 'y', encoding: 'euc-kr' })).features).toEqual(['키']);
    await expectFailure(inPieces(SMALL, 9), { target: 'y', encoding: 'latin-9000' }, 'INVALID_OPTION', "'latin-9000'");
  });

  test('the character that stands for invalid bytes is text like any other where the file has it', async () => {
    for (const size of [1, 2, 3, 5, 1000]) {
      const seen = await read(inPieces('\uFFFDx,y\n1,2\n', size), { target: 'y' });
      expect(seen.features).toEqual(['\uFFFDx']);
    }
  });

  test('gzip is unpacked', async () => {
    const zipped = new Response(new Blob([SMALL]).stream().pipeThrough(new CompressionStream('gzip')));
    const bytes = new Uint8Array(await zipped.arrayBuffer());
    for (const size of [1, 7, 1000]) expect(await read(inPieces(bytes, size), { target: 'y' })).toEqual(SMALL_READ);
    await expectFailure(inPieces(bytes.slice(0, -9), 1000), { target: 'y', name: 'z' }, 'FILE_UNREADABLE', 'z: ');
  });

  test.each([
    ['a zip archive', 'PK\u0003\u0004…', '.xlsx'],
    ['a Parquet file', 'PAR1…', 'parquetSource'],
    ['an Arrow file', 'ARROW1\0\0', 'arrowSource'],
    ['a PDF document', '%PDF-1.7', 'spreadsheet'],
    ['an HTML or XML document', '<!DOCTYPE html>\n<title>404</title>', 'status 200'],
    ['JSON', '[{"x":1,"y":2}]', 'JSON.parse'],
  ])('%s is named', async (what, text, advice) => {
    await expectFailure(inPieces(text, 1000), { target: 'y', name: 'f' }, 'INVALID_CSV', `f, row 1: ${what}`, advice);
    await expectFailure(text, { target: 'y' }, 'INVALID_CSV', what);
  });

  test('a path or an address is not its contents', async () => {
    await expectFailure(
      'data/prices.csv',
      { target: 'y' },
      'INVALID_CSV',
      'looks like a path',
      'fetch("data/prices.csv")',
    );
    await expectFailure('https://example.org/a.csv', { target: 'y' }, 'INVALID_CSV', 'address');
  });
});

describe('delimiters', () => {
  test.each([
    ['runs of blanks', ' x  y\n 1.0   3.0\n 2.0  5.0 \n10.0\t 7.0\n', ' ', [1, 2, 10]],
    ['decimal commas between tabs', 'x\ty\n1,5\t3\n2,5\t5\n3,5\t7\n', '\t', [1.5, 2.5, 3.5]],
    ['decimal commas between semicolons', 'x;y\n1,5;3\n2,5;5\n3,5;7\n', ';', [1.5, 2.5, 3.5]],
    ['decimal commas between blanks', 'x y\n1,5 3\n2,5 5\n3,5 7\n', ' ', [1.5, 2.5, 3.5]],
    ['decimal commas without a header', '1,5;3\n2,5;5\n3,5;7\n', ';', [1.5, 2.5, 3.5]],
    ['commas in a header', 'x (m, net);y (s, b)\n1;3\n2;5\n3;7\n', ';', [1, 2, 3]],
    ['blanks in cells', 'full name,y\n1,3\n2,5\n3,7\n', ',', [1, 2, 3]],
    ['a line sep=', 'sep=;\nx;y\n1;3\n2;5\n3;7\n', ';', [1, 2, 3]],
    ['a line sep= with a tab, in quotes', '"sep=\t"\r\nx\ty\r\n1\t3\r\n2\t5\r\n3\t7\r\n', '\t', [1, 2, 3]],
  ])('%s', async (_, text, delimiter, xs) => {
    const target = text.startsWith('1') ? 'c2' : text.includes('(s, b)') ? 'y (s, b)' : 'y';
    expect(await read(text, { target })).toMatchObject({ columns: [xs], targets: [3, 5, 7] });
    expect(await read(inPieces(text, 1), { target })).toMatchObject({ columns: [xs], targets: [3, 5, 7] });
    expect(await reportOf(text, { target })).toMatchObject({ delimiter });
  });

  test('one that is given is not looked for', async () => {
    const text = 'x:y\n1:3\n2:5\n3:7\n';
    expect(await read(text, { target: 'y', delimiter: ':' })).toMatchObject(LINE);
    await expectFailure('x,y\n1,2\n', { target: 'y', delimiter: ';' }, 'UNKNOWN_COLUMN', '"x,y"');
    expect(() => csvSource(text, { target: 'y', delimiter: '::' })).toThrow(/delimiter '::'; expected 'auto', or one/);
  });

  test('free text with commas does not mislead', async () => {
    const text = 'note;x;y\nhello, world;1;3\nyes, no, maybe;2;5\nfine;3;7\n';
    expect(await read(text, { target: 'y', features: ['x'] })).toMatchObject(LINE);
  });

  test('quotes may come after blanks, also around a delimiter', async () => {
    const text = 'x, "y, net"\n1, "3"\n2,  "5"\n3, "7"\n';
    for (const size of [1, 3, 1000]) {
      expect(await read(inPieces(text, size), { target: 'y, net' })).toMatchObject(LINE);
    }
    const quoted = 'x,y,"a, ""b"""\n1, "3",0\n2,5,0\n3,7,0\n';
    expect((await read(quoted, { target: 'y' })).features).toEqual(['x', 'a, "b"']);
  });
});

describe('rows without data', () => {
  test('comment lines at the top are found and said; others of their kind are passed over', async () => {
    const text = '# CO2, means\n#\n# from "somewhere\nx,y\n1,3\n# a break\n2,5\n3,7\n';
    for (const size of [1, 1000]) expect(await read(inPieces(text, size), { target: 'y' })).toMatchObject(LINE);
    const report = await reportOf(text, { target: 'y' });
    expect(report).toMatchObject({ comment: '#', passedOver: { comments: 4 }, rowsRead: 3 });
    expect(report.guesses).toEqual(['Lines that begin with # are comments.']);
    await expectFailure(`${text}two,9\n`, { target: 'y' }, 'INVALID_CSV', 'row 9, column "x": "two"');
  });

  test('comments of another kind are named, and none may be', async () => {
    expect(await read('% a\nx,y\n1,3\n2,5\n% b\n3,7\n', { target: 'y', comment: '%' })).toMatchObject(LINE);
    const seen = await read('#x,y\n1,3\n2,5\n', { target: 'y', comment: 'none' });
    expect(seen.features).toEqual(['#x']);
  });

  test('names in the last comment line are the header where the data have none', async () => {
    const text = '# made by a program\n# x y\n1.0 3.0\n2.0 5.0\n3.0 7.0\n';
    expect(await read(text, { target: 'y' })).toMatchObject({ features: ['x'], ...LINE });
    expect((await reportOf(text, { target: 'y' })).guesses).toContainEqual(
      expect.stringContaining('last comment line'),
    );
    expect(await read('#x,y\n1,3\n2,5\n3,7\n', { target: 'y' })).toMatchObject({ features: ['x'], ...LINE });
  });

  test('rows are skipped by their number, or by their numbers', async () => {
    const units = 'x,y\nm,s\n1,3\n2,5\n3,7\n';
    await expectFailure(units, { target: 'y' }, 'INVALID_CSV', 'row 2, column "x": "m"', 'skipRows: [2]');
    expect(await read(units, { target: 'y', skipRows: [2] })).toMatchObject(LINE);
    const titled = 'A title; with "a quote\n\nx;y\n1;3\n2;5\n3;7\n';
    expect(await read(titled, { target: 'y', skipRows: 1 })).toMatchObject(LINE);
    expect((await reportOf(titled, { target: 'y', skipRows: 1 })).passedOver).toMatchObject({ skipped: 1, blank: 1 });
    expect(await read(`${units}total,9\n`, { target: 'y', skipRows: [2, 6] })).toMatchObject(LINE);
  });

  test('empty last columns, rows of delimiters and longer rows of empty cells are passed over and counted', async () => {
    const text = 'x|y||\n1|3||\n|||\n2|5||\n\n3|7|||\n';
    expect(await read(text, { target: 'y' })).toMatchObject({ features: ['x'], ...LINE });
    const { passedOver, rowsRead } = await reportOf(text, { target: 'y' });
    expect({ passedOver, rowsRead }).toEqual({
      passedOver: { blank: 1, comments: 0, skipped: 0, empty: 1, emptyColumns: 3 },
      rowsRead: 3,
    });
  });
});

describe('headers', () => {
  const namesOf = async (text: string, options: CsvOptions) => (await read(text, options)).features;

  test.each([
    ['text above numbers', 'x,y\n1,2\n', 'y', ['x'], true, []],
    ['numbers only', '2019,2020\n1,2\n', 'c2', ['c1'], false, ['holds numbers only']],
    ['years beside text', 'country,2019,2020\nA,1,2\nB,3,4\n', '2020', ['2019'], true, []],
    ['data with text', '5.1,3.5,setosa\n4.9,3.0,setosa\n', 'c2', ['c1'], false, ['where the rows below do']],
    ['data with text of its own', 'Ann,1,5\nBob,3,4\n', 'c3', ['c2'], false, ['where the rows below do']],
    ['decimal commas', '08/01;A;-21.419,06\n12/01;B;-53,9\n', 'c3', ['c3'], false, ['where the rows below do']],
  ])('%s', async (_, text, target, features, header, guesses) => {
    const chosen = features[0] === target ? { features: ['c2'], categories: ['c2'] } : { features };
    const report = await reportOf(text, { target, ...chosen });
    expect(report).toMatchObject({ header, guesses: guesses.map((part) => expect.stringContaining(part) as string) });
  });

  test('years in the first row beside text are a header by themselves, and said', async () => {
    const text = 'country,2019,2020,2021\nA,1,2,3\nB,3,4,7\n';
    const { header, guesses } = await reportOf(text, { target: 'c4', features: ['c2', 'c3'] });
    expect([header, guesses]).toEqual([true, [expect.stringContaining('2019, 2020, … is a series')]]);
  });

  test('of numbers only is one where it is asked for, or a name of it', async () => {
    const text = '2019,2020,2021\n1,2,3\n2,3,5\n3,5,8\n4,4,8\n';
    const data = { columns: [[1, 2, 3, 4], [2, 3, 5, 4]], targets: [3, 5, 8, 8] }; // prettier-ignore
    expect(await read(text, { target: '2021' })).toMatchObject(data);
    expect(await read(text, { target: 'c3', header: true })).toMatchObject(data);
    await expectFailure(text, { target: '2021', features: ['c3'] }, 'INVALID_OPTION', 'which are one column');
    expect((await read(text, { target: 'c3' })).targets).toEqual([2021, 3, 5, 8, 8]);
    expect((await reportOf(text, { target: '2021' })).guesses).toEqual([expect.stringContaining('that was named')]);
  });

  test('text is data where it is said so', async () => {
    expect(
      await read('a,1\nb,2\n', { target: 'c2', features: ['c1'], categories: ['c1'], header: false }),
    ).toMatchObject({
      features: ['c1=b'],
      columns: [[0, 1]],
      targets: [1, 2],
    });
  });

  test('an unnamed first column that counts the rows is left out, said, and taken where it is named', async () => {
    const text = ',x,y\n0,1,3\n1,2,5\n2,3,7\n';
    expect(await read(text, { target: 'y' })).toMatchObject({ features: ['x'], ...LINE });
    expect((await reportOf(text, { target: 'y' })).guesses).toEqual([
      expect.stringMatching(/counts the rows \(0, 1, …\)/),
    ]);
    expect(await namesOf(text, { target: 'y', features: ['c1', 'x'] })).toEqual(['c1', 'x']);
    expect(await namesOf(',x,y\n5,1,3\n3,2,5\n', { target: 'y' })).toEqual(['c1', 'x']);
  });

  test('a header that is one cell short belongs to the columns behind the row names', async () => {
    const text = '"x" "y"\n"1" 1 3\n"2" 2 5\n"3" 3 7\n';
    expect(await read(text, { target: 'y' })).toMatchObject({ features: ['x'], ...LINE });
    const named = 'x,y\nAnn,1,3\nBob,2,5\nEve,3,7\n';
    expect(await read(named, { target: 'y', features: ['x'] })).toMatchObject(LINE);
  });

  test('a name that stands twice matters where it is used; its columns go by their places', async () => {
    const text = 'x,s,s,y\n1,2,9,3\n2,1,8,5\n3,5,7,7\n';
    expect(await read(text, { target: 'y', features: ['x'] })).toMatchObject(LINE);
    await expectFailure(text, { target: 'y' }, 'INVALID_CSV', '"s" twice, in columns 2 and 3');
    expect((await read(text, { target: 'y', features: ['c2', 'c3'] })).columns).toEqual([[2, 1, 5], [9, 8, 7]]); // prettier-ignore
  });
});
