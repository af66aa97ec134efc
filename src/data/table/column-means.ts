import { DescentError } from '../../base/errors.js';
import { listOf } from '../../base/quote-names.js';
import type { FloatArray } from '../numbers.js';
import type { ColumnEncoding } from './encoding.js';

/** The means of columns and the shares of levels, added up batch by batch; missing values count for nothing. */
export class ColumnMeans {
  readonly #totals: number[];
  readonly #counts: number[];
  /** The number of examples of each level, of columns of categories. */
  readonly #levels: number[][];

  constructor(private readonly columns: readonly ColumnEncoding[]) {
    this.#totals = columns.map(() => 0);
    this.#counts = columns.map(() => 0);
    this.#levels = columns.map((column) => (column.kind === 'category' ? column.levels.map(() => 0) : []));
  }

  /** Adds examples: [k] columns of numbers, or codes of levels. */
  add(inputs: readonly FloatArray[]): this {
    this.columns.forEach(({ kind }, k) => {
      const levels = this.#levels[k] as number[];
      let total = 0;
      let count = 0;
      for (const value of inputs[k] as FloatArray) {
        if (Number.isNaN(value)) continue;
        total += value;
        count += 1;
        if (kind === 'category') levels[value] = (levels[value] ?? 0) + 1;
      }
      this.#totals[k] = (this.#totals[k] as number) + total;
      this.#counts[k] = (this.#counts[k] as number) + count;
    });
    return this;
  }

  /** The encodings with a mean, or the shares of levels, in place of missing values. Throws `MISSING_VALUE` for a column without values. */
  encodings(): ColumnEncoding[] {
    return this.columns.map((column, k) => {
      const count = this.#counts[k] as number;
      if (count === 0) throw noValue(column.name);
      if (column.kind !== 'category') return { ...column, mean: (this.#totals[k] as number) / count };
      return { ...column, shares: (this.#levels[k] as number[]).map((level) => level / count) };
    });
  }
}

function noValue(name: string): DescentError {
  return new DescentError('MISSING_VALUE', {
    got: `no value at all in column '${name}'`,
    expected: 'at least one, whose mean fills the others',
    fix: `Leave the column out with exclude: ${listOf(name)}.`,
    where: { column: name },
  });
}
