import {
  DATE_ORDERS,
  DATE_UNITS,
  type DateOrder,
  type DateUnit,
  HIGHEST_DEGREE,
  TEXT_OPTIONS,
} from './reading-names.js';

export { DATE_ORDERS, DATE_UNITS, type DateOrder, type DateUnit, HIGHEST_DEGREE };

/** Options of how the text of a file becomes a table of cells. */
export interface TextSettings {
  /** 'auto', or the name of an encoding. */
  encoding: string;
  /** 'auto', or one character; a blank stands for runs of blanks. */
  delimiter: string;
  header: 'auto' | boolean;
  /** 'auto', 'none', or the beginning of a comment line. */
  comment: string;
  /** Number of rows to skip at the top, or the numbers of rows to skip, counted from 1. */
  skipRows: number | readonly number[];
}

/** Options of how the cells of a table become features and targets. */
export interface TableSettings {
  decimal: 'auto' | '.' | ',';
  thousands: 'auto' | 'none' | '.' | ',' | ' ' | "'";
  units: readonly string[];
  missing: 'error' | 'drop' | 'mean';
  missingValues: readonly string[];
  exclude: readonly string[];
  categories: readonly string[];
  droppedLevel: 'first' | 'none';
  unseenLevels: 'error' | 'zeros';
  dates: readonly string[];
  dateOrder: 'auto' | DateOrder;
  dateUnit: DateUnit;
  classes: readonly string[];
  polynomial: number;
}

/** The options of reading a file. */
export interface ReadingSettings extends TextSettings, TableSettings {}

/** One option of reading: its name, default, allowed values and description. */
export interface ReadingSpec<Name extends keyof ReadingSettings = keyof ReadingSettings> {
  name: Name;
  default: ReadingSettings[Name];
  /** The allowed values, in words, after the word "expected". */
  range: string;
  allows: (value: unknown) => boolean;
  /** The form of the value on the command line. */
  flag: 'word' | 'names' | 'number' | 'rows' | 'switch';
  /** Description for documentation and --help. */
  sentence: string;
}

/** Names of delimiters that a command line cannot spell well. */
export const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  '\\t': '\t',
  tab: '\t',
  space: ' ',
  blank: ' ',
  comma: ',',
  semicolon: ';',
  pipe: '|',
};

const isOneOf = (allowed: readonly unknown[]) => (value: unknown) => allowed.includes(value);
const quoted = (allowed: readonly string[]) => allowed.map((value) => `'${value}'`).join(' or ');
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  Array.from(value as readonly unknown[]).every((name) => typeof name === 'string' && name !== '');
const isRow = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const isWord = (value: unknown) => typeof value === 'string' && value !== '';

const MISSING = ['error', 'drop', 'mean'] as const;
const DROPPED = ['first', 'none'] as const;
const UNSEEN = ['error', 'zeros'] as const;
const NAMES_RANGE = 'names of columns';

/** The options of text, which tables that are no text do not have. */
const TEXT_SPECS: readonly ReadingSpec<keyof TextSettings>[] = [
  {
    name: 'encoding',
    default: 'auto',
    range: "'auto', or an encoding such as 'utf-8', 'utf-16le', 'windows-1252' or 'shift_jis'",
    allows: isWord,
    flag: 'word',
    sentence:
      "Character encoding of the file. 'auto' finds UTF-8 and UTF-16; other encodings cannot be told apart and have to be named.",
  },
  {
    name: 'delimiter',
    default: 'auto',
    range: "'auto', or one character",
    allows: (value) => value === 'auto' || (typeof value === 'string' && value.length === 1 && !/["\r\n]/.test(value)),
    flag: 'word',
    sentence:
      "Character between two cells; a blank stands for runs of blanks, and on the command line 'tab' for a tab. 'auto' obeys a line sep=; at the top, and otherwise finds the delimiter that divides the rows into the same number of cells.",
  },
  {
    name: 'header',
    default: 'auto',
    range: "true, false or 'auto'",
    allows: isOneOf([true, false, 'auto']),
    flag: 'switch',
    sentence:
      "Says that the first row holds the names of the columns (true) or data (false). 'auto' takes it as names if text stands in it above a column of numbers, if it holds a column that was named, or if it holds text and its numbers are a series such as 2019, 2020, 2021.",
  },
  {
    name: 'comment',
    default: 'auto',
    range: "'auto', 'none', or the characters with which a comment line begins",
    allows: isWord,
    flag: 'word',
    sentence: "Lines that begin so are passed over. 'auto' takes '#' if the file begins with it.",
  },
  {
    name: 'skipRows',
    default: 0,
    range: 'a number of rows at the top, or a list of row numbers',
    allows: (value) =>
      (Number.isSafeInteger(value) && (value as number) >= 0) ||
      (Array.isArray(value) && Array.from(value as readonly unknown[]).every(isRow)),
    flag: 'rows',
    sentence:
      'Rows to skip: a number skips as many at the top of the file, a list those rows, counted from 1. On the command line, 3 skips the first three, and 2-2 or 2,5-7 these rows.',
  },
];

/** The options of the cells of any table. */
const TABLE_SPECS: readonly ReadingSpec<keyof TableSettings>[] = [
  {
    name: 'decimal',
    default: 'auto',
    range: "'auto', '.' or ','",
    allows: isOneOf(['auto', '.', ',']),
    flag: 'word',
    sentence: "Decimal mark. 'auto' finds it for each column if all cells agree; a column such as 1,030 is refused.",
  },
  {
    name: 'thousands',
    default: 'auto',
    range: "'auto', 'none', ',', '.', ' ' or '\\''",
    allows: isOneOf(['auto', 'none', ',', '.', ' ', "'"]),
    flag: 'word',
    sentence: "Mark between groups of three digits. 'auto' finds it for each column like decimal.",
  },
  {
    name: 'units',
    default: [],
    range: "signs such as '$' or '%'",
    allows: isNames,
    flag: 'names',
    sentence:
      'Signs of currencies, percent and units that are taken off numbers; 10% is read as 10. All cells of a column must have the same.',
  },
  {
    name: 'missing',
    default: 'error',
    range: quoted(MISSING),
    allows: isOneOf(MISSING),
    flag: 'word',
    sentence:
      "Treatment of rows with missing values: 'error' refuses them with their number in each column, 'drop' leaves such rows out (complete cases), 'mean' fills features with the mean of the training examples, which the model keeps; rows without target or weight are left out.",
  },
  {
    name: 'missingValues',
    default: [],
    range: 'words',
    allows: isNames,
    flag: 'names',
    sentence:
      'Further words for a missing value, beside the empty cell, NA, N/A, NaN, null, ?, -, a dot and the errors of spreadsheets such as #N/A.',
  },
  {
    name: 'exclude',
    default: [],
    range: NAMES_RANGE,
    allows: isNames,
    flag: 'names',
    sentence: 'Columns that are no features.',
  },
  {
    name: 'categories',
    default: [],
    range: NAMES_RANGE,
    allows: isNames,
    flag: 'names',
    sentence:
      'Features that are categories: each level becomes a feature that is 1 or 0 (one-hot encoding). The model keeps the levels.',
  },
  {
    name: 'droppedLevel',
    default: 'first',
    range: quoted(DROPPED),
    allows: isOneOf(DROPPED),
    flag: 'word',
    sentence:
      "Level without a feature of its own, to which the others are compared: 'first' in the order of the alphabet, or 'none', with which weights and bias are not unique.",
  },
  {
    name: 'unseenLevels',
    default: 'error',
    range: quoted(UNSEEN),
    allows: isOneOf(UNSEEN),
    flag: 'word',
    sentence:
      "Levels that occur only at prediction: 'error' refuses them, 'zeros' sets all features of the column to 0.",
  },
  {
    name: 'dates',
    default: [],
    range: NAMES_RANGE,
    allows: isNames,
    flag: 'names',
    sentence:
      'Columns of dates, written as 2024-03-31, 31.03.2024, 31/03/2024 or 31 Mar 2024, also with a time, that become numbers since 1970 in dateUnit.',
  },
  {
    name: 'dateOrder',
    default: 'auto',
    range: quoted(['auto', ...DATE_ORDERS]),
    allows: isOneOf(['auto', ...DATE_ORDERS]),
    flag: 'word',
    sentence:
      "Order of day and month in dates such as 03/04/2024. 'auto' finds it for each column by a number above 12; without one the column is refused.",
  },
  {
    name: 'dateUnit',
    default: 'days',
    range: quoted(DATE_UNITS),
    allows: isOneOf(DATE_UNITS),
    flag: 'word',
    sentence: 'Unit of dates; a year has 365.2425 days.',
  },
  {
    name: 'classes',
    default: [],
    range: 'two different values',
    allows: (value) => isNames(value) && (value.length === 0 || (value.length === 2 && value[0] !== value[1])),
    flag: 'names',
    sentence:
      'The two labels for logistic regression, first the one that counts as 0. Default: the two values of the target in the order of numbers or of the alphabet.',
  },
  {
    name: 'polynomial',
    default: 1,
    range: `a whole number from 1 to ${HIGHEST_DEGREE}`,
    allows: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= HIGHEST_DEGREE,
    flag: 'number',
    sentence: 'Degree up to which powers and products of the features are added as features.',
  },
];

/** Every option of reading, in the order in which documentation and command line show them. */
export const READING: readonly ReadingSpec[] = [...TEXT_SPECS, ...TABLE_SPECS];

/** The options of a table that predictions have, too: the others are kept in the model. */
export const PREDICTION_TABLE_OPTIONS = [
  'decimal',
  'thousands',
  'units',
  'missing',
  'missingValues',
  'dateOrder',
] as const;

/** The names of all options of a file for predictions. */
export const PREDICTION_OPTIONS: readonly string[] = [...TEXT_OPTIONS, ...PREDICTION_TABLE_OPTIONS];
