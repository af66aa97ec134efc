import type { TableSettings } from '../../options/reading.js';
import { CategoryReader } from '../cells/category-column.js';
import {
  type Cells,
  type ColumnPlan,
  type ColumnReader,
  part,
  type ReadingRules,
  type ReadingUse,
} from '../cells/column.js';
import type { Notation } from '../cells/notation.js';
import { DateReader } from '../cells/date-column.js';
import { FaultLog } from '../cells/faults.js';
import { LabelReader } from '../cells/label-column.js';
import { NumberReader } from '../cells/number-column.js';
import { quoteName } from '../../base/quote-names.js';
import { rowsOfColumn } from '../checked-dataset.js';
import { type FloatArray, isFloats } from '../numbers.js';
import type { ColumnReport } from './reading-report.js';
import type { CellBlock, TableReader } from './table-reader.js';

/** Rows handed out at a time: upload and decoding work on one batch each, and neither waits long for the other. */
const BATCH_ROWS = 65_536;

/** Values handed out at a time, so that a batch of a wide table stays near 16 MiB. */
const BATCH_VALUES = 2 ** 21;

/** The size that the batches of a table may have. */
export interface ReadingRoom {
  /** The bytes that two batches may take. Default: any number. */
  mostBytes?: number | undefined;
  /** The numbers that a row becomes. Default: one for each column. */
  width?: number | undefined;
}

/** The rows of a batch: one at least, whatever the room. */
function rowsOfBatch({ mostBytes = Infinity, width = 1 }: ReadingRoom): number {
  const values = Math.min(BATCH_VALUES, mostBytes / 2 / Float64Array.BYTES_PER_ELEMENT);
  return Math.max(1, Math.min(BATCH_ROWS, Math.floor(values / width)));
}

/** The cells of a table, read as numbers and codes: one pass over its rows, block by block. */
export class TableReading {
  readonly columns: readonly ColumnReader[];
  readonly faults: FaultLog;
  rowsRead = 0;
  rowsDropped = 0;
  readonly #capacity: number;
  private readonly keepsRows: boolean;
  /** [k] numbers of missing values that means take the place of */
  readonly #filledCounts: number[];
  readonly #policy: TableSettings['missing'];
  /** [k] arrays of [capacity] */
  #values: Float64Array[] = [];
  #filled = 0;
  /** Rows of blocks whose columns were finite f64 as a whole. */
  #checkedRows = 0;

  /** Predictions read missing values as NaN and drop no row, so that they go with the rows of the table. */
  constructor(
    plans: readonly ColumnPlan[],
    settings: TableSettings,
    table: Pick<TableReader, 'name' | 'code' | 'placeOf'>,
    use: ReadingUse = 'train',
    room: ReadingRoom = {},
  ) {
    this.keepsRows = use === 'predict';
    this.faults = new FaultLog(table.name, table.placeOf?.bind(table));
    this.#policy = settings.missing;
    this.#capacity = rowsOfBatch({ width: Math.max(1, plans.length), ...room });
    const rules = { settings, faults: this.faults, code: table.code, use };
    this.#filledCounts = plans.map(() => 0);
    this.columns = plans.map((plan) => readerOf(plan, rules));
  }

  /** Reads a block, and yields [k] columns of values for each batch that it fills. */
  *push(block: CellBlock): Generator<Float64Array[], void, undefined> {
    for (let from = 0; from < block.rowCount;) {
      const count = Math.min(block.rowCount - from, this.#capacity - this.#filled);
      if (this.#values.length === 0) this.#values = this.columns.map(() => new Float64Array(this.#capacity));
      this.#read(block, from, count);
      from += count;
      if (this.#filled === this.#capacity) yield this.#take();
    }
  }

  /** True if all rows so far came in columns of finite f64. */
  get areChecked(): boolean {
    return this.#checkedRows === this.rowsRead;
  }

  /** The same for a receiver that keeps all values: columns of finite f64 are copied in one piece, and others come in batches. */
  *pushWhole(block: CellBlock): Generator<Float64Array[], void, undefined> {
    const floats = this.#plainFloats(block);
    if (!floats) return yield* this.push(block);
    if (this.#filled > 0) yield this.#take();
    this.rowsRead += block.rowCount;
    this.#checkedRows += block.rowCount;
    yield floats.map((values) => values.slice());
  }

  /** The columns of a block if all are f64 and finite; null else. */
  #plainFloats({ columns, rowCount }: CellBlock): Float64Array[] | null {
    const floats = columns.filter((values) => values instanceof Float64Array);
    if (floats.length < this.columns.length || floats.some(({ length }) => length !== rowCount)) return null;
    const isPlain = this.columns.every((column, k) => {
      return column instanceof NumberReader && column.takesAsTheyAre(floats[k] as Float64Array);
    });
    return isPlain && rowCount > 0 ? floats : null;
  }

  /** The notations of the columns if all hold numbers, so that plain ones may be read the short way; else null. */
  notations(): readonly Notation[] | null {
    const numbers = this.columns.filter((column) => column instanceof NumberReader);
    return numbers.length === this.columns.length ? numbers.map(({ notation }) => notation) : null;
  }

  /** Yields what is left after the last block. */
  *end(): Generator<Float64Array[], void, undefined> {
    if (this.#filled > 0) yield this.#take();
  }

  /** The [k] columns of values of a table in one block: columns of finite floats as they are. */
  whole(block: CellBlock): FloatArray[] {
    const { rowCount } = block;
    const incomplete = new Uint8Array(rowCount);
    const columns = this.columns.map((column, k): FloatArray => {
      const values = block.columns[k] as ArrayLike<unknown>;
      if (column instanceof NumberReader && isFloats(values) && column.takesAsTheyAre(values)) return values;
      const out = new Float64Array(rowCount);
      const isFilled = this.keepsRows || (this.#policy === 'mean' && column.plan.role === 'feature');
      column.read({ values, rowOf: block.rowOf }, out, isFilled ? new Uint8Array(rowCount) : incomplete);
      return out;
    });
    this.rowsRead = rowCount;
    this.#countFilled(columns, incomplete);
    if (!incomplete.includes(1)) return columns;
    const kept = new Uint32Array(rowCount).map((_, i) => i).filter((i) => !incomplete[i]);
    this.rowsDropped = rowCount - kept.length;
    return columns.map((column) => rowsOfColumn(column, kept));
  }

  /** Settles the columns, after the last block, and throws the error about all faults. */
  settle(delimiter: string | null = null): void {
    for (const column of this.columns) column.settle();
    this.#refuseTwoNotations();
    // Semicolons divide cells where commas are decimal, and points then stand between groups.
    if (delimiter === ';') for (const column of this.#doubtful()) column.refusePoints();
    this.faults.throwIfAny();
  }

  /** The guesses about cells, in sentences. */
  guesses(): string[] {
    const points = this.#doubtful().map((column) => {
      const { pointShown, plan } = column;
      return `Points in ${quoteName(plan.name)} are decimal, as in ${pointShown}, though no cell proves it; thousands: '.' reads ${pointShown.replace('.', '')}.`;
    });
    return [...points, ...this.columns.flatMap((column) => column.guesses?.() ?? [])];
  }

  report(): ColumnReport[] {
    return this.columns.map((column, k) => {
      const { name } = column.plan;
      const missing = column.missingCount;
      if (column instanceof LabelReader) return { name, kind: 'label', missing, filled: 0 };
      const { kind } = column.encoding();
      const notation = kind === 'number' && column instanceof NumberReader ? column.notation.summary : {};
      return { name, kind, missing, filled: this.#filledCounts[k] as number, ...notation };
    });
  }

  #read(block: CellBlock, from: number, count: number): void {
    const incomplete = new Uint8Array(count);
    const ignored = new Uint8Array(count);
    const rowOf = (index: number) => block.rowOf(from + index);
    this.columns.forEach((column, k) => {
      const cells: Cells = { values: part(block.columns[k] as ArrayLike<unknown>, from, count), rowOf };
      const out = (this.#values[k] as Float64Array).subarray(this.#filled, this.#filled + count);
      if (column instanceof NumberReader) {
        const floats = floatsOf(cells.values, out);
        if (floats && column.takesAsTheyAre(floats)) {
          if (floats !== out) out.set(floats);
          return;
        }
      }
      const isFilled = this.keepsRows || (this.#policy === 'mean' && column.plan.role === 'feature');
      column.read(cells, out, isFilled ? ignored : incomplete);
    });
    this.rowsRead += count;
    const { length } = incomplete;
    this.#countFilled(
      this.#values.map((values) => values.subarray(this.#filled, this.#filled + length)),
      incomplete,
    );
    this.#filled += incomplete.includes(1) ? this.#drop(incomplete) : count;
  }

  /** Counts the missing values of rows that stay, in columns whose means are filled in. */
  #countFilled(values: readonly FloatArray[], incomplete: Uint8Array): void {
    if (this.#policy !== 'mean') return;
    this.columns.forEach(({ plan, missingCount }, k) => {
      if (plan.role !== 'feature' || missingCount === 0) return;
      const column = values[k] as FloatArray;
      let filled = 0;
      for (let i = 0; i < incomplete.length; i++) if (Number.isNaN(column[i]) && !incomplete[i]) filled += 1;
      this.#filledCounts[k] = (this.#filledCounts[k] as number) + filled;
    });
  }

  /** The columns of numbers whose points are in doubt; none where a cell of the table proves what points are. */
  #doubtful(): NumberReader[] {
    const numbers = this.columns.filter((column) => column instanceof NumberReader);
    if (numbers.some(({ notation }) => notation.point === 'fraction' || notation.proofOfComma)) return [];
    return numbers.filter((column) => column.hasDoubtfulPoints);
  }

  /** Closes the gaps that incomplete rows leave, and returns the number of rows that stay. */
  #drop(incomplete: Uint8Array): number {
    let kept = 0;
    const first = this.#filled;
    for (let i = 0; i < incomplete.length; i++) {
      if (incomplete[i]) continue;
      if (kept < i) for (const values of this.#values) values[first + kept] = values[first + i] as number;
      kept += 1;
    }
    this.rowsDropped += incomplete.length - kept;
    return kept;
  }

  #take(): Float64Array[] {
    const values = this.#values;
    const filled = this.#filled;
    this.#values = [];
    this.#filled = 0;
    return filled === this.#capacity ? values : values.map((column) => column.slice(0, filled));
  }

  /** Points before three digits, as in 1.234, may stand between groups where the comma is decimal in another column. */
  #refuseTwoNotations(): void {
    const numbers = this.columns.filter((column) => column instanceof NumberReader);
    const comma = numbers.find(({ notation }) => notation.proofOfComma !== undefined);
    const proof = comma?.notation.proofOfComma;
    if (!comma || !proof) return;
    for (const column of numbers) {
      const { point, isSettled } = column.notation;
      if (point === 'either' && !isSettled) column.refuseBeside(comma.plan.name, proof);
    }
  }
}

/** Cells that are floats, or a list of numbers, which it writes into `out`; null for others. */
function floatsOf(cells: ArrayLike<unknown>, out: Float64Array): FloatArray | null {
  if (isFloats(cells)) return cells;
  if (!Array.isArray(cells)) return null;
  for (let i = 0; i < cells.length; i++) {
    const cell: unknown = cells[i];
    if (typeof cell !== 'number') return null;
    out[i] = cell;
  }
  return out;
}

function readerOf(plan: ColumnPlan, rules: ReadingRules): ColumnReader {
  if (plan.kind === 'label') return new LabelReader(plan, rules);
  if (plan.kind === 'category') return new CategoryReader(plan, rules);
  return plan.kind === 'date' ? new DateReader(plan, rules) : new NumberReader(plan, rules);
}
