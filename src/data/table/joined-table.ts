import type { FaultLog } from '../cells/faults.js';
import type { Notation } from '../cells/notation.js';
import { placesOf, positionOf } from './plan-columns.js';
import type { PassedOver } from './reading-report.js';
import type { CellBlock, FormatReport, TableHead, TablePass, TableReader } from './table-reader.js';

/** Rows of table k count from k times this, so that the place of each is known. No file has so many. */
const ROWS_OF_A_TABLE = 2 ** 40;

/** Several tables of the same columns, one after another. */
export class JoinedTable implements TableReader {
  readonly name: string;
  readonly code: TableReader['code'];

  constructor(private readonly tables: readonly [TableReader, ...TableReader[]]) {
    const [{ name, code }, ...others] = tables;
    this.name =
      others.length === 0 ? name : `${name} and ${others.length} more ${others.length === 1 ? 'file' : 'files'}`;
    this.code = code;
  }

  open(wanted: readonly string[]): TablePass {
    return new JoinedPass(this.tables, wanted);
  }

  placeOf(row: number): { file: string; row: number } {
    const table = this.tables[Math.floor(row / ROWS_OF_A_TABLE)] as TableReader;
    return { file: table.name, row: row % ROWS_OF_A_TABLE };
  }
}

class JoinedPass implements TablePass {
  readonly #first: TablePass;
  readonly #reports: FormatReport[] = [];

  constructor(
    private readonly tables: readonly [TableReader, ...TableReader[]],
    private readonly wanted: readonly string[],
  ) {
    this.#first = tables[0].open(wanted);
  }

  head(): Promise<TableHead> {
    return this.#first.head();
  }

  async *blocks(
    positions: readonly number[],
    faults: FaultLog,
    notations: () => readonly Notation[] | null,
  ): AsyncGenerator<CellBlock, void, undefined> {
    const { names } = await this.head();
    for (const [k, table] of this.tables.entries()) {
      const pass = k === 0 ? this.#first : table.open(this.wanted);
      const own =
        k === 0
          ? positions
          : await positionsIn(
              pass,
              table,
              positions.map((position) => names[position] as string),
            );
      for await (const block of pass.blocks(own, faults.from(k * ROWS_OF_A_TABLE), notations)) {
        yield { ...block, rowOf: (index) => k * ROWS_OF_A_TABLE + block.rowOf(index) };
      }
      this.#reports.push(pass.report());
    }
  }

  report(): FormatReport {
    const [first = this.#first.report(), ...others] = this.#reports;
    const passedOver = { ...first.passedOver };
    for (const { passedOver: more } of others) {
      for (const kind of Object.keys(passedOver) as (keyof PassedOver)[]) passedOver[kind] += more[kind];
    }
    return { ...first, passedOver, guesses: [...new Set([first, ...others].flatMap(({ guesses }) => guesses))] };
  }

  close(): Promise<void> {
    return this.#first.close();
  }
}

/** The positions of columns in a further table. */
async function positionsIn(pass: TablePass, table: TableReader, names: readonly string[]): Promise<number[]> {
  try {
    const head = await pass.head();
    const places = placesOf(head.names);
    return names.map((name) => positionOf(name, places, { head, source: table.name, isKept: false }));
  } catch (error) {
    await pass.close();
    throw error;
  }
}
