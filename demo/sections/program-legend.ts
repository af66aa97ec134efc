// What is told of the runs of section 5: a table of them, a sentence, and files.

import { create } from '../../pages/dom.js';
import { SEED_PROGRAM } from '../../src/index.js';
import { executedAfter, type Position } from '../lesson/program-lines.js';
import type { ProgramPicture } from '../lesson/program-lesson.js';
import type { Method } from '../lesson/program-names.js';
import { arrivalOf } from '../lesson/program-rates.js';
import type { Run } from '../lesson/program-runs.js';
import { csvOf } from '../page/export.js';
import type { Page } from '../page/section.js';
import { svg } from '../page/svg.js';

/** Lines that no colour has to tell apart. */
export const DASHES: Readonly<Record<Method, number[]>> = {
  gradientDescent: [],
  momentum: [8, 4],
  nesterov: [3, 3],
  adam: [10, 3, 2, 3],
  batch16: [8, 4],
  batch1: [2, 3],
};

/** The state of the program, in a sentence. */
export function sentence({ text, format }: Page, { runs }: ProgramPicture, { executed, epochs }: Position): string {
  const words = text.program;
  const run = runs[0];
  const entry = run?.path[epochs];
  if (!run || !entry || executed < executedAfter(0)) return words.notBegun;
  const loss = run.losses[Math.min(epochs, run.losses.length - 1)] ?? Number.NaN;
  const isAtEnd = epochs >= run.path.length - 1;
  if (isAtEnd && run.hasDiverged) return words.diverged(epochs, format.significant(run.limit ?? Number.NaN));
  const values = [entry.weights[0], entry.weights[1], entry.bias].map((value) => format.number(value ?? Number.NaN));
  return words.stand(epochs, values.join(', '), format.number(loss, 4));
}

/** For optimizers and batches a row each; for a crowd of starts what its runs have in common. */
export function legendRows(page: Page, { runs, best }: ProgramPicture, epoch: number, isBegun: boolean): HTMLElement[] {
  const { text, format } = page;
  const words = text.program;
  const lossAt = ({ losses }: Run) => losses[Math.min(epoch, losses.length - 1)] ?? Number.NaN;
  const isComparison = new Set(runs.map(({ method }) => method)).size > 1;
  const shown = isComparison ? runs : runs.slice(0, 1);
  const arrivals = isComparison ? [words.arrives] : [];
  const head = [words.run, 'λ', words.limit, words.lossNow, ...arrivals];
  const rows = shown.map((run) => {
    const isLost = run.hasDiverged && epoch >= run.path.length - 1;
    const loss = isBegun ? format.number(lossAt(run), 4) : '–';
    const rates = [run.rate, run.limit ?? Number.NaN].map((value) => format.significant(value));
    const arrival = isComparison ? [arrivalWords(page, run, best.loss)] : [];
    const cells = [...rates, isLost ? words.divergedShort : loss, ...arrival].map((value) => create('td', {}, value));
    const name = create('th', { scope: 'row' }, swatch(run.method), ` ${words.methods[run.method]}`);
    return create('tr', { 'data-run': run.method }, name, ...cells);
  });
  const table = [
    create('thead', {}, create('tr', {}, ...head.map((name) => create('th', { scope: 'col' }, name)))),
    create('tbody', {}, ...rows),
  ];
  if (isComparison || runs.length === 1) return table;
  const all = runs.map(lossAt);
  const common = words.crowd(runs.length, format.number(Math.min(...all), 4), format.number(Math.max(...all), 4));
  return isBegun ? [create('caption', {}, common), ...table] : table;
}

function arrivalWords({ text }: Page, { losses, hasDiverged }: Run, best: number): string {
  const arrival = hasDiverged ? null : arrivalOf(losses, best);
  return arrival === null ? text.program.arrivesNot(losses.length) : String(arrival);
}

/** The optimizer that is ahead, each at its own fastest λ: as measured on these examples. */
export function momentumVerdict(page: Page, { fastest }: ProgramPicture): string {
  const { text, format, store } = page;
  if (!fastest) return '';
  const words = text.program.verdicts;
  const { momentum: μ } = store.state;
  const [plain, momentum] = [fastest.gradientDescent.epochs, fastest.momentum.epochs];
  const rates = (['gradientDescent', 'momentum'] as const).map((name) => format.significant(fastest[name].rate));
  const measured = words.measured(
    rates[0] ?? '',
    epochsOf(page, plain),
    format.number(μ, 2),
    rates[1] ?? '',
    epochsOf(page, momentum),
  );
  const [a, b] = [plain ?? Infinity, momentum ?? Infinity];
  if (a === b) return `${measured} ${words.even}`;
  return `${measured} ${b < a ? words.ahead : words.behind}`;
}

function epochsOf({ text }: Page, epochs: number | null): string {
  return epochs === null ? text.program.moreThan(SEED_PROGRAM.epochs) : String(epochs);
}

function swatch(method: Method): SVGElement {
  const line = svg('path', { d: 'M 0 7 H 44', 'stroke-dasharray': DASHES[method].join(' ') });
  return svg('svg', { class: `swatch run ${method}`, width: 44, height: 14, 'aria-hidden': 'true' }, line);
}

export function pathsCsv(runs: readonly Run[]): Blob {
  const rows = runs.flatMap(({ method, path }, run) =>
    path.map(({ weights, bias }, epoch) => [run, method, epoch, ...weights, bias]),
  );
  return csvOf(['run', 'method', 'epoch', 'w1', 'w2', 'b'], rows);
}

export function lossesCsv(runs: readonly Run[]): Blob {
  const rows = runs.flatMap(({ method, losses }, run) => losses.map((loss, epoch) => [run, method, epoch, loss]));
  return csvOf(['run', 'method', 'epoch', 'loss'], rows);
}
