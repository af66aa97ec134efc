import { CLASS_RANGE, type ClassPoint, MOST_CLASS_POINTS } from '../lesson/class-names.js';
import type { Page } from '../page/section.js';
import { focusAdded, freePlace } from './added-point.js';
import type { ClassPlot } from './class-plot.js';
import { movedBy } from './grip-keys.js';

/** A finger covers about 44 pixels: it takes hold of what is this near. */
const FINGER_REACH_PX = 22;

/** Two presses within this time on the same point are a double click, by a finger too. */
const DOUBLE_CLICK_MS = 400;

/** A pointer that moves less has clicked. */
const CLICK_REACH_PX = 4;

/** Why points were not added or removed. */
export type ClassRefusal = 'most' | 'fewest';

/** Lets the points of two classes be dragged, added and removed by mouse, finger and keys. */
export class ClassEditor {
  readonly #page: Page;
  readonly #drawing: ClassPlot;
  readonly #refuse: (refusal: ClassRefusal) => void;
  /** The class of a point that is added. */
  label: 0 | 1 = 1;
  #held: number | undefined;
  #down: { x: number; y: number; index: number | undefined } | undefined;
  #lastPress: { index: number; atMs: number } | undefined;

  constructor(drawing: ClassPlot, page: Page, refuse: (refusal: ClassRefusal) => void) {
    this.#page = page;
    this.#drawing = drawing;
    this.#refuse = refuse;
    const { svg } = drawing.plot;
    svg.classList.add('editable');
    // Not passive, so that a finger on a point does not scroll the page; on the ground it still does.
    const keepStill = (event: TouchEvent) => {
      const [touch] = event.changedTouches;
      if (touch && this.#under(touch, FINGER_REACH_PX) !== undefined) event.preventDefault();
    };
    svg.addEventListener('touchstart', keepStill, { passive: false });
    svg.addEventListener('pointerdown', (event) => this.#press(event));
    svg.addEventListener('pointermove', (event) => {
      if (this.#held !== undefined) this.#move(this.#held, drawing.plot.valuesAt(event));
    });
    svg.addEventListener('pointerup', (event) => this.#release(event));
    svg.addEventListener('pointercancel', () => (this.#held = this.#down = undefined));
    svg.addEventListener('keydown', (event) => this.#pressKey(event));
  }

  #press(event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0) return;
    const index = this.#under(event, event.pointerType === 'touch' ? FINGER_REACH_PX : 0);
    this.#down = { x: event.clientX, y: event.clientY, index };
    if (index === undefined) return;
    event.preventDefault();
    this.#held = index;
    (this.#drawing.points.children[index] as SVGElement).focus({ preventScroll: true });
    this.#drawing.plot.svg.setPointerCapture(event.pointerId);
  }

  /** A press without a way is a click: on the ground it adds a point, twice on a point it removes it. */
  #release(event: PointerEvent): void {
    const down = this.#down;
    this.#held = this.#down = undefined;
    if (!down || Math.hypot(event.clientX - down.x, event.clientY - down.y) > CLICK_REACH_PX) return;
    const { index } = down;
    if (index === undefined) {
      if ((event.target as Element).closest('.ground, .heat')) this.#add(this.#drawing.plot.valuesAt(event));
      return;
    }
    const last = this.#lastPress;
    this.#lastPress = { index, atMs: event.timeStamp };
    if (last?.index === index && event.timeStamp - last.atMs < DOUBLE_CLICK_MS) this.#remove(index);
  }

  /** Adds one where there is room, for those who add one without a pointer; it has the focus then. */
  addPoint(): void {
    const { classes, signal } = this.#page;
    const place = freePlace(this.#drawing.plot, classes.points);
    if (this.#add(place)) focusAdded(this.#drawing, classes, signal);
  }

  /** Returns false where there are as many points as the page takes. */
  #add({ x, y }: { x: number; y: number }): boolean {
    const { classes } = this.#page;
    if (classes.points.length < MOST_CLASS_POINTS)
      return classes.setPoints([...classes.points, placed({ x, y, label: this.label })]);
    this.#refuse('most');
    return false;
  }

  #move(index: number, { x, y }: { x: number; y: number }): void {
    const { classes } = this.#page;
    classes.setPoints(classes.points.map((point, i) => (i === index ? placed({ ...point, x, y }) : point)));
  }

  /** The focus goes to the neighbour, where the point had it. */
  #remove(index: number): void {
    const { classes } = this.#page;
    const { points } = this.#drawing;
    const hadFocus = points.contains(document.activeElement);
    const left = classes.points.filter((_, i) => i !== index);
    if (!classes.setPoints(left)) this.#refuse('fewest');
    else if (hadFocus) (points.children[Math.min(index, left.length - 1)] as SVGElement).focus({ preventScroll: true });
  }

  #pressKey(event: KeyboardEvent): void {
    const { point } = (event.target as SVGElement).dataset;
    if (point === undefined) return;
    const index = Number(point);
    const here = this.#page.classes.points[index];
    const to = here && movedBy(event.key, here, CLASS_RANGE);
    if (event.key === 'Delete' || event.key === 'Backspace') this.#remove(index);
    else if (to) this.#move(index, to);
    else return;
    event.preventDefault();
  }

  /** The point on which a pointer is, or the nearest one within its reach. */
  #under({ clientX, clientY }: { clientX: number; clientY: number }, reach: number): number | undefined {
    const found = [...this.#drawing.points.children].map((shape, index) => {
      const { left, right, top, bottom } = shape.getBoundingClientRect();
      const away = Math.hypot(
        Math.max(left - clientX, 0, clientX - right),
        Math.max(top - clientY, 0, clientY - bottom),
      );
      return { index, away };
    });
    const nearest = found.reduce((a, b) => (b.away < a.away ? b : a), { index: -1, away: Infinity });
    return nearest.away <= reach ? nearest.index : undefined;
  }
}

/** In the picture, by hundredths, which the address has. */
function placed({ x, y, label }: ClassPoint): ClassPoint {
  const [low, high] = CLASS_RANGE;
  const within = (value: number) => Number(Math.max(low, Math.min(high, value)).toFixed(2));
  return { x: within(x), y: within(y), label };
}
