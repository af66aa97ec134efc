import { count, table } from '../../src/node/report/terminal.js';
import { milliseconds } from '../report.js';
import { DESCENT_ON_MOMENTS } from './fits.js';
import { JOB_NAMES, type JobArmResult, type JobName, type JobResult } from './job.js';

const TITLES: Record<JobName, string> = {
  squared: 'squared loss',
  logistic: 'logistic loss',
  huber: 'Huber loss, δ = 1.35',
  lasso: 'lasso',
};

/** One job as a table for the terminal, fastest first; below it the arms that missed the optimum, and those that did not run. */
export function jobTable(result: JobResult): string[] {
  const timed = result.arms.flatMap((arm) => (arm.ms ? [{ arm, ms: arm.ms }] : []));
  const rows = timed
    .toSorted((a, b) => a.ms.median - b.ms.median)
    .map(({ arm, ms }) => [
      arm.name,
      `${milliseconds(ms.median)} ms`,
      `${milliseconds(ms.q1)}–${milliseconds(ms.q3)}`,
      arm.passes === null ? '' : count(arm.passes),
      distance(arm),
    ]);
  const head = ['', 'whole job', 'quartiles', 'passes', 'above the optimum'];
  const others = result.arms.filter(({ ms }) => ms === null);
  const size = `${count(result.rows)} × ${count(result.features)}`;
  return [
    `${TITLES[result.job]}, ${size}, to within ${result.tolerance} of the optimum`,
    ...(rows.length > 0 ? table(head, rows) : []),
    ...others.map((arm) => `${arm.name}: ${otherwise(arm)}`),
    ...comparisonSentence(result),
  ];
}

/** All jobs in Markdown: a table for each size, an arm to a line and a job to a column. */
export function jobsMarkdown(jobs: readonly JobResult[]): string[] {
  const sizes = [...new Set(jobs.map(({ rows, features }) => `${count(rows)} × ${count(features)}`))];
  return sizes.flatMap((size) => {
    const here = JOB_NAMES.flatMap((name) =>
      jobs.filter((one) => one.job === name && `${count(one.rows)} × ${count(one.features)}` === size),
    );
    const names = [...new Set(here.flatMap(({ arms }) => arms.map(({ name }) => name)))];
    const rows = names.map((name) => [name, ...here.map(({ arms }) => cell(arms.find((arm) => arm.name === name)))]);
    const head = ['', ...here.map(({ job }) => TITLES[job])];
    const lines = [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows];
    const failures = here.flatMap(
      ({ job, arms }) =>
      arms.flatMap(({ name, reason }) => (reason === undefined ? [] : [`- ${TITLES[job]}: ${name}: did not run: ${oneLine(reason)}`])), // prettier-ignore
    );
    const sentences = here.flatMap(comparisonSentence);
    return [
      `Whole jobs to the optimum at ${size}, from arrays on the host to parameters: milliseconds, median, and passes over the examples. The objective is within ${here[0]?.tolerance} of the optimum, relatively; where it is not, the table says how far it is.`,
      '',
      ...lines.map((cells) => `| ${cells.map(oneLine).join(' | ')} |`),
      '',
      ...(failures.length > 0 ? [...failures, ''] : []),
      ...sentences.flatMap((sentence) => [`${sentence}.`, '']),
    ];
  });
}

/** A fit that promises the optimum, but did not reach it or did not run. */
export function hasBrokenPromise(jobs: readonly JobResult[]): boolean {
  return jobs.some(({ arms }) => arms.some(({ mustReach, correct }) => mustReach && !correct));
}

function cell(arm: JobArmResult | undefined): string {
  if (!arm) return '–';
  if (arm.ms) return `${milliseconds(arm.ms.median)}${passesOf(arm, ' (', ')')}`;
  if (arm.reason !== undefined) return '–';
  return arm.correct ? 'right' : `missed by ${distance(arm)}${passesOf(arm, ' (', ')')}`;
}

function otherwise(arm: JobArmResult): string {
  if (arm.reason !== undefined) return `did not run: ${arm.reason}`;
  const reached = `${distance(arm)} above the optimum${passesOf(arm, ' after ', '')}`;
  return `${arm.correct ? 'right' : 'MISSED'}, ${reached}`;
}

/** The excess, of which one digit says enough; what is below it by rounding counts as none. */
function distance({ excess }: JobArmResult): string {
  if (excess === null) return 'no finite number';
  return excess > 0 ? excess.toExponential(0) : '0';
}

function passesOf({ passes }: JobArmResult, before: string, after: string): string {
  return passes === null ? '' : `${before}${count(passes)} ${passes === 1 ? 'pass' : 'passes'}${after}`;
}

function comparisonSentence({ fitOverDescentOnMoments: ratio }: JobResult): string[] {
  if (ratio === undefined || ratio === null) return [];
  return [
    `fit without options takes ${ratio.toPrecision(3)} times as long as ${DESCENT_ON_MOMENTS}, its default before`,
  ];
}

function oneLine(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
