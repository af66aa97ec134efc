import { parseArgs } from 'node:util';
import { nearest } from '../src/base/nearest-word.js';
import { type BenchCase, CASES, caseName, parseCases, QUICK_CASES } from './cases.js';
import { JOB_CASE, QUICK_JOB_CASE } from './jobs/job.js';
import { QUICK_READER_ROWS, READER_ROWS } from './readers/reader.js';
import { DEFAULT_EPOCHS, type Effort, EFFORTS } from './effort.js';

const RUNTIMES = ['browser', 'node'] as const;
type Runtime = (typeof RUNTIMES)[number];

export interface BenchCommand {
  runtime: Runtime;
  cases: readonly BenchCase[];
  /** Sizes of the jobs to the optimum. */
  jobs: readonly BenchCase[];
  /** Rows of the files that are read; 0 where none is. */
  readerRows: number;
  arms: readonly string[];
  /** Epochs from the start to the loss that is compared. */
  epochs: number;
  effort: Effort;
  /** Times the kernels of our epoch by themselves too. */
  kernels: boolean;
  json: boolean;
  save: boolean;
}

/** Instead of measuring: the table of README.md from this result file. */
export interface ReadmeCommand {
  readme: string;
}

/** Instead of measuring arms: tune the adapter, and print a row for src/gpu/device/tuning.ts. */
export interface TuneCommand {
  tune: true;
  runtime: Runtime;
}

/** Each arm runs the checked epochs and a few more. */
const CHECK_ONLY: Effort = { repeats: 0, repeatMs: 0, jobRepeats: 0 };

/** Reads the command line. Throws a RangeError that says what was expected. */
export function parseBenchCommand(
  words: readonly string[],
  libraries: readonly string[],
  runtime: Runtime = 'browser',
): BenchCommand | ReadmeCommand | TuneCommand | 'help' {
  const options = {
    runtime: { type: 'string', default: runtime },
    cases: { type: 'string' },
    rows: { type: 'string' },
    features: { type: 'string' },
    epochs: { type: 'string' },
    arms: { type: 'string' },
    quick: { type: 'boolean' },
    'check-only': { type: 'boolean' },
    kernels: { type: 'boolean' },
    jobs: { type: 'boolean' },
    readers: { type: 'boolean' },
    json: { type: 'boolean' },
    'no-save': { type: 'boolean' },
    readme: { type: 'string' },
    tune: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options }));
  } catch (error) {
    throw new RangeError(`${error instanceof Error ? error.message.split('. ')[0] : String(error)}; see --help`);
  }
  if (values.help) return 'help';
  if (values.readme !== undefined) return { readme: values.readme };
  if (values.tune) return { tune: true, runtime: chooseRuntime(values.runtime) };
  const checkOnly = values['check-only'] ?? false;
  return {
    runtime: chooseRuntime(values.runtime),
    ...chooseSizes(values),
    arms:
      values.arms === undefined ? libraries : values.arms.split(',').map((name) => chooseArm(name.trim(), libraries)),
    epochs: wholeNumber('epochs', values.epochs) ?? DEFAULT_EPOCHS,
    effort: checkOnly ? CHECK_ONLY : values.quick ? EFFORTS.quick : EFFORTS.full,
    kernels: values.kernels ?? false,
    json: values.json ?? false,
    save: !checkOnly && !(values['no-save'] ?? false),
  };
}

export function helpText(libraries: readonly string[]): string {
  return [
    'npm run bench -- [options]',
    '',
    '  --runtime NAME     browser, or node for a machine with a GPU and no browser: our arms on Dawn, which is taken',
    '                     from the file named by DAWN_NODE, or from the package webgpu in bench/peers',
    `  --quick            ${QUICK_CASES.length} cases, shorter repeats: under a minute`,
    `  --cases LIST       such as ${CASES.slice(0, 2).map(caseName).join(',')}`,
    '  --rows N, --features D   one case of that size',
    '  --epochs N         epochs from the start to the loss that is compared with the reference (10)',
    `  --arms LIST        of: ${libraries.join(', ')}`,
    '  --check-only       correctness without timing; exit code 1 when ours is wrong',
    '  --kernels          the kernels of our epoch too, each by itself, by the clock of the GPU',
    '  --jobs             nothing but whole jobs to the optimum; with --quick at a tenth of the size',
    '  --tune             measure no arms; look for a faster tuning, and print a row for src/gpu/device/tuning.ts',
    '  --readers          nothing but the reading of CSV, Parquet and Arrow; with --quick at a tenth of the size',
    '  --json             one JSON object on standard output, and nothing else',
    '  --no-save          leave bench/results/ alone',
    '  --readme FILE      measure nothing; write the tables of README.md from a saved result',
  ].join('\n');
}

interface SizeWords {
  cases?: string;
  rows?: string;
  features?: string;
  quick?: boolean;
  'check-only'?: boolean;
  jobs?: boolean;
  readers?: boolean;
}

/** The sizes to time epochs of, and those of jobs: jobs are part of a run of everything, or all that is asked for. */
function chooseSizes(values: SizeWords): Pick<BenchCommand, 'cases' | 'jobs' | 'readerRows'> {
  const isShort = values.quick ?? false;
  if (values.readers) return { cases: [], jobs: [], readerRows: isShort ? QUICK_READER_ROWS : READER_ROWS };
  const sizes = sizesOfDescent(values, isShort);
  // Readers are part of a run of everything.
  return { ...sizes, readerRows: sizes.cases.length > 0 && sizes.jobs.length > 0 ? READER_ROWS : 0 };
}

function sizesOfDescent(values: SizeWords, isShort: boolean): Pick<BenchCommand, 'cases' | 'jobs'> {
  const named = namedSizes(values);
  if (values.jobs) return { cases: [], jobs: named ?? [isShort ? QUICK_JOB_CASE : JOB_CASE] };
  if (named) return { cases: named, jobs: [] };
  return isShort || values['check-only']
    ? { cases: isShort ? QUICK_CASES : CASES, jobs: [] }
    : { cases: CASES, jobs: [JOB_CASE] };
}

/** The sizes that the command line names; undefined if it names none. */
function namedSizes(values: SizeWords): readonly BenchCase[] | undefined {
  if (values.cases !== undefined) return parseCases(values.cases);
  const rows = wholeNumber('rows', values.rows);
  const features = wholeNumber('features', values.features);
  if (rows === undefined && features === undefined) return undefined;
  return [{ rows: rows ?? 1_000_000, features: features ?? (values.jobs ? JOB_CASE.features : 2) }];
}

function chooseArm(name: string, libraries: readonly string[]): string {
  if (libraries.includes(name)) return name;
  throw new RangeError(
    `unknown arm '${name}'; expected some of ${libraries.join(', ')}. Did you mean '${nearest(name, libraries)}'?`,
  );
}

function chooseRuntime(name: string): Runtime {
  const found = RUNTIMES.find((known) => known === name);
  if (found) return found;
  throw new RangeError(`unknown runtime '${name}'; expected ${RUNTIMES.join(' or ')}`);
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`--${name} ${text}; expected a whole number from 1 up`);
}
