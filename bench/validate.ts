import { JOB_NAMES, type JobArmResult, type JobResult } from './jobs/job.js';
import { READER_NAMES, type ReaderArm, type ReaderResult } from './readers/reader.js';
import type { ArmResult, BenchResult, CaseResult, Environment, KernelTime, ManyTime, Spread } from './result.js';

/** Throws a RangeError that names the place, what is there and what was expected. */
type Check = (value: unknown, place: string) => void;

/** Every member that a type has, with its check: a member that is added to the type is asked for here. */
type Checks<Type> = { [Member in keyof Required<Type>]: Check };

const text = basic('a text', (value) => typeof value === 'string');
const truth = basic('true or false', (value) => typeof value === 'boolean');
const number = basic('a number', Number.isFinite);
const positive = basic('a number above 0', (value) => Number.isFinite(value) && (value as number) > 0);
const count = basic('a whole number from 1 up', (value) => Number.isSafeInteger(value) && (value as number) >= 1);

const spread = record<Spread>({ median: positive, q1: positive, q3: positive });

const environment = record<Environment>({
  adapter: nullable(
    record<NonNullable<Environment['adapter']>>({
      vendor: text,
      architecture: text,
      description: text,
      isSoftware: truth,
    }),
  ),
  runtime: oneOf('browser', 'node'),
  browser: text,
  cpu: text,
  cores: count,
  date: basic('a date as in ISO 8601', (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value))),
  copyGigabytesPerSecond: nullable(positive),
  coldStartMs: nullable(number),
});

const armResult = record<ArmResult>({
  name: text,
  kind: oneOf('ours', 'peer-webgpu', 'peer-cpu', 'cpu'),
  describe: text,
  msPerEpoch: nullable(spread),
  gigabytesPerSecond: nullable(positive),
  shareOfCopyBandwidth: nullable(number),
  jobMs: nullable(spread),
  isJobOnly: optional(truth),
  lastLoss: nullable(number),
  correct: truth,
  reason: optional(text),
});

const caseResult = record<CaseResult>({
  rows: count,
  features: count,
  epochs: count,
  expectedLoss: nullable(number),
  results: list(armResult),
  speedupOverFastestWebgpuPeer: nullable(positive),
  speedupOverFastestCpuPeer: nullable(positive),
  jobSpeedupOverFastestCpuPeer: optional(nullable(positive)),
  jobSpeedupOverPlainLoop: optional(nullable(positive)),
  kernels: optional(list(record<KernelTime>({ name: text, msPerEpoch: spread, gigabytesPerSecond: number }))),
});

const manyTime = record<ManyTime>({
  rows: count,
  features: count,
  models: count,
  msPerEpoch: spread,
  oneMsPerEpoch: spread,
  ratioToOne: positive,
  correct: truth,
});

const jobArmResult = record<JobArmResult>({
  name: text,
  kind: oneOf('ours', 'peer-webgpu', 'peer-cpu', 'cpu'),
  describe: text,
  mustReach: truth,
  ms: nullable(spread),
  excess: nullable(number),
  passes: nullable(count),
  correct: truth,
  reason: optional(text),
});

const jobResult = record<JobResult>({
  job: oneOf(...JOB_NAMES),
  rows: count,
  features: count,
  optimum: positive,
  tolerance: positive,
  arms: list(jobArmResult),
  fitOverDescentOnMoments: optional(nullable(positive)),
});

const readerArm = record<ReaderArm>({ name: text, ms: spread, rowsPerSecond: positive, megabytesPerSecond: positive });

const readerResult = record<ReaderResult>({
  reader: oneOf(...READER_NAMES),
  rows: count,
  columns: count,
  bytes: count,
  ours: readerArm,
  alone: readerArm,
  shareOfAlone: positive,
  correct: truth,
});

const benchResult = record<BenchResult>({
  environment,
  cases: list(caseResult),
  fitMany: optional(manyTime),
  jobs: optional(list(jobResult)),
  readers: optional(list(readerResult)),
});

/**
 * Reads a result file: what `npm run bench -- --json` prints and bench/results/ keeps. Members that nobody knows are left
 * alone. Throws a RangeError that says what is wrong with one that does not fit.
 */
export function parseBenchResult(json: string): BenchResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new RangeError(`not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  benchResult(value, '');
  return value as BenchResult;
}

function basic(expected: string, fits: (value: unknown) => boolean): Check {
  return (value, place) => {
    if (!fits(value)) throw unexpected(value, place, expected);
  };
}

function oneOf(...words: readonly string[]): Check {
  return basic(`one of ${words.join(', ')}`, (value) => typeof value === 'string' && words.includes(value));
}

function nullable(check: Check): Check {
  return (value, place) => {
    if (value !== null) check(value, place);
  };
}

function optional(check: Check): Check {
  return (value, place) => {
    if (value !== undefined) check(value, place);
  };
}

function list(check: Check): Check {
  return (value, place) => {
    if (!Array.isArray(value)) throw unexpected(value, place, 'a list');
    for (const [index, item] of value.entries()) check(item, `${place}[${index}]`);
  };
}

function record<Type>(checks: Checks<Type>): Check {
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw unexpected(value, place, `an object with ${Object.keys(checks).join(', ')}`);
    }
    for (const [member, check] of Object.entries<Check>(checks)) {
      check((value as Record<string, unknown>)[member], place === '' ? member : `${place}.${member}`);
    }
  };
}

const SHOWN_LENGTH = 40;

function unexpected(value: unknown, place: string, expected: string): RangeError {
  const shown = value === undefined ? 'missing' : ((JSON.stringify(value) as string | undefined) ?? 'no value');
  const short = shown.length > SHOWN_LENGTH ? `${shown.slice(0, SHOWN_LENGTH)}…` : shown;
  return new RangeError(`${place || 'the file'} is ${short}; expected ${expected}`);
}
