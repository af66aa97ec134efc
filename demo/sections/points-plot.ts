import type { Line } from '../lesson/calculate.js';
import type { Picture } from '../lesson/line-lesson.js';
import type { Point } from '../lesson/presets.js';
import { Plot, type Range } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, setAttributes, svg } from '../page/svg.js';

/** The least number of points: with fewer no line is the best one. */
const FEWEST_POINTS = 2;
const MOST_POINTS = 40;

/** How far an arrow key moves a point or an end of the line. */
const KEY_STEP = 0.1;

/** A handle sits this share of the width from the edge. */
const HANDLE_INSET = 0.08;

type Dragged = { kind: 'point'; index: number } | { kind: 'handle'; index: number } | { kind: 'line'; grip: number };

/** Points, the line and the squares of the residuals; where it is editable, all to be dragged by pointer or keys. */
export class PointsPlot {
  readonly #page: Page;
  readonly #plot: Plot;
  readonly #squares: SVGGElement;
  readonly #best: SVGGElement;
  readonly #line: SVGGElement;
  readonly #points: SVGGElement;
  readonly #handles: SVGGElement;
  readonly #isEditable: boolean;
  #picture: Picture | undefined;
  #dragged: Dragged | undefined;
  #isBestShown = false;

  constructor(host: HTMLElement, page: Page, { isEditable }: { isEditable: boolean }) {
    const { text, format, signal, lesson } = page;
    this.#page = page;
    this.#isEditable = isEditable;
    const label = text.problem.plotLabel;
    this.#plot = new Plot(host, { label, xName: 'x', yName: 'y', format, isIsometric: isEditable, signal });
    this.#squares = this.#plot.layer('squares');
    this.#best = this.#plot.layer('best');
    this.#line = this.#plot.layer('hypothesis');
    this.#points = this.#plot.layer('points');
    this.#handles = this.#plot.layer('handles');
    this.#plot.onResize(() => this.#draw());
    if (isEditable) this.#listen();
    lesson.subscribe((picture) => {
      this.#picture = picture;
      this.#draw();
    }, signal);
  }

  showBest(isShown: boolean): void {
    this.#isBestShown = isShown;
    this.#draw();
  }

  /** In the middle of the picture, for those who add one without a pointer; it has the focus then. */
  addPoint(): void {
    const middle = (range: Range) => (range[0] + range[1]) / 2;
    this.#add({ x: middle(this.#plot.xRange), y: middle(this.#plot.yRange) });
    const { signal } = this.#page;
    const once = new AbortController();
    signal.addEventListener('abort', () => once.abort(), { once: true });
    this.#page.lesson.subscribe(() => {
      const last = this.#points.lastElementChild;
      if (this.#points.childElementCount !== this.#page.lesson.points.length) return;
      if (last instanceof SVGElement) last.focus();
      once.abort();
    }, once.signal);
  }

  #add(point: Point): void {
    const { lesson } = this.#page;
    if (lesson.points.length < MOST_POINTS) lesson.setPoints([...lesson.points, point]);
  }

  #draw(): void {
    const picture = this.#picture;
    if (!picture) return;
    const { preset, points, predictions, line, best } = picture;
    const plot = this.#plot;
    plot.frame(preset.xRange, preset.yRange);
    const square = (i: number): SVGElement => {
      const { x, y } = points[i] as Point;
      const prediction = predictions[i] as number;
      const side = Math.abs(plot.py(prediction) - plot.py(y));
      const isAbove = prediction > y;
      // The square lies on the side of the residual on which it is not hidden below the line.
      const left = isAbove === line.w > 0 ? plot.px(x) - side : plot.px(x);
      const top = Math.min(plot.py(prediction), plot.py(y));
      return svg(
        'g',
        {},
        svg('rect', { x: left, y: top, width: side, height: side }),
        residual(plot, x, y, prediction),
      );
    };
    this.#squares.replaceChildren(...points.map((_, i) => square(i)));
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
    while (this.#points.childElementCount > points.length) this.#points.lastElementChild?.remove();
    while (this.#points.childElementCount < points.length) {
      const made = svg('circle', { class: 'point', r: 7, 'data-point': this.#points.childElementCount });
      if (this.#isEditable) {
        setAttributes(made, { tabindex: 0, role: 'button', 'aria-roledescription': text.problem.pointRole });
      }
      this.#points.append(made);
    }
    points.forEach(({ x, y }, i) => {
      const element = this.#points.children[i] as SVGElement;
      const label = text.problem.pointLabel(i + 1, format.number(x, 2), format.number(y, 2));
      setAttributes(element, { cx: this.#plot.px(x), cy: this.#plot.py(y), 'aria-label': label });
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
    this.#handleXs().forEach((x, i) => {
      const y = line.w * x + line.b;
      const [low, high] = this.#plot.yRange;
      const shownY = Math.max(low, Math.min(high, y));
      setAttributes(this.#handles.children[i] as Element, {
        x: this.#plot.px(x) - 8,
        y: this.#plot.py(shownY) - 8,
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

  #handleXs(): [number, number] {
    const [left, right] = this.#plot.xRange;
    const inset = HANDLE_INSET * (right - left);
    return [left + inset, right - inset];
  }

  #listen(): void {
    const { svg: drawing } = this.#plot;
    drawing.classList.add('editable');
    drawing.addEventListener('pointerdown', (event) => {
      this.#dragged = this.#under(event);
      if (!this.#dragged) return;
      event.preventDefault();
      (event.target as SVGElement).closest<SVGElement>('[tabindex]')?.focus();
      drawing.setPointerCapture(event.pointerId);
    });
    drawing.addEventListener('pointermove', (event) => this.#drag(this.#plot.valuesAt(event)));
    const release = () => setTimeout(() => (this.#dragged = undefined), 0); // after the click that ends the drag
    drawing.addEventListener('pointerup', release);
    drawing.addEventListener('pointercancel', release);
    drawing.addEventListener('click', (event) => {
      if (!this.#dragged && !this.#under(event)) this.#add(this.#plot.valuesAt(event));
    });
    drawing.addEventListener('dblclick', (event) => {
      const under = this.#under(event);
      if (under?.kind === 'point') this.#remove(under.index);
    });
    drawing.addEventListener('keydown', (event) => this.#press(event));
  }

  #under(event: MouseEvent): Dragged | undefined {
    const target = event.target as SVGElement;
    const { point, handle } = target.dataset;
    if (point !== undefined) return { kind: 'point', index: Number(point) };
    if (handle !== undefined) return { kind: 'handle', index: Number(handle) };
    if (!target.classList.contains('line-grip')) return undefined;
    const { x, y } = this.#plot.valuesAt(event);
    const { w, b } = this.#page.lesson.line;
    return { kind: 'line', grip: y - (w * x + b) };
  }

  #drag(to: Point): void {
    const dragged = this.#dragged;
    const { lesson } = this.#page;
    if (!dragged) return;
    if (dragged.kind === 'point') this.#move(dragged.index, to);
    if (dragged.kind === 'handle') this.#turn(dragged.index, to.y);
    if (dragged.kind === 'line') lesson.setLine({ b: to.y - dragged.grip - lesson.line.w * to.x });
  }

  #move(index: number, to: Point): void {
    const { lesson } = this.#page;
    const within = (value: number, [low, high]: Range) => Math.max(low, Math.min(high, value));
    const moved = { x: within(to.x, this.#plot.xRange), y: within(to.y, this.#plot.yRange) };
    lesson.setPoints(lesson.points.map((point, i) => (i === index ? moved : point)));
  }

  #remove(index: number): void {
    const { lesson } = this.#page;
    if (lesson.points.length > FEWEST_POINTS) lesson.setPoints(lesson.points.filter((_, i) => i !== index));
  }

  /** Puts one end of the line at a height; the other end stays. */
  #turn(index: number, height: number): void {
    const { lesson } = this.#page;
    const { w, b } = lesson.line;
    const xs = this.#handleXs();
    const heights = xs.map((x, i) => (i === index ? height : w * x + b)) as [number, number];
    const slope = (heights[1] - heights[0]) / (xs[1] - xs[0]);
    lesson.setLine({ w: slope, b: heights[0] - slope * xs[0] });
  }

  #press(event: KeyboardEvent): void {
    const { lesson } = this.#page;
    const { point, handle } = (event.target as SVGElement).dataset;
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (point !== undefined) {
      const index = Number(point);
      const { x, y } = lesson.points[index] as Point;
      if (event.key === 'Delete' || event.key === 'Backspace') this.#remove(index);
      else if (dx || dy) this.#move(index, { x: x + KEY_STEP * dx, y: y + KEY_STEP * dy });
      else return;
    } else if (handle !== undefined && (dx || dy)) {
      const index = Number(handle);
      const { w, b } = lesson.line;
      this.#turn(index, w * (this.#handleXs()[index] as number) + b + KEY_STEP * (dy || dx));
    } else return;
    event.preventDefault();
  }
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function residual(plot: Plot, x: number, y: number, prediction: number): SVGElement {
  const ends = [
    [plot.px(x), plot.py(y)],
    [plot.px(x), plot.py(prediction)],
  ] as const;
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
