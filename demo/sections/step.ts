// 4. The step: w ← w − λ ∂L/∂w as a tangent and a jump, and what λ makes of it.

import { create } from '../../pages/dom.js';
import { type Descent, isLost } from '../lesson/descent.js';
import type { Picture } from '../lesson/line-lesson.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { math, partial } from '../page/mathml.js';
import type { Page } from '../page/section.js';
import { fold, stage } from '../page/stage.js';
import { CurvePlot } from './curve-plot.js';
import { PointsPlot } from './points-plot.js';
import { StepPanel } from './step-panel.js';

/** Steps that are drawn; the ones before them would hide the last ones. */
const DRAWN_STEPS = 24;

/** A presenter makes this many steps before the next section. */
const PRESENTED_STEPS = 5;

export function mountStep(host: HTMLElement, page: Page): void {
  const { text, lesson, descent, store, signal } = page;
  const words = text.step;
  let picture: Picture | undefined;

  const panel = new StepPanel(page);
  const curve = figure(page, { name: 'descent', caption: words.curveCaption, csv: () => stepsCsv(descent, picture) });
  const points = figure(page, { name: 'line-at-step', caption: words.pointsCaption });
  host.append(
    create('p', { class: 'lead' }, words.lead),
    stage({ pictures: [curve.element, points.element], controls: panel.controls }),
    math('block', 'w←w−λ', partial('L', 'w')),
    create('p', {}, words.epochMeaning),
    fold(words.limitTitle, create('p', {}, words.why), create('p', {}, words.limit)),
  );
  presentSteps(page);
  // In the document, where they know their width.
  const plot = new CurvePlot(curve.host, page, { label: words.curveLabel });
  const line = new PointsPlot(points.host, page);

  const show = () => {
    if (!picture) return;
    const drawn = descent.trail.slice(-DRAWN_STEPS);
    const trail = drawn.map((visited) => ({ position: visited.w, loss: visited.loss }));
    const next = nextPlace(picture, store.state.rate);
    plot.show('w', picture, { tangent: { slope: picture.gradient.w }, trail, next });
    line.showTrail(drawn);
    panel.show(picture);
  };
  lesson.subscribe((next) => {
    picture = next;
    show();
  }, signal);
  store.follow(['rate', 'moves'], show, signal);
  descent.subscribe(show, signal);
}

/** The keys of a presenter make steps, and take them back. */
function presentSteps({ presenter, descent, history }: Page): void {
  presenter.register('step', {
    next: () => {
      if (descent.trail.length >= PRESENTED_STEPS || isLost(descent.lesson.line)) return false;
      void descent.step();
      return true;
    },
    back: () => {
      if (descent.trail.length === 0) return false;
      history.undo();
      return true;
    },
  });
}

/** The place that a step of w leads to, on the curve that is drawn. */
function nextPlace({ line, gradient, loss, curvature }: Picture, rate: number) {
  const step = -rate * gradient.w;
  // L is quadratic in w: its slope and its curvature say all of it.
  return { position: line.w + step, loss: loss + gradient.w * step + (curvature.w * step ** 2) / 2 };
}

function stepsCsv({ trail }: Descent, picture: Picture | undefined): Blob {
  const here = picture ? [{ ...picture.line, loss: picture.loss }] : [];
  const rows = [...trail, ...here].map(({ w, b, loss }, epoch) => [epoch, w, b, loss]);
  return csvOf(['epoch', 'w', 'b', 'loss'], rows);
}
