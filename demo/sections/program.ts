// 5. The program: the loop of the slides line by line, the loss surface and the paths of many runs.

import { create } from '../../pages/dom.js';
import type { DescentError } from '../../src/index.js';
import { executedAfter, positionAt, entryOf, type Position } from '../lesson/program-lines.js';
import type { ProgramPicture } from '../lesson/program-lesson.js';
import {
  type Compared,
  COMPARED,
  RUN_KINDS,
  type Run,
  type RunKind,
  type Spread,
  SPREADS,
} from '../lesson/program-runs.js';
import { button, choice, freshId, problemBanner, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { type LossLine, LossChart } from '../page/loss-chart.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import type { PageState } from '../page/state.js';
import { svg } from '../page/svg.js';
import { ProgramCode } from './program-code.js';
import { SurfacePlot } from './surface-plot.js';

/** Lines that no colour has to tell apart. */
const DASHES: Readonly<Record<Compared, number[]>> = {
  gradientDescent: [],
  momentum: [8, 4],
  nesterov: [3, 3],
  adam: [10, 3, 2, 3],
};

const LARGEST_SEED = 2 ** 32;

export function mountProgram(host: HTMLElement, page: Page): void {
  const { text, store, program, signal } = page;
  const words = text.program;
  let picture: ProgramPicture | null = null;

  const code = new ProgramCode(page);
  const surface = figure(page, {
    name: 'loss-surface',
    caption: words.surfaceCaption,
    csv: () => pathsCsv(picture?.runs ?? []),
  });
  const losses = figure(page, {
    name: 'loss-by-epoch',
    caption: words.lossCaption,
    csv: () => lossesCsv(picture?.runs ?? []),
  });
  losses.host.setAttribute('role', 'img');
  losses.host.setAttribute('aria-label', words.lossLabel);

  const line = button(words.line, () => program.moveTo(program.line + 1), 'primary');
  const epoch = button(words.epoch, () => program.stepEpoch());
  const play = button(words.play, () => {
    if (!program.player.isPlaying && program.line >= program.lastLine) program.moveTo(executedAfter(0));
    program.player.toggle();
  });
  const restart = button(words.restart, () => {
    program.player.pause();
    program.moveTo(0);
  });
  const spread = choice<Spread>(
    words.spread,
    SPREADS.map((value) => ({ value, label: words.spreads[value] })),
    (chosen) => store.set({ spread: chosen }),
  );
  const runs = choice<RunKind>(
    words.runs,
    RUN_KINDS.map((value) => ({ value, label: words.runKinds[value] })),
    (chosen) => store.set({ runs: chosen }),
  );
  const axis = choice<PageState['axis']>(
    words.axis,
    [
      { value: 'log', label: words.axes.log },
      { value: 'linear', label: words.axes.linear },
    ],
    (chosen) => store.set({ axis: chosen }),
  );
  const rate = new RateSlider(page, (chosen) => store.set({ programRate: chosen }));
  const seed = create('input', { type: 'number', id: freshId(), min: '0', max: String(LARGEST_SEED), step: '1' });
  seed.addEventListener('change', () => {
    if (seed.validity.valid && seed.value !== '') store.set({ seed: seed.valueAsNumber });
  });
  const draw = button(words.draw, () => store.set({ seed: store.state.seed + 1 }));
  const legend = create('table', { class: 'legend' });
  const told = status();
  const problem = problemBanner(text.failed);

  host.append(
    create('p', {}, words.lead),
    create(
      'div',
      { class: 'panel wide' },
      spread.element,
      runs.element,
      create('div', { class: 'stack' }, rate.element),
      create('div', { class: 'seed' }, create('label', { for: seed.id }, words.seed), seed, draw),
    ),
    problem.element,
    create('div', { class: 'buttons' }, line, epoch, play, restart),
    create(
      'div',
      { class: 'columns even' },
      create('div', { class: 'stack' }, code.element, told.element, axis.element, losses.element),
      create('div', { class: 'stack' }, surface.element, create('div', { class: 'scroll' }, legend)),
    ),
    create('p', {}, words.onePass),
    create('p', {}, words.comparison),
  );
  // In the document, where they know their width.
  const plot = new SurfacePlot(surface.host, page);
  const chart = new LossChart(losses.host, page);

  const show = () => {
    const { state } = store;
    spread.set(state.spread);
    runs.set(state.runs);
    axis.set(state.axis);
    rate.set(state.programRate);
    if (document.activeElement !== seed) seed.value = String(state.seed);
    play.textContent = program.player.isPlaying ? words.pause : words.play;
    if (!picture) return;
    const executed = program.line;
    const position = positionAt(executed);
    line.disabled = epoch.disabled = executed >= program.lastLine;
    restart.disabled = executed === 0;
    const { limit } = picture.runs[0] ?? {};
    if (limit) rate.mark([{ kind: 'limit', rate: limit }]);
    void code.show(picture, position, () => signal.aborted || program.line !== executed);
    plot.show(picture, standing(picture, position));
    chart.showEpoch(position.epochs);
    legend.replaceChildren(...legendRows(page, picture.runs, position.epochs));
    told.say(sentence(page, picture, position));
  };
  const drawChart = () => chart.draw((picture?.runs ?? []).map(lossLine), store.state.axis === 'log');
  program.subscribe((next: ProgramPicture | null, error: DescentError | null) => {
    problem.say(error?.message ?? '');
    if (next && next !== picture) {
      picture = next;
      drawChart();
    }
    show();
  }, signal);
  store.subscribe((state, before) => {
    if (state.axis !== before.axis) drawChart();
    show();
  }, signal);
  show();
}

/** Where the program stands on the surface; nowhere before w1 and w2 are drawn. */
function standing({ runs }: ProgramPicture, position: Position) {
  const [w1, w2] = (['w1', 'w2'] as const).map((name, j) => {
    const entry = entryOf(name, position);
    return entry === undefined ? undefined : runs[0]?.path[entry]?.weights[j];
  });
  return w1 === undefined || w2 === undefined ? undefined : { weights: [w1, w2], epoch: position.epochs };
}

function lossLine({ optimizer, losses }: Run, index: number): LossLine {
  return { kind: optimizer, width: index === 0 ? 3 : 1.5, dash: DASHES[optimizer], losses };
}

/** How the program stands, in a sentence. */
function sentence({ text, format }: Page, { runs }: ProgramPicture, { executed, epochs }: Position): string {
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

/** For optimizers a row each; for a crowd of starts what its runs have in common. */
function legendRows({ text, format }: Page, runs: readonly Run[], epoch: number): HTMLElement[] {
  const words = text.program;
  const lossAt = ({ losses }: Run) => losses[Math.min(epoch, losses.length - 1)] ?? Number.NaN;
  const head = ['', words.run, 'λ', words.limit, words.lossNow].map((name) => create('th', { scope: 'col' }, name));
  const isComparison = new Set(runs.map(({ optimizer }) => optimizer)).size > 1;
  const shown = isComparison
    ? COMPARED.flatMap((name) => runs.find(({ optimizer }) => optimizer === name) ?? [])
    : runs.slice(0, 1);
  const rows = shown.map((run) => {
    const loss = run.hasDiverged && epoch >= run.path.length - 1 ? words.divergedShort : format.number(lossAt(run), 4);
    const rates = [run.rate, run.limit ?? Number.NaN].map((value) => format.significant(value));
    const cells = [...rates, loss].map((value) => create('td', {}, value));
    const name = create('th', { scope: 'row' }, words.optimizers[run.optimizer]);
    return create('tr', { 'data-run': run.optimizer }, create('td', {}, swatch(run.optimizer)), name, ...cells);
  });
  const table = [create('thead', {}, create('tr', {}, ...head)), create('tbody', {}, ...rows)];
  if (isComparison || runs.length === 1) return table;
  const all = runs.map(lossAt);
  const common = words.crowd(runs.length, format.number(Math.min(...all), 4), format.number(Math.max(...all), 4));
  return [create('caption', {}, common), ...table];
}

function swatch(optimizer: Compared): SVGElement {
  const line = svg('path', { d: 'M 0 7 H 44', 'stroke-dasharray': DASHES[optimizer].join(' ') });
  return svg('svg', { class: `swatch run ${optimizer}`, width: 44, height: 14, 'aria-hidden': 'true' }, line);
}

function pathsCsv(runs: readonly Run[]): Blob {
  const rows = runs.flatMap(({ optimizer, path }, run) =>
    path.map(({ weights, bias }, epoch) => [run, optimizer, epoch, ...weights, bias]),
  );
  return csvOf(['run', 'optimizer', 'epoch', 'w1', 'w2', 'b'], rows);
}

function lossesCsv(runs: readonly Run[]): Blob {
  const rows = runs.flatMap(({ optimizer, losses }, run) => losses.map((loss, epoch) => [run, optimizer, epoch, loss]));
  return csvOf(['run', 'optimizer', 'epoch', 'loss'], rows);
}
