import { parseArgs } from 'node:util';
import { DescentError } from '../errors.js';
import { nearest } from '../nearest.js';
import { FILE_PRESET, type FitSettings, SEED_PROGRAM, SETTINGS } from '../options.js';

/** Where the examples come from. */
export type DataChoice =
  | { kind: 'csv'; file: string; target: string | undefined; features: string[] | undefined }
  | { kind: 'synthetic'; rows: number; featureCount: number; noise: number };

/** What `webgpu-descent fit` was asked to do. */
export interface FitCommand {
  data: DataChoice;
  settings: FitSettings;
  output: string | undefined;
  json: boolean;
  check: boolean;
}

export type Command = { kind: 'help' } | { kind: 'version' } | ({ kind: 'fit' } & FitCommand);

interface Flag {
  name: string;
  /** What stands for the value in the help; none for a switch. */
  value?: string;
  sentence: string;
}

const DATA_FLAGS: readonly Flag[] = [
  { name: 'data', value: 'FILE', sentence: 'A CSV file to learn from, with or without a header.' },
  { name: 'target', value: 'NAME', sentence: 'Its column to predict.' },
  { name: 'features', value: 'A,B,C', sentence: 'Its columns to predict from. Default: all others.' },
  { name: 'rows', value: 'N', sentence: 'Without --data: how many synthetic examples. Default 1000000.' },
  { name: 'feature-count', value: 'D', sentence: 'Synthetic features, uniform in [-1, 1). Default 2.' },
  { name: 'noise', value: 'S', sentence: 'Standard deviation of the noise on synthetic targets. Default 0.1.' },
];

const OUTPUT_FLAGS: readonly Flag[] = [
  { name: 'output', value: 'FILE', sentence: 'Write the model there, as JSON.' },
  { name: 'json', sentence: 'Print one JSON object and nothing else.' },
  { name: 'no-check', sentence: 'Leave out the comparison with the CPU reference.' },
  { name: 'help', sentence: 'Show this.' },
  { name: 'version', sentence: 'Show the version.' },
];

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const SETTING_FLAGS: readonly Flag[] = SETTINGS.flatMap(({ name, range, sentence, default: value }): Flag[] => {
  if (typeof value !== 'boolean')
    return [{ name: kebab(name), value: 'X', sentence: `${sentence} ${capital(range)}.` }];
  return [
    { name: kebab(name), sentence },
    { name: `no-${kebab(name)}`, sentence: 'Does not.' },
  ];
});

const FLAGS = [...DATA_FLAGS, ...SETTING_FLAGS, ...OUTPUT_FLAGS];

/**
 * Reads the command line. Throws `UNKNOWN_OPTION` or `INVALID_OPTION`, with what was expected.
 */
export function parseCommand(words: readonly string[]): Command {
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      FLAGS.map(({ name, value }) => [name, { type: value ? 'string' : 'boolean' }] as const),
    ),
  });
  const given = new Map<string, string>();
  let hasVerb = false;
  for (const token of tokens) {
    if (token.kind === 'positional' && token.value === 'fit' && !hasVerb) hasVerb = true;
    else if (token.kind === 'positional') throw unknown(`'${token.value}'`, ['fit']);
    else if (token.kind === 'option') given.set(token.name, readFlag(token.rawName, token.name, token.value));
  }
  if (given.has('help')) return { kind: 'help' };
  if (given.has('version')) return { kind: 'version' };
  const data = readData(given);
  const settings = readSettings(given, data.kind === 'csv' ? FILE_PRESET : SEED_PROGRAM);
  return {
    kind: 'fit',
    data,
    settings,
    output: given.get('output'),
    json: given.has('json'),
    check: !given.has('no-check'),
  };
}

/** The text of --help. */
export function helpText(): string {
  const section = (title: string, flags: readonly Flag[]) => {
    const lines = flags.map(({ name, value, sentence }) => `  ${`--${name} ${value ?? ''}`.padEnd(22)} ${sentence}`);
    return [title, ...lines].join('\n');
  };
  return [
    'webgpu-descent fit [options]',
    '',
    'Fits h(x) = X·w + b by gradient descent on the GPU, in a headless browser, and checks it against the CPU.',
    'Without --data it runs the seed program: 1,000,000 synthetic examples, 2 features, 100 epochs at rate 1.',
    '',
    section('Data', DATA_FLAGS),
    '',
    section('Descent', SETTING_FLAGS),
    '',
    section('Result', OUTPUT_FLAGS),
    '',
    'Exit code: 0 done, 1 the fit failed or its check did, 2 the command or the input is wrong.',
  ].join('\n');
}

function readFlag(rawName: string, name: string, value: string | undefined): string {
  const flag = FLAGS.find((known) => known.name === name);
  if (!flag || !rawName.startsWith('--')) {
    throw unknown(
      rawName,
      FLAGS.map((known) => `--${known.name}`),
    );
  }
  if (flag.value && !value) throw invalid(`${rawName} without a value`, `--${name} ${flag.value}`);
  if (!flag.value && value !== undefined) throw invalid(`${rawName}=${value}`, `--${name} alone`);
  return value ?? '';
}

function readData(given: ReadonlyMap<string, string>): DataChoice {
  const file = given.get('data');
  const [ours, others] =
    file === undefined ? [['target', 'features'], '--data'] : [['rows', 'feature-count', 'noise'], 'no --data'];
  const stray = ours.find((name) => given.has(name));
  if (stray) throw invalid(`--${stray}`, `${others} beside it`);
  if (file !== undefined) {
    const features = given
      .get('features')
      ?.split(',')
      .map((name) => name.trim());
    return { kind: 'csv', file, target: given.get('target'), features };
  }
  return {
    kind: 'synthetic',
    rows: readNumber(given, 'rows', 1_000_000, 'a whole number from 1 up', (n) => Number.isSafeInteger(n) && n >= 1),
    featureCount: readNumber(
      given,
      'feature-count',
      2,
      'a whole number from 1 up',
      (n) => Number.isSafeInteger(n) && n >= 1,
    ),
    noise: readNumber(given, 'noise', 0.1, 'a number from 0 up', (n) => Number.isFinite(n) && n >= 0),
  };
}

function readSettings(given: ReadonlyMap<string, string>, preset: Partial<FitSettings>): FitSettings {
  const settings: Record<string, unknown> = {};
  for (const spec of SETTINGS) {
    const flag = kebab(spec.name);
    const text = given.get(flag);
    let value: unknown = preset[spec.name] ?? spec.default;
    if (given.has(`no-${flag}`)) value = false;
    else if (text !== undefined) value = typeof spec.default === 'boolean' ? true : asNumber(text);
    if (!spec.allows(value)) throw invalid(`--${flag} ${text}`, spec.range);
    settings[spec.name] = value;
  }
  return settings as unknown as FitSettings;
}

/** The number that the text spells, or the text. */
function asNumber(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

function readNumber(
  given: ReadonlyMap<string, string>,
  name: string,
  fallback: number,
  expected: string,
  allows: (value: number) => boolean,
): number {
  const text = given.get(name);
  if (text === undefined) return fallback;
  const value = asNumber(text);
  if (typeof value !== 'number' || !allows(value)) throw invalid(`--${name} ${text}`, expected);
  return value;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unknown(got: string, candidates: readonly string[]): DescentError {
  return new DescentError('UNKNOWN_OPTION', {
    got: `unknown ${got}`,
    expected: 'an option of --help',
    fix: `Did you mean ${nearest(got, candidates)}?`,
  });
}

function invalid(got: string, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', { got, expected, fix: 'See --help.' });
}
