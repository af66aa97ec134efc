import type { Dataset } from '../../data/dataset.js';
import type { FitCommand } from '../cli/arguments.js';
import type { LinearModel } from '../../model/linear-model.js';
import type { FitReport } from '../../descent/report.js';
import { isDescent } from '../../options/choose-optimizer.js';
import { validationCount } from '../../data/split.js';
import type { ModelSummary } from '../../model/summary/model-summary.js';
import type { ReferenceCheck } from '../cli/check.js';
import type { OptimumCheck } from '../cli/check-optimum.js';
import { inFlags } from '../cli/flags.js';
import { describeChecks, describeOptimum } from './checks-text.js';
import { describeOptions, describeProblem } from './options-text.js';
import { describeReading } from './reading-text.js';
import { count, difference, duration, lossCurve, number, plural, printable, table, wrap } from './terminal.js';
import type { Training } from '../train.js';

/** The examples as far as a report names them: of files that are read in passes nobody holds more. */
export type ReportedData = Pick<Dataset, 'exampleCount' | 'featureCount' | 'featureNames' | 'targetName' | 'origin'> &
  Partial<Pick<Dataset, 'targets' | 'exampleWeights'>>;

/** All that a run of the command line has to say of one target. */
export interface Outcome {
  command: FitCommand;
  model: LinearModel;
  /** A file's name, or 'synthetic'. */
  source: string;
  dataset: ReportedData;
  training: Training;
  /** R², or the accuracy of labels. */
  score: number;
  /** null with --no-check. */
  check: ReferenceCheck | null;
  reference: { weights: ArrayLike<number>; bias: number } | null;
  optimum: OptimumCheck | null;
  /** null when it was not asked for, and of a model that has diverged. */
  statistics: ModelSummary | null;
  /** The parameters that synthetic data was made with. */
  truth: { weights: ArrayLike<number>; bias: number } | null;
}

/** Wraps text behind its label; the width is the same for all of an outcome. */
export type Say = (label: string, text: string) => string[];

const LABEL_WIDTH = 11;

export const sayIn =
  (width: number): Say =>
  (label, text) =>
    wrap(label.padEnd(LABEL_WIDTH), text, width);

/** The result for people: the data, where and how the model was trained, the loss curve, the parameters, the checks. */
export function summary(outcome: Outcome, width: number): string {
  const { report } = outcome.training;
  const say = sayIn(width);
  const curve = describeLosses(report, width);
  return [
    ...describeRun([outcome], width, describeOptimum(outcome)),
    '',
    ...(curve.length > 0 ? [...curve, ''] : []),
    ...say('stopped', describeStop(report)),
    ...describeBest(outcome).flatMap((text) => say('best', text)),
    ...describeTime(report, say),
    ...say(report.settings.loss === 'logistic' ? 'accuracy' : 'R²', number(outcome.score)),
    '',
    ...parameterTable(outcome),
    '',
    ...(outcome.statistics ? [String(outcome.statistics), ''] : []),
    ...warningsOf(report).flatMap((message) => say('warning', printable(message))),
    ...describeChecks(outcome).flatMap((text, line) => say(line === 0 ? 'check' : '', printable(text))),
  ].join('\n');
}

/** The warnings that the line on the optimum holds. */
const ON_CONVERGENCE: readonly string[] = ['NOT_CONVERGED', 'DIVERGED', 'SEPARABLE_CLASSES'];

/** The other warnings of a report. */
export function warningsOf({ warnings }: FitReport): string[] {
  return warnings.filter(({ code }) => !ON_CONVERGENCE.includes(code)).map(({ message }) => inFlags(message));
}

/** The curve of the loss; a direct solution has none. */
function describeLosses({ lossHistory, strategy, settings }: FitReport, width: number): string[] {
  return strategy === 'exact' ? [] : lossCurve(lossHistory, isDescent(settings) ? 'epoch' : 'step', width);
}

/** Describes a run: the objective, its optimum, the data, where and how it was minimized; the same for all outcomes of a run. */
export function describeRun(outcomes: readonly Outcome[], width: number, optimum: string): string[] {
  const { training } = outcomes[0] as Outcome;
  const say = sayIn(width);
  return [
    ...wrap('', describeProblem(training.report), width),
    '',
    ...say('optimum', printable(optimum)),
    ...say('data', describeData(outcomes)),
    ...describeSource(outcomes).flatMap(([label, text]) => say(label, text)),
    ...say('ran on', describePlace(training)),
    ...say('', training.report.placement),
    ...say('options', describeOptions(training.report)),
  ];
}

/** Names beyond this many are left out, the last one excepted. */
const MOST_NAMES = 8;

function describeData(outcomes: readonly Outcome[]): string {
  const { source, dataset, command } = outcomes[0] as Outcome;
  const { data, settings } = command;
  const from = data.kind === 'files' ? ` from ${printable(source)}` : ', synthetic';
  const origin =
    data.kind === 'files'
      ? describeColumns(outcomes, data.weights)
      : `uniform in [−1,\u00A01), ${settings.loss === 'logistic' ? 'labels' : `noise ${data.noise}`}`;
  return `${plural(dataset.exampleCount, 'example')}${from}, ${plural(dataset.featureCount, 'feature')} (${listed(dataset.featureNames)}), ${origin}`;
}

/** The report of how the file was read, and the classes of labels. */
function describeSource(outcomes: readonly Outcome[]): [string, string][] {
  const reading = outcomes[0]?.dataset.origin?.reading;
  const classes = outcomes.flatMap(({ model }): [string, string][] =>
    model.classes ? [['classes', printable(model.classes.map((label, code) => `${label} = ${code}`).join(', '))]] : [],
  );
  const passes = describePasses(outcomes[0] as Outcome);
  return [
    ...(reading ? [['read', describeReading(reading)] as [string, string]] : []),
    ...(passes === null ? [] : [['', passes] as [string, string]]),
    ...classes,
  ];
}

/** The passes over a file that is not held; null for one that is. */
function describePasses({ command, training: { report } }: Outcome): string | null {
  if (report.source?.read !== 'streamed') return null;
  const { memoryBudget } = command.settings;
  return `streamed: ${report.source.passes === 1 ? 'one pass' : `${count(report.source.passes)} passes`} over the file, whose numbers take more than --memory-budget (${count(memoryBudget)} bytes)`;
}

/** The columns that are no features. */
function describeColumns(outcomes: readonly Outcome[], weights: string | undefined): string {
  const targets = `${outcomes.length === 1 ? 'target' : 'targets'} ${listed(outcomes.map(nameOf))}`;
  return weights === undefined ? targets : `${targets}, weights ${printable(weights)}`;
}

export function nameOf({ dataset: { targetName } }: Outcome): string {
  return targetName;
}

function listed(names: readonly string[]): string {
  const shown = names.length <= MOST_NAMES ? names : [...names.slice(0, MOST_NAMES - 2), '…', names.at(-1) ?? ''];
  return shown.map((name) => printable(name.includes(',') ? `"${name}"` : name)).join(', ');
}

function describePlace({ report: { adapter, backend, threads }, browser }: Training): string {
  const here = browser?.replace('/', ' ');
  if (!adapter) {
    const how = backend === 'reference' ? ', by the reference' : threads > 1 ? `, ${threads} threads` : '';
    return `the CPU${how}${here ? `, in ${here}` : ''}`;
  }
  const name = [adapter.vendor, adapter.architecture, adapter.description].filter(Boolean).join(' ') || 'unnamed';
  const kind = adapter.isSoftware ? ' (software: shaders run on the CPU)' : '';
  return `WebGPU, ${name}${kind}, in ${here ?? 'this process'}`;
}

const SOLVER_ENDS: Partial<Record<FitReport['stopReason'], string>> = {
  plateau: 'no step lowered the objective',
  separable: 'the classes were found to be separable',
};

function describeStop({ stopReason, epochsRun, settings }: FitReport): string {
  const epochs = `${count(epochsRun)} of ${plural(settings.epochs, 'epoch')}`;
  const unit = isDescent(settings) ? 'epoch' : 'step';
  if (stopReason === 'epochs')
    return epochsRun === 1 ? `after its one ${unit}` : `after all ${count(epochsRun)} ${unit}s`;
  if (!isDescent(settings)) return `${SOLVER_ENDS[stopReason] ?? stopReason} after ${plural(epochsRun, 'step')}`;
  if (stopReason === 'converged') return `converged after ${epochs}`;
  if (stopReason === 'plateau') return `after ${epochs}: the objective no longer fell`;
  if (stopReason === 'separable') return `after ${epochs}: the classes were found to be separable`;
  if (stopReason === 'aborted') return `aborted after ${epochs}`;
  if (stopReason === 'earlyStopping') return `early, after ${epochs}: the validation loss no longer improved`;
  if (epochsRun === 0) return 'DIVERGED at once: the loss of the initial parameters, shown here, is not finite';
  return `DIVERGED after ${epochs}: the loss became infinite or NaN; these are the last parameters with a finite loss`;
}

/** The smallest validation loss; null where there is none. */
export function bestLoss({ validationHistory, bestEpoch }: FitReport): number | null {
  return bestEpoch === null ? null : (validationHistory?.[bestEpoch - 1] ?? null);
}

/** The best epoch by its validation loss, if there is validation. */
function describeBest({ dataset, training: { report } }: Outcome): string[] {
  const loss = bestLoss(report);
  if (loss === null) return [];
  const { restoreBest, validationFraction } = report.settings;
  const validationRows = validationCount(dataset.exampleCount, validationFraction);
  const model = restoreBest ? 'whose parameters the model has' : 'but the model has those of the last epoch';
  return [
    `epoch ${count(report.bestEpoch ?? 0)}, ${model}: loss ${number(loss)} on ${plural(validationRows, 'validation example')}`,
  ];
}

/** Less than this reads as 0.00, and says nothing: most of the time goes elsewhere. */
const LEAST_SPEED = 0.01;

export function describeTime({ timings, adapter, settings }: FitReport, say: Say): string[] {
  const { trainMs, msPerEpoch, gigabytesPerSecond: speed } = timings;
  const unit = isDescent(settings) ? 'epoch' : 'step';
  const perEpoch = msPerEpoch === null ? '' : `: ${number(Number(msPerEpoch.toPrecision(3)))} ms per ${unit}`;
  const bandwidth = speed !== null && speed >= LEAST_SPEED ? `, ${speed.toFixed(2)} GB/s of X and y` : '';
  const { deviceMs, uploadMs, readbackMs } = timings;
  return [
    ...say('time', `${duration(trainMs)} training${perEpoch}${bandwidth}`),
    ...(adapter
      ? say('', `${duration(deviceMs)} device, ${duration(uploadMs)} upload, ${duration(readbackMs)} readback`)
      : []),
  ];
}

/** Longer names are cut: the numbers beside them matter more. */
const NAME_LENGTH = 20;

export function shortened(name: string): string {
  const shown = printable(name);
  return shown.length > NAME_LENGTH ? `${shown.slice(0, NAME_LENGTH - 1)}…` : shown;
}

/** Beyond this many parameters a table hides what it shows. */
const MOST_ROWS = 12;

function parameterTable({ dataset, training, reference, truth }: Outcome): string[] {
  const names = [...dataset.featureNames, 'bias'];
  const list = (parameters: { weights: ArrayLike<number>; bias: number } | null) =>
    parameters && [...Array.from(parameters.weights), parameters.bias];
  const trained = list(training) ?? [];
  const expected = list(reference);
  const truthValues = list(truth);
  const head = [
    'parameter',
    'trained',
    ...(expected ? ['reference', 'difference'] : []),
    ...(truthValues ? ['true'] : []),
  ];
  const rows = names.map((name, j) => [
    shortened(name),
    number(trained[j] as number),
    ...(expected ? [number(expected[j] as number), difference((trained[j] as number) - (expected[j] as number))] : []),
    ...(truthValues ? [number(truthValues[j] as number)] : []),
  ]);
  return tableOfWeights(head, rows);
}

/** A row for each parameter, as many as a reader looks at. */
export function tableOfWeights(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length <= MOST_ROWS) return table(head, rows);
  const shown = [...rows.slice(0, MOST_ROWS - 2), ...rows.slice(-1)];
  return [
    ...table(head, shown),
    `(${plural(rows.length - shown.length, 'more weight')}: use --json or --output to see all)`,
  ];
}
