import { parseArgs } from 'node:util';
import { DescentError } from '../../base/errors.js';
import { checkCombinations } from '../../options/check-combinations.js';
import { valueMeant } from '../../options/value-synonyms.js';
import { chooseOptimizer } from '../../options/choose-optimizer.js';
import { resolveMany } from '../../fitting/many-options.js';
import { isUpdateRule, OPTIMIZER_CHOICES } from '../../options/names.js';
import { SEED_PROGRAM } from '../../options/presets.js';
import type { ReadingSettings } from '../../options/reading.js';
import { SETTINGS } from '../../options/settings.js';
import type { FitSettings } from '../../options/specs.js';
import { type WeightsAs, WEIGHTS_AS } from '../../model/summary/weights-as.js';
import { invalid, stray, unknown } from './argument-errors.js';
import { type HelpTopic, helpTopic, type Verb, VERBS } from './help-topic.js';
import { readBytes } from './read-bytes.js';
import { DATA_FLAGS, kebab, MODEL_FLAG, OUTPUT_FLAGS, rangeOfFlag, READING_FLAGS, SETTING_FLAGS } from './flags.js';
import { readNamesOf } from './read-names-of.js';
import { asNumber, readNumber } from './read-number.js';
import { readReading } from './read-reading.js';
import { readDoctor, readFitMoments, readMerge, readMoments, readPredict, requireErrors } from './read-verbs.js';

/** The source of the examples. */
export type DataChoice =
  | {
      kind: 'files';
      /** Paths of files with the same columns; '-' is standard input. */
      files: string[];
      /** One model for each. */
      targets: string[] | undefined;
      features: string[] | undefined;
      weights: string | undefined;
      reading: ReadingSettings;
    }
  | { kind: 'synthetic'; rows: number; featureCount: number; noise: number };

/** The parsed command `webgpu-descent fit`. */
export interface FitCommand {
  data: DataChoice;
  settings: FitSettings;
  /** A file with the model to start from. */
  warmStart: string | undefined;
  output: string | undefined;
  json: boolean;
  check: boolean;
  /** True if standard errors and the rest of the summary are printed. */
  summary: boolean;
  /** The meaning of the weights of examples in the summary. */
  weightsAs: 'auto' | WeightsAs;
}

/** The parsed command `webgpu-descent doctor`. */
export interface DoctorCommand {
  json: boolean;
}

/** The parsed command `webgpu-descent predict`. */
export interface PredictCommand {
  model: string;
  files: string[];
  reading: ReadingSettings;
  /** Undefined prints the predictions. */
  output: string | undefined;
  json: boolean;
}

/** The parsed command `webgpu-descent moments`. */
export interface MomentsCommand {
  data: DataChoice & { kind: 'files' };
  /** Undefined prints the moments. */
  output: string | undefined;
  json: boolean;
}

/** The parsed command `webgpu-descent merge`. */
export interface MergeCommand {
  /** Files of moments. */
  files: string[];
  output: string | undefined;
  json: boolean;
}

/** The parsed command `webgpu-descent fit --moments`. */
export interface FitMomentsCommand extends MergeCommand {
  settings: FitSettings;
  /** True if standard errors and the rest of the summary are printed. */
  summary: boolean;
}

export type Command =
  | { kind: 'help'; topic: HelpTopic }
  | { kind: 'version' }
  | ({ kind: 'doctor' } & DoctorCommand)
  | ({ kind: 'predict' } & PredictCommand)
  | ({ kind: 'moments' } & MomentsCommand)
  | ({ kind: 'merge' } & MergeCommand)
  | ({ kind: 'fitMoments' } & FitMomentsCommand)
  | ({ kind: 'fit' } & FitCommand);

/** A file of more values than this takes hours on a processor; and JavaScript's arrays end not far above. */
const MOST_SYNTHETIC_VALUES = 2 ** 30;

/** Far beyond any noise with a use, and far below the end of f32. */
const MOST_NOISE = 1e30;

const FLAGS = [MODEL_FLAG, ...DATA_FLAGS, ...READING_FLAGS, ...SETTING_FLAGS, ...OUTPUT_FLAGS];

/** The flags that only files have. */
const FILE_FLAGS = ['target', 'features', 'weights', ...READING_FLAGS.map(({ name }) => name)];

/**
 * Reads the command line. Throws `UNKNOWN_OPTION` or `INVALID_OPTION`, with what was expected.
 */
export function parseCommand(words: readonly string[]): Command {
  const topic = helpTopic(words);
  if (topic !== undefined) return { kind: 'help', topic };
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      FLAGS.map(({ name, value }) => [name, { type: value ? 'string' : 'boolean' }] as const),
    ),
  });
  const flags = new Map<string, string>();
  const [files, momentsFiles]: [string[], string[]] = [[], []];
  let open: string[] | undefined; // a shell makes several words of --data part-*.csv
  let verb: Verb | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      const named = VERBS.find((name) => name === token.value);
      if (open && !named) open.push(token.value);
      else if (!named || verb) throw stray(token.value, verb);
      else verb = named;
    }
    if (token.kind === 'option') {
      const name = token.rawName === '-h' ? 'help' : token.name;
      flags.delete(name.startsWith('no-') ? name.slice('no-'.length) : `no-${name}`); // of two opposites the last holds
      flags.set(name, readFlag(token.rawName, name, token));
      open = name === 'data' ? files : name === 'moments' ? momentsFiles : undefined;
      open?.push(flags.get(name) ?? '');
    }
  }
  if (flags.has('version')) return { kind: 'version' };
  const read = { flags, files, momentsFiles };
  if (verb === 'doctor') return readDoctor(read);
  if (verb === 'predict') return readPredict(read);
  if (verb === 'moments') return readMoments(read);
  if (verb === 'merge') return readMerge(read);
  if (momentsFiles.length > 0) return readFitMoments(read, readSettings(flags, {}));
  if (flags.has('model')) throw invalid('--model with fit', '--warm-start FILE, or the command predict');
  const data = readData(flags, files);
  const settings = readSettings(flags, presetFor(flags, data));
  if (data.kind === 'files' && data.targets && data.targets.length > 1) requireTogether(data.targets, settings);
  if (flags.has('summary')) requireErrors(settings);
  return {
    kind: 'fit',
    data,
    settings,
    warmStart: flags.get('warm-start'),
    output: flags.get('output'),
    json: flags.has('json'),
    check: !flags.has('no-check'),
    summary: flags.has('summary'),
    weightsAs: readWeightsAs(flags),
  };
}

function readWeightsAs(flags: ReadonlyMap<string, string>): 'auto' | WeightsAs {
  const text = flags.get('weights-as');
  if (text === undefined) return 'auto';
  const meaning = WEIGHTS_AS.find((known) => known === text);
  if (!meaning) throw invalid(`--weights-as ${text}`, WEIGHTS_AS.join(' or '));
  const missing = ['summary', 'weights'].find((name) => !flags.has(name));
  if (missing) throw invalid(`--weights-as without --${missing}`, '--weights-as together with --summary and --weights');
  return meaning;
}

function readFlag(
  rawName: string,
  name: string,
  { value, inlineValue }: { value?: string | undefined; inlineValue?: boolean | undefined },
): string {
  const flag = FLAGS.find((spec) => spec.name === name);
  if (!flag || !(rawName.startsWith('--') || rawName === '-h'))
    throw unknown(
      rawName,
      FLAGS.map((spec) => `--${spec.name}`),
    );
  // The parser takes the word that follows, whatever it is; a value that begins so is written --name=value.
  const isNextFlag = inlineValue === false && value?.startsWith('--');
  if (flag.value && (!value || isNextFlag)) throw invalid(`${rawName} without a value`, `--${name} ${flag.value}`);
  if (!flag.value && value !== undefined) {
    const opposite = FLAGS.some((spec) => spec.name === `no-${name}`) ? `, or --no-${name}` : '';
    throw invalid(`${rawName}=${value}`, `--${name} alone${opposite}`);
  }
  return value ?? '';
}

function readData(flags: ReadonlyMap<string, string>, files: string[]): DataChoice {
  const [file] = files;
  const [ours, conflict] =
    file === undefined ? [FILE_FLAGS, 'without --data'] : [['rows', 'feature-count', 'noise'], 'with --data'];
  const conflicting = ours.find((name) => flags.has(name));
  if (conflicting) {
    const expected =
      file === undefined ? `--data FILE together with --${conflicting}` : 'either a file or synthetic examples';
    throw invalid(`--${conflicting} ${conflict}`, expected);
  }
  if (file !== undefined) {
    const [targets, features, weights] = ['target', 'features', 'weights'].map((name) => readNamesOf(flags, name));
    if (weights && weights.length > 1) throw invalid(`--weights ${flags.get('weights')}`, 'the name of one column');
    return { kind: 'files', files, targets, features, weights: weights?.[0], reading: readReading(flags) };
  }
  const isCount = (n: number) => Number.isSafeInteger(n) && n >= 1;
  const rows = readNumber(flags, 'rows', 1_000_000, 'a whole number from 1 up', isCount);
  const featureCount = readNumber(flags, 'feature-count', 2, 'a whole number from 1 up', isCount);
  const values = rows * (featureCount + 1);
  if (values > MOST_SYNTHETIC_VALUES) {
    throw invalid(`--rows ${rows} of ${featureCount} features and a target`, `at most ${MOST_SYNTHETIC_VALUES} values`);
  }
  const isNoise = (n: number) => n >= 0 && n <= MOST_NOISE;
  const noise = readNumber(flags, 'noise', 0.1, `a number from 0 to ${MOST_NOISE}`, isNoise);
  return { kind: 'synthetic', rows, featureCount, noise };
}

/** Throws `INVALID_OPTION` for what several targets at once cannot have. */
function requireTogether(targets: readonly string[], settings: FitSettings): void {
  const twice = targets.find((name, k) => targets.indexOf(name) < k);
  if (twice !== undefined) throw invalid(`--target with '${twice}' twice`, 'each target once');
  try {
    resolveMany(
      targets.map((target) => ({ target })),
      settings,
      targets,
    );
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    const { code, got, expected, where } = error;
    throw new DescentError(code, { got, expected, where, fix: 'Pass one --target at a time.' });
  }
}

/** The values of --optimizer that stand for solvers. */
const SOLVER_CHOICES = OPTIMIZER_CHOICES.filter((choice) => !isUpdateRule(choice));

/** The seed program's rate is one of gradient descent on all examples; a solver asked for by name has the defaults. */
function presetFor(flags: ReadonlyMap<string, string>, { kind }: DataChoice): Preset {
  const optimizer = flags.get('optimizer');
  if (kind === 'files' || SOLVER_CHOICES.some((choice) => choice === optimizer)) return {};
  return {
    ...SEED_PROGRAM,
    ...((flags.has('optimizer') || flags.has('batch-size')) && { learningRate: 'auto' }),
    // The tolerance of the seed program is 0, which would turn early stopping off.
    ...((flags.has('validation-fraction') || flags.has('patience')) && { tolerance: undefined }),
  };
}

/** Options that differ from the library's defaults; undefined stands for the default. */
type Preset = { [Name in keyof FitSettings]?: FitSettings[Name] | undefined };

function readSettings(flags: ReadonlyMap<string, string>, preset: Preset): FitSettings {
  const settings: Record<string, unknown> = {};
  for (const spec of SETTINGS) {
    const flag = kebab(spec.name);
    const text = flags.get(flag);
    let value: unknown = preset[spec.name] ?? spec.default;
    if (flags.has(`no-${flag}`)) value = false;
    else if (text !== undefined) value = typeof spec.default === 'boolean' ? true : valueOf(spec.name, text);
    if (!spec.allows(value)) {
      const range = rangeOfFlag(spec);
      throw invalid(`--${flag} ${text}`, range, valueMeant(text, range, ''));
    }
    settings[spec.name] = value;
  }
  const asked = SETTINGS.map(({ name }) => name).filter((name) => flags.has(kebab(name)));
  const chosen = chooseOptimizer(settings as unknown as FitSettings, flags.has('epochs'));
  return checkCombinations(chosen, false, asked);
}

const valueOf = (name: keyof FitSettings, text: string): number | string =>
  name === 'memoryBudget' ? (readBytes(text) ?? asNumber(text)) : asNumber(text);
