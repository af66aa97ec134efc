import type PapaParse from 'papaparse';
import { DescentError } from '../../base/errors.js';
import type { TextSettings } from '../../options/reading.js';
import type { PassedOver } from '../table/reading-report.js';
import type { Notation } from '../cells/notation.js';
import { type CsvInput, decodeText, PIECE_LENGTH, type TextPiece } from './decode.js';
import { type CsvDialect, findDialect, withoutBlanksBeforeQuotes, withSingleBlanks } from './dialect.js';
import { loadPapaparse, type Papa } from './papaparse.js';
import { type PlainLayout, readPlainRows } from './plain-rows.js';

/** Consecutive records of a CSV file that hold data, as cells of text. */
export interface RecordBlock {
  records: string[][];
  /** The number of a record in the file, from 1: the row number that a spreadsheet shows. */
  rowOf: (index: number) => number;
}

/** Consecutive rows of plain numbers, as columns of the positions that were asked for. */
export interface NumberBlock {
  rowCount: number;
  columns: readonly Float64Array[];
  rowOf: (index: number) => number;
}

/** The rows that may be read the short way, and the notations of their columns; null where they are not of numbers. */
interface PlainRequest {
  layout: Omit<PlainLayout, 'delimiter'>;
  notations: () => readonly Notation[] | null;
}

/** Blocks of which the short way reads little, before it is given up. */
const MOST_MISSES = 3;

/** A record that does not end within this many characters is an unclosed quote or no CSV: stop before memory does. */
const MAX_RECORD_LENGTH = 2 ** 24;

/**
 * Cuts CSV text into records, block by block; memory holds one block and one unfinished record. `dialect` is known and
 * `passedOver` counts once the first block has come.
 */
export class RecordReader {
  readonly passedOver: Omit<PassedOver, 'emptyColumns'> = { blank: 0, comments: 0, skipped: 0, empty: 0 };
  dialect: CsvDialect | undefined;
  encoding: string | null = null;
  readonly guesses: string[] = [];
  /** Text not yet handed out; begins where a record begins. */
  #text = '';
  /** Length of the text that has been parsed without finding the end of a record. */
  #unfinished = 0;
  #row = 1;
  readonly #skipped: ReadonlySet<number>;
  #plain: PlainRequest | undefined;
  #misses = 0;
  #papa: Papa | undefined;

  constructor(
    private readonly input: CsvInput,
    private readonly name: string,
    private readonly settings: TextSettings,
  ) {
    this.#skipped = new Set(typeof settings.skipRows === 'number' ? [] : settings.skipRows);
  }

  /**
   * All records, in order. Throws `INVALID_CSV` for a quote that is not closed, for text after a closing quote, for bytes that
   * the encoding does not have and for a NUL character; `FILE_UNREADABLE` when the stream does not open or breaks off.
   */
  async *blocks(): AsyncGenerator<RecordBlock | NumberBlock, void, undefined> {
    const onEncoding = (encoding: string, guess?: string) => {
      this.encoding = encoding;
      if (guess !== undefined) this.guesses.push(guess);
    };
    this.#papa = await loadPapaparse();
    for await (const piece of decodeText(this.input, this.name, this.settings.encoding, onEncoding)) {
      yield* this.#push(piece);
    }
    yield* this.#end();
  }

  /** Reads rows of plain numbers the short way from here on, where the text has no quotes, comments or rows to skip. */
  readPlainRows(layout: PlainRequest['layout'], notations: PlainRequest['notations']): void {
    if (this.dialect?.comment === '' && this.#skipped.size === 0) this.#plain = { layout, notations };
  }

  *#push({ text, fault }: TextPiece): Generator<RecordBlock | NumberBlock, void, undefined> {
    this.#text += text;
    // A long record that is parsed from its beginning once more is twice as long by then: all of it takes a time in proportion.
    const enough = Math.max(this.#unfinished + PIECE_LENGTH, 2 * this.#unfinished);
    if (!fault && this.#text.length < Math.min(enough, MAX_RECORD_LENGTH + 1)) return;
    yield* this.#parse(fault !== undefined);
    if (fault) {
      const { got, ...advice } = fault;
      throw this.#error(this.#row, got, advice);
    }
    if (this.#unfinished > MAX_RECORD_LENGTH) {
      throw this.#error(this.#row, `no end of the row within ${MAX_RECORD_LENGTH.toLocaleString('en')} characters`, {
        expected: 'rows that end with a line break',
        fix: 'Look for a double quote that is not closed.',
      });
    }
  }

  *#end(): Generator<RecordBlock | NumberBlock, void, undefined> {
    // With a line break behind it the last record is like every other; a blank line does no harm.
    const { newline } = this.#findDialect(true);
    if (this.#text !== '' && !this.#text.endsWith(newline)) this.#text += newline;
    yield* this.#parse(true);
    if (this.#text !== '') {
      throw this.#error(this.#row, 'a quoted cell that is not closed before the end of the file', {
        expected: 'a closing double quote',
        fix: 'Close the quote, or write a quote inside a quoted cell twice.',
      });
    }
  }

  *#parse(isWhole: boolean): Generator<RecordBlock | NumberBlock, void, undefined> {
    const dialect = this.#findDialect(isWhole);
    const text = yield* this.#parsePlain(prepared(this.#text, dialect), dialect);
    const parser = new (this.#papa as Papa).Parser({ delimiter: dialect.delimiter, newline: dialect.newline });
    // The last record is left for the next call, since it may go on: the parser reports in `cursor` where it begins.
    const { data, errors, meta } = parser.parse(text, 0, true) as PapaParse.ParseResult<string[]>;
    const firstRow = this.#row;
    // A fault in the record that is cut off may be an effect of the cut; if it is real it comes again.
    const broken = errors.find(({ row }) => row !== undefined && row < data.length)?.row;
    const block = this.#withData(broken === undefined ? data : data.slice(0, broken), firstRow, dialect);
    if (block.records.length > 0) yield block;
    if (broken !== undefined) {
      throw this.#error(firstRow + broken, 'text after the closing quote of a cell', {
        expected: 'a delimiter or the end of the row there',
        fix: 'Write a quote inside a quoted cell twice.',
      });
    }
    this.#text = text.slice(meta.cursor);
    this.#unfinished = this.#text.length;
    this.#row += data.length;
  }

  /** Reads rows of plain numbers at the beginning of the text, and returns the rest of it. */
  *#parsePlain(text: string, dialect: CsvDialect): Generator<NumberBlock, string, undefined> {
    const notations = this.#plain?.notations();
    if (!this.#plain || !notations || dialect.newline !== '\n' || text.includes('"')) return text;
    const layout = { ...this.#plain.layout, delimiter: dialect.delimiter.charCodeAt(0) };
    const { rowCount, columns, end } = readPlainRows(text, layout, notations);
    this.#misses = 2 * end < text.length ? this.#misses + 1 : 0;
    if (this.#misses === MOST_MISSES) this.#plain = undefined;
    if (rowCount === 0) return text;
    const firstRow = this.#row;
    this.#row += rowCount;
    yield { rowCount, columns, rowOf: (index) => firstRow + index };
    return text.slice(end);
  }

  /** The records without those that hold no data, which are counted. */
  #withData(data: string[][], firstRow: number, { comment, delimiter }: CsvDialect): RecordBlock {
    const { passedOver } = this;
    const kindOf = (record: readonly string[], row: number): Exclude<keyof PassedOver, 'emptyColumns'> | undefined => {
      const first = record[0] as string;
      if (this.#skipped.has(row)) return 'skipped';
      if (comment !== '' && first.startsWith(comment)) return 'comments';
      if (delimiter === '|' && isRule(record)) return 'empty';
      if (first.trim() !== '') return undefined;
      if (record.length === 1) return 'blank';
      return record.every((cell) => cell.trim() === '') ? 'empty' : undefined;
    };
    const rows: number[] = [];
    const records: string[][] = [];
    for (let i = 0; i < data.length; i++) {
      const record = data[i] as string[];
      const kind = kindOf(record, firstRow + i);
      if (kind !== undefined) {
        passedOver[kind] += 1;
        continue;
      }
      rows.push(firstRow + i);
      records.push(record);
    }
    if (records.length === data.length) return { records: data, rowOf: (index) => firstRow + index };
    return { records, rowOf: (index) => rows[index] as number };
  }

  #findDialect(isWhole: boolean): CsvDialect {
    if (this.dialect) return this.dialect;
    if (this.#text.startsWith('\uFEFF')) this.#text = this.#text.slice(1);
    this.dialect = findDialect(this.#text, this.settings, { isWhole, papa: this.#papa as Papa });
    const { above, guesses } = this.dialect;
    this.#text = this.#text.slice(above.length);
    this.#row += above.skipped + above.comments + above.blank + above.separator;
    this.passedOver.skipped += above.skipped;
    this.passedOver.comments += above.comments;
    this.passedOver.blank += above.blank;
    this.guesses.push(...guesses);
    return this.dialect;
  }

  #error(row: number, got: string, advice: { expected: string; fix: string }): DescentError {
    const where = { file: this.name, row };
    return new DescentError('INVALID_CSV', { got: `${this.name}, row ${row}: ${got}`, ...advice, where });
  }
}

/** The text as the parser takes it: it knows no runs of blanks, no blanks before quotes, and no mixed line ends. */
function prepared(text: string, { delimiter, hasCrlf, hasBlanksBeforeQuotes }: CsvDialect): string {
  let ready = hasCrlf ? text.replaceAll('\r\n', '\n') : text;
  if (delimiter === ' ') ready = withSingleBlanks(ready);
  return hasBlanksBeforeQuotes ? withoutBlanksBeforeQuotes(ready, delimiter) : ready;
}

/** True for the line under the header of a table in Markdown, or of one that a database prints: |---|:---:| or ---+---. */
function isRule(record: readonly string[]): boolean {
  const text = record.join('|');
  return /^[\s|:+=-]*$/.test(text) && /[-=]{3}/.test(text) && (text.match(/[|+]/g)?.length ?? 0) > 0;
}
