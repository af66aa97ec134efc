// The pictures of section 9: examples with a curve or a line through them, and losses over the degree.

import { truth, valueOf } from '../lesson/noise-data.js';
import { HIGHEST_DEGREE } from '../lesson/noise-names.js';
import type { BatchPicture, CurvePicture } from '../lesson/noise-lesson.js';
import { type Drawing, whileInView } from '../page/in-view.js';
import { Plot } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, svg } from '../page/svg.js';
import { within } from './scale-line.js';

const X_RANGE = [-1, 1] as const;
const Y_RANGE = [-2.2, 2.2] as const;
const CURVE_STEPS = 120;

/** Losses over this many times the lowest held-out one leave the picture. */
const HIGHEST = 6;

/** Examples, the true curve and what was fitted to them. */
export class ExamplesPlot {
  readonly #plot: Plot;
  readonly #shapes: SVGGElement;
  readonly #drawing: Drawing;
  #draw: () => void = () => undefined;

  constructor(host: HTMLElement, { format, signal }: Page, label: string) {
    this.#plot = new Plot(host, { label, xName: 'x', yName: 'y', format, aspect: 0.8, signal });
    this.#shapes = this.#plot.layer('examples');
    this.#drawing = whileInView(host, () => this.#draw(), signal);
    this.#plot.onResize(this.#drawing.refresh);
  }

  showCurve({ train, polynomials }: CurvePicture, degree: number): void {
    const polynomial = polynomials[degree - 1];
    const lines = [{ kind: 'best-line', at: truth }];
    if (polynomial) lines.push({ kind: 'line', at: (x) => valueOf(polynomial, x) });
    this.#show(train.xs, train.ys, lines);
  }

  showLine({ train, weights, bias }: BatchPicture): void {
    const line = { kind: 'line', at: (x: number) => valueOf({ weights, bias }, x) };
    this.#show(train.columns[0] ?? [], train.targets, [line]);
  }

  #show(xs: ArrayLike<number>, ys: ArrayLike<number>, lines: readonly { kind: string; at: (x: number) => number }[]) {
    this.#draw = () => {
      const plot = this.#plot;
      plot.frame(X_RANGE, Y_RANGE);
      const dots = Array.from(xs, (x, i) =>
        svg('circle', { class: 'row', cx: plot.px(x), cy: within(plot.py(ys[i] as number)), r: 3.5 }),
      );
      const places = Array.from({ length: CURVE_STEPS + 1 }, (_, i) => X_RANGE[0] + (2 * i) / CURVE_STEPS);
      const paths = lines.map(({ kind, at }) => {
        const d = pathThrough(places.map((x) => [plot.px(x), within(plot.py(at(x)))] as const));
        return svg('path', { class: kind, d });
      });
      this.#shapes.replaceChildren(...dots, ...paths);
    };
    this.#drawing.request();
  }
}

/** Training and held-out loss of every degree, and a mark at the one in hand. */
export class DegreePlot {
  readonly #plot: Plot;
  readonly #shapes: SVGGElement;
  readonly #drawing: Drawing;
  #draw: () => void = () => undefined;

  constructor(host: HTMLElement, { text, format, signal }: Page) {
    const { degreesLabel, degreeAxis } = text.noise;
    this.#plot = new Plot(host, { label: degreesLabel, xName: degreeAxis, yName: 'L', format, aspect: 0.8, signal });
    this.#shapes = this.#plot.layer('degrees');
    this.#drawing = whileInView(host, () => this.#draw(), signal);
    this.#plot.onResize(this.#drawing.refresh);
  }

  show({ polynomials }: CurvePicture, degree: number): void {
    this.#draw = () => {
      const plot = this.#plot;
      const lowest = Math.min(...polynomials.map(({ heldOutLoss }) => heldOutLoss));
      const top = HIGHEST * Math.max(lowest, 1e-3); // without noise the lowest is next to 0
      plot.frame([0.5, HIGHEST_DEGREE + 0.5], [0, top]);
      const lineOf = (kind: string, lossOf: (one: (typeof polynomials)[number]) => number) => {
        const places = polynomials.map((one) => [plot.px(one.degree), within(plot.py(lossOf(one)))] as const);
        const dots = places.map(([cx, cy]) => svg('circle', { class: kind, cx, cy, r: 4 }));
        return [svg('path', { class: kind, d: pathThrough(places) }), ...dots];
      };
      const [x, y] = [plot.px(degree), plot.py(0)];
      this.#shapes.replaceChildren(
        svg('path', { class: 'degree-mark', d: `M ${x} ${y} V ${plot.py(top)}` }),
        ...lineOf('train-loss', ({ trainLoss }) => trainLoss),
        ...lineOf('held-out-loss', ({ heldOutLoss }) => heldOutLoss),
      );
    };
    this.#drawing.request();
  }
}
