// 1. The problem: points, a line to drag, the squares of the residuals.

import { create } from '../../pages/dom.js';
import type { Picture } from '../lesson/line-lesson.js';
import { MOST_POINTS, type PresetId, PRESETS } from '../lesson/presets.js';
import { button, checkbox, choice, Readout, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { lossFormula, math, ofExample } from '../page/mathml.js';
import type { Page } from '../page/section.js';
import { stage } from '../page/stage.js';
import { defaultState } from '../page/state.js';
import { LINE_REACH, lineSlider } from './line-slider.js';
import { PointsEditor } from './points-editor.js';
import { PointsPlot } from './points-plot.js';
import { undoButtons } from './undo-buttons.js';

/** The least loss of points that lie on a line is 0 but for rounding; the residuals are of the size of 1. */
const ROUNDING = 1e-9;

/** A direction of (w, b) that is flatter than the steepest one by this factor is level: every x is the same. */
const LEVEL = 1e-12;

export function mountProblem(host: HTMLElement, page: Page): void {
  const { text, lesson, format, signal, store } = page;
  const words = text.problem;
  let picture: Picture | undefined;

  const presets = choice<PresetId>(
    words.presets,
    PRESETS.map(({ id }) => ({ value: id, label: words.presetNames[id] })),
    (preset) => store.set({ preset, points: [], ...visibleLine(lesson.line) }),
  );
  const drawing = figure(page, { name: 'points', caption: words.caption, csv: () => pointsCsv(picture) });
  const w = lineSlider(page, 'w');
  const b = lineSlider(page, 'b');
  const values = new Readout([
    { key: 'm', name: words.count },
    { key: 'mean-square', name: words.meanSquare },
    { key: 'loss', name: words.loss },
  ]);
  const told = status();
  const best = checkbox(words.showBest, (isShown) => plot.showBest(isShown));
  const add = button(words.addPoint, () => editor.addPoint());
  host.append(
    create('p', { class: 'lead' }, words.lead),
    stage({
      head: [presets.element],
      pictures: [drawing.element],
      controls: [
        math('block', 'h(x)=wx+b'),
        w.element,
        b.element,
        values.element,
        told.element,
        best,
        create('div', { class: 'buttons' }, add, ...undoButtons(page)),
        create('p', { class: 'note' }, words.help),
      ],
    }),
    create('ul', { class: 'symbols' }, ...words.symbols.map(({ name, meaning }) => symbol(name, meaning))),
    create('p', {}, words.squares),
    math('block', ...lossFormula()),
    create('p', {}, words.names),
  );
  // In the document, where they know their width.
  const plot = new PointsPlot(drawing.host, page, { isEditable: true });
  const refusals = { most: words.most(MOST_POINTS), fewest: words.fewest };
  const editor = new PointsEditor(plot, page, (refusal) => told.say(refusals[refusal]));

  lesson.subscribe((next) => {
    picture = next;
    const { line, points, loss } = next;
    presets.set(store.state.points.length > 0 ? null : next.preset.id);
    w.set(line.w);
    b.set(line.b);
    values.set('m', format.count(points.length));
    values.set('mean-square', format.number(2 * loss));
    values.set('loss', format.number(loss));
    told.say(sentence(page, next));
  }, signal);
}

/** The loss beside the least one, both with the digits that are shown. */
function sentence({ text, format }: Page, { loss, bestLoss, curvature, points }: Picture): string {
  const words = text.problem;
  const [here, best] = [loss, bestLoss].map((value) => format.number(value < ROUNDING ? 0 : value)) as [string, string];
  const told = here === best ? words.isBest(here) : words.isWorse(here, best);
  if (points.length === 1) return `${told} ${words.onePoint}`;
  return curvature.smallest <= LEVEL * curvature.largest ? `${told} ${words.sameX}` : told;
}

/** Other data begin with the line in hand, unless it has left the picture. */
function visibleLine({ w, b }: { w: number; b: number }): { w: number; b: number } {
  if (Math.max(Math.abs(w), Math.abs(b)) <= LINE_REACH) return { w, b };
  const begin = defaultState();
  return { w: begin.w, b: begin.b };
}

function pointsCsv({ points = [], predictions = [] }: Partial<Picture> = {}): Blob {
  const rows = points.map(({ x, y }, i) => [x, y, predictions[i] as number, (predictions[i] as number) - y]);
  return csvOf(['x', 'y', 'prediction', 'residual'], rows);
}

function symbol(name: 'm' | 'x' | 'y' | 'w' | 'b', meaning: string): HTMLElement {
  const formula = name === 'x' || name === 'y' ? ofExample(name) : name;
  return create('li', {}, math('inline', formula), create('span', {}, meaning));
}
