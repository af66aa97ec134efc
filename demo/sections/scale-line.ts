import { type Hypothesis, NOISE, X_RANGE, Y_RANGES } from '../lesson/scale-data.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import { Plot } from '../page/plot.js';
import type { Projection } from '../page/projection.js';
import type { Page } from '../page/section.js';
import { pathThrough, setAttributes, svg } from '../page/svg.js';
import type { ScaleView } from './scale-view.js';

const Y_RANGE = Y_RANGES.line;

/** The view of one feature: points in a plane, and the line over them. */
export class LineView implements ScaleView {
  readonly shape = 'line';
  readonly plot: Plot;
  readonly points: SVGGElement;
  /** Within two standard deviations of the noise. */
  readonly share = (4 * NOISE) / (Y_RANGE[1] - Y_RANGE[0]);
  readonly #truth = svg('path', { class: 'best-line' });
  readonly #line = svg('path', { class: 'line' });
  /** Under both: a light edge keeps them apart from the points, whose colour is as dark. */
  readonly #casings = [svg('path', { class: 'casing' }), svg('path', { class: 'casing' })] as const;

  constructor(host: HTMLElement, { text, format }: Page, signal: AbortSignal) {
    this.plot = new Plot(host, { label: text.scale.pictureLabels.line, xName: 'x', yName: 'y', format, signal });
    this.points = this.plot.layer('points');
    this.plot.layer('lines').append(...this.#casings, this.#truth, this.#line);
  }

  frame(): void {
    this.plot.frame(X_RANGE, Y_RANGE);
  }

  get projection(): Projection {
    const { px, py, area } = this.plot;
    return {
      origin: [px(0) - area.x, py(0) - area.y],
      byFeature: [[px(1) - px(0), 0]],
      byTarget: [0, py(1) - py(0)],
    };
  }

  show(run: ScaleRun | null): void {
    const paths = run ? [this.#path(run.truth), this.#path(run.hypothesis)] : [];
    [this.#truth, this.#line].forEach((line, i) => {
      const d = paths[i] ?? '';
      setAttributes(line, { d });
      setAttributes(this.#casings[i] as Element, { d });
    });
  }

  #path({ weights: [w = 0], bias }: Hypothesis): string {
    return pathThrough(X_RANGE.map((x) => [this.plot.px(x), within(this.plot.py(w * x + bias))]));
  }
}

/** The farthest that browsers draw; a line that diverges leaves the picture. */
const FARTHEST_PX = 1e5;

export function within(pixel: number): number {
  return Math.max(-FARTHEST_PX, Math.min(FARTHEST_PX, pixel));
}
