import { create } from '../../pages/dom.js';
import type { ProgramPicture } from '../lesson/program-lesson.js';
import type { Surface } from '../lesson/program-data.js';
import type { Run } from '../lesson/program-runs.js';
import { channelsOf, colourOf } from '../page/colours.js';
import { contour } from '../page/contours.js';
import { type Drawing, whileInView } from '../page/in-view.js';
import { Plot } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, svg } from '../page/svg.js';

/** Levels of the contours, and how dark the highest loss is. */
const LEVELS = 14;
const DARKEST = 0.6;

/** A run that diverges leaves the picture; browsers draw lines no farther than this. */
const FARTHEST_PX = 1e5;

/** A cut is drawn anew when a loss of it has moved by this share of all: what is less cannot be seen. */
const SEEN_SHARE = 0.004;

/** The place of the program: its parameters, which in mid-epoch are not those of its path. */
export interface Standing {
  weights: readonly number[];
  bias: number;
  epoch: number;
}

/** The loss over (w1, w2) at a b as colour and contours, and over it the paths of the runs up to an epoch. */
export class SurfacePlot {
  readonly #plot: Plot;
  readonly #heat: SVGGElement;
  readonly #contours: SVGGElement;
  readonly #paths: SVGGElement;
  #picture: ProgramPicture | undefined;
  #drawn: { surface: Surface; losses: Float64Array } | undefined;
  #at: Standing | undefined;
  readonly #drawing: Drawing;

  constructor(host: HTMLElement, { text, format, signal }: Page) {
    this.#plot = new Plot(host, {
      label: text.program.surfaceLabel,
      xName: 'w1',
      yName: 'w2',
      format,
      aspect: 0.85,
      signal,
    });
    this.#heat = this.#plot.layer('heat');
    this.#contours = this.#plot.layer('contours');
    this.#paths = this.#plot.layer('paths');
    this.#drawing = whileInView(host, () => this.#draw(), signal);
    this.#plot.onResize(() => {
      this.#drawn = undefined;
      this.#drawing.refresh();
    });
  }

  /** Without a standing there is no run to be seen yet, and the cut is at the best b. */
  show(picture: ProgramPicture, at: Standing | undefined): void {
    this.#picture = picture;
    this.#at = at;
    this.#drawing.request();
  }

  #draw(): void {
    if (!this.#picture) return;
    const { surface, runs, best } = this.#picture;
    const losses = surface.at(this.#at?.bias ?? best.bias);
    if (this.#drawn?.surface !== surface || differs(losses, this.#drawn.losses)) {
      this.#drawSurface(surface, losses);
      this.#drawn = { surface, losses };
    }
    const isCrowd = runs.length > 1 && runs.every(({ method }) => method === 'gradientDescent');
    const shapes = runs.map((run, i) => this.#pathOf(run, isCrowd && i > 0 ? 'crowd' : ''));
    this.#paths.replaceChildren(this.#cross(best.weights), ...shapes.toReversed(), ...this.#here());
  }

  #drawSurface({ x, y }: Surface, losses: Float64Array): void {
    const plot = this.#plot;
    plot.frame([x.from, x.to], [y.from, y.to]);
    const bounds = { x: plot.px(x.from), y: plot.py(y.to), width: plot.innerWidth, height: plot.innerHeight };
    this.#heat.replaceChildren(
      svg('image', { ...bounds, preserveAspectRatio: 'none', href: heatOf(x.steps, y.steps, losses) }),
    );
    const [low, high] = rangeOf(losses);
    const valueOf = (axis: Surface['x'], place: number) =>
      axis.from + (place / (axis.steps - 1)) * (axis.to - axis.from);
    const lines = Array.from({ length: LEVELS }, (_, i) => {
      const level = low + (high - low) * ((i + 1) / (LEVELS + 1)) ** 2; // closer where it is flat
      const pieces = contour({ columns: x.steps, rows: y.steps, values: losses }, level);
      const toPixels = (column: number, row: number) =>
        [plot.px(valueOf(x, column)), plot.py(valueOf(y, row))] as const;
      return pieces
        .map(([fromX, fromY, toX, toY]) => pathThrough([toPixels(fromX, fromY), toPixels(toX, toY)]))
        .join(' ');
    });
    this.#contours.replaceChildren(svg('path', { class: 'contour', d: lines.join(' ') }));
  }

  #pathOf({ path, method }: Run, kind: string): SVGElement {
    const name = `run ${method} ${kind}`;
    if (!this.#at) return svg('g', { class: name }); // nothing has been drawn by lot yet
    const places = path.slice(0, 1 + this.#at.epoch).map(({ weights }) => this.#pixels(weights));
    const first = places[0] ?? [0, 0];
    const last = places.at(-1) ?? first;
    return svg(
      'g',
      { class: name },
      svg('path', { d: pathThrough(places) }),
      svg('circle', { class: 'start', cx: first[0], cy: first[1], r: 4 }),
      svg('circle', { class: 'end', cx: last[0], cy: last[1], r: kind === 'crowd' ? 3 : 5 }),
    );
  }

  /** The program itself, in the middle of an epoch too. */
  #here(): SVGElement[] {
    if (!this.#at) return [];
    const [cx, cy] = this.#pixels(this.#at.weights);
    return [svg('circle', { class: 'program-here', cx, cy, r: 8 })];
  }

  #cross(weights: readonly number[]): SVGElement {
    const [x, y] = this.#pixels(weights);
    return svg('path', { class: 'lowest', d: `M ${x - 7} ${y} h 14 M ${x} ${y - 7} v 14` });
  }

  #pixels(weights: readonly number[]): readonly [number, number] {
    const within = (pixel: number) => Math.max(-FARTHEST_PX, Math.min(FARTHEST_PX, pixel));
    return [within(this.#plot.px(weights[0] as number)), within(this.#plot.py(weights[1] as number))];
  }
}

/** A picture of one pixel for each loss, the highest row on top. */
function heatOf(columns: number, rows: number, losses: Float64Array): string {
  const canvas = create('canvas', { width: String(columns), height: String(rows) });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const image = context.createImageData(columns, rows);
  const [red, green, blue] = channelsOf(colourOf('loss'));
  const [low, high] = rangeOf(losses);
  losses.forEach((loss, i) => {
    const row = rows - 1 - Math.floor(i / columns);
    const share = Math.sqrt((loss - low) / (high - low));
    image.data.set([red, green, blue, 255 * DARKEST * share], 4 * (row * columns + (i % columns)));
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

function differs(losses: Float64Array, before: Float64Array): boolean {
  const [low, high] = rangeOf(before);
  return losses.some((loss, i) => !(Math.abs(loss - (before[i] as number)) <= SEEN_SHARE * (high - low)));
}

function rangeOf(losses: Float64Array): [number, number] {
  return losses.reduce<[number, number]>(
    ([low, high], loss) => [Math.min(low, loss), Math.max(high, loss)],
    [Infinity, -Infinity],
  );
}
