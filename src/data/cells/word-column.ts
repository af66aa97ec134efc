import type { ColumnEncoding } from '../table/encoding.js';
import type { Cells, ColumnPlan, ColumnReader, ReadingRules } from './column.js';
import { missingFault } from './missing.js';
import { MissingWords } from './words.js';

/** In place of a code for what is refused. */
export const REFUSED = -1;

/**
 * A column of words, each of which becomes a code: the levels of a category, or the labels of a target. Codes go by first
 * appearance until the column is settled, and then by the order of the words.
 */
export abstract class WordReader implements ColumnReader {
  readonly needsReread = false;
  missingCount = 0;
  isOpen = true;
  /** The words by their codes. */
  protected words: string[] = [];
  /** The codes by the cells as they come, which most often are few: NaN for a missing value. */
  readonly #codes = new Map<unknown, number>();
  readonly #byWord = new Map<string, number>();
  readonly #missing: MissingWords;
  /** The settled code for each code that was given by first appearance. */
  #order = new Uint32Array(0);

  constructor(
    readonly plan: ColumnPlan,
    protected readonly rules: ReadingRules,
  ) {
    this.#missing = new MissingWords(rules.settings.missingValues);
  }

  abstract encoding(): ColumnEncoding;
  abstract settle(): void;
  /** The code of a word that is new: the number of words takes it into the list, and REFUSED tells of a fault. */
  protected abstract codeOfNew(word: string, row: number): number;

  read({ values, rowOf }: Cells, out: Float64Array, missing: Uint8Array): void {
    for (let i = 0; i < out.length; i++) {
      const cell = values[i];
      let code = this.#codes.get(cell);
      if (code === undefined) {
        code = this.#codeOf(cell, rowOf(i));
        // What is refused is asked for again, so that it is counted.
        if (code >= 0) this.#codes.set(cell, code);
      }
      out[i] = code < 0 ? Number.NaN : code;
      if (Number.isNaN(code)) this.#miss(cell, rowOf(i), i, missing);
    }
  }

  revise(values: Float64Array): void {
    for (let i = 0; i < values.length; i++) {
      const code = values[i] as number;
      if (!Number.isNaN(code)) values[i] = this.#order[code] ?? code;
    }
  }

  /** Gives the words their settled codes; `spelt` is the word in the sorted list that stands for one. */
  protected close(sorted: readonly string[], spelt = (word: string) => word): void {
    const places = new Map(sorted.map((word, code) => [word, code]));
    this.#order = Uint32Array.from(this.words, (word) => places.get(spelt(word)) ?? 0);
    this.know(sorted);
  }

  /** Takes words as known, with their codes. */
  protected know(words: readonly string[]): void {
    this.words = [...words];
    this.#codes.clear();
    this.#byWord.clear();
    words.forEach((word, code) => this.#byWord.set(word, code));
    this.isOpen = false;
  }

  #codeOf(cell: unknown, row: number): number {
    if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) return Number.NaN;
    const word = wordOf(cell);
    if (word === undefined) return this.#refuseType(row);
    if (this.#missing.isMissing(word, false)) return Number.NaN;
    const known = this.#byWord.get(word);
    if (known !== undefined) return known;
    const code = this.codeOfNew(word, row);
    if (code === this.words.length) {
      this.words.push(word);
      this.#byWord.set(word, code);
    }
    return code;
  }

  #miss(cell: unknown, row: number, i: number, missing: Uint8Array): void {
    this.missingCount += 1;
    missing[i] = 1;
    if (this.rules.settings.missing !== 'error') return;
    this.rules.faults.add('missing', this.plan.name, row, missingFault(wordOf(cell) ?? '', this.rules.use));
  }

  #refuseType(row: number): number {
    this.rules.faults.add('type', this.plan.name, row, () => ({
      code: this.rules.code,
      got: 'an object',
      expected: 'a word, a number, or true and false',
      fix: 'Convert the values, or leave out the column.',
    }));
    return REFUSED;
  }
}

/** A cell as a word; undefined for an object, which has none. */
function wordOf(cell: unknown): string | undefined {
  if (typeof cell === 'string') return cell.trim();
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? undefined : cell.toISOString();
  return typeof cell === 'number' || typeof cell === 'bigint' || typeof cell === 'boolean' ? String(cell) : undefined;
}
