// The reader's own data: a CSV file, columns of it, the fit to them and its picture.

import { create } from '../../pages/dom.js';
import type { OwnState } from '../lesson/own-data.js';
import { type OwnResult, predictedRows } from '../lesson/own-fit.js';
import { button, freshId, problemBanner, status } from '../page/controls.js';
import { csvLines, csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { shortened } from '../page/format.js';
import { LossChart } from '../page/loss-chart.js';
import type { Page } from '../page/section.js';
import { OwnChooser } from './own-choice.js';
import { acceptDrops } from './own-drop.js';
import { OwnModel } from './own-model.js';
import { OwnPlot } from './own-plot.js';
import { OwnProgress } from './own-progress.js';

/** Features that a sentence names. */
const NAMED = 3;

export function mountOwn(host: HTMLElement, page: Page): void {
  const { text, own, store, signal } = page;
  const words = text.own;
  let result: OwnResult | null = null;

  const open = (file: File) => void own.open(file);
  const input = create('input', { type: 'file', accept: '.csv,.tsv,.txt,text/csv', id: freshId() });
  input.addEventListener('click', () => (input.value = '')); // the same file, corrected, is another choice
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) open(file);
  });
  acceptDrops(host.closest('section') ?? host, open, signal);

  const progress = new OwnProgress(page);
  const again = button(words.again, () => void own.again());
  const told = status();
  const problem = problemBanner(text.failed);
  const chooser = new OwnChooser(page);
  const model = new OwnModel(page);
  const picture = figure(page, {
    name: 'own-data',
    caption: '',
    csv: () => predictionsCsv(result),
  });
  const losses = figure(page, {
    name: 'own-loss',
    caption: words.lossCaption,
    csv: () => csvOf(['step', 'loss'], [...lossesOf(result).entries()]),
  });
  losses.host.setAttribute('role', 'img');
  losses.host.setAttribute('aria-label', text.program.lossLabel);

  const drop = create('div', { class: 'panel drop' }, create('label', { for: input.id }, words.drop), input);
  const beside = create('div', { class: 'panel' }, model.equation, model.readout);
  const parameters = create('div', { class: 'scroll tall', tabindex: '0', role: 'group' }, model.table);
  parameters.setAttribute('aria-label', words.parameters);
  const shown = create(
    'div',
    { class: 'columns' },
    create('div', { class: 'stack' }, picture.element, losses.element),
    create('div', { class: 'stack' }, beside, model.warnings, parameters),
  );
  host.append(
    create('p', {}, words.lead),
    create('p', {}, words.stays),
    drop,
    progress.element,
    problem.element,
    told.element,
    again,
    chooser.element,
    shown,
  );
  // In the document, where they know their width.
  const plot = new OwnPlot(picture.host, page, picture.say);
  const chart = new LossChart(losses.host, page);
  beside.prepend(plot.across);

  own.subscribe((state) => {
    chooser.show(state);
    progress.show(state);
    again.hidden = !state.isCancelled;
    problem.say(state.problem);
    told.say(sentence(page, state));
    shown.hidden = !state.result;
    if (!state.result || state.result === result) return;
    ({ result } = state);
    model.show(state.result);
    void plot.show(state.result);
    losses.element.hidden = state.result.model.report?.strategy === 'exact'; // solved at once
    chart.draw([{ kind: 'loss', width: 3, dash: [], losses: lossesOf(result) }], true);
  }, signal);
  store.subscribe((state, before) => {
    if (result && state.across !== before.across) void plot.show(result);
  }, signal);
}

function sentence({ text }: Page, { problem, work, result, isCancelled }: OwnState): string {
  const words = text.own;
  if (isCancelled) return words.cancelled;
  if (problem || work || !result) return '';
  const { targetName, featureNames, report } = result.model;
  const rest = featureNames.length > NAMED ? ', …' : '';
  const done = words.done(featureNames.slice(0, NAMED).map(shortened).join(', ') + rest, shortened(targetName));
  if (report?.converged) return done;
  return `${done} ${report?.stopReason === 'separable' ? words.separable : words.notAtRest}`;
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
