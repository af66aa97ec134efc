import type { FitReport } from '../../descent/report.js';
import { isDescent } from '../../options/choose-optimizer.js';
import { describeOptimum, withoutCheck } from './checks-text.js';
import {
  describeRun,
  describeTime,
  nameOf,
  type Outcome,
  sayIn,
  shortened,
  tableOfWeights,
  warningsOf,
} from './report-text.js';
import { count, difference, number, plural, printable, table } from './terminal.js';

/** The result for several targets: a row for each, their parameters side by side, and their warnings and checks. */
export function summaryOfSeveral(outcomes: readonly Outcome[], width: number): string {
  const say = sayIn(width);
  const { training, command } = outcomes[0] as Outcome;
  const linesOf = (texts: (outcome: Outcome) => readonly string[], label: string) =>
    outcomes.flatMap((outcome) =>
      texts(outcome).flatMap((text) => say(label, `${printable(nameOf(outcome))}: ${printable(text)}`)),
    );
  return [
    ...describeRun(outcomes, width, describeOptima(outcomes)),
    ...describeTime(training.report, say),
    '',
    ...targetTable(outcomes),
    '',
    ...parameterTable(outcomes, width),
    '',
    ...outcomes.flatMap(({ statistics }) => (statistics ? [String(statistics), ''] : [])),
    ...linesOf((outcome) => (isReached(outcome) ? [] : [describeOptimum(outcome)]), 'optimum'),
    ...linesOf(({ training: { report } }) => warningsOf(report), 'warning'),
    ...describeChecks(outcomes, command.check).flatMap((text, line) => say(line === 0 ? 'check' : '', text)),
  ].join('\n');
}

function isReached({ training: { report } }: Outcome): boolean {
  return report.converged;
}

/** Tells for how many targets the optimum was reached. */
function describeOptima(outcomes: readonly Outcome[]): string {
  const missed = outcomes.filter((outcome) => !isReached(outcome)).map(nameOf);
  if (missed.length === 0) return `reached for all ${outcomes.length} targets`;
  if (missed.length === outcomes.length) return `NOT reached for any of ${outcomes.length} targets`;
  return `NOT reached for ${missed.join(', ')}`;
}

/** A table with the results of each target. */
function targetTable(outcomes: readonly Outcome[]): string[] {
  const { settings } = (outcomes[0] as Outcome).training.report;
  const isChecked = outcomes.some(({ check }) => check !== null);
  const head = [
    'target',
    settings.loss === 'logistic' ? 'accuracy' : 'R²',
    'loss',
    isDescent(settings) ? 'epochs' : 'steps',
    'stopped',
    ...(isChecked ? ['difference', 'check'] : []),
  ];
  const rows = outcomes.map(({ dataset, training: { report }, score, check }) => [
    shortened(dataset.targetName),
    number(score),
    report.lossHistory.length > 0 ? number(report.lossHistory.at(-1) as number) : '–',
    count(report.epochsRun),
    STOPPED[report.stopReason] ?? report.stopReason,
    ...(isChecked ? checkCells(check) : []),
  ]);
  return table(head, rows);
}

/** The reasons for an end that a cell of the table says in other words than the report. */
const STOPPED: Partial<Record<FitReport['stopReason'], string>> = { diverged: 'DIVERGED', earlyStopping: 'early' };

function checkCells(check: Outcome['check']): string[] {
  return check ? [difference(check.maxRelativeDifference), check.passed ? 'passed' : 'FAILED'] : ['–', '–'];
}

/** A number takes up to this many characters, with what parts it from the next. */
const COLUMN_WIDTH = 15;

/** A column for each target, as many as there is room for. */
function parameterTable(outcomes: readonly Outcome[], width: number): string[] {
  const names = [...(outcomes[0]?.dataset.featureNames ?? []), 'bias'];
  const widest = Math.max(...names.map((name) => shortened(name).length), 'parameter'.length);
  const shown: Outcome[] = [];
  let left = width - widest;
  for (const outcome of outcomes) {
    left -= Math.max(COLUMN_WIDTH, shortened(nameOf(outcome)).length + 3);
    if (left < 0 && shown.length > 0) break;
    shown.push(outcome);
  }
  const head = ['parameter', ...shown.map((outcome) => shortened(nameOf(outcome)))];
  const rows = names.map((name, j) => [
    shortened(name),
    ...shown.map(({ training: { weights, bias } }) => number(weights[j] ?? bias)),
  ]);
  const hidden = outcomes.length - shown.length;
  return [
    ...tableOfWeights(head, rows),
    ...(hidden > 0 ? [`(${plural(hidden, 'more target')}: use --json or --output to see all)`] : []),
  ];
}

/** Tells what was compared: the steps with those of the CPU, and the answers with the optima. */
function describeChecks(outcomes: readonly Outcome[], isAsked: boolean): string[] {
  if (!isAsked) return ['none: --no-check'];
  const lines = [...describeSteps(outcomes), ...describeAnswers(outcomes)];
  return lines.length > 0 ? lines : [withoutCheck((outcomes[0] as Outcome).training.report)];
}

function describeSteps(outcomes: readonly Outcome[]): string[] {
  const checks = outcomes.flatMap(({ check }) => (check ? [check] : []));
  if (checks.length === 0) return [];
  const failed = checks.filter(({ passed }) => !passed).length;
  const verdict = failed === 0 ? `all ${checks.length} passed` : `${failed} of ${checks.length} FAILED`;
  const tolerance = Math.max(...checks.map((check) => check.tolerance));
  return [
    `steps ${verdict}: the same epochs on the CPU in f64, relative differences, tolerance ${difference(tolerance)}`,
  ];
}

function describeAnswers(outcomes: readonly Outcome[]): string[] {
  const optima = outcomes.flatMap(({ optimum }) => (optimum ? [optimum] : []));
  const [first] = optima;
  const isLogistic = outcomes[0]?.training.report.settings.loss === 'logistic';
  if (!first) return [];
  const confirmed = optima.filter(({ reached }) => reached);
  const by = optima.every(({ solver }) => solver === 'qr-f64') ? 'QR' : "a step of Newton's method";
  const largest = Math.max(...optima.map(({ maxDifference }) => maxDifference));
  const verdict =
    confirmed.length === optima.length ? `all ${optima.length}` : `${confirmed.length} of ${optima.length}`;
  return [
    `answers: ${verdict} confirmed by ${by} in f64, effects w·sd(x) differ by at most ${difference(largest)} ${isLogistic ? 'in log-odds' : 'of sd(y)'}, tolerance ${difference(first.tolerance)}`,
  ];
}
