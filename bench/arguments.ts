import { parseArgs } from 'node:util';
import { nearest } from '../src/nearest.js';
import { type BenchCase, CASES, caseName, parseCases, QUICK_CASES } from './cases.js';
import { DEFAULT_EPOCHS, type Effort, EFFORTS } from './effort.js';

export interface BenchCommand {
  cases: readonly BenchCase[];
  arms: readonly string[];
  /** Epochs from the start to the loss that is compared. */
  epochs: number;
  effort: Effort;
  json: boolean;
  save: boolean;
}

/** Instead of measuring: the table of README.md from this result file. */
export interface ReadmeCommand {
  readme: string;
}

/** Reads the command line. Throws a RangeError that says what was expected. */
export function parseBenchCommand(
  words: readonly string[],
  libraries: readonly string[],
): BenchCommand | ReadmeCommand | 'help' {
  const options = {
    cases: { type: 'string' },
    rows: { type: 'string' },
    features: { type: 'string' },
    epochs: { type: 'string' },
    arms: { type: 'string' },
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    'no-save': { type: 'boolean' },
    readme: { type: 'string' },
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
  return {
    cases: chooseCases(values),
    arms:
      values.arms === undefined ? libraries : values.arms.split(',').map((name) => chooseArm(name.trim(), libraries)),
    epochs: wholeNumber('epochs', values.epochs) ?? DEFAULT_EPOCHS,
    effort: values.quick ? EFFORTS.quick : EFFORTS.full,
    json: values.json ?? false,
    save: !(values['no-save'] ?? false),
  };
}

export function helpText(libraries: readonly string[]): string {
  return [
    'npm run bench -- [options]',
    '',
    `  --quick            ${QUICK_CASES.length} cases, shorter repeats: under a minute`,
    `  --cases LIST       such as ${CASES.slice(0, 2).map(caseName).join(',')}`,
    '  --rows N, --features D   one case of that size',
    '  --epochs N         epochs from the start to the loss that is compared with the reference (10)',
    `  --arms LIST        of: ${libraries.join(', ')}`,
    '  --json             one JSON object on standard output, and nothing else',
    '  --no-save          leave bench/results/ alone',
    '  --readme FILE      measure nothing; write the table of README.md from a saved result',
  ].join('\n');
}

function chooseCases(values: {
  cases?: string;
  rows?: string;
  features?: string;
  quick?: boolean;
}): readonly BenchCase[] {
  if (values.cases !== undefined) return parseCases(values.cases);
  const rows = wholeNumber('rows', values.rows);
  const features = wholeNumber('features', values.features);
  if (rows !== undefined || features !== undefined) return [{ rows: rows ?? 1_000_000, features: features ?? 2 }];
  return values.quick ? QUICK_CASES : CASES;
}

function chooseArm(name: string, libraries: readonly string[]): string {
  if (libraries.includes(name)) return name;
  throw new RangeError(
    `unknown arm '${name}'; expected some of ${libraries.join(', ')}. Did you mean '${nearest(name, libraries)}'?`,
  );
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`--${name} ${text}; expected a whole number from 1 up`);
}
