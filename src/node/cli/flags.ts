import { textOfLiteral } from '../../base/quote-names.js';
import { SEED_PROGRAM } from '../../options/presets.js';
import { PREDICTION_OPTIONS, READING, type ReadingSpec } from '../../options/reading.js';
import { SETTINGS, type SettingSpec } from '../../options/settings.js';
import type { FitSettings } from '../../options/specs.js';

/** A word of the command line that begins with two dashes. */
export interface Flag {
  name: string;
  /** Placeholder of the value in the help; none for a switch. */
  value?: string;
  sentence: string;
}

/** The moments of `merge` and of `fit --moments`. */
const MOMENTS_FLAG: Flag = {
  name: 'moments',
  value: 'FILE',
  sentence:
    'With fit and merge, in place of --data: moments as written by the command moments, in one file or several, a line for each part; or - for standard input.',
};

export const DATA_FLAGS: readonly Flag[] = [
  {
    name: 'data',
    value: 'FILE',
    sentence:
      'File with the training data, or with predict the rows to predict: CSV, also in gzip, Parquet or Arrow; several of the same columns, or - for standard input.',
  },
  {
    name: 'target',
    value: 'NAME',
    sentence:
      'Column to predict, or several separated by commas: one model for each, trained together. Put a name that contains a comma in double quotes, as in the file.',
  },
  { name: 'features', value: 'A,B,C', sentence: 'Columns to predict from. Default: all others.' },
  {
    name: 'weights',
    value: 'NAME',
    sentence: 'Column with the weight of each example. Default: equal weights.',
  },
  {
    name: 'warm-start',
    value: 'FILE',
    sentence:
      'Model to start from (warm start), as written by --output; for several targets, the list of models. Default: random parameters.',
  },
  MOMENTS_FLAG,
  { name: 'rows', value: 'N', sentence: 'Without --data: number of synthetic examples. Default 1000000.' },
  { name: 'feature-count', value: 'D', sentence: 'Number of synthetic features, uniform in [-1, 1). Default 2.' },
  {
    name: 'noise',
    value: 'S',
    sentence: 'Standard deviation of the noise on synthetic targets; not used with --loss logistic. Default 0.1.',
  },
];

export const OUTPUT_FLAGS: readonly Flag[] = [
  {
    name: 'output',
    value: 'FILE',
    sentence:
      'Write the model to this file as JSON; for several targets, a list of models. With predict: write the predictions as CSV.',
  },
  { name: 'json', sentence: 'Print one JSON object and nothing else.' },
  {
    name: 'summary',
    sentence:
      'Add the standard error, t or z value, and p value of each parameter; for the squared and the logistic loss, without regularization.',
  },
  {
    name: 'weights-as',
    value: 'X',
    sentence:
      'Meaning of the column of --weights in --summary: counts (an example of weight k stands for k examples) or precisions (the variance of an example is inversely proportional to its weight). Default counts if all weights are whole numbers, otherwise precisions.',
  },
  { name: 'no-check', sentence: 'Skip the comparison with the CPU reference.' },
  { name: 'help', sentence: 'Show the help: of a command after it, of all of them as --help all.' },
  { name: 'version', sentence: 'Show the version.' },
];

export const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Options whose names are no words of a language. */
const COMPOUND = [...[...SETTINGS, ...READING].map(({ name }) => name), 'warmStart', 'weightsAs'].filter((name) =>
  /[A-Z]/.test(name),
);
/** Text in double quotes is data, a cell or a name, and stays as it is. */
const DATA = '"(?:[^"\\\\]|\\\\.)*"';

const COMPOUND_NAMES = new RegExp(`${DATA}|\\b(${COMPOUND.join('|')})\\b`, 'g');

/** An option with its value, as code has it: l2: 0.01, or optimizer: 'auto'. */
const NAMED_VALUES = new RegExp(
  `\\b(${SETTINGS.map(({ name }) => name).join('|')}): ('\\w+'|true|false|\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)`,
  'g',
);

/** Replaces options in a text by their flags: batchSize by --batch-size, and l2: 0.01 by --l2 0.01. */
export function inFlags(text: string): string {
  return text
    .replace(NAMED_VALUES, (_, name: string, value: string) => {
      if (value === 'true' || value === 'false') return `--${value === 'true' ? '' : 'no-'}${kebab(name)}`;
      return `--${kebab(name)} ${value.replaceAll("'", '')}`;
    })
    .replace(COMPOUND_NAMES, (text, name: string | undefined) => (name === undefined ? text : `--${kebab(name)}`));
}

/** A string as code has it. */
const LITERAL = "'(?:[^'\\\\]|\\\\.)*'";

/** The values of options of reading, as code has them. */
const VALUES: Readonly<Record<ReadingSpec['flag'], string>> = {
  word: LITERAL,
  names: `\\[(?:${LITERAL}(?:, )?)*\\]`,
  number: '\\d+',
  rows: '\\d+|\\[\\d+(?:, \\d+)*\\]',
  switch: 'true|false',
};

const SETTING_IN_CODE = new RegExp(
  `${DATA}|\\b(?:${READING.map(({ name, flag }) => `(?:(${name}): (${VALUES[flag]}))`).join('|')})`,
  'g',
);

/** Replaces options of reading as code has them by their flags: skipRows: [2] by --skip-rows 2-2. */
export function readingInFlags(text: string): string {
  return text.replace(SETTING_IN_CODE, (whole, ...groups) => {
    const pairs = groups.slice(0, 2 * READING.length) as (string | undefined)[];
    const [name, value] = pairs.filter((group) => group !== undefined);
    const spec = READING.find((each) => each.name === name);
    return spec && value !== undefined ? flagOf(spec, value) : whole;
  });
}

function flagOf({ name, flag }: ReadingSpec, value: string): string {
  if (flag === 'switch') return value === 'true' ? `--${kebab(name)}` : `--no-${kebab(name)}`;
  return spelt(`--${kebab(name)}`, wordOf(flag, value));
}

/** A value as the flag takes it. */
function wordOf(flag: ReadingSpec['flag'], value: string): string {
  if (flag === 'word') return textOfLiteral(value);
  if (flag === 'names') return (value.match(new RegExp(LITERAL, 'g')) ?? []).map(textOfLiteral).map(listed).join(',');
  const rows = value.replace(/^\[|\]$/g, '').split(', ');
  return value.startsWith('[') ? rows.map((row) => (rows.length === 1 ? `${row}-${row}` : row)).join(',') : value;
}

/** A name as a list on the command line has it. */
function listed(name: string): string {
  return /,|^"/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

/** A flag and its value, quoted for a shell where they need it. */
function spelt(flag: string, word: string): string {
  const link = word.startsWith('-') ? '=' : ' ';
  return `${flag}${link}${/^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`}`;
}

/** The value of an option of reading, as the help shows it. */
const PLACEHOLDERS: Readonly<Record<ReadingSpec['flag'], string | undefined>> = {
  word: 'X',
  names: 'A,B,C',
  number: 'N',
  rows: 'ROWS',
  switch: undefined,
};

/** The options of how a file is read; a switch has an opposite, and without both the file decides. */
export const READING_FLAGS: readonly Flag[] = READING.flatMap(({ name, flag, sentence, range, default: fallback }) => {
  const word = kebab(name);
  if (flag === 'switch') {
    return [
      { name: word, sentence: `${inFlags(sentence)} Default: auto.` },
      { name: `no-${word}`, sentence: `The opposite of --${word}.` },
    ];
  }
  const shown = Array.isArray(fallback) ? 'none' : String(fallback);
  const value = PLACEHOLDERS[flag] ?? 'X';
  return [{ name: word, value, sentence: `${inFlags(sentence)} ${capital(range)}. Default: ${shown}.` }];
});

/** The model of `predict`. */
export const MODEL_FLAG: Flag = {
  name: 'model',
  value: 'FILE',
  sentence: 'With predict: the model, or the list of models, as written by fit --output.',
};

/** The flags of `predict`. */
export const PREDICT_FLAGS: readonly Flag[] = [
  MODEL_FLAG,
  ...DATA_FLAGS.filter(({ name }) => name === 'data'),
  ...READING_FLAGS.filter(({ name }) =>
    PREDICTION_OPTIONS.some((option) => [kebab(option), `no-${kebab(option)}`].includes(name)),
  ),
  ...OUTPUT_FLAGS.filter(({ name }) => ['output', 'json'].includes(name)),
];

const named = (flags: readonly Flag[], ...names: readonly string[]): Flag[] =>
  flags.filter(({ name }) => names.includes(name));

/** The flags of `moments`. */
export const MOMENTS_FLAGS: readonly Flag[] = [
  ...named(DATA_FLAGS, 'data', 'target', 'features', 'weights'),
  ...READING_FLAGS,
  ...named(OUTPUT_FLAGS, 'output', 'json'),
];

/** The flags of `merge`. */
export const MERGE_FLAGS: readonly Flag[] = [MOMENTS_FLAG, ...named(OUTPUT_FLAGS, 'output', 'json')];

export const SETTING_FLAGS: readonly Flag[] = SETTINGS.flatMap((spec): Flag[] => {
  const flag = kebab(spec.name);
  if (typeof spec.default !== 'boolean') {
    return [
      {
        name: flag,
        value: 'X',
        sentence: `${inFlags(spec.sentence)} ${capital(rangeOfFlag(spec))}. ${defaultOf(spec)}`,
      },
    ];
  }
  return [
    { name: flag, sentence: `${inFlags(spec.sentence)} ${defaultOf(spec)}` },
    { name: `no-${flag}`, sentence: `The opposite of --${flag}.` },
  ];
});

/** The values of a flag, in words: bytes may have a unit. */
export function rangeOfFlag({ name, range }: SettingSpec): string {
  return name === 'memoryBudget' ? `${range}, or with a unit, such as 512MB` : range;
}

/** The flags of `fit --moments`. */
export const MOMENTS_FIT_FLAGS: readonly Flag[] = [...MERGE_FLAGS, ...SETTING_FLAGS, ...named(OUTPUT_FLAGS, 'summary')];

/** The default of a flag in words, which depends on the source of the examples. */
function defaultOf({ name, default: general }: SettingSpec): string {
  const spell = (value: unknown) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));
  const seed = spell((SEED_PROGRAM as Partial<FitSettings>)[name] ?? general);
  const file = spell(general);
  return seed === file ? `Default ${seed}.` : `Default ${seed}; with --data ${file}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
