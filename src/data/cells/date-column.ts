import { anyText, quote } from '../../base/quote.js';
import type { DateOrder } from '../../options/reading.js';
import type { ColumnEncoding } from '../table/encoding.js';
import type { Cells, ColumnPlan, ColumnReader, ReadingRules } from './column.js';
import { dateInUnit, dateValue, faultOfDate, isoDate, orderProvedBy, type WrittenDate, writtenDate } from './dates.js';
import { adviseOnCell } from './number-advice.js';
import { missingFault } from './missing.js';
import { MissingWords } from './words.js';

/** A cell that says something of the order of its column. */
interface Evidence {
  text: string;
  row: number;
  written: WrittenDate;
}

/**
 * A column of dates, which become numbers since 1970. In 03/04/2024 either number may be the day: one cell with a number above 12
 * proves the order of all.
 */
export class DateReader implements ColumnReader {
  readonly isOpen = false;
  missingCount = 0;
  readonly #words: MissingWords;
  /** The order that the options or a model say; undefined for one that is to be found. */
  readonly #known: DateOrder | undefined;
  /** The first cell that proves each order, and the first that either order reads. */
  readonly #proofs: Partial<Record<DateOrder, Evidence>> = {};
  #ambiguous: Evidence | undefined;
  /** True if a cell holds a date. */
  #hasDates = false;

  constructor(
    readonly plan: ColumnPlan,
    private readonly rules: ReadingRules,
  ) {
    const { missingValues, dateOrder } = rules.settings;
    this.#words = new MissingWords(missingValues);
    const kept = plan.known?.kind === 'date' ? plan.known.order : undefined;
    this.#known = dateOrder === 'auto' ? kept : dateOrder;
  }

  get #order(): DateOrder | undefined {
    return this.#known ?? (this.#proofs.dmy ? 'dmy' : this.#proofs.mdy && 'mdy');
  }

  /** True if a cell was read before the order was proved. */
  get needsReread(): boolean {
    return this.#known === undefined && this.#ambiguous !== undefined;
  }

  read({ values, rowOf }: Cells, out: Float64Array, missing: Uint8Array): void {
    const { dateUnit } = this.rules.settings;
    const unit = this.plan.known?.kind === 'date' ? this.plan.known.unit : dateUnit;
    for (let i = 0; i < out.length; i++) {
      const cell = values[i];
      const text = typeof cell === 'string' ? cell.trim() : '';
      const isMissing =
        cell === null || cell === undefined || (typeof cell === 'string' && this.#words.isMissing(text, true));
      if (isMissing) this.#miss(text, rowOf(i), i, missing);
      out[i] = isMissing ? Number.NaN : cell instanceof Date ? dateInUnit(cell.getTime(), unit) : Number.NaN;
      if (isMissing || !Number.isNaN(out[i])) continue;
      const written = writtenDate(text);
      if (written?.pair && this.#known === undefined) this.#weigh({ text, row: rowOf(i), written });
      this.#hasDates ||= written !== undefined;
      out[i] = written ? dateValue(written, this.#orderOf(written), unit) : Number.NaN;
      if (Number.isNaN(out[i]))
        this.#refuse(cell, rowOf(i), faultOfDate(text, written ? this.#orderOf(written) : 'dmy'));
    }
  }

  settle(): void {
    const { dmy, mdy } = this.#proofs;
    if (this.#known !== undefined) return;
    if (dmy && mdy) this.#refuseBoth(dmy, mdy);
    else if (this.#ambiguous && this.#isUnproved(this.#ambiguous)) this.#refuseAmbiguous(this.#ambiguous);
  }

  revise(): void {
    // Cells that waited for a proof are read once more.
  }

  encoding(): ColumnEncoding {
    const order = this.#order;
    return { name: this.plan.name, kind: 'date', unit: this.rules.settings.dateUnit, ...(order && { order }) };
  }

  /** The order in which a date is read: until one is proved, its own. */
  #orderOf({ pair }: WrittenDate): DateOrder {
    return this.#known ?? (pair && orderProvedBy(pair)) ?? this.#order ?? 'dmy';
  }

  /** True if no cell proves the order; where a model is known, which reads no cell twice, none that comes before. */
  #isUnproved({ row }: Evidence): boolean {
    const proof = this.#proofs.dmy ?? this.#proofs.mdy;
    return !proof || (this.plan.known !== undefined && proof.row > row);
  }

  #weigh(evidence: Evidence): void {
    const pair = evidence.written.pair as readonly [number, number];
    const proved = orderProvedBy(pair);
    if (proved) this.#proofs[proved] ??= evidence;
    else if (pair[0] !== pair[1]) this.#ambiguous ??= evidence;
  }

  #miss(text: string, row: number, i: number, missing: Uint8Array): void {
    this.missingCount += 1;
    missing[i] = 1;
    const { settings, faults, use } = this.rules;
    if (settings.missing === 'error') faults.add('missing', this.plan.name, row, missingFault(text, use));
  }

  #refuse(cell: unknown, row: number, fault: string): void {
    const order = this.#known && { dmy: ', the day first', mdy: ', the month first' }[this.#known];
    this.rules.faults.add('date', this.plan.name, row, () => ({
      code: this.rules.code,
      got: `${quote(anyText(cell))}${fault}`,
      expected: `a date such as 2024-03-31, 31.03.2024, 31 Mar 2024 or 2024-03-31T12:00Z${order ?? ''}`,
      fix: this.#advice(anyText(cell), row, fault),
    }));
  }

  #advice(text: string, row: number, fault: string): string {
    const { plan, rules } = this;
    if (fault.includes('year')) return 'Write years with four digits.';
    if (fault !== '' || this.#hasDates) return adviseOnCell(plan, rules, row, text);
    if (rules.use !== 'train') return 'The model was trained on dates in this column: check that it is the right one.';
    return 'Write the dates so, with four digits for the year, or take the column out of dates.';
  }

  /** Refuses the later of two cells that prove different orders. */
  #refuseBoth(dmy: Evidence, mdy: Evidence): void {
    const { code, faults } = this.rules;
    const isDayFirst = dmy.row < mdy.row;
    const [first, second] = isDayFirst ? [dmy, mdy] : [mdy, dmy];
    faults.add('date', this.plan.name, second.row, () => ({
      code,
      got: quote(second.text),
      expected: `the ${isDayFirst ? 'day' : 'month'} first, as in ${faults.rowName(first.row)}: ${quote(first.text)}`,
      fix: 'Write all dates of the column in one order, best as 2024-03-31.',
    }));
  }

  #refuseAmbiguous({ text, row, written }: Evidence): void {
    const [asDay, asMonth] = [isoDate(written, 'dmy'), isoDate(written, 'mdy')];
    this.rules.faults.add('date', this.plan.name, row, () => ({
      code: this.rules.code,
      got: quote(text),
      expected: 'a column whose dates tell which number is the day',
      fix: `dateOrder: 'dmy' reads ${asDay}, dateOrder: 'mdy' reads ${asMonth}.`,
    }));
  }
}
