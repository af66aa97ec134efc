import {
  describeOptimum,
  describeRun,
  describeTime,
  nameOf,
  type Outcome,
  sayIn,
  shortened,
  tableOfWeights,
} from './report-text.js';
import { count, difference, number, plural, printable, table } from './terminal.js';

/** The result for several targets: a row for each, their parameters side by side, and their warnings and checks. */
export function summaryOfSeveral(outcomes: readonly Outcome[], width: number): string {
  const say = sayIn(width);
  const { training } = outcomes[0] as Outcome;
  const told = (texts: (outcome: Outcome) => readonly string[], label: string) =>
    outcomes.flatMap((outcome) =>
      texts(outcome).flatMap((text) => say(label, `${printable(nameOf(outcome))}: ${printable(text)}`)),
    );
  return [
    ...describeRun(outcomes, width),
    ...describeTime(training.report, say),
    '',
    ...targetTable(outcomes),
    '',
    ...parameterTable(outcomes, width),
    '',
    ...outcomes.flatMap(({ statistics }) => (statistics ? [String(statistics), ''] : [])),
    ...told(({ training: { report } }) => report.warnings.map(({ message }) => message), 'warning'),
    ...told(describeOptimum, 'optimum'),
    ...say('check', describeChecks(outcomes)),
  ].join('\n');
}

/** A table with the results of each target. */
function targetTable(outcomes: readonly Outcome[]): string[] {
  const isLogistic = outcomes[0]?.training.report.settings.loss === 'logistic';
  const head = ['target', isLogistic ? 'accuracy' : 'R²', 'loss', 'epochs', 'stopped', 'difference', 'check'];
  const rows = outcomes.map(({ dataset, training: { report }, score, check }) => [
    shortened(dataset.targetName),
    number(score),
    report.lossHistory.length > 0 ? number(report.lossHistory.at(-1) as number) : '–',
    count(report.epochsRun),
    report.stopReason === 'diverged' ? 'DIVERGED' : report.stopReason,
    check ? difference(check.maxRelativeDifference) : '–',
    check ? (check.passed ? 'passed' : 'FAILED') : '–',
  ]);
  return table(head, rows);
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

function describeChecks(outcomes: readonly Outcome[]): string {
  const checks = outcomes.flatMap(({ check }) => (check ? [check] : []));
  if (checks.length === 0) return 'none: --no-check';
  const failed = checks.filter(({ passed }) => !passed).length;
  const tolerance = Math.max(...checks.map((check) => check.tolerance));
  const verdict = failed === 0 ? `all ${checks.length} passed` : `${failed} of ${checks.length} FAILED`;
  return `${verdict} against the CPU in f64: differences are relative, tolerance ${difference(tolerance)}`;
}
