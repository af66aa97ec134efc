import { quote } from '../../base/quote.js';
import { listOf, quotedList, quoteName } from '../../base/quote-names.js';
import type { ClassLabel, Classes, ColumnEncoding } from '../table/encoding.js';
import { compareLabels } from '../label-order.js';
import type { Cells, ColumnPlan, ReadingRules } from './column.js';
import { plainNumber } from './number-format.js';
import { sortedWords } from './sorted-words.js';
import { groupsBySpelling, type Spellings } from './spellings.js';
import { REFUSED, WordReader } from './word-column.js';

/** A column with more different values than this is no column of labels, and the rest of them is of no interest. */
const MOST_LABELS = 1000;

/** Labels that an error lists. */
const MOST_SHOWN = 5;

/** The target of a classification, whose words are the labels of two classes. */
export class LabelReader extends WordReader {
  /** The two classes, once they are settled. */
  classes: Classes | undefined;
  readonly #rows: number[] = [];
  /** Labels in more than one spelling, with the one that is kept first. */
  #spellings: Spellings[] = [];
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
    const spellings = groupsBySpelling(this.words);
    // Words that differ by case only are one label where that leaves two of them.
    const isTwo = spellings.length === 2 && this.words.length > 2;
    const sorted = sortedWords(isTwo ? spellings.map(([first]) => first) : this.words, compareLabels);
    if (sorted.length < 2) return this.#refuseOne();
    if (spellings.length === 1) return this.#refuseSpellings();
    if (sorted.length > 2) return this.#refuseThird(spellings.map(([word]) => word));
    if (isTwo) this.#spellings = spellings.filter(({ length }) => length > 1);
    this.classes = classesOf(sorted, this.#hasBooleans);
    this.close(sorted, (word) => (isTwo ? spellings.find((group) => group.includes(word))?.[0] : undefined) ?? word);
  }

  guesses(): string[] {
    return this.#spellings.map(
      ([first, ...others]) =>
        `Labels of ${quoteName(this.plan.name)} that differ by case only are one: ${others.map(quote).join(', ')} ${others.length === 1 ? 'counts' : 'count'} as ${quote(first)}.`,
    );
  }

  /** A target is no feature, and has no encoding beside its classes. */
  override encoding(): ColumnEncoding {
    return { name: this.plan.name, kind: 'number' };
  }

  protected override codeOfNew(word: string, row: number): number {
    const same = this.#sameNumber(word);
    if (same >= 0) return same;
    if (this.classes) {
      const spelling = this.#sameInAnotherCase(word);
      if (spelling >= 0) return spelling;
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

  /** The code of a known label in another spelling, which is kept for a word about it; REFUSED for none. */
  #sameInAnotherCase(word: string): number {
    const key = word.toLowerCase();
    const codes = this.words.flatMap((known, code) => (known.toLowerCase() === key ? [code] : []));
    const [code = REFUSED, second] = codes;
    if (code === REFUSED || second !== undefined) return REFUSED;
    const known = this.words[code] as string;
    const group = this.#spellings.find(([first]) => first === known);
    if (!group) this.#spellings.push([known, word]);
    else if (!group.includes(word)) group.push(word);
    return code;
  }

  #refuseSpellings(): void {
    const [first, ...others] = this.words as [string, string, ...string[]];
    const got = `${others.map(quote).join(' and ')} beside ${quote(first)}, which differ by case only`;
    const apart = others.length === 1 ? `, or tell them apart with classes: ${listOf(first, others[0])}` : '';
    this.#refuse(this.#rows[1] ?? 0, got, undefined, `Correct them${apart}.`);
  }

  /** Refuses the third of labels, each in the spelling that came first. */
  #refuseThird(labels: readonly string[]): void {
    const count = this.words.length === MOST_LABELS ? `${MOST_LABELS} and more` : labels.length;
    const [first, second, third] = labels.length > 2 ? labels : this.words;
    const spelt = labels.length < this.words.length ? ` in ${this.words.length} spellings` : '';
    const listed = quotedList(labels, 'values', MOST_SHOWN);
    const got = `${quote(third ?? '')}, which is neither ${quote(first ?? '')} nor ${quote(second ?? '')}: ${count} different values${spelt}, ${listed}`;
    this.#refuse(this.#rows[this.words.indexOf(third ?? '')] ?? 0, got);
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
