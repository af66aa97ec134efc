// 2. The loss: the curve of L over w at the b of the moment, the point where we stand, and the way downhill.

import { create } from '../../pages/dom.js';
import type { Picture } from '../lesson/line-lesson.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { lossFormula, math, partial } from '../page/mathml.js';
import type { Page } from '../page/section.js';
import { stage } from '../page/stage.js';
import { CurvePlot } from './curve-plot.js';
import { LossPanel } from './loss-panel.js';
import { PointsPlot } from './points-plot.js';

export function mountLoss(host: HTMLElement, page: Page): void {
  const { text, lesson, signal } = page;
  const words = text.loss;
  let picture: Picture | undefined;

  const panel = new LossPanel(page, () => show());
  const points = figure(page, { name: 'line', caption: words.pointsCaption });
  const curve = figure(page, {
    name: 'loss-curve',
    caption: words.curveCaption,
    csv: () => {
      const { positions = [], losses = [] } = picture?.curves[panel.parameter] ?? {};
      return csvOf(
        [panel.parameter, 'loss'],
        positions.map((position, i) => [position, losses[i] as number]),
      );
    },
  });
  host.append(
    create('p', { class: 'lead' }, words.lead, ' ', words.parabola),
    stage({ pictures: [curve.element, points.element], controls: panel.controls }),
    math('block', ...lossFormula()),
    create('p', {}, words.question),
    math('block', 'w←w−λ', partial('L', 'w')),
    math('block', partial('L', 'w'), '=', '?'),
  );
  // In the document, where they know their width.
  new PointsPlot(points.host, page);
  const plot = new CurvePlot(curve.host, page, {
    label: words.curveLabel,
    onDrag: (position) => lesson.setLine({ [panel.parameter]: position }),
  });

  const show = () => {
    if (!picture) return;
    panel.show(picture);
    plot.show(panel.parameter, picture, { tangent: { slope: picture.gradient[panel.parameter] } });
  };
  lesson.subscribe((next) => {
    picture = next;
    show();
  }, signal);
}
