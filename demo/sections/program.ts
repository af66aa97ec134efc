// 5. The program: the formulas as a loop, run line by line, and what many runs of it have in common.

import { create } from '../../pages/dom.js';
import { DescentError, SEED_PROGRAM } from '../../src/index.js';
import { entryOf, executedAfter, type Position, positionAt } from '../lesson/program-lines.js';
import type { ProgramPicture } from '../lesson/program-lesson.js';
import type { Run } from '../lesson/program-runs.js';
import type { ProgramSource } from '../lesson/program-text.js';
import { allow, button, choice, setWords, status } from '../page/controls.js';
import { figure } from '../page/figure.js';
import { type LossLine, LossChart } from '../page/loss-chart.js';
import { ProblemBanner } from '../page/problem.js';
import type { Page } from '../page/section.js';
import { stage } from '../page/stage.js';
import type { PageState } from '../page/state.js';
import { TakeAlong } from '../page/take-along.js';
import { ProgramChoices } from './program-choices.js';
import { ProgramCode } from './program-code.js';
import { DASHES, legendRows, lossesCsv, momentumVerdict, pathsCsv, sentence } from './program-legend.js';
import { ProgramMap } from './program-map.js';
import { type Standing, SurfacePlot } from './surface-plot.js';
import { resetButton } from './undo-buttons.js';

/** The part of the page's state that this section shows. */
const PROGRAM_NAMES = [
  ...(['spread', 'ratio', 'seed', 'programRate', 'runs', 'rates', 'momentum'] as const),
  ...(['at', 'axis'] as const),
];

export function mountProgram(host: HTMLElement, page: Page): void {
  const { text, store, program, signal } = page;
  const words = text.program;
  let picture: ProgramPicture | null = null;

  const stand = programStand(page, () => picture);
  const choices = new ProgramChoices(page);
  const comparison = runComparison(page, () => picture);
  const problem = new ProblemBanner(page);
  const map = new ProgramMap(page);
  const taken = new TakeAlong(page);
  host.append(
    create('p', { class: 'lead' }, words.lead),
    problem.element,
    stand.stageWith(choices.rate.element),
    choices.element,
    comparison.element,
    map.element,
    taken.element,
    create('div', { class: 'buttons' }, resetButton(page, PROGRAM_NAMES)),
  );
  presentLines(page);
  stand.open();
  comparison.open();

  const show = () => {
    choices.show(picture);
    stand.show();
    comparison.show();
  };
  program.subscribe((next: ProgramPicture | null, error: DescentError | null) => {
    problem.say(error);
    if (next && next !== picture) {
      picture = next;
      map.show(next);
      taken.set(sourceOf(next));
    }
    show();
  }, signal);
  store.follow(PROGRAM_NAMES, show, signal);
  show();
}

/** The surface, the code with its variables, and what runs it. */
function programStand(page: Page, present: () => ProgramPicture | null) {
  const { text, program, format, signal } = page;
  const words = text.program;
  const surface = figure(page, {
    name: 'loss-surface',
    caption: words.surfaceCaption.best,
    csv: () => pathsCsv(present()?.runs ?? []),
  });
  const code = new ProgramCode(page);
  const buttons = runButtons(page);
  const told = status();
  let plot: SurfacePlot | undefined;
  return {
    /** The stage, with λ below the code. */
    stageWith: (rate: HTMLElement) => {
      const controls = [buttons.element, code.element, told.element, rate];
      const steered = stage({ pictures: [surface.element], controls });
      steered.classList.add('with-code');
      return steered;
    },
    /** Called in the document, where the plot knows its width. */
    open: () => (plot = new SurfacePlot(surface.host, page)),
    show: () => {
      buttons.show();
      const picture = present();
      if (!picture) return;
      const executed = program.line;
      const position = positionAt(executed);
      const at = standing(picture, position);
      void code.show(picture, position, () => signal.aborted || program.line !== executed);
      plot?.show(picture, at);
      surface.say(at ? words.surfaceCaption.own(format.number(at.bias)) : words.surfaceCaption.best);
      told.say(sentence(page, picture, position));
    },
  };
}

/** The losses of the runs by epoch, and what is said of them. */
function runComparison(page: Page, present: () => ProgramPicture | null) {
  const { text, store, program } = page;
  const words = text.program;
  const losses = figure(page, {
    name: 'loss-by-epoch',
    caption: words.lossCaption,
    csv: () => lossesCsv(present()?.runs ?? []),
  });
  losses.host.setAttribute('role', 'img');
  losses.host.setAttribute('aria-label', words.lossLabel);
  const axis = choice<PageState['axis']>(
    words.axis,
    (['log', 'linear'] as const).map((value) => ({ value, label: words.axes[value] })),
    (chosen) => store.set({ axis: chosen }),
  );
  const legend = create('table', { class: 'legend' });
  const verdict = create('p', { class: 'verdict' });
  const explained = create('p');
  const runs = create('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': words.runs }, legend);
  let chart: LossChart | undefined;
  return {
    element: create(
      'div',
      { class: 'columns even' },
      create('div', { class: 'stack' }, axis.element, losses.element),
      create('div', { class: 'stack' }, runs, verdict, explained),
    ),
    /** Called in the document, where the chart knows its width. */
    open: () => (chart = new LossChart(losses.host, page)),
    show: () => {
      axis.set(store.state.axis);
      const picture = present();
      if (!picture) return;
      const { epochs } = positionAt(program.line);
      const isBegun = program.line >= executedAfter(0);
      chart?.draw(picture.runs.map(lossLine), store.state.axis === 'log', isBegun ? epochs : -1);
      legend.replaceChildren(...legendRows(page, picture, epochs, isBegun));
      const { runs: kind, rates } = store.state;
      setWords(verdict, kind === 'optimizers' && rates === 'own' ? momentumVerdict(page, picture) : '');
      setWords(
        explained,
        { one: '', starts: words.onePass, optimizers: words.comparison, batches: words.batches }[kind],
      );
    },
  };
}

/** A presenter runs the lines of two epochs before the next section. */
const PRESENTED_EPOCHS = 2;

function presentLines({ presenter, program }: Page): void {
  const move = (by: 1 | -1) => {
    const to = program.line + by;
    if (to < 0 || to > Math.min(program.lastLine, executedAfter(PRESENTED_EPOCHS))) return false;
    program.moveTo(to);
    return true;
  };
  presenter.register('program', { next: () => move(1), back: () => move(-1) });
}

function runButtons({ text, program }: Page): { element: HTMLElement; show: () => void } {
  const words = text.program;
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
  return {
    element: create('div', { class: 'buttons' }, line, epoch, play, restart),
    show: () => {
      play.textContent = program.player.isPlaying ? words.pause : words.play;
      allow(program.line < program.lastLine, line, epoch);
      allow(program.line > 0, restart);
    },
  };
}

/** The place of the program on the surface; none before w1, w2 and b are drawn. */
function standing({ runs }: ProgramPicture, position: Position): Standing | undefined {
  const path = runs[0]?.path;
  const [w1, w2, b] = (['w1', 'w2', 'b'] as const).map((name) => entryOf(name, position));
  if (!path || w1 === undefined || w2 === undefined || b === undefined) return undefined;
  const weights = [path[w1]?.weights[0] ?? Number.NaN, path[w2]?.weights[1] ?? Number.NaN];
  return { weights, bias: path[b]?.bias ?? Number.NaN, epoch: position.epochs };
}

function lossLine({ method, losses }: Run, index: number): LossLine {
  return { kind: method, width: index === 0 ? 3 : 1.5, dash: DASHES[method], losses };
}

/** The program's own run, as a file has it. */
function sourceOf({ data, runs }: ProgramPicture): ProgramSource | null {
  const [run] = runs;
  const start = run?.path[0];
  if (!run || !start) return null;
  const { columns, targets, featureNames, targetName } = data;
  return {
    ...{ columns, targets, featureNames, targetName },
    ...{ weights: start.weights, bias: start.bias, rate: run.rate, epochs: SEED_PROGRAM.epochs },
    ...{ loss: 'squared', isStandardized: false },
  };
}
