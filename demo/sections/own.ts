// The reader's own data: a CSV file, columns of it, the fit to them and its picture.

import { create } from '../../pages/dom.js';
import type { OwnState } from '../lesson/own-data.js';
import { type OwnResult, predictedRows } from '../lesson/own-fit.js';
import { button, freshId, keepFocus, setWords, status } from '../page/controls.js';
import { csvLines, csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { shortened } from '../page/format.js';
import { LossChart } from '../page/loss-chart.js';
import { ProblemBanner } from '../page/problem.js';
import type { Page } from '../page/section.js';
import { stage } from '../page/stage.js';
import { OwnChooser } from './own-choice.js';
import { acceptDrops } from './own-drop.js';
import { OwnModel } from './own-model.js';
import { OwnPlay } from './own-play.js';
import { OwnPlot } from './own-plot.js';
import { OwnProgress } from './own-progress.js';
import { OwnSamples } from './own-samples.js';

/** Features that a sentence names. */
const NAMED = 3;

export function mountOwn(host: HTMLElement, page: Page): void {
  const { own, text, signal } = page;
  const words = text.own;
  const reading = fileReading(host, page);
  const outcome = resultOf(page);
  host.append(
    create('p', { class: 'lead' }, words.lead),
    create('p', {}, words.stays),
    ...reading.elements,
    outcome.stale,
    outcome.shown,
  );
  outcome.open();
  own.subscribe((state) => {
    keepFocus(
      () => {
        reading.show(state);
        outcome.show(state);
      },
      ...reading.lasting,
    );
  }, signal);
}

/** The file: opened, dropped or one of the page's own, and what becomes of reading it. */
function fileReading(host: HTMLElement, page: Page) {
  const { text, own, signal } = page;
  const words = text.own;
  const open = (file: File) => void own.open(file);
  const input = create('input', { type: 'file', accept: '.csv,.tsv,.txt,text/csv', id: freshId() });
  input.addEventListener('click', () => (input.value = '')); // the same file, corrected, is another choice
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) open(file);
  });
  acceptDrops(host.closest('section') ?? host, open, signal);
  const drop = create('div', { class: 'panel drop' }, create('label', { for: input.id }, words.drop), input);
  const progress = new OwnProgress(page);
  const again = button(words.again, () => void own.again());
  const told = status();
  const problem = new ProblemBanner(page);
  const samples = new OwnSamples(page);
  const chooser = new OwnChooser(page);
  return {
    elements: [samples.element, drop, progress.element, problem.element, told.element, again, chooser.element],
    /** Takes the focus of a button that goes. */
    lasting: [again, input],
    show: (state: OwnState) => {
      samples.show(state);
      chooser.show(state);
      progress.show(state);
      again.hidden = !state.isCancelled;
      problem.say(state.problem);
      told.say(sentence(page, state));
    },
  };
}

/** The fit and descent beside it: shown once there is one, dimmed while it is that of another file. */
function resultOf(page: Page) {
  const { text, descentOfOwn, store, signal } = page;
  const words = text.own;
  let result: OwnResult | null = null;
  const parts = resultParts(page, () => result);
  const { shown, stale, play, model, plot, losses, note } = parts;
  const descending = () => {
    const { state } = descentOfOwn;
    return state && state.losses.length > 0 && state.result === result ? state.model : undefined;
  };
  const showOther = (next: OwnResult) => {
    result = next;
    model.show(next);
    void plot.show(next, descending());
    if (descentOfOwn.state?.result !== next) void descentOfOwn.open(next);
    note.hidden = next.summary === null;
    losses.element.hidden = next.model.report?.strategy === 'exact'; // solved at once
    chart?.draw([{ kind: 'loss', width: 3, dash: [], losses: lossesOf(next) }], true);
  };
  let chart: LossChart | undefined;
  return {
    shown,
    stale,
    /** Called in the document, where a chart knows its width. */
    open: () => {
      chart = new LossChart(losses.host, page);
      descentOfOwn.subscribe((state) => {
        play.show(state);
        if (state && state.result === result) void plot.show(result, descending());
      }, signal);
      store.subscribe((state, before) => {
        if (result && state.across !== before.across) void plot.show(result, descending());
      }, signal);
    },
    show: (state: OwnState) => {
      shown.hidden = !state.result;
      // What is shown belongs to another choice, or to another file.
      const isStale = state.result !== null && (state.problem !== null || state.isCancelled);
      shown.classList.toggle('stale', isStale || state.work !== null);
      setWords(stale, isStale ? words.stale(state.result?.fileName ?? '') : '');
      if (state.result && state.result !== result) showOther(state.result);
    },
  };
}

/** The elements that show a result; `present` returns the one in hand. */
function resultParts(page: Page, present: () => OwnResult | null) {
  const { text } = page;
  const words = text.own;
  const play = new OwnPlay(page);
  const model = new OwnModel(page);
  const picture = figure(page, { name: 'own-data', caption: '', csv: () => predictionsCsv(present()) });
  const plot = new OwnPlot(picture.host, page, picture.say);
  const lossesCsv = () => csvOf(['step', 'loss'], [...lossesOf(present()).entries()]);
  const losses = figure(page, { name: 'own-loss', caption: words.lossCaption, csv: lossesCsv });
  losses.host.setAttribute('role', 'img');
  losses.host.setAttribute('aria-label', text.program.lossLabel);
  const parameters = create('div', { class: 'scroll tall', tabindex: '0', role: 'group' }, model.table);
  parameters.setAttribute('aria-label', words.parameters);
  const note = create('p', { class: 'note' }, words.summaryNote);
  const steered = stage({
    head: [model.equation],
    pictures: [picture.element, play.curve],
    controls: [plot.across, ...play.steering],
  });
  steered.classList.add('own-play');
  const shown = create(
    'div',
    { class: 'own-result' },
    create('h3', {}, words.play.title),
    create('p', { class: 'note' }, words.play.lead),
    steered,
    play.taken,
    create(
      'div',
      { class: 'columns even' },
      create('div', { class: 'stack' }, create('div', { class: 'panel' }, model.readout), losses.element),
      create('div', { class: 'stack' }, model.warnings, parameters, note),
    ),
  );
  const stale = create('p', { class: 'banner', hidden: '' });
  return { shown, stale, play, model, plot, losses, note };
}

function sentence({ text, format }: Page, { problem, work, result, isCancelled }: OwnState): string {
  const words = text.own;
  if (isCancelled) return words.cancelled;
  if (problem || work || !result) return '';
  const { targetName, featureNames, report } = result.model;
  const rest = featureNames.length > NAMED ? ', …' : '';
  const done = words.done(featureNames.slice(0, NAMED).map(shortened).join(', ') + rest, shortened(targetName));
  const columns = result.data.origin?.reading?.columns ?? [];
  const withComma = columns.filter(({ decimal }) => decimal === ',').map(({ name }) => shortened(name));
  const read = [
    ...(withComma.length > 0 ? [words.decimalComma(withComma.join(', '))] : []),
    ...(result.rowsDropped > 0 ? [words.dropped(format.count(result.rowsDropped))] : []),
  ];
  const end = report?.stopReason === 'separable' ? words.separable : words.notAtRest;
  return [done, ...read, ...(report?.converged ? [] : [end])].join(' ');
}

function lossesOf(result: OwnResult | null): readonly number[] {
  return result?.model.report?.lossHistory ?? [];
}

/** Every row of the file, also those that are not drawn. */
async function predictionsCsv(result: OwnResult | null): Promise<Blob> {
  if (!result) return csvOf([], []);
  const { featureNames, targetName } = result.model;
  const parts = [csvLines([[...featureNames, targetName, 'h(x)']])];
  for await (const rows of predictedRows(result)) parts.push(csvLines(rows));
  return new Blob(parts, { type: 'text/csv' });
}
