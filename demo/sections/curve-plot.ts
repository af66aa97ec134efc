import type { Parameter, Picture } from '../lesson/line-lesson.js';
import { type Drawing, whileInView } from '../page/in-view.js';
import { Plot, type Range } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, setAttributes, svg } from '../page/svg.js';

/** An arrow key moves the point by this share of the width, and a page key by so many of those. */
const KEY_SHARE = 1 / 50;
const PAGE_STEPS = 5;

/** The tangent is drawn over this share of the width, to both sides. */
const TANGENT_SHARE = 0.22;

/** The arrow of a step: how far its tip keeps from the point, how long its barbs are and how far they are turned. */
const ARROW_GAP = 9;
const ARROW_SIZE = 9;
const ARROW_TURN = 0.45;

/** The height over the width, that of the picture of the line beside it. */
export const ASPECT = 0.95;

/** A place on the curve, for a trail of steps. */
export interface Place {
  position: number;
  loss: number;
}

export interface CurvePlotOptions {
  /** The content of the picture, for those who do not see it. */
  label: string;
  /** Called with where someone has dragged the point to; where it is left out the point stays. */
  onDrag?: (position: number) => void;
}

/** Drawn over the curve where they are asked for. */
export interface CurveExtras {
  tangent?: { slope: number };
  /** The steps so far, and where the next one would lead. */
  trail?: readonly Place[];
  next?: Place | undefined;
}

/** L over one parameter, the point where we stand, and, where they are asked for, its tangent and the steps. */
export class CurvePlot {
  readonly #page: Page;
  readonly #plot: Plot;
  readonly #options: CurvePlotOptions;
  readonly #curve: SVGGElement;
  readonly #steps: SVGGElement;
  readonly #point: SVGGElement;
  #parameter: Parameter = 'w';
  #picture: Picture | undefined;
  #extras: CurveExtras = {};
  readonly #drawing: Drawing;

  constructor(host: HTMLElement, page: Page, options: CurvePlotOptions) {
    const { format, signal } = page;
    this.#page = page;
    this.#options = options;
    const isInteractive = options.onDrag !== undefined;
    this.#plot = new Plot(host, {
      label: options.label,
      xName: 'w',
      yName: 'L',
      format,
      aspect: ASPECT,
      isInteractive,
      signal,
    });
    this.#curve = this.#plot.layer('curve');
    this.#steps = this.#plot.layer('steps');
    this.#point = this.#plot.layer('stand');
    this.#drawing = whileInView(host, () => this.#draw(), signal);
    this.#plot.onResize(this.#drawing.refresh);
    if (options.onDrag) this.#listen(options.onDrag);
  }

  show(parameter: Parameter, picture: Picture, extras: CurveExtras = {}): void {
    this.#parameter = parameter;
    this.#picture = picture;
    this.#extras = extras;
    this.#drawing.request();
  }

  #draw(): void {
    const picture = this.#picture;
    if (!picture) return;
    const { positions, losses, lowest } = picture.curves[this.#parameter];
    const plot = this.#plot;
    const xRange: Range = [positions[0] as number, positions.at(-1) as number];
    const top = Math.max(...losses, picture.loss);
    plot.rename(this.#parameter);
    plot.frame(xRange, [-0.04 * top, 1.06 * top]);
    const along = positions.map((x, i) => [plot.px(x), plot.py(losses[i] as number)] as const);
    const [minX, minY] = [plot.px(lowest.position), plot.py(lowest.loss)];
    this.#curve.replaceChildren(
      svg('path', { class: 'loss-curve', d: pathThrough(along) }),
      svg('path', { class: 'lowest', d: `M ${minX - 6} ${minY} h 12 M ${minX} ${minY - 6} v 12` }),
    );
    this.#drawSteps(picture);
    this.#drawPoint(picture);
  }

  #drawSteps({ line, loss }: Picture): void {
    const plot = this.#plot;
    const here = { position: line[this.#parameter], loss };
    const { trail = [], next } = this.#extras;
    const places = [...trail, here].map((at) => [plot.px(at.position), plot.py(at.loss)] as const);
    const steps = places.slice(1).map((to, i) => {
      const from = places[i] as readonly [number, number];
      const isLast = i === places.length - 2;
      return svg('path', { class: isLast ? 'jump last' : 'jump', d: pathThrough([from, to]) + arrowhead(from, to) });
    });
    const dots = places.slice(0, -1).map(([cx, cy]) => svg('circle', { class: 'been', cx, cy, r: 3 }));
    const stand = places.at(-1) as readonly [number, number];
    const to = next && ([plot.px(next.position), plot.py(next.loss)] as const);
    const ghost = to ? [svg('path', { class: 'jump next', d: pathThrough([stand, to]) + arrowhead(stand, to) })] : [];
    this.#steps.replaceChildren(...steps, ...dots, ...this.#tangentShapes(here), ...ghost);
  }

  /** A piece of the tangent, as long on the screen whatever its slope. */
  #tangentShapes({ position, loss }: Place): SVGElement[] {
    const { tangent } = this.#extras;
    if (!tangent) return [];
    const plot = this.#plot;
    const { slope } = tangent;
    const [left, right] = plot.xRange;
    const [low, high] = plot.yRange;
    // Short where it is steep, so that all of it is in the picture's proportions.
    const steepness = Math.abs(slope) * ((right - left) / (high - low));
    const reach = ((right - left) * TANGENT_SHARE) / Math.hypot(1, steepness);
    const ends = [-reach, reach].map((dx) => [plot.px(position + dx), plot.py(loss + slope * dx)] as const);
    return [svg('path', { class: 'tangent', d: pathThrough(ends) })];
  }

  /** The element stays: it may be held or have the focus. */
  #drawPoint({ line, loss }: Picture): void {
    const { format, text } = this.#page;
    const position = line[this.#parameter];
    if (this.#point.childElementCount === 0) {
      const made = svg('circle', { class: 'here', r: 8 });
      if (this.#options.onDrag) setAttributes(made, { tabindex: 0, role: 'slider' });
      this.#point.append(svg('path', { class: 'drop' }), made);
    }
    const [drop, here] = this.#point.children as unknown as [Element, Element];
    const [cx, cy] = [this.#plot.px(position), this.#plot.py(loss)];
    setAttributes(drop, { d: `M ${cx} ${cy} V ${this.#plot.py(0)}` });
    const [low, high] = this.#plot.xRange;
    const words = { 'aria-label': text.parameterNames[this.#parameter] };
    const valueText = `${this.#parameter} ${format.number(position)}, L ${format.number(loss)}`;
    const range = {
      'aria-valuemin': low,
      'aria-valuemax': high,
      'aria-valuenow': position,
      'aria-valuetext': valueText,
    };
    setAttributes(here, { cx, cy, ...(this.#options.onDrag ? { ...words, ...range } : {}) });
  }

  #listen(onDrag: (position: number) => void): void {
    const { svg: drawing } = this.#plot;
    let isHeld = false;
    const move = (event: PointerEvent) => {
      const [low, high] = this.#plot.xRange;
      onDrag(Math.max(low, Math.min(high, this.#plot.valuesAt(event).x)));
    };
    drawing.classList.add('draggable');
    drawing.addEventListener('pointerdown', (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      isHeld = true;
      event.preventDefault();
      this.#plot.hold();
      drawing.setPointerCapture(event.pointerId);
      this.#point.querySelector<SVGElement>('.here')?.focus({ preventScroll: true });
      move(event);
    });
    drawing.addEventListener('pointermove', (event) => {
      if (isHeld) move(event);
    });
    const release = () => {
      if (isHeld) this.#plot.release();
      isHeld = false;
    };
    for (const end of ['pointerup', 'pointercancel'] as const) drawing.addEventListener(end, release);
    drawing.addEventListener('keydown', (event) => {
      const to = this.#keyPosition(event.key);
      if (to === undefined) return;
      event.preventDefault();
      onDrag(to);
    });
  }

  /** The place that a key leads to; Home and End to the ends of the curve about its best line, which do not move away. */
  #keyPosition(key: string): number | undefined {
    if (!this.#picture) return undefined;
    const here = this.#picture.line[this.#parameter];
    const [first, last] = this.#picture.curves[this.#parameter].span;
    const [low, high] = this.#plot.xRange;
    const step = KEY_SHARE * (high - low);
    const steps = KEY_STEPS[key];
    if (steps !== undefined) return here + steps * step;
    return { Home: first, End: last }[key];
  }
}

const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -PAGE_STEPS,
  PageUp: PAGE_STEPS,
};

/** Two short strokes at the end of a step, behind the point that stands there. */
function arrowhead([fromX, fromY]: readonly [number, number], [toX, toY]: readonly [number, number]): string {
  const length = Math.hypot(toX - fromX, toY - fromY);
  if (length < 2 * ARROW_GAP) return '';
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const [tipX, tipY] = [toX - ARROW_GAP * Math.cos(angle), toY - ARROW_GAP * Math.sin(angle)];
  const barb = (turn: number) =>
    [tipX - ARROW_SIZE * Math.cos(angle + turn), tipY - ARROW_SIZE * Math.sin(angle + turn)] as const;
  return ` ${pathThrough([barb(ARROW_TURN), [tipX, tipY], barb(-ARROW_TURN)])}`;
}
