import { anyText, quote } from '../../base/quote.js';
import { listOf, quoteName } from '../../base/quote-names.js';
import { areFinite } from '../finite.js';
import { type FloatArray, isFloats } from '../numbers.js';
import type { ColumnEncoding } from '../table/encoding.js';
import { type Cells, type ColumnPlan, type ColumnReader, part, type ReadingRules } from './column.js';
import type { FaultKind, FaultWords } from './faults.js';
import { firstWithPoint, NO_POINT } from './first-point.js';
import { missingFault } from './missing.js';
import { Notation } from './notation.js';
import { adviseOnCell, adviseOnColumn, adviseOnInteger } from './number-advice.js';
import { decimalOf, exactInteger, readPlainNumbers } from './number-format.js';
import { booleanOf, MissingWords } from './words.js';

const INFINITE = /^[-+\u2212]?(?:inf|infinity|∞)$/i;

/** The forms of cells, of which a column may have one: in words for errors. */
type Form = 'a number' | 'a number with a unit' | 'true or false';

/** Cells read before the others of a block. */
const HEAD = 64;

/** A column of numbers in any notation, or of words such as true and no. */
export class NumberReader implements ColumnReader {
  needsReread = false;
  /** Number of missing values. */
  missingCount = 0;
  /** The notation as found so far, which columns beside this one are compared with. */
  readonly notation: Notation;
  readonly #words: MissingWords;
  readonly #firstOf = new Map<Form, { text: string; row: number }>();
  /** The first text whose point may stand between groups. */
  #firstPoint: { text: string; row: number } | undefined;
  #numbers = 0;

  constructor(
    readonly plan: ColumnPlan,
    private readonly rules: ReadingRules,
  ) {
    const { known } = plan;
    const rowName = (row: number) => rules.faults.rowName(row);
    this.notation = new Notation(rules.settings, rowName, known && 'notation' in known ? known.notation : undefined);
    this.#words = new MissingWords(rules.settings.missingValues);
  }

  /** True if a cell such as 1,030 waits for one that proves its notation. */
  get isOpen(): boolean {
    return this.notation.pending !== undefined;
  }

  read(cells: Cells, out: Float64Array, missing: Uint8Array): void {
    const { values } = cells;
    const { isSettled, point } = this.notation;
    if (isFloats(values) && areFinite(values)) this.#readFloats(cells, values, out, missing);
    else if (isSettled || point !== 'none' || out.length <= HEAD) this.#read(cells, out, missing);
    else {
      // The first cells may prove a notation, in which the others are read the short way.
      const tail = { values: part(values, HEAD, out.length - HEAD), rowOf: (i: number) => cells.rowOf(HEAD + i) };
      this.#read(cells, out.subarray(0, HEAD), missing);
      this.#read(tail, out.subarray(HEAD), missing.subarray(HEAD));
    }
    if (this.plan.role === 'weights') this.#checkWeights(cells, out);
  }

  #readFloats(cells: Cells, values: FloatArray, out: Float64Array, missing: Uint8Array): void {
    out.set(values);
    if (values.length > 0) this.#found('a number', cells, 0);
    this.#numbers += values.length;
    if (this.#words.hasCodes) this.#findCodes(cells, out, missing);
  }

  #read(cells: Cells, out: Float64Array, missing: Uint8Array): void {
    const { point } = this.notation;
    const rest = readPlainNumbers(cells.values, out, this.notation);
    // The first point, and later the first that can only be decimal.
    if (point !== this.notation.point) this.#firstPoint = firstWithPoint(cells, this.notation.point === 'fraction');
    const plain = out.length - rest.length;
    if (plain > 0) {
      this.#numbers += plain;
      if (!this.#firstOf.has('a number'))
        this.#found(
          'a number',
          cells,
          out.findIndex((value) => !Number.isNaN(value)),
        );
      if (this.#words.hasCodes) this.#findCodes(cells, out, missing);
    }
    for (const i of rest) out[i] = this.#readOther(cells, i, missing);
  }

  /** True for floats that need no look at each: all finite, and none of them a code for a missing value. */
  takesAsTheyAre(values: FloatArray): boolean {
    const isWanted = this.plan.role !== 'weights' && !this.#words.hasCodes && areFinite(values);
    if (isWanted && values.length > 0) this.#numbers += values.length;
    return isWanted;
  }

  settle(): void {
    const { faults } = this.rules;
    const { point, pending, proofOfComma, isSettled } = this.notation;
    if (pending && !isSettled) this.#refuseAmbiguous(pending.text, pending.row, ',');
    const { unproved, hasFraction } = this.notation;
    if (unproved && !hasFraction)
      this.#refuseAmbiguous(unproved.text, unproved.row, unproved.text.includes('.') ? '.' : ',');
    this.needsReread = pending !== undefined || (point === 'either' && proofOfComma !== undefined);
    // The form of the first cell is the one that was expected of the others.
    const [first, ...others] = [...this.#firstOf].sort(([, a], [, b]) => a.row - b.row);
    if (!first) return;
    for (const [, { text, row }] of others) {
      this.#fault(
        'type',
        row,
        quote(text),
        `${first[0]}, as in ${faults.rowName(first[1].row)}: ${quote(first[1].text)}`,
      );
    }
  }

  revise(): void {
    // Values stay as they are, or the cells are read once more.
  }

  encoding(): ColumnEncoding {
    const { name } = this.plan;
    if (this.#firstOf.has('true or false')) return { name, kind: 'boolean' };
    const { summary } = this.notation;
    const isPlain = summary.decimal === '.' && summary.thousands === '' && summary.unit === '';
    return { name, kind: 'number', ...(!isPlain && { notation: summary }) };
  }

  /** Refuses a column of points only beside one in which the comma is decimal: its points may stand between groups. */
  refuseBeside(other: string, proof: { text: string; row: number }): void {
    const { text, row } = this.#firstPoint ?? { ...NO_POINT, row: proof.row };
    const got = `${quote(text)}, while ${quoteName(other)} has decimal commas, as ${quote(proof.text)} in ${this.rules.faults.rowName(proof.row)}`;
    const fix = `decimal: ',' reads ${text.replace('.', '')}; if the point is decimal, write both columns in one way.`;
    this.#fault('ambiguous', row, got, 'one decimal mark in all columns', fix);
  }

  /** True if every point may stand between groups, and nothing says what points mean. */
  get hasDoubtfulPoints(): boolean {
    const { point, isSettled, mayGroup } = this.notation;
    return point === 'either' && !isSettled && mayGroup;
  }

  /** Refuses points that nothing explains. */
  refusePoints(): void {
    const { text, row } = this.#firstPoint ?? NO_POINT;
    this.#refuseAmbiguous(text, row, '.');
  }

  /** The first cell with a point, for a word about it. */
  get pointShown(): string {
    return (this.#firstPoint ?? NO_POINT).text;
  }

  #readOther(cells: Cells, i: number, missing: Uint8Array): number {
    const given = cells.values[i];
    const cell = decimalOf(given) ?? given;
    const row = cells.rowOf(i);
    if (typeof cell === 'boolean') {
      this.#found('true or false', cells, i);
      return Number(cell);
    }
    if (typeof cell === 'bigint') {
      return exactInteger(cell) ?? this.#refuseInteger(`${cell}n (bigint)`, String(cell), row);
    }
    if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) {
      return this.#miss(anyText(cell ?? ''), row, i, missing);
    }
    if (typeof cell === 'number' && cell !== given) return cell;
    if (typeof cell !== 'string') return this.#refuseType(cell, row);
    const text = cell.trim();
    if (this.#words.isMissing(text, true)) return this.#miss(text, row, i, missing);
    const read = this.notation.read(text, row);
    if ('value' in read) {
      this.#found(read.hasUnit ? 'a number with a unit' : 'a number', cells, i);
      this.#numbers += 1;
      if (this.#words.isCode(read.value)) return this.#miss(text, row, i, missing);
      return Number.isFinite(read.value) ? read.value : this.#refuseInfinite(text, row);
    }
    if (INFINITE.test(text)) return this.#refuseInfinite(text, row);
    const truth = read.fault === 'none' ? booleanOf(text) : undefined;
    if (truth !== undefined) {
      this.#found('true or false', cells, i);
      return truth;
    }
    if (read.fault === 'unit') {
      const fix = `units: ${listOf(read.unit)} takes ${read.unit} off.`;
      return this.#fault('unit', row, quote(text), 'a number without a sign or unit', fix);
    }
    if (read.fault === 'integer') return this.#refuseInteger(quote(text), text, row);
    if (read.fault === 'point') return this.#refuseComma(text, row);
    if (read.fault === 'notation') return this.#fault('notation', row, quote(text), read.expected);
    return read.fault === 'none' ? this.#refuseText(text, row) : Number.NaN;
  }

  /** A decimal comma beside decimal points: the later of the two is the one that differs. */
  #refuseComma(text: string, row: number): number {
    const point = this.#firstPoint;
    if (!point) return this.#fault('notation', row, quote(text), 'a decimal point, as in rows before');
    if (point.row < row) {
      return this.#fault(
        'notation',
        row,
        quote(text),
        `a decimal point, as in ${this.rules.faults.rowName(point.row)}: ${quote(point.text)}`,
      );
    }
    return this.#fault(
      'notation',
      point.row,
      quote(point.text),
      `a decimal comma, as in ${this.rules.faults.rowName(row)}: ${quote(text)}`,
    );
  }

  #findCodes(cells: Cells, out: Float64Array, missing: Uint8Array): void {
    for (let i = 0; i < out.length; i++) {
      const value = out[i] as number;
      if (this.#words.isCode(value)) out[i] = this.#miss(String(value), cells.rowOf(i), i, missing);
    }
  }

  #checkWeights({ rowOf }: Cells, out: Float64Array): void {
    out.forEach((weight, i) => {
      if (weight >= 0 || Number.isNaN(weight)) return;
      const fix = 'Give weight 0 to an example that should be ignored.';
      this.#fault('weight', rowOf(i), String(weight), 'a weight from 0 up', fix, 'INVALID_OPTION');
    });
  }

  #found(form: Form, { values, rowOf }: Cells, i: number): void {
    if (!this.#firstOf.has(form)) this.#firstOf.set(form, { text: String(values[i]), row: rowOf(i) });
  }

  #miss(text: string, row: number, i: number, missing: Uint8Array): number {
    this.missingCount += 1;
    missing[i] = 1;
    if (this.rules.settings.missing === 'error')
      this.rules.faults.add('missing', this.plan.name, row, missingFault(text, this.rules.use));
    return Number.NaN;
  }

  #refuseText(text: string, row: number): number {
    return this.#add('text', row, () => ({
      code: this.rules.code,
      got: quote(text),
      expected: 'a number such as 12, -0.5 or 1e-3',
      fix:
        this.#numbers > 0
          ? adviseOnCell(this.plan, this.rules, row, text)
          : adviseOnColumn(this.plan, this.rules, text),
    }));
  }

  #refuseInteger(got: string, text: string, row: number): number {
    const fix = adviseOnInteger(this.plan, this.rules, text);
    return this.#fault('integer', row, got, 'an integer within ±2^53, or a larger one that f64 holds exactly', fix);
  }

  #refuseInfinite(text: string, row: number): number {
    const fix = adviseOnCell(this.plan, this.rules, row, text);
    return this.#fault('infinite', row, quote(text), 'a finite number within ±1.8e308', fix, 'NON_FINITE_VALUE');
  }

  #refuseAmbiguous(text: string, row: number, mark: '.' | ','): void {
    const [as1, as2] = [text.replace(mark, ''), text.replace(mark, '.')];
    const fix = `thousands: '${mark}' reads ${as1}, decimal: '${mark}' reads ${as2}.`;
    const name = mark === ',' ? 'comma' : 'point';
    this.#fault('ambiguous', row, quote(text), `a column whose cells tell what the ${name} means`, fix);
  }

  #refuseType(cell: unknown, row: number): number {
    const isDate = cell instanceof Date;
    const got = isDate ? 'a Date' : `${typeof cell} ${quote(anyText(cell))}`;
    const fix =
      isDate && this.rules.use === 'train'
        ? `dates: ${listOf(this.plan.name)} reads dates as numbers.`
        : 'Convert the values, or leave out the column.';
    return this.#fault('type', row, got, 'a number', fix);
  }

  #fault(
    kind: FaultKind,
    row: number,
    got: string,
    expected: string,
    fix = 'Correct the cells, or say with decimal, thousands and units how they are written.',
    code: FaultWords['code'] = this.rules.code,
  ): number {
    return this.#add(kind, row, () => ({ code, got, expected, fix }));
  }

  #add(kind: FaultKind, row: number, words: () => FaultWords): number {
    this.rules.faults.add(kind, this.plan.name, row, words);
    return Number.NaN;
  }
}
