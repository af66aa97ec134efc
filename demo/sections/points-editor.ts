import { MOST_POINTS, type Point } from '../lesson/presets.js';
import type { Range } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { focusAdded, freePlace } from './added-point.js';
import { movedBy } from './grip-keys.js';
import type { PointsPlot } from './points-plot.js';

/** Without a point there is no loss. */
const FEWEST_POINTS = 1;

/** A held end keeps this share of the line from the other one: a shorter lever would throw the line about. */
const LEAST_LEVER = 0.3;

/** A finger covers about 44 pixels: it takes hold of what is this near. */
const FINGER_REACH_PX = 22;

/** Two presses within this time on the same point are a double click, by a finger too. */
const DOUBLE_CLICK_MS = 400;

/** A finger or mouse that moves less has clicked. */
const CLICK_REACH_PX = 4;

type Held = { kind: 'point'; index: number } | { kind: 'handle'; index: number } | { kind: 'line'; grip: number };

/** Why points were not added or removed. */
export type Refusal = 'most' | 'fewest';

/** Lets points and line be dragged by mouse and finger, and moved by keys. */
export class PointsEditor {
  readonly #page: Page;
  readonly #drawing: PointsPlot;
  readonly #refuse: (refusal: Refusal) => void;
  #held: Held | undefined;
  /** The place where the pointer went down, on empty ground or on a grip. */
  #down: { x: number; y: number; held: Held | undefined } | undefined;
  #lastPress: { index: number; atMs: number } | undefined;

  constructor(drawing: PointsPlot, page: Page, refuse: (refusal: Refusal) => void) {
    this.#page = page;
    this.#drawing = drawing;
    this.#refuse = refuse;
    this.#listen(drawing.plot.svg);
  }

  /** Adds one where there is room, for those who add one without a pointer; it has the focus then. */
  addPoint(): void {
    const { lesson, signal } = this.#page;
    const place = freePlace(this.#drawing.plot, lesson.points);
    if (this.#add(place)) focusAdded(this.#drawing, lesson, signal);
  }

  /** Returns false where there are as many points as the page takes. */
  #add(point: Point): boolean {
    const { lesson } = this.#page;
    if (lesson.points.length >= MOST_POINTS) {
      this.#refuse('most');
      return false;
    }
    lesson.setPoints([...lesson.points, rounded(point)]);
    return true;
  }

  #listen(drawing: SVGSVGElement): void {
    drawing.classList.add('editable');
    // Not passive, so that a finger on a grip does not scroll the page; on the ground it still does.
    const keepStill = (event: TouchEvent) => {
      const [touch] = event.changedTouches;
      if (touch && this.#under(event.target, touch, FINGER_REACH_PX)) event.preventDefault();
    };
    drawing.addEventListener('touchstart', keepStill, { passive: false });
    drawing.addEventListener('pointerdown', (event) => this.#press(event));
    drawing.addEventListener('pointermove', (event) => this.#drag(this.#drawing.plot.valuesAt(event)));
    drawing.addEventListener('pointerup', (event) => this.#release(event));
    drawing.addEventListener('pointercancel', () => this.#letGo());
    drawing.addEventListener('keydown', (event) => this.#pressKey(event));
  }

  #press(event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0) return;
    const reach = event.pointerType === 'touch' ? FINGER_REACH_PX : 0;
    const held = this.#under(event.target, event, reach);
    this.#down = { x: event.clientX, y: event.clientY, held };
    if (!held) return;
    event.preventDefault();
    this.#held = held;
    this.#drawing.plot.hold();
    this.#drawing.elementOf(held)?.focus({ preventScroll: true });
    this.#drawing.plot.svg.setPointerCapture(event.pointerId);
  }

  /** A press without a way is a click: on the ground it adds a point, twice on a point it removes it. */
  #release(event: PointerEvent): void {
    const down = this.#down;
    this.#letGo();
    if (!down || Math.hypot(event.clientX - down.x, event.clientY - down.y) > CLICK_REACH_PX) return;
    const isGround = (event.target as Element).classList.contains('ground');
    if (!down.held && isGround) this.#add(this.#drawing.plot.valuesAt(event));
    if (down.held?.kind !== 'point') return;
    const { index } = down.held;
    const isSecond = this.#lastPress?.index === index && event.timeStamp - this.#lastPress.atMs < DOUBLE_CLICK_MS;
    this.#lastPress = isSecond ? undefined : { index, atMs: event.timeStamp };
    if (isSecond) this.#remove(index);
  }

  #letGo(): void {
    this.#down = undefined;
    if (!this.#held) return;
    this.#held = undefined;
    this.#drawing.plot.release();
  }

  /** The grip under a pointer, or the nearest within reach. */
  #under(target: EventTarget | null, at: { clientX: number; clientY: number }, reach: number): Held | undefined {
    const { point, handle } = (target as SVGElement).dataset;
    if (point !== undefined) return { kind: 'point', index: Number(point) };
    if (handle !== undefined) return { kind: 'handle', index: Number(handle) };
    const near = reach > 0 ? this.#drawing.nearestGrip(at, reach) : undefined;
    if (near) return near;
    if (!(target as SVGElement).classList.contains('line-grip')) return undefined;
    const { x, y } = this.#drawing.plot.valuesAt(at);
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
    const { xRange, yRange } = this.#drawing.plot;
    const moved = rounded({ x: within(to.x, xRange), y: within(to.y, yRange) });
    lesson.setPoints(lesson.points.map((point, i) => (i === index ? moved : point)));
  }

  /** The focus goes to the neighbour, where the point had it. */
  #remove(index: number): void {
    const { lesson } = this.#page;
    if (lesson.points.length <= FEWEST_POINTS) {
      this.#refuse('fewest');
      return;
    }
    const { points } = this.#drawing;
    const hadFocus = points.contains(document.activeElement);
    const left = lesson.points.filter((_, i) => i !== index);
    if (hadFocus) (points.children[Math.min(index, left.length - 1)] as SVGElement).focus({ preventScroll: true });
    lesson.setPoints(left);
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

  #pressKey(event: KeyboardEvent): void {
    const { lesson } = this.#page;
    const { point, handle } = (event.target as SVGElement).dataset;
    const { yRange } = this.#drawing.plot;
    if (point !== undefined) {
      const index = Number(point);
      const at = lesson.points[index] as Point;
      const to = movedBy(event.key, at, yRange);
      if (event.key === 'Delete' || event.key === 'Backspace') this.#remove(index);
      else if (to) this.#move(index, to);
      else return;
    } else if (handle !== undefined) {
      const index = Number(handle);
      const { w, b } = lesson.line;
      const x = this.#drawing.handleXs()[index] as number;
      const to = movedBy(event.key, { x, y: w * x + b }, yRange);
      if (!to) return;
      this.#turn(index, { x, y: to.y + (to.x - x) }); // to the right is up
    } else return;
    event.preventDefault();
  }
}

/** To hundredths, as the address keeps them: less than a pixel. */
function rounded({ x, y }: Point): Point {
  return { x: Number(x.toFixed(2)), y: Number(y.toFixed(2)) };
}

function within(value: number, [low, high]: Range): number {
  return Math.max(low, Math.min(high, value));
}
