import { counted } from '../../base/quote.js';
import type { TextSettings } from '../../options/reading.js';
import type { FaultLog } from '../cells/faults.js';
import type { Notation } from '../cells/notation.js';
import { emptyData } from '../table/plan-columns.js';
import type { CellBlock, FormatReport, TablePass, TableReader } from '../table/table-reader.js';
import type { CsvInput } from './decode.js';
import { COMMAS_IN_NUMBERS, type CsvHeader, findHeader } from './header.js';
import { type NumberBlock, type RecordBlock, RecordReader } from './records.js';

/** A file of CSV text as a table of cells. */
export class CsvTable implements TableReader {
  readonly code = 'INVALID_CSV';

  constructor(
    readonly name: string,
    private readonly input: CsvInput,
    private readonly settings: TextSettings,
  ) {}

  open(wanted: readonly string[]): CsvPass {
    const records = new RecordReader(this.input, this.name, this.settings);
    return new CsvPass(this.name, records, wanted, this.settings);
  }
}

/** One pass over a file: its first block shows the header. */
export class CsvPass implements TablePass {
  #header: CsvHeader | undefined;
  #first: RecordBlock | undefined;
  readonly #blocks: AsyncGenerator<RecordBlock | NumberBlock, void, undefined>;

  constructor(
    private readonly name: string,
    private readonly records: RecordReader,
    private readonly wanted: readonly string[],
    private readonly settings: TextSettings,
  ) {
    this.#blocks = records.blocks();
  }

  async head(): Promise<CsvHeader> {
    if (this.#header) return this.#header;
    const { done, value } = await this.#blocks.next();
    if (done || !this.records.dialect) throw emptyData(`${this.name} without any row`);
    this.#first = { ...value, records: recordsOf(value) };
    const { above, delimiter } = this.records.dialect;
    this.#header = findHeader({
      name: this.name,
      records: this.#first.records,
      wanted: this.wanted,
      lastComment: above.lastComment,
      delimiter,
      setting: this.settings.header,
      rowOf: this.#first.rowOf,
    });
    return this.#header;
  }

  /** The first rows of data as cells of text, for a look at them. */
  async firstRows(most: number): Promise<string[][]> {
    const { hasHeader } = await this.head();
    const rows = (this.#first as RecordBlock).records.slice(hasHeader ? 1 : 0);
    while (rows.length < most) {
      const { done, value } = await this.#blocks.next();
      if (done) break;
      rows.push(...recordsOf(value).slice(0, most - rows.length));
    }
    await this.close();
    return rows.slice(0, most);
  }

  async *blocks(
    positions: readonly number[],
    faults: FaultLog,
    notations: () => readonly Notation[] | null,
  ): AsyncGenerator<CellBlock, void, undefined> {
    const { hasHeader, width } = await this.head();
    this.records.readPlainRows({ width, positions }, notations);
    try {
      const delimiter = this.records.dialect?.delimiter ?? ',';
      const layout: CellLayout = { width, positions, delimiter, counts: { rows: 0, long: 0 } };
      yield toCells(this.#first as RecordBlock, hasHeader ? 1 : 0, layout, faults);
      for await (const block of this.#blocks) {
        yield 'columns' in block ? block : toCells(block, 0, layout, faults);
      }
    } finally {
      await this.close();
    }
  }

  report(): FormatReport {
    const { dialect, encoding, passedOver, guesses } = this.records;
    const header = this.#header;
    return {
      encoding,
      delimiter: dialect?.delimiter ?? null,
      header: header ? header.hasHeader || header.isInComment : null,
      comment: dialect?.comment || null,
      passedOver: { ...passedOver, emptyColumns: header?.emptyColumns ?? 0 },
      guesses: [...guesses, ...(header?.guesses ?? [])],
    };
  }

  async close(): Promise<void> {
    await this.#blocks.return();
  }
}

/** The records of a block; before a plan is known, all blocks have them. */
function recordsOf(block: RecordBlock | NumberBlock): string[][] {
  return 'records' in block ? block.records : [];
}

/** The rows of a file: their cells, what divides them, and the positions of those in use. */
interface CellLayout {
  width: number;
  delimiter: string;
  positions: readonly number[];
  /** Number of rows so far, and of those that are too long: commas within numbers make most rows so. */
  counts: { rows: number; long: number };
}

/** The columns in use of records from `first` on; records of another length are faults. */
function toCells({ records, rowOf }: RecordBlock, first: number, layout: CellLayout, faults: FaultLog): CellBlock {
  const { width, positions, counts } = layout;
  counts.rows += records.length - first;
  const isRagged = records.some((record, i) => i >= first && record.length !== width && !isPadded(record, width));
  const kept = first === 0 && !isRagged ? undefined : rowsOf(records, rowOf, first, layout, faults);
  const rows = kept?.records ?? records;
  const columns = positions.map((position) => {
    const cells: string[] = new Array<string>(rows.length);
    for (let i = 0; i < rows.length; i++) cells[i] = (rows[i] as string[])[position] as string;
    return cells;
  });
  return { rowCount: rows.length, columns, rowOf: kept?.rowOf ?? rowOf };
}

/** True for a longer record whose further cells are empty. */
function isPadded(record: readonly string[], width: number): boolean {
  for (let j = width; j < record.length; j++) if ((record[j] as string).trim() !== '') return false;
  return record.length > width;
}

function rowsOf(
  records: readonly string[][],
  rowOf: RecordBlock['rowOf'],
  first: number,
  { width, delimiter, counts }: CellLayout,
  faults: FaultLog,
): RecordBlock {
  const kept: string[][] = [];
  const rows: number[] = [];
  for (let i = first; i < records.length; i++) {
    const record = records[i] as string[];
    if (record.length !== width && !isPadded(record, width)) {
      if (record.length > width) counts.long += 1;
      faults.add('ragged', undefined, rowOf(i), () => ({
        code: 'INVALID_CSV',
        got: counted(record.length, 'cell'),
        expected: `${width}, as in the first row`,
        fix: adviceOnRecord(record, rowOf(i), delimiter === ',' && 2 * counts.long > counts.rows),
      }));
      continue;
    }
    kept.push(record);
    rows.push(rowOf(i));
  }
  return { records: kept, rowOf: (index) => rows[index] as number };
}

/** Marks with which programs begin comment lines. */
const COMMENT_MARK = /^\s*(#|%|\/\/|;|--|!)/;

/** Advice on a record of another length; `areMostLong` says that commas divide most rows into too many cells. */
function adviceOnRecord(record: readonly string[], row: number, areMostLong: boolean): string {
  const skipped = `skip the row with skipRows: [${row}]`;
  const mark = COMMENT_MARK.exec(record[0] ?? '')?.[1];
  if (mark !== undefined) return `For a comment, pass comment: '${mark}', or ${skipped}.`;
  if (areMostLong) return `${COMMAS_IN_NUMBERS} Or ${skipped}.`;
  return `Add or remove cells, quote those that hold the delimiter, or ${skipped}.`;
}
