import type { Line } from '../lesson/calculate.js';
import type { Picture } from '../lesson/line-lesson.js';
import type { Point } from '../lesson/presets.js';
import { type Drawing, whileInView } from '../page/in-view.js';
import { Plot, type Range } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { keepCount, pathThrough, setAttributes, svg } from '../page/svg.js';
import { ASPECT } from './curve-plot.js';

/** The height over the width of the picture that stands alone. */
const WIDE_ASPECT = 0.72;

/** A handle sits this share of the width from the edge. */
const HANDLE_INSET = 0.08;

/** The share of the height by which a handle stays inside where the line leaves the picture. */
const EDGE_INSET = 0.03;

function clampedTo([low, high]: Range, value: number): number {
  return Math.max(low, Math.min(high, value));
}

/** About points that lie outside the preset's part of the plane. */
const ROOM = 0.05;

/** Points, the line and the squares of the residuals; where it is editable, with what to hold them by. */
export class PointsPlot {
  readonly plot: Plot;
  readonly points: SVGGElement;
  readonly #page: Page;
  readonly #squares: SVGGElement;
  readonly #best: SVGGElement;
  readonly #line: SVGGElement;
  readonly #grip: SVGGElement;
  readonly #handles: SVGGElement;
  readonly #isEditable: boolean;
  #picture: Picture | undefined;
  #isBestShown = false;
  #trail: readonly Line[] = [];
  readonly #drawing: Drawing;

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
      aspect: isEditable ? WIDE_ASPECT : ASPECT,
      isIsometric,
      isInteractive: isEditable,
      signal,
    });
    this.#squares = this.plot.layer('squares');
    this.#best = this.plot.layer('best');
    this.#line = this.plot.layer('hypothesis');
    this.#grip = this.plot.layer('grip');
    this.points = this.plot.layer('points');
    this.#handles = this.plot.layer('handles');
    this.#drawing = whileInView(host, () => this.#draw(), signal);
    this.plot.onResize(this.#drawing.refresh);
    lesson.subscribe((picture) => {
      this.#picture = picture;
      this.#drawing.request();
    }, signal);
  }

  /** The element of a grip; the line as a whole has none. */
  elementOf(held: { kind: string; index?: number }): SVGElement | undefined {
    const group = { point: this.points, handle: this.#handles }[held.kind];
    return group?.children[held.index ?? 0] as SVGElement | undefined;
  }

  /** The point or handle that is nearest to a pointer, within so many pixels. */
  nearestGrip(at: { clientX: number; clientY: number }, reach: number) {
    const grips = (['point', 'handle'] as const).flatMap((kind) => {
      const group = kind === 'point' ? this.points : this.#handles;
      return [...group.children].map((element, index) => {
        const box = element.getBoundingClientRect();
        const distance = Math.hypot(box.x + box.width / 2 - at.clientX, box.y + box.height / 2 - at.clientY);
        return { kind, index, distance };
      });
    });
    const [nearest] = grips.filter(({ distance }) => distance <= reach).sort((a, b) => a.distance - b.distance);
    return nearest;
  }

  /** Draws what has changed at once. */
  drawNow(): void {
    this.#drawing.now();
  }

  showBest(isShown: boolean): void {
    this.#isBestShown = isShown;
    this.#drawing.request();
  }

  /** Lines that descent has left behind, the first one first. */
  showTrail(lines: readonly Line[]): void {
    this.#trail = lines;
    this.#drawing.request();
  }

  #draw(): void {
    const picture = this.#picture;
    if (!picture) return;
    const { preset, points, predictions, line, best } = picture;
    const plot = this.plot;
    const [xRange, yRange] = plot.rangesFor(preset.xRange, preset.yRange);
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    plot.frame(reaching(xRange, xs), reaching(yRange, ys));
    this.#drawResiduals(points, predictions, line);
    this.#drawLines(this.#best, this.#isBestShown ? [best] : [], 'best-line');
    this.#drawLines(this.#line, [...this.#trail, line], 'line');
    if (this.#isEditable) {
      this.#drawGrip(line);
      this.#drawHandles(line);
    }
    this.#drawPoints(points);
  }

  /** Elements stay, so that a drag of one point of forty changes one square. */
  #drawResiduals(points: readonly Point[], predictions: readonly number[], line: Line): void {
    const residualPath = () => svg('path', { class: 'residual' });
    const makeShape = this.#isEditable ? () => svg('g', {}, svg('rect'), residualPath()) : residualPath;
    keepCount(this.#squares, points.length, makeShape);
    points.forEach((point, i) => {
      const shape = this.#squares.children[i] as SVGElement;
      const prediction = predictions[i] as number;
      const [square, path] = this.#isEditable ? shape.children : [undefined, shape];
      if (square) setAttributes(square, squareOf(this.plot, point, prediction, line));
      setAttributes(path as Element, { d: residualOf(this.plot, point, prediction) });
    });
  }

  /** Those that come before the last one are shown as left behind. */
  #drawLines(group: SVGGElement, lines: readonly Line[], kind: string): void {
    keepCount(group, lines.length, () => svg('path'));
    lines.forEach((line, i) => {
      const isLast = i === lines.length - 1;
      setAttributes(group.children[i] as Element, {
        class: isLast ? kind : `${kind} before`,
        d: linePath(this.plot, line),
      });
    });
  }

  /** The element stays: a finger that holds one which is taken out scrolls the page. */
  #drawGrip(line: Line): void {
    if (this.#grip.childElementCount === 0) this.#grip.append(svg('path', { class: 'line-grip' }));
    setAttributes(this.#grip.firstElementChild as Element, { d: linePath(this.plot, line) });
  }

  #drawPoints(points: readonly Point[]): void {
    const { text, format } = this.#page;
    // A screen reader leaves the arrow keys to a slider, and keeps them for itself on a button.
    const asSlider = { tabindex: 0, role: 'slider', 'aria-roledescription': text.problem.pointRole };
    keepCount(this.points, points.length, (index) =>
      svg('circle', { class: 'point', r: 7, 'data-point': index, ...(this.#isEditable ? asSlider : {}) }),
    );
    points.forEach(({ x, y }, i) => {
      const element = this.points.children[i] as SVGElement;
      const label = text.problem.pointLabel(i + 1, format.number(x, 2), format.number(y, 2));
      setAttributes(element, { cx: this.plot.px(x), cy: this.plot.py(y) });
      if (!this.#isEditable) return;
      const [low, high] = this.plot.yRange;
      const value = { 'aria-valuemin': low, 'aria-valuemax': high, 'aria-valuenow': y.toFixed(2) };
      setAttributes(element, { 'aria-label': label, 'aria-valuetext': label, ...value });
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
      // Where the line leaves the picture; a level line that is outside of it has its ends at the edge above or below.
      const shownX = shownY === y || line.w === 0 ? x : clampedTo(this.plot.xRange, (shownY - line.b) / line.w);
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

  /** The places along x where the line is held. */
  handleXs(): [number, number] {
    const [left, right] = this.plot.xRange;
    const inset = HANDLE_INSET * (right - left);
    return [left + inset, right - inset];
  }
}

/** A range that holds these too, with some room about them: a link may place points anywhere. */
function reaching(range: Range, values: readonly number[]): Range {
  const [low, high] = range;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least >= low && most <= high) return range;
  const room = ROOM * (Math.max(high, most) - Math.min(low, least));
  return [least < low ? least - room : low, most > high ? most + room : high];
}

/** The square of a residual, on the side on which the line does not cover it. */
function squareOf(plot: Plot, point: Point, prediction: number, { w }: Line): Record<string, number> {
  const heights = [plot.py(prediction), plot.py(point.y)] as const;
  const side = Math.abs(heights[0] - heights[1]);
  const isLeft = prediction > point.y === w > 0;
  const x = isLeft ? plot.px(point.x) - side : plot.px(point.x);
  return { x, y: Math.min(...heights), width: side, height: side };
}

function residualOf(plot: Plot, { x, y }: Point, prediction: number): string {
  return pathThrough([y, prediction].map((height) => [plot.px(x), clamped(plot, height)] as const));
}

function linePath(plot: Plot, { w, b }: Line): string {
  const [left, right] = plot.xRange;
  return pathThrough([left, right].map((x) => [plot.px(x), clamped(plot, w * x + b)] as const));
}

/** A line that has left the picture by far keeps to numbers that every browser draws. */
function clamped(plot: Plot, y: number): number {
  return Math.max(-1e5, Math.min(1e5, plot.py(y)));
}
