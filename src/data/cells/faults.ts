import { DescentError, type DescentErrorCode } from '../../base/errors.js';
import { listOf, quoteName } from '../../base/quote-names.js';

/** The kinds of faults of cells, in words for several of them. */
const KINDS = {
  missing: 'missing values',
  text: 'cells that are no numbers',
  integer: 'integers that f64 does not hold',
  infinite: 'numbers that are not finite',
  ambiguous: 'numbers that can be read in two ways',
  notation: 'numbers in another notation',
  unit: 'numbers with a unit',
  type: 'values of another type',
  date: 'cells that are no dates',
  level: 'levels that the model does not know',
  weight: 'weights under 0',
  label: 'labels of no class',
  ragged: 'rows of another length',
} as const;

export type FaultKind = keyof typeof KINDS;

/** The words about the first fault of a kind in a column; `got` without its place. */
export interface FaultWords {
  code: DescentErrorCode;
  got: string;
  expected: string;
  /** Advice on the cell; or the option that reads the whole column, which is named for all such columns at once. */
  fix: string | { option: 'categories' | 'dates' };
}

interface Fault {
  kind: FaultKind;
  /** undefined for a fault of a whole row. */
  column: string | undefined;
  row: number;
  count: number;
  /** Asked for at the end, when all cells are known. */
  words: () => FaultWords;
}

/** Columns whose faults are counted in a message; of the others it gives the number. */
const MOST_COLUMNS = 10;

/**
 * The faults of a table, counted by kind and column while it is read, so that one error tells of all of them. `source` is the
 * name of the file or table.
 */
export class FaultLog {
  readonly #faults: Map<string, Fault>;

  /** `placeOf` finds the file of a row, where there are several. */
  constructor(
    readonly source: string,
    private readonly placeOf: (row: number) => { file: string; row: number } = (row) => ({ file: source, row }),
    private readonly offset = 0,
    faults = new Map<string, Fault>(),
  ) {
    this.#faults = faults;
  }

  /** The same log for rows that count from another one. */
  from(offset: number): FaultLog {
    return new FaultLog(this.source, this.placeOf, offset, this.#faults);
  }

  /** A row in words, with its file where it is one of several. */
  rowName(row: number): string {
    const place = this.placeOf(row);
    return place.file === this.source ? `row ${place.row}` : `row ${place.row} of ${place.file}`;
  }

  get isEmpty(): boolean {
    return this.#faults.size === 0;
  }

  /** Adds faults of one kind in a column; the error has the words about the first of them. */
  add(kind: FaultKind, column: string | undefined, row: number, words: () => FaultWords, count = 1): void {
    const key = `${kind} ${column ?? ''}`;
    const known = this.#faults.get(key);
    if (known) known.count += count;
    else this.#faults.set(key, { kind, column, row: this.offset + row, count, words });
  }

  /** Throws the error about all faults, with the place of the first. */
  throwIfAny(): void {
    const faults = [...this.#faults.values()];
    const [first, ...others] = faults.sort((a, b) => a.row - b.row);
    if (!first) return;
    const alike = [first, ...others.filter(({ kind }) => kind === first.kind)];
    const rest = others.filter(({ kind }) => kind !== first.kind);
    const words = first.words();
    const columns = columnAdvice(faults);
    const fix = typeof words.fix === 'string' ? [words.fix, columns].filter((text) => text !== '').join(' ') : columns;
    const { file, row } = this.placeOf(first.row);
    const place = `${file}, row ${row}${first.column === undefined ? '' : `, column ${quoteName(first.column)}`}`;
    const isOne = alike.length === 1 && first.count === 1;
    const notes = [...(isOne ? [] : [counted(alike)]), ...groupsOf(rest).map((group) => `also ${counted(group)}`)];
    throw new DescentError(words.code, {
      got: `${place}: ${words.got}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`,
      expected: words.expected,
      fix,
      where: { file, row, ...(first.column !== undefined && { column: first.column }) },
    });
  }
}

/** Advice on columns that hold something else than numbers; '' where there are none. */
function columnAdvice(faults: readonly Fault[]): string {
  const columns: Record<'categories' | 'dates', string[]> = { categories: [], dates: [] };
  for (const { column, words } of faults) {
    const { fix } = words();
    if (typeof fix !== 'string' && column !== undefined) columns[fix.option].push(column);
  }
  const { categories, dates } = columns;
  const all = [...categories, ...dates];
  if (all.length === 0) return '';
  const ways = [
    ...(categories.length === 0
      ? []
      : [`as categories with categories: ${listOf(...categories.slice(0, MOST_COLUMNS))}`]),
    ...(dates.length === 0 ? [] : [`as dates with dates: ${listOf(...dates.slice(0, MOST_COLUMNS))}`]),
  ];
  const [columnWord, pronoun] = all.length === 1 ? ['the column', 'it'] : ['columns', 'them'];
  return `Read ${columnWord} ${ways.join(', ')}, or leave ${pronoun} out with exclude: ${listOf(...all.slice(0, MOST_COLUMNS))} or features.`;
}

function groupsOf(faults: readonly Fault[]): Fault[][] {
  return (Object.keys(KINDS) as FaultKind[])
    .map((kind) => faults.filter((fault) => fault.kind === kind))
    .filter(({ length }) => length > 0);
}

/** Faults of one kind: "missing values: 2 in "x", 1 in "y"". */
function counted(faults: readonly Fault[]): string {
  const [{ kind }] = faults as [Fault];
  const shown = faults
    .slice(0, MOST_COLUMNS)
    .map(({ column, count }) => (column === undefined ? String(count) : `${count} in ${quoteName(column)}`));
  const left = faults.length - shown.length;
  return `${KINDS[kind]}: ${[...shown, ...(left > 0 ? [`… in ${left} more columns`] : [])].join(', ')}`;
}
