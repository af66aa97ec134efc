import { DescentError } from '../../base/errors.js';
import { namesIn } from '../../base/quote.js';
import { MemoryTable, type Table } from './memory-table.js';
import { emptyData } from './plan-columns.js';
import type { CellBlock, FormatReport, TableHead, TablePass, TableReader } from './table-reader.js';

/** A sequence of tables of the same columns, such as the record batches of a query. */
export type TableBatches = AsyncIterable<Table> | Iterable<Table>;

/** A table that comes in batches: each call of `openBatches` begins anew. */
export class BatchTable implements TableReader {
  readonly code = 'INVALID_VALUE';

  constructor(
    readonly name: string,
    private readonly openBatches: () => TableBatches | Promise<TableBatches>,
  ) {}

  open(): TablePass {
    return new BatchPass(this.name, this.openBatches);
  }
}

class BatchPass implements TablePass {
  #iterator: AsyncIterator<Table> | Iterator<Table> | undefined;
  #first: MemoryTable | undefined;

  constructor(
    private readonly name: string,
    private readonly openBatches: () => TableBatches | Promise<TableBatches>,
  ) {}

  async head(): Promise<TableHead> {
    this.#first ??= await this.#next();
    if (!this.#first) throw emptyData(`${this.name} without any batch`);
    return this.#first.head();
  }

  async *blocks(positions: readonly number[]): AsyncGenerator<CellBlock, void, undefined> {
    const { names } = await this.head();
    let firstRow = 0;
    try {
      for (let table = this.#first; table; table = await this.#next()) {
        const block = table.block(positionsIn(table, names, positions, firstRow));
        const offset = firstRow;
        yield { ...block, rowOf: (index) => offset + index };
        firstRow += block.rowCount;
      }
    } finally {
      await this.close();
    }
  }

  report(): FormatReport {
    const passedOver = { blank: 0, comments: 0, skipped: 0, empty: 0, emptyColumns: 0 };
    return { encoding: null, delimiter: null, header: null, comment: null, passedOver, guesses: [] };
  }

  async close(): Promise<void> {
    // A source that broke off refuses to end with the error that was just reported.
    await Promise.resolve(this.#iterator?.return?.()).catch(() => undefined);
    this.#iterator = undefined;
  }

  async #next(): Promise<MemoryTable | undefined> {
    try {
      this.#iterator ??= iteratorOf(await this.openBatches());
      const result: IteratorResult<Table, unknown> = await this.#iterator.next();
      return result.done ? undefined : new MemoryTable(this.name, result.value);
    } catch (cause) {
      if (cause instanceof DescentError) throw cause;
      throw new DescentError('FILE_UNREADABLE', {
        got: `${this.name}: ${cause instanceof Error ? cause.message : String(cause)}`,
        expected: 'batches that can be read to the last one',
        fix: 'Check the source; each call of the function has to begin anew.',
        where: { file: this.name },
        cause,
      });
    }
  }
}

function iteratorOf(batches: TableBatches): AsyncIterator<Table> | Iterator<Table> {
  if (Symbol.asyncIterator in batches) return batches[Symbol.asyncIterator]();
  return batches[Symbol.iterator]();
}

/** The positions of the columns in a batch, which may have them in another order. */
function positionsIn(
  table: MemoryTable,
  names: readonly string[],
  positions: readonly number[],
  row: number,
): number[] {
  const own = table.head().names;
  return positions.map((position) => {
    const name = names[position] as string;
    const place = own[position] === name ? position : own.indexOf(name);
    if (place >= 0) return place;
    throw new DescentError('UNKNOWN_COLUMN', {
      got: `${table.name}, row ${row}: a batch without column '${name}'`,
      expected: `the columns of the first batch: ${namesIn(names)}`,
      fix: 'Give all batches the same columns.',
      where: { file: table.name, row, column: name },
    });
  });
}
