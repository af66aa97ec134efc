import { create } from '../../pages/dom.js';
import { classModel, type ClassPicture } from '../lesson/class-data.js';
import { type Boundary, CLASS_RANGE } from '../lesson/class-names.js';
import { channelsOf, colourOf } from '../page/colours.js';
import { type Drawing, whileInView } from '../page/in-view.js';
import { Plot } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, setAttributes, svg } from '../page/svg.js';

/** Places of the plane at which h(x) is painted, along each axis, and how strongly at most. */
const CELLS = 48;
const STRONGEST = 90;

/** Boundaries of earlier steps that are drawn. */
const GHOSTS = 10;

const [LOW, HIGH] = CLASS_RANGE;

/** The plane with the points of two classes, h(x) as colour and the boundary on which it is ½. */
export class ClassPlot {
  readonly plot: Plot;
  readonly points: SVGGElement;
  readonly #page: Page;
  readonly #heat: SVGGElement;
  readonly #lines: SVGGElement;
  readonly #drawing: Drawing;
  #picture: ClassPicture | undefined;

  constructor(host: HTMLElement, page: Page) {
    const { text, format, signal } = page;
    this.#page = page;
    const label = text.classes.plotLabel;
    this.plot = new Plot(host, { label, xName: 'x1', yName: 'x2', format, aspect: 0.85, isInteractive: true, signal });
    this.#heat = this.plot.layer('heat');
    this.#lines = this.plot.layer('boundaries');
    this.points = this.plot.layer('class-points');
    this.#drawing = whileInView(host, () => void this.#draw(), signal);
    this.plot.onResize(this.#drawing.refresh);
  }

  show(picture: ClassPicture): void {
    this.#picture = picture;
    this.#drawing.request();
  }

  /** Draws what has changed at once. */
  drawNow(): void {
    this.#drawing.now();
  }

  async #draw(): Promise<void> {
    const picture = this.#picture;
    if (!picture) return;
    this.plot.frame(CLASS_RANGE, CLASS_RANGE);
    this.#drawPoints(picture);
    const ghosts = this.#page.classes.trail.slice(-GHOSTS).map((before) => this.#line(before, 'ghost'));
    this.#lines.replaceChildren(
      ...ghosts,
      this.#line(picture.boundary, 'casing'),
      this.#line(picture.boundary, 'boundary'),
    );
    const href = await heatOf(picture.boundary);
    if (this.#page.signal.aborted || picture !== this.#picture) return;
    const { x, y, width, height } = this.plot.area;
    this.#heat.replaceChildren(svg('image', { x, y, width, height, preserveAspectRatio: 'none', href }));
  }

  /** The elements stay: one of them may be held or have the focus. */
  #drawPoints({ points, probabilities }: ClassPicture): void {
    const { text, format } = this.#page;
    while (this.points.childElementCount > points.length) this.points.lastElementChild?.remove();
    points.forEach(({ x, y, label }, i) => {
      const shape = this.points.children[i] ?? svg('path');
      if (!shape.isConnected) this.points.append(shape);
      const probability = format.number(probabilities[i] ?? Number.NaN, 2);
      const isWrong = (probabilities[i] ?? 0) > 0.5 !== (label === 1);
      const words = text.classes.pointLabel(i + 1, label, format.number(x, 2), format.number(y, 2), probability);
      setAttributes(shape, {
        class: `class-point class-${label}${isWrong ? ' wrong' : ''}`,
        d: markOf(label, this.plot.px(x), this.plot.py(y)),
        'data-point': i,
        tabindex: 0,
        role: 'slider', // a screen reader leaves it the arrow keys
        'aria-roledescription': text.problem.pointRole,
        'aria-label': words,
        'aria-valuemin': LOW,
        'aria-valuemax': HIGH,
        'aria-valuenow': y,
        'aria-valuetext': words,
      });
    });
  }

  /** w1·x1 + w2·x2 + b = 0, as long as the picture; nothing where both weights are 0. */
  #line({ w1, w2, b }: Boundary, kind: string): SVGElement {
    const { px, py } = this.plot;
    const ends = [LOW - 1, HIGH + 1].map((at) =>
      Math.abs(w2) >= Math.abs(w1) ? ([at, -(w1 * at + b) / w2] as const) : ([-(w2 * at + b) / w1, at] as const),
    );
    const isThere = w1 !== 0 || w2 !== 0;
    const d = isThere ? pathThrough(ends.map(([x, y]) => [px(x), within(py(y))] as const)) : '';
    return svg('path', { class: kind, d });
  }
}

/** Browsers draw no farther than this. */
const FARTHEST_PX = 1e5;

function within(pixel: number): number {
  return Math.max(-FARTHEST_PX, Math.min(FARTHEST_PX, pixel));
}

/** A disc for class 0 and a triangle for class 1: told apart without colour, too. */
function markOf(label: 0 | 1, x: number, y: number): string {
  const r = 7;
  if (label === 0) return `M ${x - r} ${y} a ${r} ${r} 0 1 0 ${2 * r} 0 a ${r} ${r} 0 1 0 ${-2 * r} 0 Z`;
  return `M ${x} ${y - r - 2} L ${x + r + 1} ${y + r - 1} L ${x - r - 1} ${y + r - 1} Z`;
}

/** h(x) over the plane, the top row first: in the colour of the class that is the more probable one, the stronger the surer. */
async function heatOf(boundary: Boundary): Promise<string> {
  const at = (cell: number) => LOW + ((cell + 0.5) / CELLS) * (HIGH - LOW);
  const places = Array.from({ length: CELLS * CELLS }, (_, i) => [at(i % CELLS), -at(Math.floor(i / CELLS))]);
  const probabilities = await classModel(boundary).predict(places.flat());
  const colours = [channelsOf(colourOf('class-0')), channelsOf(colourOf('class-1'))] as const;
  const canvas = create('canvas', { width: String(CELLS), height: String(CELLS) });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const image = context.createImageData(CELLS, CELLS);
  probabilities.forEach((probability, i) => {
    const colour = colours[probability > 0.5 ? 1 : 0];
    image.data.set([...colour, STRONGEST * Math.abs(2 * probability - 1)], 4 * i);
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}
