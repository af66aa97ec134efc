#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { atOnce } from '../../base/turns.js';
import type { Dataset } from '../../data/dataset.js';
import { DescentError, type DescentErrorCode } from '../../base/errors.js';
import { LinearModel } from '../../model/linear-model.js';
import type { ReadProgress } from '../../data/read-watch.js';
import { filledFromTraining } from '../../data/fill-means.js';
import { isDescent } from '../../options/choose-optimizer.js';
import { meaningOfWeights } from '../../model/summary/weights-as.js';
import { splitExamples, splitRows } from '../../data/split.js';
import { type DoctorCommand, type FitCommand, parseCommand } from './arguments.js';
import { checkAgainstReference } from './check.js';
import { checkOptimum } from './check-optimum.js';
import { diagnose, diagnosisText } from './doctor.js';
import { inFlags, readingInFlags } from './flags.js';
import { helpText } from './help.js';
import type { TargetsWatch } from '../fit-targets.js';
import { fitLarge, obstacleToPasses } from './fit-large.js';
import { type LargeFiles, load, type Loaded } from './load.js';
import { type Outcome, summary } from '../report/report-text.js';
import { outcomeJson } from '../report/report-json.js';
import { print, requireWritable, writeModels } from '../report/output.js';
import { summaryOfSeveral } from '../report/several-targets.js';
import { lineOfMissed } from '../report/warning-text.js';
import { lineWidth, printable, ProgressBar } from '../report/terminal.js';
import { trainTargets, type Training } from '../train.js';
import { requireNode } from '../require-node.js';
import { runPredict } from './predict.js';
import { runFitMoments, runMerge, runMoments } from './run-moments.js';
import { readWarmStart } from './warm-start.js';

const EXIT = { done: 0, failed: 1, wrongInput: 2 } as const;

/** Set, an error comes with its stack and its causes. */
const DEBUG_VARIABLE = 'WEBGPU_DESCENT_DEBUG';

/** The codes that speak of the command or of the data, rather than of the machine. */
const INPUT_CODES: readonly DescentErrorCode[] = [
  'SHAPE_MISMATCH',
  'EMPTY_DATA',
  'INVALID_LABEL',
  'MISSING_VALUE',
  'INVALID_VALUE',
  'NON_FINITE_VALUE',
  'INVALID_OPTION',
  'UNKNOWN_OPTION',
  'UNKNOWN_COLUMN',
  'INVALID_CSV',
  'INVALID_FILE',
  'FILE_UNREADABLE',
];

async function main(): Promise<number> {
  requireNode(process.versions.node);
  const command = parseCommand(process.argv.slice(2));
  if (command.kind === 'help' || command.kind === 'version') {
    await print(command.kind === 'help' ? helpText(command.topic, lineWidth(process.stdout)) : await version());
    return EXIT.done;
  }
  if (command.kind === 'doctor') return runDoctor(command);
  if (command.kind === 'fit') return runFit(command);
  if (command.kind === 'moments') await runMoments(command);
  else if (command.kind === 'merge') await runMerge(command);
  else if (command.kind === 'fitMoments') {
    return (await runFitMoments(command, lineWidth(process.stdout))) ? EXIT.done : EXIT.failed;
  } else await runPredict(command, lineWidth(process.stdout));
  return EXIT.done;
}

/** Says what there is to train with. */
async function runDoctor({ json }: DoctorCommand): Promise<number> {
  const diagnosis = await diagnose();
  await print(json ? JSON.stringify(diagnosis) : diagnosisText(diagnosis, lineWidth(process.stdout)));
  return diagnosis.ok ? EXIT.done : EXIT.failed;
}

/** load → train → check → say, for one target or several. */
async function runFit(command: FitCommand): Promise<number> {
  const bar = new ProgressBar(process.stderr, !command.json);
  if (command.output !== undefined) await requireWritable(command.output, command.data);
  bar.draw(0, 1, 'reading');
  const onRead = ({ rows, rowsPerSecond }: ReadProgress) =>
    bar.draw(0, 1, `reading: ${rows} rows, ${Math.round(rowsPerSecond)} a second`);
  const obstacle = obstacleToPasses(command);
  const loaded = await load(command.data, command.settings, { obstacle, onRead }).finally(() => bar.clear());
  if ('large' in loaded) return runLarge(command, loaded, { onRead, bar });
  const { settings } = command;
  const isValidated = settings.validationFraction > 0;
  // Missing values are filled by the means of the examples that train.
  const datasets = (
    isValidated ? loaded.datasets.map((each) => filled(each, settings)) : loaded.datasets
  ) as Loaded['datasets'];
  // Before training: a summary that is not to be had should not cost a fit.
  if (command.summary) meaningOfWeights(datasets[0].exampleWeights, command.weightsAs);
  const names = datasets.map(({ targetName }) => targetName);
  const warmStarts = command.warmStart === undefined ? [] : await readWarmStart(command.warmStart, names);
  const learned = isValidated ? datasets.map((each) => atOnce(splitExamples(each, settings)).training) : datasets;

  bar.draw(0, 1, 'starting');
  const watch = watchOf(command, bar);
  const prefersWebgpu = command.data.kind === 'synthetic' && isDescent(settings);
  const request = { datasets, warmStarts, settings, prefersWebgpu, watch };
  const trainings = await trainTargets(request).finally(() => bar.clear());

  const outcomes: Outcome[] = [];
  for (const [k, training] of trainings.entries()) {
    const examples = { dataset: datasets[k] as Dataset, learned: learned[k] as Dataset, problems: datasets.length };
    const { source, truth } = loaded;
    outcomes.push({
      command,
      source,
      truth,
      ...(await evaluate(command, training, examples, { warmStart: warmStarts[k], bar })),
    });
  }
  return say(command, outcomes);
}

/** Shows progress, and at once what may spare a long fit in vain. */
function watchOf({ json }: FitCommand, bar: ProgressBar): TargetsWatch {
  return {
    onProgress: ({ epoch, epochs, loss }) =>
      bar.draw(epoch, epochs, `${epoch}/${epochs} epochs${loss === null ? '' : `, loss ${loss.toPrecision(6)}`}`),
    onWarning: ({ code, message }) => {
      if (code !== 'LEARNING_RATE_ABOVE_LIMIT' || json) return; // the others are told with the result
      bar.clear();
      console.error(`webgpu-descent: warning: ${message}`);
    },
  };
}

/** The same for files that are read in passes. */
async function runLarge(
  command: FitCommand,
  files: LargeFiles,
  { onRead, bar }: { onRead: (progress: ReadProgress) => void; bar: ProgressBar },
): Promise<number> {
  const { target } = await files.large.columns();
  const [start] = command.warmStart === undefined ? [] : await readWarmStart(command.warmStart, [target]);
  const watch = { ...watchOf(command, bar), onRead };
  return say(command, [await fitLarge(command, files, start, watch).finally(() => bar.clear())]);
}

/** The examples with missing values filled as training does, which sets some examples aside. */
function filled(dataset: Dataset, settings: FitCommand['settings']): Dataset {
  if (!dataset.origin?.inputs) return dataset;
  return filledFromTraining(dataset, atOnce(splitRows(dataset.exampleCount, settings)).training);
}

/** Compares the model of a target with the CPU reference and with the optimum. */
async function evaluate(
  { settings, check, summary, weightsAs }: FitCommand,
  training: Training,
  { dataset, learned, problems }: { dataset: Dataset; learned: Dataset; problems: number },
  { warmStart, bar }: { warmStart: LinearModel | undefined; bar: ProgressBar },
): Promise<Omit<Outcome, 'command' | 'source' | 'truth'>> {
  const model = modelOf(dataset, training);
  const onProgress = (epoch: number, epochs: number) =>
    bar.draw(epoch, epochs, `${epoch}/${epochs} epochs of the CPU reference (--no-check skips it)`);
  const { report } = training;
  const optimum = check && !hasDiverged(training) ? await checkOptimum(learned, training, report, problems) : null;
  const checked =
    check && isDescent(settings)
      ? await checkAgainstReference(learned, training, report, optimum?.conditionNumber ?? null, {
          isDeficient: optimum?.isDeficient ?? false,
          ...(warmStart && { warmStart }),
          onProgress,
        }).finally(() => bar.clear())
      : { check: null, reference: null };
  return {
    ...{ training, dataset, model, ...checked, optimum },
    score: await model.score(dataset),
    statistics: summary && !hasDiverged(training) ? await model.summary(dataset, { weightsAs }) : null,
  };
}

/** Prints what has come out, and writes the models where all of them are good. */
async function say(command: FitCommand, outcomes: readonly Outcome[]): Promise<number> {
  const isGood = outcomes.every(({ training, check }) => !hasDiverged(training) && check?.passed !== false);
  // Whoever sees both streams reads it in the text.
  const isInText = !command.json && process.stdout.isTTY && process.stderr.isTTY;
  for (const { training, dataset } of isInText ? [] : outcomes) {
    const of = outcomes.length > 1 ? `${dataset.targetName}: ` : '';
    const missed = lineOfMissed(training.report, command, of);
    if (missed !== null) console.error(missed);
  }
  const width = lineWidth(process.stdout);
  const text = () =>
    outcomes.length === 1 ? summary(outcomes[0] as Outcome, width) : summaryOfSeveral(outcomes, width);
  await print(command.json ? JSON.stringify(outcomeJson(outcomes)) : text());
  if (command.output !== undefined) {
    const models = outcomes.map(({ model }) => model);
    if (isGood) await writeModels(command.output, models);
    const message = isGood ? command.output : `not written to ${command.output}, because the fit failed`;
    if (!command.json) await print(`${models.length === 1 ? 'model ' : 'models'}     ${message}`);
  }
  return isGood ? EXIT.done : EXIT.failed;
}

function modelOf({ featureNames, targetName, origin }: Dataset, training: Training): LinearModel {
  const { bias, report } = training;
  const { encoder = null, reading = null, labels } = origin ?? {};
  const [first, second] = labels ?? [];
  return new LinearModel({
    ...{ bias, featureNames, targetName, encoder, weights: Float64Array.from(training.weights) },
    loss: report.settings.loss,
    classes: first === undefined || second === undefined ? null : [first, second],
    report: { ...report, reading },
  });
}

function hasDiverged({ report: { stopReason } }: Training): boolean {
  return stopReason === 'diverged';
}

async function version(): Promise<string> {
  const manifest = await readFile(join(dirname(fileURLToPath(import.meta.url)), '../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** One line for people; a stack helps only those who look into this program. */
function describeFailure(error: unknown): string {
  if (process.env[DEBUG_VARIABLE]) return inspect(error);
  const text = error instanceof Error ? error.message : String(error);
  const isOption = error instanceof DescentError && error.code === 'INVALID_OPTION';
  const spelt = error instanceof DescentError ? readingInFlags(text) : text;
  return printable((isOption ? inFlags(spelt) : spelt).replace(/\s+/g, ' ').trim());
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
