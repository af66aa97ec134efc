import Papa from 'papaparse';
import { DescentError } from '../base/errors.js';

/**
 * The source of CSV text: a function that opens a new stream of bytes each time it is called, a Blob or File, or the
 * text itself.
 */
export type CsvInput = (() => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>) | Blob | string;

/** Consecutive records of a CSV file, blank lines included, as cells of text. */
export interface RecordBlock {
  /** Number of the first record in the file, from 1: the row number that a spreadsheet shows. */
  firstRow: number;
  records: string[][];
}

/** Characters parsed at a time: enough to make a call of the parser cheap, few enough to keep its cells in cache. */
const BLOCK_LENGTH = 2 ** 18;

/** Characters looked at for delimiter and line ends. */
const SAMPLE_LENGTH = 2 ** 16;

/** A record that does not end within this many characters is an unclosed quote or no CSV: stop before memory does. */
const MAX_RECORD_LENGTH = 2 ** 24;

const DELIMITERS = [',', ';', '\t', '|'];

/**
 * Reads CSV text block by block, in order; memory holds one block and one unfinished record.
 * Bytes are read as UTF-8, with or without a byte order mark. The delimiter (comma, semicolon, tab or pipe) and the
 * line ends (CRLF, LF or CR) are found from the first 65,536 characters.
 *
 * Throws `INVALID_CSV` for a quote that is not closed, for text after a closing quote, and for a NUL character;
 * `FILE_UNREADABLE` when the stream does not open or breaks off. `name` is what errors call the input.
 */
export async function* readRecords(input: CsvInput, name: string): AsyncGenerator<RecordBlock, void, undefined> {
  const splitter = new RecordSplitter(name);
  for await (const text of readText(input, name)) yield* splitter.push(text);
  yield* splitter.end();
}

interface Dialect {
  delimiter: string;
  newline: '\n' | '\r';
}

/** Cuts text that arrives in pieces into whole records. A piece may end anywhere, also inside a quoted cell or a CRLF. */
class RecordSplitter {
  /** Text not yet handed out; begins where a record begins. */
  #text = '';
  /** Length of the text that has been parsed without finding the end of a record. */
  #unfinished = 0;
  #row = 1;
  #dialect: Dialect | undefined;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  *push(piece: string): Generator<RecordBlock, void, undefined> {
    this.#text += piece;
    if (this.#text.length - this.#unfinished < BLOCK_LENGTH) return;
    yield* this.#parse();
    if (this.#unfinished > MAX_RECORD_LENGTH) {
      throw this.#error(this.#row, `no end of the row within ${MAX_RECORD_LENGTH.toLocaleString('en')} characters`, {
        expected: 'rows that end with a line break',
        fix: 'Look for a double quote that is not closed.',
      });
    }
  }

  *end(): Generator<RecordBlock, void, undefined> {
    // With a line break behind it the last record is like every other; a blank line does no harm.
    const { newline } = this.#findDialect();
    this.#text += newline;
    yield* this.#parse();
    if (this.#text !== '') {
      throw this.#error(this.#row, 'a quoted cell that is not closed before the end of the file', {
        expected: 'a closing double quote',
        fix: 'Close the quote, or write a quote inside a quoted cell twice.',
      });
    }
  }

  *#parse(): Generator<RecordBlock, void, undefined> {
    const parser = new Papa.Parser(this.#findDialect());
    // UTF-16 is known by its NULs as well: digits, delimiters and line ends all have one there.
    const nul = this.#text.indexOf('\0', this.#unfinished);
    const text = nul === -1 ? this.#text : this.#text.slice(0, nul);
    // The last record is left for the next call, since it may go on: the parser reports in `cursor` where it begins.
    const { data, errors, meta } = parser.parse(text, 0, true) as Papa.ParseResult<string[]>;
    const firstRow = this.#row;
    // A fault in the record that is cut off may be an effect of the cut; if it is real it comes again.
    const broken = errors.find(({ row }) => row !== undefined && row < data.length)?.row;
    yield { firstRow, records: broken === undefined ? data : data.slice(0, broken) };
    if (broken !== undefined) {
      throw this.#error(firstRow + broken, 'text after the closing quote of a cell', {
        expected: 'a delimiter or the end of the row there',
        fix: 'Write a quote inside a quoted cell twice.',
      });
    }
    if (nul !== -1) {
      throw this.#error(firstRow + data.length, 'a NUL character, as in UTF-16 text or a binary file', {
        expected: 'CSV text in UTF-8',
        fix: 'Save the file as CSV in UTF-8.',
      });
    }
    this.#text = text.slice(meta.cursor);
    this.#unfinished = this.#text.length;
    this.#row += data.length;
  }

  #findDialect(): Dialect {
    if (this.#dialect) return this.#dialect;
    if (this.#text.startsWith('\uFEFF')) this.#text = this.#text.slice(1);
    const sample = this.#text.slice(0, SAMPLE_LENGTH);
    // CRLF needs no mention: the CR stays at the end of a cell, where space around a number is skipped, and mixed line
    // ends are read too. CR alone ends lines only where no LF does; the last character may be half a CRLF.
    const unquoted = sample.replace(/"[^"]*"/g, '');
    const newline = !unquoted.includes('\n') && /\r(?!$)/.test(unquoted) ? '\r' : '\n';
    const { meta } = Papa.parse<string[]>(sample, {
      newline,
      delimitersToGuess: DELIMITERS,
      skipEmptyLines: 'greedy',
      preview: 1,
    });
    this.#dialect = { delimiter: meta.delimiter, newline };
    return this.#dialect;
  }

  #error(row: number, got: string, advice: { expected: string; fix: string }): DescentError {
    const where = { file: this.#name, row };
    return new DescentError('INVALID_CSV', { got: `${this.#name}, row ${row}: ${got}`, ...advice, where });
  }
}

/** Yields the text in pieces of bounded length and cancels the stream when the reader of the pieces stops early. */
async function* readText(input: CsvInput, name: string): AsyncGenerator<string, void, undefined> {
  if (typeof input === 'string') {
    for (let at = 0; at < input.length; at += BLOCK_LENGTH) yield input.slice(at, at + BLOCK_LENGTH);
    return;
  }
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // the mark is taken off the text, whatever its origin
  try {
    const stream = await (input instanceof Blob ? input.stream() : input());
    reader = stream.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (let at = 0; at < value.length; at += BLOCK_LENGTH) {
        yield decoder.decode(value.subarray(at, at + BLOCK_LENGTH), { stream: true });
      }
    }
    yield decoder.decode(); // a character that the end of the file cuts off
  } catch (cause) {
    if (cause instanceof DescentError) throw cause;
    throw new DescentError('FILE_UNREADABLE', {
      got: `${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
      expected: 'a stream of bytes that can be read to its end',
      fix: 'Check that the file is there and readable, and that each call of the function opens a new stream.',
      where: { file: name },
      cause,
    });
  } finally {
    // A stream that broke off refuses to be cancelled with the error that was just reported.
    await reader?.cancel().catch(() => undefined);
  }
}
