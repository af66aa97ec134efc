// 8. Two classes: the same loop with the logistic loss, and a boundary that moves over points.

import { create } from '../../pages/dom.js';
import { classDataset, type ClassPicture } from '../lesson/class-data.js';
import { CLASS_PRESETS, type ClassPreset } from '../lesson/class-names.js';
import type { ProgramSource } from '../lesson/program-text.js';
import { allow, button, choice, Readout, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { type Formula, fraction, math, partial } from '../page/mathml.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import { fold, stage } from '../page/stage.js';
import { defaultState } from '../page/state.js';
import { TakeAlong } from '../page/take-along.js';
import { ClassEditor, type ClassRefusal } from './class-editor.js';
import { ClassPlot } from './class-plot.js';
import { SigmoidPlot } from './sigmoid-plot.js';
import { undoButtons } from './undo-buttons.js';

/** Epochs of the file that is taken along. */
const PROGRAM_EPOCHS = 100;

export function mountClasses(host: HTMLElement, page: Page): void {
  const { text, store, classes, signal } = page;
  const words = text.classes;
  let picture: ClassPicture | undefined;

  const plane = figure(page, { name: 'two-classes', caption: words.planeCaption, csv: () => pointsCsv(picture) });
  const curve = figure(page, { name: 's-curve', caption: words.curveCaption });
  const preset = presetChoice(page);
  const panel = classPanel(page, (label) => (editor.label = label));
  const taken = new TakeAlong(page);
  host.append(
    create('p', { class: 'lead' }, words.lead),
    stage({ head: [preset.element], pictures: [plane.element, curve.element], controls: panel.controls }),
    create('p', {}, words.help),
    create(
      'div',
      { class: 'buttons' },
      button(text.problem.addPoint, () => editor.addPoint()),
    ),
    ...formulas(words),
    fold(words.limitTitle, create('p', {}, words.limit), create('p', {}, words.apart)),
    taken.element,
  );
  // In the document, where they know their width.
  const plot = new ClassPlot(plane.host, page);
  const sigmoid = new SigmoidPlot(curve.host, page);
  const editor = new ClassEditor(plot, page, (refusal: ClassRefusal) => panel.say(words.refusals[refusal]));

  const show = () => {
    const { classPreset, classPoints } = store.state;
    preset.set(classPoints.length > 0 ? null : classPreset);
    panel.show(picture);
  };
  classes.subscribe((next) => {
    if (next !== picture) {
      plot.show(next);
      sigmoid.show(next);
      taken.set(sourceOf(next, store.state.classRate));
    }
    picture = next;
    show();
  }, signal);
  store.follow(['classPreset', 'classPoints', 'classRate'], show, signal);
}

/** The data to begin with, with the boundary that the page begins with. */
function presetChoice({ text, store }: Page) {
  const words = text.classes;
  return choice<ClassPreset>(
    words.presets,
    CLASS_PRESETS.map((value) => ({ value, label: words.presetNames[value] })),
    (classPreset) => store.set({ classPreset, classPoints: [], boundary: defaultState().boundary }),
  );
}

const VALUES = ['epoch', 'class-loss', 'accuracy', 'w1', 'w2', 'b'] as const;

/** The controls of the boundary, and its numbers; `onLabel` is told the class of points that are added. */
function classPanel(page: Page, onLabel: (label: 0 | 1) => void) {
  const { text, store, classes, format } = page;
  const words = text.classes;
  const added = choice<'0' | '1'>(
    words.added,
    (['0', '1'] as const).map((value) => ({ value, label: words.classNames[value] })),
    (label) => onLabel(label === '1' ? 1 : 0),
  );
  added.set('1');
  const rate = new RateSlider(page, (classRate) => store.set({ classRate }));
  const buttons = stepButtons(page);
  const values = new Readout(VALUES.map((key) => ({ key, name: words.values[key] })));
  const told = status();
  return {
    controls: [buttons.element, rate.element, told.element, values.element, added.element],
    say: (words: string) => told.say(words),
    show: (picture: ClassPicture | undefined) => {
      rate.set(store.state.classRate);
      buttons.show();
      if (!picture) return;
      const { boundary, loss, accuracy, limit } = picture;
      rate.mark([{ kind: 'limit', rate: limit }]);
      values.set('epoch', format.count(classes.trail.length));
      values.set('class-loss', format.number(loss, 4));
      values.set('accuracy', `${format.number(100 * accuracy, 0)}%`);
      for (const name of ['w1', 'w2', 'b'] as const) values.set(name, format.number(boundary[name], 3));
      told.say(sentence(page, picture));
    },
  };
}

function stepButtons(page: Page): { element: HTMLElement; show: () => void } {
  const { text, classes, classHistory } = page;
  const words = text.classes;
  const one = button(words.one, () => void classes.step(), 'primary');
  const play = button(words.play, () => classes.player.toggle());
  const restart = button(words.restart, () => classes.restart());
  return {
    element: create('div', { class: 'buttons' }, one, play, restart, ...undoButtons(page, undefined, classHistory)),
    show: () => {
      play.textContent = classes.player.isPlaying ? words.pause : words.play;
      allow(classes.trail.length > 0, restart);
    },
  };
}

/** h and L, and the slope, which is that of the straight line: the loop stays. */
function formulas(words: Page['text']['classes']): HTMLElement[] {
  const sum = (...terms: readonly Formula[]) => [fraction('1', 'm'), '∑', ...terms];
  return [
    create('h3', {}, words.formulaTitle),
    create('p', {}, words.formulaLead),
    create(
      'div',
      { class: 'formulas', tabindex: '0', role: 'group', 'aria-label': words.formulaTitle },
      math('block', 'h(x)=', fraction('1', ['1+', power('e', '−(w·x+b)')])),
      math('block', 'L=−', ...sum(words.log1, '+', words.log0)),
      math('block', partial('L', 'w'), '=', ...sum('(h(x)−y)x')),
    ),
    create('p', {}, words.formulaEnd),
  ];
}

function power(base: Formula, exponent: string): MathMLElement {
  const made = document.createElementNS('http://www.w3.org/1998/Math/MathML', 'msup');
  made.append(math('inline', base), math('inline', exponent));
  return made;
}

function sentence({ text, format, classes, store }: Page, { accuracy, points, limit }: ClassPicture): string {
  const words = text.classes;
  const wrong = Math.round((1 - accuracy) * points.length);
  const stand = wrong === 0 ? words.allRight : words.wrong(format.count(wrong));
  const { losses } = classes;
  const isRising = losses.length > 1 && (losses.at(-1) ?? 0) > (losses.at(-2) ?? 0);
  if (isRising && store.state.classRate > limit) return `${stand} ${words.rises(format.significant(limit))}`;
  return wrong === 0 && losses.length > 0 ? `${stand} ${words.grows}` : stand;
}

/** From the boundary in hand. */
function sourceOf({ points, boundary: { w1, w2, b } }: ClassPicture, rate: number): ProgramSource {
  const { columns, targets, featureNames, targetName } = classDataset(points);
  return {
    ...{ columns, targets, featureNames, targetName, weights: [w1, w2], bias: b, rate },
    ...{ epochs: PROGRAM_EPOCHS, loss: 'logistic', isStandardized: false },
  };
}

function pointsCsv(picture: ClassPicture | undefined): Blob {
  const rows = (picture?.points ?? []).map(({ x, y, label }, i) => [x, y, label, picture?.probabilities[i] ?? '']);
  return csvOf(['x1', 'x2', 'y', 'h(x)'], rows);
}
