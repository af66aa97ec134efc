// Words in cells that stand for something else: a missing value, true or false.

/** In small letters: words of people, of R, pandas, databases and Eurostat, and the errors of spreadsheets. */
const MISSING = new Set([
  ...['', 'na', 'n/a', 'n.a.', '<na>', 'nan', '-nan', 'nat', 'null', '(null)', '\\n', '1.#ind', '1.#qnan'],
  ...['?', '-', '--', '---', '–', '—', '.', '..', '...', ':'],
  ...['#n/a', '#n/a n/a', '#na', '#value!', '#div/0!', '#ref!', '#num!', '#name?', '#null!'],
]);

/** In a column of numbers only: it is a common name of a level. */
const MISSING_NUMBER = 'none';

/** Tells missing values from others; `further` are words of the caller. */
export class MissingWords {
  readonly #further: ReadonlySet<string>;
  /** Codes such as -999, which files of numbers write in more than one way. */
  readonly #codes: ReadonlySet<number>;

  constructor(further: readonly string[]) {
    this.#further = new Set(further.map((word) => word.trim()));
    this.#codes = new Set(further.map(Number).filter((code) => !Number.isNaN(code)));
  }

  /** True if numbers that are read may stand for missing values. */
  get hasCodes(): boolean {
    return this.#codes.size > 0;
  }

  isCode(value: number): boolean {
    return this.#codes.has(value);
  }

  /** True for an absent value and for words; `text` is the cell without blanks around. */
  isMissing(text: string, isNumeric: boolean): boolean {
    const lower = text.toLowerCase();
    return MISSING.has(lower) || (isNumeric && lower === MISSING_NUMBER) || this.#further.has(text);
  }
}

const BOOLEANS: Readonly<Record<string, 0 | 1>> = {
  ...{ true: 1, yes: 1, y: 1, t: 1, on: 1 },
  ...{ false: 0, no: 0, n: 0, f: 0, off: 0 },
};

/** The words for 1 or for 0, and the digit, in small letters. */
export function wordsOf(value: 0 | 1): string[] {
  return [...Object.keys(BOOLEANS).filter((word) => BOOLEANS[word] === value), String(value)];
}

/** 1 or 0 for words such as true, no and Y; undefined for others. */
export function booleanOf(text: string): 0 | 1 | undefined {
  const word = text.toLowerCase();
  return Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined;
}
