import { create } from '../../pages/dom.js';
import { DescentError } from '../../src/index.js';
import type { Line } from '../lesson/calculate.js';
import { NOISE, X_RANGE, Y_RANGE } from '../lesson/scale-data.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import { Cloud } from '../page/cloud.js';
import { channelsOf, colourOf } from '../page/colours.js';
import { pngOfSvg } from '../page/export.js';
import { Plot } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, setAttributes, svg } from '../page/svg.js';

/** The radius of a point in CSS pixels, by how many there are at most. */
const RADII: readonly (readonly [rows: number, radius: number])[] = [
  [500, 3],
  [5_000, 2],
  [50_000, 1],
];

/** A point alone hides this much at most; where points lie in their usual number, they hide some 70 % together. */
const MOST_STRENGTH = 1;
const USUAL_STRENGTH = 1.2;

/** The share of the picture's height that lies within two standard deviations of the noise. */
const BAND = (4 * NOISE) / (Y_RANGE[1] - Y_RANGE[0]);

/** More pixels than two to a CSS pixel show no more. */
const MOST_PIXEL_RATIO = 2;

/** The points as the device holds them, and over them the axes and the lines. */
export class ScalePicture {
  readonly #canvas = create('canvas', { 'aria-hidden': 'true' });
  readonly #plot: Plot;
  readonly #points: SVGGElement;
  readonly #truth = svg('path', { class: 'best-line' });
  readonly #line = svg('path', { class: 'line' });
  readonly #page: Page;
  readonly #say: (words: string) => void;
  #run: ScaleRun | null = null;
  #cloud: Cloud | undefined;
  /** Counts the pictures begun: one that is begun ends those before it. */
  #turn = 0;
  #drawing: Promise<void> = Promise.resolve();

  /** `say` is told how much of it is drawn. */
  constructor(host: HTMLElement, page: Page, say: (words: string) => void) {
    const { text, format, signal } = page;
    host.classList.add('cloud');
    host.append(this.#canvas);
    this.#plot = new Plot(host, { label: text.scale.pictureLabel, xName: 'x', yName: 'y', format, signal });
    this.#points = this.#plot.layer('points');
    this.#plot.layer('lines').append(this.#truth, this.#line);
    this.#page = page;
    this.#say = say;
    this.#plot.onResize(() => this.#begin());
    const free = () => void this.#drawing.then(() => this.#cloud?.dispose()); // not under a slice that is counted
    signal.addEventListener('abort', free, { once: true });
    this.#begin();
  }

  /** Moves the line; other points are drawn anew. */
  show(run: ScaleRun | null): void {
    if (run !== this.#run) {
      this.#run = run;
      this.#begin();
    }
    this.#drawLines();
  }

  /** Canvas, axes and lines in one image. */
  png(): Promise<Blob> {
    const { x, y, width, height } = this.#frame();
    const href = this.#canvas.toDataURL();
    const image = svg('image', { x, y, width, height, href });
    this.#points.append(image);
    const made = pngOfSvg(this.#plot.svg); // copies the drawing at once
    image.remove();
    return made;
  }

  #begin(): void {
    const turn = ++this.#turn;
    this.#plot.frame(X_RANGE, Y_RANGE);
    const { x, y, width, height } = this.#frame();
    Object.assign(this.#canvas.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    this.#drawLines();
    this.#drawing = this.#drawing.then(() => this.#draw(turn)).catch((error: unknown) => this.#sayProblem(error));
  }

  /** Counts all points, a part of them to a frame. */
  async #draw(turn: number): Promise<void> {
    const run = this.#run;
    const { text, format, signal } = this.#page;
    const isOver = () => turn !== this.#turn || signal.aborted;
    if (isOver()) return;
    this.#canvas.hidden = run === null;
    if (!run) return;
    if (!this.#cloud?.isOn(run.context)) {
      this.#cloud?.dispose();
      this.#cloud = await Cloud.open(run.context, this.#canvas);
    }
    const cloud = this.#cloud;
    if (isOver()) return;
    await cloud.begin(this.#viewOf(run));
    const { rows } = run.settings;
    while (!isOver() && cloud.counted < rows) {
      await cloud.addPoints();
      if (isOver()) return;
      const [drawn, all] = [format.count(cloud.counted), format.count(rows)];
      this.#say(cloud.counted === rows ? text.scale.allDrawn(all) : text.scale.drawn(drawn, all));
      await new Promise(requestAnimationFrame);
    }
  }

  #viewOf({ examples, settings: { rows } }: ScaleRun) {
    const ratio = Math.min(MOST_PIXEL_RATIO, devicePixelRatio);
    const { width, height } = this.#frame();
    const pixels = { width: Math.max(1, Math.round(ratio * width)), height: Math.max(1, Math.round(ratio * height)) };
    const radius = ratio * (RADII.find(([most]) => rows <= most)?.[1] ?? 0);
    const area = Math.max(1, Math.PI * radius ** 2);
    const usual = (rows * area) / (BAND * pixels.width * pixels.height);
    return {
      ...{ features: examples.features, targets: examples.targets, exampleCount: rows },
      ...{ x: X_RANGE, y: Y_RANGE, ...pixels, radius },
      strength: Math.min(MOST_STRENGTH, USUAL_STRENGTH / usual),
      colour: channelsOf(colourOf('data')),
    };
  }

  /** Where the points are, in CSS pixels of the plot. */
  #frame() {
    const [x, y] = [this.#plot.px(X_RANGE[0]), this.#plot.py(Y_RANGE[1])];
    return { x, y, width: this.#plot.innerWidth, height: this.#plot.innerHeight };
  }

  /** A device that is lost says nothing here: the lesson opens another one, and with it comes another picture. */
  #sayProblem(error: unknown): void {
    if (!(error instanceof DescentError)) throw error;
    if (error.code !== 'DEVICE_LOST' && error.code !== 'DISPOSED') this.#say(error.message);
  }

  #drawLines(): void {
    const run = this.#run;
    setAttributes(this.#line, { d: run ? this.#path(run.line) : '' });
    setAttributes(this.#truth, { d: run ? this.#path(run.truth) : '' });
  }

  #path({ w, b }: Line): string {
    return pathThrough(X_RANGE.map((x) => [this.#plot.px(x), this.#within(this.#plot.py(w * x + b))] as const));
  }

  /** A line that diverges leaves the picture; browsers draw no farther than this. */
  #within(pixel: number): number {
    return Math.max(-1e5, Math.min(1e5, pixel));
  }
}
