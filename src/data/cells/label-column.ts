import { quote } from '../../base/quote.js';
import type { ClassLabel, Classes, ColumnEncoding } from '../table/encoding.js';
import { sortedWords } from './category-column.js';
import type { Cells, ColumnPlan, ReadingRules } from './column.js';
import { plainNumber } from './number-format.js';
import { REFUSED, WordReader } from './word-column.js';

/** A column with more different values than this is no column of labels, and the rest of them is of no interest. */
const MOST_LABELS = 1000;

/** The target of a classification, whose words are the labels of two classes. */
export class LabelReader extends WordReader {
  /** The two classes, once they are settled. */
  classes: Classes | undefined;
  readonly #rows: number[] = [];
  #hasBooleans = false;

  constructor(plan: ColumnPlan, rules: ReadingRules) {
    super(plan, rules);
    const { classes } = rules.settings;
    const known = plan.classes?.map(String) ?? classes;
    if (known.length === 0) return;
    this.know(known);
    this.classes = plan.classes ?? classesOf(known, false);
  }

  override read(cells: Cells, out: Float64Array, missing: Uint8Array): void {
    this.#hasBooleans ||= out.length > 0 && typeof cells.values[0] === 'boolean';
    super.read(cells, out, missing);
  }

  override settle(): void {
    if (this.classes) return;
    const sorted = sortedWords(this.words);
    if (sorted.length > 2) return this.#refuseThird();
    if (sorted.length < 2) return this.#refuseOne();
    this.classes = classesOf(sorted, this.#hasBooleans);
    this.close(sorted);
  }

  /** A target is no feature, and has no encoding beside its classes. */
  override encoding(): ColumnEncoding {
    return { name: this.plan.name, kind: 'number' };
  }

  protected override codeOfNew(word: string, row: number): number {
    const same = this.#sameNumber(word);
    if (same >= 0) return same;
    if (this.classes) {
      this.#refuse(row, `${quote(word)}, which is neither ${this.words.map(quote).join(' nor ')}`);
      return REFUSED;
    }
    if (this.words.length === MOST_LABELS) return REFUSED;
    this.#rows.push(row);
    return this.words.length;
  }

  /** The code of a label that is the same number in another spelling, such as 1.0 for 1; REFUSED for none. */
  #sameNumber(word: string): number {
    const value = plainNumber(word);
    return Number.isNaN(value) ? REFUSED : this.words.findIndex((known) => plainNumber(known) === value);
  }

  #refuseThird(): void {
    const count = this.words.length === MOST_LABELS ? `${MOST_LABELS} and more` : this.words.length;
    const [first, second, third] = this.words as [string, string, string];
    const got = `${quote(third)}, which is neither ${quote(first)} nor ${quote(second)}: ${count} different values`;
    this.#refuse(this.#rows[2] ?? 0, got);
  }

  #refuseOne(): void {
    const [label] = this.words;
    if (label === undefined) return; // a column without any value is refused for that
    const fix = 'Check where the labels come from.';
    this.#refuse(this.#rows[0] ?? 0, `only the label ${quote(label)}`, 'examples of both classes', fix);
  }

  #refuse(
    row: number,
    got: string,
    expected = 'labels of two classes',
    fix = 'For numbers use another loss; of more classes train one model for each class against all others.',
  ): void {
    this.rules.faults.add('label', this.plan.name, row, () => ({ code: 'INVALID_LABEL', got, expected, fix }));
  }
}

/** Numbers and truth values where all labels are such, and else the words themselves. */
function classesOf(words: readonly string[], areBooleans: boolean): Classes {
  const numbers = words.map(plainNumber);
  const labels: readonly ClassLabel[] = areBooleans
    ? words.map((word) => word === 'true')
    : numbers.some(Number.isNaN)
      ? words
      : numbers;
  return labels as Classes;
}
