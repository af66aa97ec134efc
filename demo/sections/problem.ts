// 1. The problem: points, a line to drag, the squares of the residuals.

import { create } from '../../pages/dom.js';
import type { Picture } from '../lesson/line-lesson.js';
import { type PresetId, PRESETS } from '../lesson/presets.js';
import { button, checkbox, choice, Readout, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { lossFormula, math, ofExample } from '../page/mathml.js';
import type { Page } from '../page/section.js';
import { lineSlider } from './line-slider.js';
import { PointsEditor } from './points-editor.js';
import { PointsPlot } from './points-plot.js';

/** A loss of a hundredth over the least is a fit that no eye improves. */
const GOOD_FIT = 1.01;

export function mountProblem(host: HTMLElement, page: Page): void {
  const { text, lesson, format, signal, store } = page;
  const words = text.problem;
  let picture: Picture | undefined;

  const presets = choice<PresetId>(
    words.presets,
    PRESETS.map(({ id }) => ({ value: id, label: words.presetNames[id] })),
    (preset) => store.set({ preset, points: [] }),
  );
  const drawing = figure(page, {
    name: 'points',
    caption: words.caption,
    csv: () => {
      const { points = [], predictions = [] } = picture ?? {};
      const rows = points.map(({ x, y }, i) => [x, y, predictions[i] as number, (predictions[i] as number) - y]);
      return csvOf(['x', 'y', 'prediction', 'residual'], rows);
    },
  });

  const w = lineSlider(page, 'w');
  const b = lineSlider(page, 'b');
  const values = new Readout([
    { key: 'm', name: words.count },
    { key: 'mean-square', name: words.meanSquare },
    { key: 'loss', name: words.loss },
  ]);
  const told = status();
  const best = checkbox(words.showBest, (isShown) => plot.showBest(isShown));
  const controls = create(
    'div',
    { class: 'panel' },
    math('block', 'h(x)=wx+b'),
    w.element,
    b.element,
    values.element,
    told.element,
    best,
    create(
      'div',
      { class: 'buttons' },
      button(words.addPoint, () => editor.addPoint()),
    ),
    create('p', { class: 'note' }, words.help),
  );
  host.append(
    create('p', {}, words.lead),
    create('ul', { class: 'symbols' }, ...words.symbols.map(({ name, meaning }) => symbol(name, meaning))),
    presets.element,
    create('div', { class: 'columns' }, drawing.element, controls),
    create('p', {}, words.squares),
    math('block', ...lossFormula()),
  );
  // In the document, where they know their width.
  const plot = new PointsPlot(drawing.host, page, { isEditable: true });
  const editor = new PointsEditor(plot, page);

  lesson.subscribe((next) => {
    picture = next;
    const { line, points, loss, bestLoss } = next;
    presets.set(store.state.points.length > 0 ? null : next.preset.id);
    w.set(line.w);
    b.set(line.b);
    values.set('m', format.count(points.length));
    values.set('mean-square', format.number(2 * loss));
    values.set('loss', format.number(loss));
    const isBest = loss <= GOOD_FIT * bestLoss + 1e-6; // a line through all points has the loss 0
    told.say(isBest ? words.isBest(format.number(loss)) : words.isWorse(format.number(loss), format.number(bestLoss)));
  }, signal);
}

function symbol(name: 'm' | 'x' | 'y' | 'w' | 'b', meaning: string): HTMLElement {
  const formula = name === 'x' || name === 'y' ? ofExample(name) : name;
  return create('li', {}, math('inline', formula), create('span', {}, meaning));
}
