import { FILE_PRESET, type FitSettings, SEED_PROGRAM } from '../../fitting/fit-options.js';
import { SETTINGS, type SettingSpec } from '../../options/specs.js';

/** A word of the command line that begins with two dashes. */
export interface Flag {
  name: string;
  /** What stands for the value in the help; none for a switch. */
  value?: string;
  sentence: string;
}

export const DATA_FLAGS: readonly Flag[] = [
  { name: 'data', value: 'FILE', sentence: 'A CSV file to learn from, with or without a header.' },
  {
    name: 'target',
    value: 'NAME',
    sentence:
      'Its column to predict, or several with commas between them: a model for each, all at once. A name with a comma stands in double quotes, as in the file.',
  },
  { name: 'features', value: 'A,B,C', sentence: 'Its columns to predict from. Default: all others.' },
  {
    name: 'weights',
    value: 'NAME',
    sentence: 'Its column that says how much each example counts. Default: all the same.',
  },
  {
    name: 'warm-start',
    value: 'FILE',
    sentence: 'A model to start from, as --output wrote it; for several targets the list. Default: by chance.',
  },
  { name: 'rows', value: 'N', sentence: 'Without --data: how many synthetic examples. Default 1000000.' },
  { name: 'feature-count', value: 'D', sentence: 'Synthetic features, uniform in [-1, 1). Default 2.' },
  {
    name: 'noise',
    value: 'S',
    sentence: 'Standard deviation of the noise on synthetic targets, which labels do not have. Default 0.1.',
  },
];

export const OUTPUT_FLAGS: readonly Flag[] = [
  { name: 'output', value: 'FILE', sentence: 'Write the model there, as JSON; of several targets a list of models.' },
  { name: 'json', sentence: 'Print one JSON object and nothing else.' },
  { name: 'summary', sentence: 'Add standard errors, t and p of each parameter, of least squares without penalties.' },
  { name: 'no-check', sentence: 'Leave out the comparison with the CPU reference.' },
  { name: 'help', sentence: 'Show this.' },
  { name: 'version', sentence: 'Show the version.' },
];

export const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Options whose names are no words of a language. */
const COMPOUND = SETTINGS.map(({ name }) => name).filter((name) => /[A-Z]/.test(name));
const COMPOUND_NAMES = new RegExp(`\\b(${COMPOUND.join('|')})\\b`, 'g');

/** What the library says of its options, as who types their flags would say it: batchSize is --batch-size. */
export function inFlags(text: string): string {
  return text.replace(COMPOUND_NAMES, (name) => `--${kebab(name)}`);
}

const EPOCHS_OF_FILES = 'as many as its features need';

export const SETTING_FLAGS: readonly Flag[] = SETTINGS.flatMap((spec): Flag[] => {
  const flag = kebab(spec.name);
  if (typeof spec.default !== 'boolean') {
    return [
      { name: flag, value: 'X', sentence: `${inFlags(spec.sentence)} ${capital(spec.range)}. ${defaultOf(spec)}` },
    ];
  }
  return [
    { name: flag, sentence: `${inFlags(spec.sentence)} ${defaultOf(spec)}` },
    { name: `no-${flag}`, sentence: `The opposite of --${flag}.` },
  ];
});

/** What holds where a flag is left out, which depends on where the examples come from. */
function defaultOf({ name, default: general }: SettingSpec): string {
  const spell = (value: unknown) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));
  const seed = spell((SEED_PROGRAM as Partial<FitSettings>)[name] ?? general);
  const file = name === 'epochs' ? EPOCHS_OF_FILES : spell((FILE_PRESET as Partial<FitSettings>)[name] ?? general);
  return seed === file ? `Default ${seed}.` : `Default ${seed}; with --data ${file}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
