// 4. The step: w ← w − λ ∂L/∂w as a tangent and a jump, and what λ makes of it.

import { create } from '../../pages/dom.js';
import type { Curvature } from '../lesson/calculate.js';
import { isLost } from '../lesson/descent.js';
import type { Picture } from '../lesson/line-lesson.js';
import { button, choice, Readout, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { fraction, type Formula, math } from '../page/mathml.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import type { PageState } from '../page/state.js';
import { CurvePlot } from './curve-plot.js';
import { PointsPlot } from './points-plot.js';

/** Steps that are drawn; the ones before them would hide the last ones. */
const DRAWN_STEPS = 24;

export function mountStep(host: HTMLElement, page: Page): void {
  const { text, lesson, descent, format, store, signal } = page;
  const words = text.step;
  let picture: Picture | undefined;

  const curve = figure(page, {
    name: 'descent',
    caption: words.curveCaption,
    csv: () => {
      const here = picture ? [{ ...picture.line, loss: picture.loss }] : [];
      const rows = [...descent.trail, ...here].map(({ w, b, loss }, epoch) => [epoch, w, b, loss]);
      return csvOf(['epoch', 'w', 'b', 'loss'], rows);
    },
  });
  const points = figure(page, { name: 'line-at-step', caption: words.pointsCaption });

  const moves = choice<PageState['moves']>(
    words.moves,
    [
      { value: 'w', label: words.movesNames.w },
      { value: 'both', label: words.movesNames.both },
    ],
    (chosen) => {
      descent.restart();
      store.set({ moves: chosen });
    },
  );
  const rate = new RateSlider(page, (chosen) => store.set({ rate: chosen }));
  const one = button(words.one, () => void descent.step(), 'primary');
  const play = button(words.play, () => descent.player.toggle());
  const restart = button(words.restart, () => descent.restart());
  const formula = create('div', { class: 'live' });
  const values = new Readout([
    { key: 'epoch', name: words.epoch },
    { key: 'w', name: text.parameterNames.w },
    { key: 'b', name: text.parameterNames.b },
    { key: 'slope', name: math('inline', fraction('∂L', '∂w')) },
    { key: 'loss', name: words.loss },
    { key: 'factor', name: words.factor },
  ]);
  const told = status();
  host.append(
    create('p', {}, words.lead),
    math('block', 'w←w−λ', fraction('∂L', '∂w')),
    create('div', { class: 'columns even' }, curve.element, points.element),
    create(
      'div',
      { class: 'panel wide' },
      create('div', { class: 'buttons' }, one, play, restart),
      moves.element,
      create('div', { class: 'stack' }, rate.element, formula, told.element),
      values.element,
    ),
    create('p', {}, words.why),
    create('p', {}, words.limit),
  );
  // In the document, where they know their width.
  const plot = new CurvePlot(curve.host, page, { label: words.curveLabel });
  new PointsPlot(points.host, page);

  const show = () => {
    if (!picture) return;
    const { rate: λ, moves: moved } = store.state;
    const { line, loss, gradient, curvature } = picture;
    const trail = descent.trail.slice(-DRAWN_STEPS).map((visited) => ({ position: visited.w, loss: visited.loss }));
    plot.show('w', picture, { tangent: { slope: gradient.w }, trail });
    const range = curvatureRange(curvature, moved);
    const factor = factorOf(λ, range);
    moves.set(moved);
    rate.set(λ);
    rate.mark([
      { kind: 'best', rate: 2 / (range.largest + range.smallest) },
      { kind: 'limit', rate: 2 / range.largest },
    ]);
    play.textContent = descent.player.isPlaying ? words.pause : words.play;
    one.disabled = play.disabled = isLost(line);
    restart.disabled = descent.trail.length === 0;
    formula.replaceChildren(math('block', ...substituted(line.w, λ, gradient.w, (value) => format.number(value))));
    values.set('epoch', format.count(descent.trail.length));
    values.set('w', format.number(line.w));
    values.set('b', format.number(line.b));
    values.set('slope', format.number(gradient.w));
    values.set('loss', format.number(loss));
    values.set('factor', format.number(factor));
    told.say(isLost(line) ? words.lost(format.significant(2 / range.largest)) : verdict(page, λ, range));
  };
  lesson.subscribe((next) => {
    picture = next;
    show();
  }, signal);
  store.subscribe(show, signal);
  descent.subscribe(show, signal);
}

/** The curvature along the steepest and the flattest of the directions in which a step can go. */
interface CurvatureRange {
  largest: number;
  smallest: number;
}

function curvatureRange({ w, largest, smallest }: Curvature, moves: PageState['moves']): CurvatureRange {
  return moves === 'both' ? { largest, smallest } : { largest: w, smallest: w };
}

/** What a step makes of the distance to the lowest place, in the direction in which it does least for it. */
function factorOf(rate: number, { largest, smallest }: CurvatureRange): number {
  const [steep, flat] = [1 - rate * largest, 1 - rate * smallest];
  return Math.abs(steep) >= Math.abs(flat) ? steep : flat;
}

/** A rate within this share of another is that one: the slider has no finer steps. */
const SAME_RATE = 0.01;

function verdict({ text, format }: Page, rate: number, range: CurvatureRange): string {
  const words = text.step.verdicts;
  const factor = factorOf(rate, range);
  const shown = format.number(Math.abs(factor));
  const limit = format.significant(2 / range.largest);
  if (rate * range.largest >= 2) return words.diverges(limit, shown);
  if (Math.abs(factor) < SAME_RATE) return words.arrives;
  if (rate * range.largest > 1) return words.overshoots(shown);
  return words.approaches(shown);
}

/** −0.5 − 0.1 · (−2.1) = −0.29 */
function substituted(w: number, rate: number, slope: number, format: (value: number) => string): Formula[] {
  const inner = slope < 0 ? `(${format(slope)})` : format(slope);
  return ['w←', format(w), '−', String(Number(rate.toPrecision(3))), '·', inner, '=', format(w - rate * slope)];
}
