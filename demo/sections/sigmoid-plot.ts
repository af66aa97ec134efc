import { classModel, type ClassPicture } from '../lesson/class-data.js';
import { type Drawing, whileInView } from '../page/in-view.js';
import { Plot } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, svg } from '../page/svg.js';

/** The S curve is seen as one from here on, to both sides. */
const LEAST_REACH = 6;
const CURVE_STEPS = 80;
const Y_RANGE = [-0.15, 1.15] as const;

/** h over w·x + b: the S curve, the points at 0 and 1, and how far each is from its label. */
export class SigmoidPlot {
  readonly #plot: Plot;
  readonly #shapes: SVGGElement;
  readonly #drawing: Drawing;
  #picture: ClassPicture | undefined;

  constructor(host: HTMLElement, { text, format, signal }: Page) {
    const options = { label: text.classes.curveLabel, xName: 'w·x + b', yName: 'h', format, aspect: 0.85, signal };
    this.#plot = new Plot(host, options);
    this.#shapes = this.#plot.layer('sigmoid');
    this.#drawing = whileInView(host, () => void this.#draw(), signal);
    this.#plot.onResize(this.#drawing.refresh);
  }

  show(picture: ClassPicture): void {
    this.#picture = picture;
    this.#drawing.request();
  }

  async #draw(): Promise<void> {
    const picture = this.#picture;
    if (!picture) return;
    const { points, boundary, probabilities } = picture;
    const scores = points.map(({ x, y }) => boundary.w1 * x + boundary.w2 * y + boundary.b);
    const reach = Math.max(LEAST_REACH, ...scores.map(Math.abs));
    const zs = Array.from({ length: CURVE_STEPS + 1 }, (_, i) => reach * ((2 * i) / CURVE_STEPS - 1));
    // One feature with the weight 1: h itself.
    const heights = await classModel({ w1: 1, w2: 0, b: 0 }).predict(zs.flatMap((z) => [z, 0]));
    if (picture !== this.#picture) return;
    const plot = this.#plot;
    plot.frame([-reach, reach], Y_RANGE);
    const curve = zs.map((z, i) => [plot.px(z), plot.py(heights[i] as number)] as const);
    const residuals = scores.map((z, i) => {
      const ends = [points[i]?.label ?? 0, probabilities[i] ?? 0].map((y) => [plot.px(z), plot.py(y)] as const);
      return svg('path', { class: 'residual', d: pathThrough(ends) });
    });
    const dots = scores.map((z, i) => {
      const label = points[i]?.label ?? 0;
      return svg('circle', { class: `class-point class-${label}`, cx: plot.px(z), cy: plot.py(label), r: 5 });
    });
    this.#shapes.replaceChildren(svg('path', { class: 's-curve', d: pathThrough(curve) }), ...residuals, ...dots);
  }
}
