import { type Hypothesis, X_RANGE, Y_RANGES } from '../lesson/scale-data.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import { Plot, text as words, ticks, tickWords } from '../page/plot.js';
import { type Pixel, project, type Projection, turnedBox } from '../page/projection.js';
import type { Page } from '../page/section.js';
import { pathThrough, setAttributes, svg } from '../page/svg.js';
import { within } from './scale-line.js';
import type { ScaleView } from './scale-view.js';

const [NEAR, FAR] = X_RANGE;
const [LOW, HIGH] = Y_RANGES.plane;

/** The lines on the floor and on the plane. */
const FLOOR_TICKS = [-1, -0.5, 0, 0.5, 1];
const PLANE_LINES = [-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1];

/** The corners of the floor, around it. */
const CORNERS: readonly (readonly [number, number])[] = [
  [NEAR, NEAR],
  [FAR, NEAR],
  [FAR, FAR],
  [NEAR, FAR],
];

/** Room around the box for the words at its edges, in pixels. */
const WORDS = { side: 34, bottom: 28 };

type Place = readonly [x1: number, x2: number, y: number];

/** The view of two features: points in space over a floor that can be turned, and the plane through them. */
export class PlaneView implements ScaleView {
  readonly shape = 'plane';
  readonly plot: Plot;
  readonly points: SVGGElement;
  /** Turned by 30 degrees, of planes of middling slopes; with others it is not far off. */
  readonly share = 0.3;
  readonly #truth = svg('path', { class: 'best-line' });
  readonly #plane = svg('path', { class: 'plane' });
  readonly #lines = svg('path', { class: 'plane-lines' });
  readonly #casing = svg('path', { class: 'casing' });
  readonly #page: Page;

  constructor(host: HTMLElement, page: Page, signal: AbortSignal) {
    const { text, format } = page;
    this.#page = page;
    this.plot = new Plot(host, {
      label: text.scale.pictureLabels.plane,
      xName: '',
      yName: '',
      format,
      aspect: 0.85,
      signal,
    });
    this.plot.svg.classList.add('draggable');
    this.points = this.plot.layer('points');
    this.plot.layer('lines').append(this.#casing, this.#truth, this.#plane, this.#lines);
    turnByPointer(this.plot.svg, page);
  }

  frame(): void {
    const frame = this.plot.bare();
    const { format } = this.#page;
    const floor = FLOOR_TICKS.flatMap((at) => [
      this.#path([NEAR, at, LOW], [FAR, at, LOW]),
      this.#path([at, NEAR, LOW], [at, FAR, LOW]),
    ]);
    frame.append(svg('path', { class: 'floor', d: floor.join(' ') }));

    // Targets at the corner on the left, features along the two edges in front.
    const [left] = CORNERS.toSorted((a, b) => this.#floor(a)[0] - this.#floor(b)[0]);
    const [front] = CORNERS.toSorted((a, b) => this.#floor(b)[1] - this.#floor(a)[1]);
    if (!left || !front) return;
    const marks = ticks([LOW, HIGH], 6);
    const [topX, topY] = this.#at([...left, HIGH]);
    frame.append(
      svg('path', { class: 'zero', d: this.#path([...left, LOW], [...left, HIGH]) }),
      ...marks.map((at) => {
        const [x, y] = this.#at([...left, at]);
        return words(x - 6, y + 4, 'end', tickWords(at, marks, format));
      }),
      words(topX, topY - 10, 'middle', 'y', 'axis'),
      ...this.#edge(front, 0, 'x1'),
      ...this.#edge(front, 1, 'x2'),
    );
  }

  /** The words along an edge of the floor, which runs from the corner in front along a feature. */
  #edge(front: readonly [number, number], feature: 0 | 1, name: string): SVGElement[] {
    const other = front[1 - feature] as number;
    const placeOf = (at: number) => this.#floor(feature === 0 ? [at, other] : [other, at]);
    const middle = placeOf(0);
    const isOnLeft = middle[0] < this.#floor(front)[0];
    const anchor = isOnLeft ? 'end' : 'start';
    const aside = isOnLeft ? -4 : 4;
    const marks = [-0.5, 0.5].map((at) => {
      const [x, y] = placeOf(at);
      return words(x + aside, y + 14, anchor, tickWords(at, FLOOR_TICKS, this.#page.format));
    });
    return [...marks, words(middle[0] + 4 * aside, middle[1] + 24, anchor, name, 'axis')];
  }

  /** In the plot's area, but for the room that words take. */
  get projection(): Projection {
    const { width, height } = this.plot.area;
    const { turn } = this.#page.store.state;
    const box = { width: width - 2 * WORDS.side, height: height - WORDS.bottom };
    const { origin, ...steps } = turnedBox({ turn, ...box, targets: [LOW, HIGH] });
    return { origin: [origin[0] + WORDS.side, origin[1]], ...steps };
  }

  show(run: ScaleRun | null): void {
    const truth = run ? this.#outline(run.truth) : '';
    setAttributes(this.#truth, { d: truth });
    setAttributes(this.#casing, { d: run ? `${truth} ${this.#outline(run.hypothesis)}` : '' });
    setAttributes(this.#plane, { d: run ? this.#outline(run.hypothesis) : '' });
    setAttributes(this.#lines, { d: run ? this.#grid(run.hypothesis) : '' });
  }

  #outline(hypothesis: Hypothesis): string {
    return `${this.#path(...CORNERS.map((corner) => on(hypothesis, ...corner)))} Z`;
  }

  #grid(hypothesis: Hypothesis): string {
    const lines = PLANE_LINES.flatMap((at) => [
      this.#path(on(hypothesis, NEAR, at), on(hypothesis, FAR, at)),
      this.#path(on(hypothesis, at, NEAR), on(hypothesis, at, FAR)),
    ]);
    return lines.join(' ');
  }

  #floor([x1, x2]: readonly [number, number]): Pixel {
    return this.#at([x1, x2, LOW]);
  }

  #path(...places: readonly Place[]): string {
    return pathThrough(places.map((place) => this.#at(place)));
  }

  #at([x1, x2, y]: Place): Pixel {
    const { area } = this.plot;
    const [right, down] = project(this.projection, [x1, x2], y);
    return [area.x + right, within(area.y + down)];
  }
}

function on({ weights: [w1 = 0, w2 = 0], bias }: Hypothesis, x1: number, x2: number): Place {
  return [x1, x2, w1 * x1 + w2 * x2 + bias];
}

/** Across the picture is half a turn. */
const TURN_ACROSS = 180;

/** A pointer that is drawn across turns the box; the keys have a slider for that. */
function turnByPointer(drawing: SVGSVGElement, { store }: Page): void {
  let held: { x: number; turn: number } | undefined;
  drawing.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    drawing.setPointerCapture(event.pointerId);
    held = { x: event.clientX, turn: store.state.turn };
  });
  drawing.addEventListener('pointermove', ({ clientX }) => {
    if (!held) return;
    const degrees = held.turn + ((clientX - held.x) / drawing.clientWidth) * TURN_ACROSS;
    store.set({ turn: wrapped(Math.round(degrees)) });
  });
  const release = () => (held = undefined);
  drawing.addEventListener('pointerup', release);
  drawing.addEventListener('pointercancel', release);
}

/** From −180 to 180. */
function wrapped(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
