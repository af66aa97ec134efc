#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { DescentError, type DescentErrorCode } from '../errors.js';
import { LinearModel } from '../model.js';
import { splitExamples } from '../split.js';
import { type DoctorCommand, type FitCommand, helpText, parseCommand } from './arguments.js';
import { checkAgainstReference, compareWithOptimum, findOptimum } from './check.js';
import { diagnose, diagnosisText } from './doctor.js';
import { epochsFor } from './epochs.js';
import { load } from './load.js';
import { type Outcome, outcomeJson, summary } from './outcome.js';
import { print, requireWritable, writeModel } from './output.js';
import { lineWidth, printable, ProgressBar } from './terminal.js';
import { train } from './train.js';

const EXIT = { done: 0, failed: 1, wrongInput: 2 } as const;

/** Set, an error comes with its stack and its causes. */
const DEBUG_VARIABLE = 'WEBGPU_DESCENT_DEBUG';

/** The codes that speak of the command or of the data, rather than of the machine. */
const INPUT_CODES: readonly DescentErrorCode[] = [
  'SHAPE_MISMATCH',
  'EMPTY_DATA',
  'INVALID_LABEL',
  'NON_FINITE_VALUE',
  'INVALID_OPTION',
  'UNKNOWN_OPTION',
  'UNKNOWN_COLUMN',
  'INVALID_CSV',
  'FILE_UNREADABLE',
];

async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2));
  if (command.kind === 'help' || command.kind === 'version') {
    await print(command.kind === 'help' ? helpText(lineWidth(process.stdout)) : await version());
    return EXIT.done;
  }
  const interruption = new AbortController();
  let exitCode = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Once: the second one of a kind ends this process where it stands.
    process.once(name, () => {
      exitCode ||= 128 + constants.signals[name];
      interruption.abort();
    });
  }
  try {
    const { signal } = interruption;
    return command.kind === 'doctor' ? await runDoctor(command, signal) : await runFit(command, signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.exit(exitCode); // a file may still be being read
  }
}

/** Says what there is to train with. */
async function runDoctor({ json }: DoctorCommand, signal: AbortSignal): Promise<number> {
  const diagnosis = await diagnose(signal);
  await print(json ? JSON.stringify(diagnosis) : diagnosisText(diagnosis, lineWidth(process.stdout)));
  return diagnosis.ok ? EXIT.done : EXIT.failed;
}

/** load → train → check → say. */
async function runFit(command: FitCommand, signal: AbortSignal): Promise<number> {
  const bar = new ProgressBar(process.stderr, !command.json);
  if (command.output !== undefined) await requireWritable(command.output, command.data);
  bar.draw(0, 1, 'reading');
  const loaded = await orAbort(load(command.data, command.settings), signal).finally(() => bar.clear());
  const { dataset } = loaded;
  const isJudged = command.settings.validationFraction > 0;
  const learned = isJudged ? splitExamples(dataset, command.settings).training : dataset;
  const exact = findOptimum(learned, command.settings);
  // Held-out examples end the epochs by themselves, and before the optimum of the others.
  const chosen = command.choosesEpochs && exact && !isJudged ? epochsFor(dataset, exact) : null;
  const settings = { ...command.settings, ...(chosen !== null && { epochs: chosen, tolerance: 0 }) };

  bar.draw(0, 1, 'starting');
  const training = await train(
    dataset,
    settings,
    ({ epoch, epochs, loss }) => bar.draw(epoch, epochs, `${epoch}/${epochs} epochs, loss ${loss.toPrecision(6)}`),
    signal,
  ).finally(() => bar.clear());
  signal.throwIfAborted();

  const model = new LinearModel({
    weights: Float64Array.from(training.weights),
    bias: training.bias,
    featureNames: dataset.featureNames,
    targetName: dataset.targetName,
    loss: settings.loss,
    report: training.report,
  });
  const onProgress = (epoch: number, epochs: number) =>
    bar.draw(epoch, epochs, `${epoch}/${epochs} epochs of the CPU reference (--no-check leaves it out)`);
  const checked =
    command.check && training.report.backend !== 'cpu'
      ? await checkAgainstReference(learned, training, training.report, exact?.conditionNumber ?? null, {
          signal,
          onProgress,
        }).finally(() => bar.clear())
      : { check: null, reference: null };
  signal.throwIfAborted();
  const hasDiverged = training.report.stopReason === 'diverged';
  const outcome: Outcome = {
    ...{ command, training, ...loaded },
    ...checked,
    score: await model.score(dataset),
    optimum: exact && !isJudged ? compareWithOptimum(dataset, training, exact) : null,
    statistics: command.summary && !hasDiverged ? await model.summary(dataset) : null,
  };
  const isGood = !hasDiverged && outcome.check?.passed !== false;
  await print(command.json ? JSON.stringify(outcomeJson(outcome)) : summary(outcome, lineWidth(process.stdout)));
  if (command.output !== undefined) {
    if (isGood) await writeModel(command.output, model);
    const said = isGood ? command.output : `not written to ${command.output}: the fit failed`;
    if (!command.json) await print(`model      ${said}`);
  }
  return isGood ? EXIT.done : EXIT.failed;
}

/** The promise's result, unless the signal comes first. */
function orAbort<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    promise.then(resolve, reject);
  });
}

async function version(): Promise<string> {
  const manifest = await readFile(join(dirname(fileURLToPath(import.meta.url)), '../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** One line for people; a stack helps only those who look into this program. */
function describeFailure(error: unknown): string {
  if (process.env[DEBUG_VARIABLE]) return inspect(error);
  const text = error instanceof Error ? error.message : String(error);
  return printable(text.replace(/\s+/g, ' ').trim());
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isInput = error instanceof DescentError && INPUT_CODES.includes(error.code);
    console.error(`webgpu-descent: ${describeFailure(error)}`);
    process.exitCode = isInput ? EXIT.wrongInput : EXIT.failed;
  },
);
