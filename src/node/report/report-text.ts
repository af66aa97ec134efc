import type { Dataset } from '../../data/dataset.js';
import type { FitCommand } from '../cli/arguments.js';
import type { LinearModel } from '../../model/linear-model.js';
import { MOST_EPOCHS } from '../../options/specs.js';
import type { FitReport } from '../../descent/report.js';
import { validationCount } from '../../data/split.js';
import type { ModelSummary } from '../../model/summary.js';
import { F32_ROUNDING, type OptimumCheck, type ReferenceCheck } from '../cli/check.js';
import { PRECISION } from '../cli/choose-epochs.js';
import { describeOptions, describeProblem } from './options-text.js';
import { describeReading } from './reading-text.js';
import { count, difference, duration, lossCurve, number, plural, printable, table, wrap } from './terminal.js';
import type { Training } from '../train.js';

/** All that a run of the command line has to say of one target. */
export interface Outcome {
  command: FitCommand;
  model: LinearModel;
  /** A file's name, or 'synthetic'. */
  source: string;
  dataset: Dataset;
  training: Training;
  /** R², or the accuracy of labels. */
  score: number;
  /** null when the reference itself trained, or was not asked for. */
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
  const curve = lossCurve(report.lossHistory, width);
  return [
    ...describeRun([outcome], width),
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
    ...report.warnings.flatMap(({ message }) => say('warning', printable(message))),
    ...describeOptimum(outcome).flatMap((text, line) => say(line === 0 ? 'optimum' : '', text)),
    ...say('check', describeCheck(outcome)),
  ].join('\n');
}

/** Describes a run: the objective, the data, where and how it was minimized; the same for all outcomes of a run. */
export function describeRun(outcomes: readonly Outcome[], width: number): string[] {
  const { training } = outcomes[0] as Outcome;
  const say = sayIn(width);
  return [
    ...wrap('', describeProblem(training.report.settings), width),
    '',
    ...say('data', describeData(outcomes)),
    ...describeSource(outcomes).flatMap(([label, text]) => say(label, text)),
    ...say('ran on', describePlace(training)),
    ...say('options', describeOptions(training.report)),
  ];
}

/** Names beyond this many are left out, the last one excepted. */
const MOST_NAMES = 8;

function describeData(outcomes: readonly Outcome[]): string {
  const { source, dataset, command } = outcomes[0] as Outcome;
  const { data, settings } = command;
  const from = data.kind === 'files' ? ` from ${printable(source)}` : ', synthetic';
  const made =
    data.kind === 'files'
      ? describeColumns(outcomes, data.weights)
      : `uniform in [−1,\u00A01), ${settings.loss === 'logistic' ? 'labels' : `noise ${data.noise}`}`;
  return `${plural(dataset.exampleCount, 'example')}${from}, ${plural(dataset.featureCount, 'feature')} (${listed(dataset.featureNames)}), ${made}`;
}

/** The report of how the file was read, and the classes of labels. */
function describeSource(outcomes: readonly Outcome[]): [string, string][] {
  const reading = outcomes[0]?.dataset.origin?.reading;
  const classes = outcomes.flatMap(({ model }): [string, string][] =>
    model.classes ? [['classes', printable(model.classes.map((label, code) => `${label} = ${code}`).join(', '))]] : [],
  );
  return [...(reading ? [['read', describeReading(reading)] as [string, string]] : []), ...classes];
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

function describePlace({ report: { adapter }, browser }: Training): string {
  if (!adapter) return 'the CPU, in f64';
  const name = [adapter.vendor, adapter.architecture, adapter.description].filter(Boolean).join(' ') || 'unnamed';
  const kind = adapter.isSoftware ? ' (software: shaders run on the CPU)' : '';
  return `WebGPU, ${name}${kind}, in ${browser?.replace('/', ' ') ?? 'this process'}`;
}

function describeStop({ stopReason, epochsRun, settings }: FitReport): string {
  const epochs = `${count(epochsRun)} of ${plural(settings.epochs, 'epoch')}`;
  if (stopReason === 'epochs') return epochsRun === 1 ? 'after its one epoch' : `after all ${count(epochsRun)} epochs`;
  if (stopReason === 'converged') return `converged after ${epochs}`;
  if (stopReason === 'aborted') return `aborted after ${epochs}`;
  if (stopReason === 'earlyStopping') return `early, after ${epochs}: the validation loss no longer improved`;
  if (epochsRun === 0) return 'DIVERGED at once: the loss of the initial parameters, shown here, is not finite';
  return `DIVERGED after ${epochs}: the loss became infinite or NaN; these are the last parameters with a finite loss`;
}

/** The smallest loss of the held-out examples; null where there is none. */
export function bestLoss({ validationHistory, bestEpoch }: FitReport): number | null {
  return bestEpoch === null ? null : (validationHistory?.[bestEpoch - 1] ?? null);
}

/** The best epoch by the held-out examples, where there are any. */
function describeBest({ dataset, training: { report } }: Outcome): string[] {
  const loss = bestLoss(report);
  if (loss === null) return [];
  const { restoreBest, validationFraction } = report.settings;
  const heldOut = validationCount(dataset.exampleCount, validationFraction);
  const model = restoreBest ? 'whose parameters the model has' : 'but the model has those of the last epoch';
  return [
    `epoch ${count(report.bestEpoch ?? 0)}, ${model}: loss ${number(loss)} on ${plural(heldOut, 'validation example')}`,
  ];
}

/** Less than this reads as 0.00, and says nothing: most of the time goes elsewhere. */
const LEAST_SPEED = 0.01;

export function describeTime({ timings }: FitReport, say: Say): string[] {
  const { trainMs, msPerEpoch, gigabytesPerSecond: speed } = timings;
  const perEpoch = msPerEpoch === null ? '' : `: ${number(Number(msPerEpoch.toPrecision(3)))} ms per epoch`;
  const bandwidth = speed !== null && speed >= LEAST_SPEED ? `, ${speed.toFixed(2)} GB/s of X and y` : '';
  const { deviceMs, uploadMs, readbackMs } = timings;
  return [
    ...say('time', `${duration(trainMs)} training${perEpoch}${bandwidth}`),
    ...say('', `${duration(deviceMs)} device, ${duration(uploadMs)} upload, ${duration(readbackMs)} readback`),
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
  const made = list(truth);
  const head = ['parameter', 'trained', ...(expected ? ['reference', 'difference'] : []), ...(made ? ['true'] : [])];
  const rows = names.map((name, j) => [
    shortened(name),
    number(trained[j] as number),
    ...(expected ? [number(expected[j] as number), difference((trained[j] as number) - (expected[j] as number))] : []),
    ...(made ? [number(made[j] as number)] : []),
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

/** Tells if training reached the optimum, for data whose true parameters are not known. */
export function describeOptimum({ optimum, training: { report }, command }: Outcome): string[] {
  if (command.data.kind === 'synthetic' || report.stopReason === 'diverged') return [];
  if (!optimum) return describeDistance(report);
  if (optimum.conditionNumber === null)
    return ['not unique: some features are linearly dependent, so many sets of weights fit equally well'];
  const distance = `largest relative difference ${difference(optimum.maxRelativeDifference)}`;
  if (optimum.reached) return [`reached: ${distance} from the exact least-squares solution (QR, f64)`];
  return [
    `NOT reached: ${distance} from the exact least-squares solution (QR, f64)`,
    ...adviseOn(optimum.conditionNumber, optimum.tolerance, report),
  ];
}

/** For what has no plain least squares to be held against: penalties, weights of examples, no intercept. */
function describeDistance({ distanceToOptimum: share, settings }: FitReport): string[] {
  if (share === null || settings.validationFraction > 0) return [];
  return [`${difference(100 * share)}% of the excess loss remains`];
}

/** Advice for an optimum that was not reached, from the conditioning. */
function adviseOn(conditionNumber: number, tolerance: number, report: FitReport): string[] {
  const { settings, learningRateLimit: limit, epochsRun } = report;
  if (!settings.standardize) return ['Features of different scales converge slowly: try --standardize.'];
  const squared = conditionNumber ** 2;
  const advice = [
    `The condition number of the standardized features is ${number(Number(conditionNumber.toPrecision(3)))}.`,
  ];
  if (settings.optimizer !== 'gradientDescent') return advice;
  // The slowest direction shrinks by 1 − λ·h/κ² an epoch, h being the largest eigenvalue of the curvature: h = 2/limit.
  const shrink = limit === null ? 0 : (settings.learningRate * 2) / limit / squared;
  const epochs = Math.ceil(Math.log(1 / PRECISION) / shrink);
  if (epochs > MOST_EPOCHS) {
    advice.push(`The slowest direction needs more than ${count(MOST_EPOCHS)} epochs, the maximum.`);
  } else if (epochs > epochsRun) {
    advice.push(`The slowest direction needs about ${count(epochs)} epochs: --epochs ${epochs} --tolerance 0.`);
  }
  if (squared * F32_ROUNDING > tolerance / 10) {
    advice.push(
      `In f32, such features leave a relative error of about ${difference(squared * F32_ROUNDING)}, however many epochs are run.`,
    );
  }
  return advice;
}

function describeCheck({ check, training: { report } }: Outcome): string {
  if (!check) return report.backend === 'cpu' ? 'none: the CPU reference itself trained the model' : 'none: --no-check';
  const numbers = `largest relative difference ${difference(check.maxRelativeDifference)}, tolerance ${difference(check.tolerance)}`;
  return `${check.passed ? 'passed' : 'FAILED'} against the CPU in f64: ${numbers}`;
}
