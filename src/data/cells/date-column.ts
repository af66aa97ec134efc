import { quote } from '../../base/quote.js';
import type { ColumnEncoding } from '../table/encoding.js';
import type { Cells, ColumnPlan, ColumnReader, ReadingRules } from './column.js';
import { missingFault } from './missing.js';
import { dateInUnit, dateOf, MissingWords } from './words.js';

/** A column of dates, which become numbers since 1970. */
export class DateReader implements ColumnReader {
  readonly isOpen = false;
  readonly needsReread = false;
  missingCount = 0;
  readonly #words: MissingWords;

  constructor(
    readonly plan: ColumnPlan,
    private readonly rules: ReadingRules,
  ) {
    this.#words = new MissingWords(rules.settings.missingValues);
  }

  read({ values, rowOf }: Cells, out: Float64Array, missing: Uint8Array): void {
    const { dateUnit } = this.rules.settings;
    const unit = this.plan.known?.kind === 'date' ? this.plan.known.unit : dateUnit;
    for (let i = 0; i < out.length; i++) {
      const cell = values[i];
      const text = typeof cell === 'string' ? cell.trim() : '';
      const isMissing =
        cell === null || cell === undefined || (typeof cell === 'string' && this.#words.isMissing(text, true));
      out[i] = cell instanceof Date ? dateInUnit(cell.getTime(), unit) : dateOf(text, unit);
      if (isMissing) this.#miss(text, rowOf(i), i, missing);
      else if (Number.isNaN(out[i])) this.#refuse(cell, rowOf(i));
    }
  }

  settle(): void {
    // Every date stands by itself.
  }

  revise(): void {
    // Every date stands by itself.
  }

  encoding(): ColumnEncoding {
    return { name: this.plan.name, kind: 'date', unit: this.rules.settings.dateUnit };
  }

  #miss(text: string, row: number, i: number, missing: Uint8Array): void {
    this.missingCount += 1;
    missing[i] = 1;
    const { settings, faults } = this.rules;
    if (settings.missing === 'error') faults.add('missing', this.plan.name, row, missingFault(text));
  }

  #refuse(cell: unknown, row: number): void {
    this.rules.faults.add('date', this.plan.name, row, () => ({
      code: this.rules.code,
      got: quote(String(cell)),
      expected: 'a date such as 2024-03-31, 2024-03 or 2024-03-31T12:00Z',
      fix: 'Write the dates so, or leave the column out.',
    }));
  }
}
