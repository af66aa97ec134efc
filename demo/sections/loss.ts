// 2. The loss: the curve of L over w at the b of the moment, and the point where we stand.

import { create } from '../../pages/dom.js';
import type { Parameter, Picture } from '../lesson/line-lesson.js';
import { choice, Readout, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { lossFormula, math } from '../page/mathml.js';
import type { Page } from '../page/section.js';
import { CurvePlot } from './curve-plot.js';
import { lineSlider } from './line-slider.js';
import { PointsPlot } from './points-plot.js';

export function mountLoss(host: HTMLElement, page: Page): void {
  const { text, lesson, format, signal } = page;
  const words = text.loss;
  let picture: Picture | undefined;
  let parameter: Parameter = 'w';

  const points = figure(page, { name: 'line', caption: words.pointsCaption });
  const curve = figure(page, {
    name: 'loss-curve',
    caption: words.curveCaption,
    csv: () => {
      const { positions = [], losses = [] } = picture?.curves[parameter] ?? {};
      return csvOf(
        [parameter, 'loss'],
        positions.map((position, i) => [position, losses[i] as number]),
      );
    },
  });
  const along = choice<Parameter>(
    words.along,
    [
      { value: 'w', label: words.alongNames.w },
      { value: 'b', label: words.alongNames.b },
    ],
    (chosen) => {
      parameter = chosen;
      show();
    },
  );
  along.set(parameter);
  const w = lineSlider(page, 'w');
  const b = lineSlider(page, 'b');
  const values = new Readout([
    { key: 'loss', name: words.here },
    { key: 'lowest', name: words.lowest },
  ]);
  const told = status();
  const panel = create(
    'div',
    { class: 'panel wide' },
    along.element,
    create('div', { class: 'stack' }, w.element, b.element),
    create('div', { class: 'stack' }, values.element, told.element),
  );
  host.append(
    create('p', {}, words.lead),
    math('block', ...lossFormula()),
    create('p', {}, words.parabola),
    create('div', { class: 'columns even' }, curve.element, points.element),
    panel,
  );
  // In the document, where they know their width.
  new PointsPlot(points.host, page);
  const plotOfCurve = new CurvePlot(curve.host, page, {
    label: words.curveLabel,
    onDrag: (position) => lesson.setLine({ [parameter]: position }),
  });

  const show = () => {
    if (!picture) return;
    const { line, loss, curves } = picture;
    const { lowest } = curves[parameter];
    plotOfCurve.show(parameter, picture);
    w.set(line.w);
    b.set(line.b);
    values.set('loss', format.number(loss));
    values.set('lowest', format.number(lowest.loss));
    const [here, there] = [line[parameter], lowest.position].map((position) => format.number(position, 2));
    told.say(words.stand(parameter, here ?? '', format.number(loss), there ?? ''));
  };
  lesson.subscribe((next) => {
    picture = next;
    show();
  }, signal);
}
