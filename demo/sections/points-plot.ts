import type { Line } from '../lesson/calculate.js';
import type { Picture } from '../lesson/line-lesson.js';
import type { Point } from '../lesson/presets.js';
import { Plot } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, setAttributes, svg } from '../page/svg.js';

/** A handle sits this share of the width from the edge. */
const HANDLE_INSET = 0.08;

/** Where the line leaves the picture, the handle stays this share of the height inside. */
const EDGE_INSET = 0.03;

/** Points, the line and the squares of the residuals; where it is editable, with what to hold them by. */
export class PointsPlot {
  readonly plot: Plot;
  readonly points: SVGGElement;
  readonly #page: Page;
  readonly #squares: SVGGElement;
  readonly #best: SVGGElement;
  readonly #line: SVGGElement;
  readonly #handles: SVGGElement;
  readonly #isEditable: boolean;
  #picture: Picture | undefined;
  #isBestShown = false;

  constructor(host: HTMLElement, page: Page, { isEditable = false }: { isEditable?: boolean } = {}) {
    const { text, format, signal, lesson } = page;
    this.#page = page;
    this.#isEditable = isEditable;
    const label = isEditable ? text.problem.plotLabel : text.problem.pictureLabel;
    const isIsometric = isEditable; // there the squares are the subject
    this.plot = new Plot(host, {
      label,
      xName: 'x',
      yName: 'y',
      format,
      isIsometric,
      isInteractive: isEditable,
      signal,
    });
    this.#squares = this.plot.layer('squares');
    this.#best = this.plot.layer('best');
    this.#line = this.plot.layer('hypothesis');
    this.points = this.plot.layer('points');
    this.#handles = this.plot.layer('handles');
    this.plot.onResize(() => this.#draw());
    lesson.subscribe((picture) => {
      this.#picture = picture;
      this.#draw();
    }, signal);
  }

  showBest(isShown: boolean): void {
    this.#isBestShown = isShown;
    this.#draw();
  }

  #draw(): void {
    const picture = this.#picture;
    if (!picture) return;
    const { preset, points, predictions, line, best } = picture;
    const plot = this.plot;
    plot.frame(preset.xRange, preset.yRange);
    const shapeOf = this.#isEditable ? residualSquare : residual;
    this.#squares.replaceChildren(...points.map((point, i) => shapeOf(plot, point, predictions[i] as number, line)));
    this.#best.replaceChildren(...(this.#isBestShown ? [lineShape(plot, best, 'best-line')] : []));
    this.#line.replaceChildren(lineShape(plot, line, 'line'));
    if (this.#isEditable) {
      this.#line.append(lineShape(plot, line, 'line-grip'));
      this.#drawHandles(line);
    }
    this.#drawPoints(points);
  }

  /** The elements stay while their number does: one of them may be held or have the focus. */
  #drawPoints(points: readonly Point[]): void {
    const { text, format } = this.#page;
    while (this.points.childElementCount > points.length) this.points.lastElementChild?.remove();
    while (this.points.childElementCount < points.length) {
      const made = svg('circle', { class: 'point', r: 7, 'data-point': this.points.childElementCount });
      if (this.#isEditable) {
        setAttributes(made, { tabindex: 0, role: 'button', 'aria-roledescription': text.problem.pointRole });
      }
      this.points.append(made);
    }
    points.forEach(({ x, y }, i) => {
      const element = this.points.children[i] as SVGElement;
      const label = text.problem.pointLabel(i + 1, format.number(x, 2), format.number(y, 2));
      setAttributes(element, { cx: this.plot.px(x), cy: this.plot.py(y), 'aria-label': label });
    });
  }

  /** One at each end of the line, to turn it. */
  #drawHandles(line: Line): void {
    const { text, format } = this.#page;
    if (this.#handles.childElementCount === 0) {
      for (const index of [0, 1]) {
        const made = svg('rect', { class: 'handle', width: 16, height: 16, rx: 4, 'data-handle': index });
        setAttributes(made, { tabindex: 0, role: 'slider', 'aria-orientation': 'vertical' });
        this.#handles.append(made);
      }
    }
    this.handleXs().forEach((x, i) => {
      const y = line.w * x + line.b;
      const [low, high] = this.plot.yRange;
      const inset = EDGE_INSET * (high - low);
      const shownY = Math.max(low + inset, Math.min(high - inset, y));
      const shownX = shownY === y ? x : (shownY - line.b) / line.w; // where the line leaves the picture
      setAttributes(this.#handles.children[i] as Element, {
        x: this.plot.px(shownX) - 8,
        y: this.plot.py(shownY) - 8,
        'aria-label': text.problem.handleLabels[i as 0 | 1],
        'aria-valuenow': y.toFixed(2),
        'aria-valuemin': low,
        'aria-valuemax': high,
        'aria-valuetext': text.problem.handleValue(
          format.number(y, 2),
          format.number(line.w, 2),
          format.number(line.b, 2),
        ),
      });
    });
  }

  /** Where along x the line is held. */
  handleXs(): [number, number] {
    const [left, right] = this.plot.xRange;
    const inset = HANDLE_INSET * (right - left);
    return [left + inset, right - inset];
  }
}

/** The residual and its square, on the side on which the line does not cover it. */
function residualSquare(plot: Plot, point: Point, prediction: number, { w }: Line): SVGElement {
  const heights = [plot.py(prediction), plot.py(point.y)] as const;
  const side = Math.abs(heights[0] - heights[1]);
  const isLeft = prediction > point.y === w > 0;
  const corner = { x: isLeft ? plot.px(point.x) - side : plot.px(point.x), y: Math.min(...heights) };
  return svg('g', {}, svg('rect', { ...corner, width: side, height: side }), residual(plot, point, prediction));
}

function residual(plot: Plot, { x, y }: Point, prediction: number): SVGElement {
  const ends = [y, prediction].map((height) => [plot.px(x), clamped(plot, height)] as const);
  return svg('path', { class: 'residual', d: pathThrough(ends) });
}

function lineShape(plot: Plot, { w, b }: Line, kind: string): SVGElement {
  const [left, right] = plot.xRange;
  const ends = [left, right].map((x) => [plot.px(x), clamped(plot, w * x + b)] as const);
  return svg('path', { class: kind, d: pathThrough(ends) });
}

/** A line that has left the picture by far keeps to numbers that every browser draws. */
function clamped(plot: Plot, y: number): number {
  return Math.max(-1e5, Math.min(1e5, plot.py(y)));
}
