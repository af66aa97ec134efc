import { type Point } from '../lesson/presets.js';
import type { Range } from '../page/plot.js';
import type { Page } from '../page/section.js';
import type { PointsPlot } from './points-plot.js';

/** With fewer points no line is the best one. */
const FEWEST_POINTS = 2;
const MOST_POINTS = 40;

/** How far an arrow key moves a point or an end of the line. */
const KEY_STEP = 0.1;

/** A held end keeps this share of the line from the other one: a shorter lever would throw the line about. */
const LEAST_LEVER = 0.3;

type Held = { kind: 'point'; index: number } | { kind: 'handle'; index: number } | { kind: 'line'; grip: number };

/** Lets points and line be dragged by a pointer, and moved by keys. */
export class PointsEditor {
  readonly #page: Page;
  readonly #drawing: PointsPlot;
  #held: Held | undefined;

  constructor(drawing: PointsPlot, page: Page) {
    this.#page = page;
    this.#drawing = drawing;
    this.#listen(drawing.plot.svg);
  }

  /** In the middle of the picture, for those who add one without a pointer; it has the focus then. */
  addPoint(): void {
    const middle = (range: Range) => (range[0] + range[1]) / 2;
    this.#add({ x: middle(this.#drawing.plot.xRange), y: middle(this.#drawing.plot.yRange) });
    const { signal } = this.#page;
    const once = new AbortController();
    signal.addEventListener('abort', () => once.abort(), { once: true });
    this.#page.lesson.subscribe(() => {
      const last = this.#drawing.points.lastElementChild;
      if (this.#drawing.points.childElementCount !== this.#page.lesson.points.length) return;
      if (last instanceof SVGElement) last.focus();
      once.abort();
    }, once.signal);
  }

  #add(point: Point): void {
    const { lesson } = this.#page;
    if (lesson.points.length < MOST_POINTS) lesson.setPoints([...lesson.points, point]);
  }

  #listen(drawing: SVGSVGElement): void {
    drawing.classList.add('editable');
    drawing.addEventListener('pointerdown', (event) => {
      this.#held = this.#under(event);
      if (!this.#held) return;
      event.preventDefault();
      (event.target as SVGElement).closest<SVGElement>('[tabindex]')?.focus();
      drawing.setPointerCapture(event.pointerId);
    });
    drawing.addEventListener('pointermove', (event) => this.#drag(this.#drawing.plot.valuesAt(event)));
    const release = () => setTimeout(() => (this.#held = undefined), 0); // after the click that ends the drag
    drawing.addEventListener('pointerup', release);
    drawing.addEventListener('pointercancel', release);
    drawing.addEventListener('click', (event) => {
      if (!this.#held && !this.#under(event)) this.#add(this.#drawing.plot.valuesAt(event));
    });
    drawing.addEventListener('dblclick', (event) => {
      const under = this.#under(event);
      if (under?.kind === 'point') this.#remove(under.index);
    });
    drawing.addEventListener('keydown', (event) => this.#press(event));
  }

  #under(event: MouseEvent): Held | undefined {
    const target = event.target as SVGElement;
    const { point, handle } = target.dataset;
    if (point !== undefined) return { kind: 'point', index: Number(point) };
    if (handle !== undefined) return { kind: 'handle', index: Number(handle) };
    if (!target.classList.contains('line-grip')) return undefined;
    const { x, y } = this.#drawing.plot.valuesAt(event);
    const { w, b } = this.#page.lesson.line;
    return { kind: 'line', grip: y - (w * x + b) };
  }

  #drag(to: Point): void {
    const held = this.#held;
    const { lesson } = this.#page;
    if (!held) return;
    if (held.kind === 'point') this.#move(held.index, to);
    if (held.kind === 'handle') this.#turn(held.index, to);
    if (held.kind === 'line') lesson.setLine({ b: to.y - held.grip - lesson.line.w * to.x });
  }

  #move(index: number, to: Point): void {
    const { lesson } = this.#page;
    const within = (value: number, [low, high]: Range) => Math.max(low, Math.min(high, value));
    const moved = { x: within(to.x, this.#drawing.plot.xRange), y: within(to.y, this.#drawing.plot.yRange) };
    lesson.setPoints(lesson.points.map((point, i) => (i === index ? moved : point)));
  }

  #remove(index: number): void {
    const { lesson } = this.#page;
    if (lesson.points.length > FEWEST_POINTS) lesson.setPoints(lesson.points.filter((_, i) => i !== index));
  }

  /** Leads the line through a place; its other end stays. */
  #turn(index: number, { x, y }: Point): void {
    const { lesson } = this.#page;
    const { w, b } = lesson.line;
    const [left, right] = this.#drawing.handleXs();
    const fixedX = index === 0 ? right : left;
    const least = LEAST_LEVER * (right - left);
    const heldX = index === 0 ? Math.min(x, fixedX - least) : Math.max(x, fixedX + least);
    const fixedY = w * fixedX + b;
    const slope = (y - fixedY) / (heldX - fixedX);
    lesson.setLine({ w: slope, b: fixedY - slope * fixedX });
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
      const x = this.#drawing.handleXs()[index] as number;
      this.#turn(index, { x, y: w * x + b + KEY_STEP * (dy || dx) });
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
