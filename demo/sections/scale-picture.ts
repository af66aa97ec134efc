import { create } from '../../pages/dom.js';
import { DescentError } from '../../src/index.js';
import { CpuRun } from '../lesson/scale-cpu-run.js';
import { hasLeft } from '../lesson/scale-data.js';
import { GpuRun, type ScaleRun } from '../lesson/scale-run.js';
import { Cloud } from '../page/cloud.js';
import { channelsOf, colourOf } from '../page/colours.js';
import { setWords } from '../page/controls.js';
import { CpuCloud } from '../page/cpu-cloud.js';
import { pngOfSvg } from '../page/export.js';
import { scaled } from '../page/projection.js';
import type { Page } from '../page/section.js';
import { svg } from '../page/svg.js';
import { LineView } from './scale-line.js';
import { PlaneView } from './scale-plane.js';
import type { ScaleView } from './scale-view.js';

/** The radius of a point in CSS pixels, by how many there are at most. */
const RADII: readonly (readonly [rows: number, radius: number])[] = [
  [500, 3],
  [5_000, 2],
  [50_000, 1],
];

/** A point alone hides this much at most; where points lie in their usual number, they hide some 70 % together. */
const MOST_STRENGTH = 1;
const USUAL_STRENGTH = 1.2;

/** More pixels than two to a CSS pixel show no more. */
const MOST_PIXEL_RATIO = 2;

/** The points as the device holds them, and over them the axes and h(x). */
export class ScalePicture {
  readonly #canvas = create('canvas', { 'aria-hidden': 'true' });
  readonly #host: HTMLElement;
  readonly #page: Page;
  readonly #say: (words: string) => void;
  #view: ScaleView;
  #viewed = new AbortController();
  #run: ScaleRun | null = null;
  #cloud: Cloud | CpuCloud | undefined;
  /** Counts the pictures begun: one that is begun ends those before it. */
  #turn = 0;
  #drawing: Promise<void> = Promise.resolve();
  readonly #left = create('p', { class: 'over-picture', hidden: '' });

  /** `say` is told how much of it is drawn. */
  constructor(host: HTMLElement, page: Page, say: (words: string) => void) {
    const { store, signal } = page;
    host.classList.add('cloud');
    this.#host = host;
    this.#page = page;
    this.#say = say;
    this.#view = this.#open();
    const free = () => {
      this.#viewed.abort();
      void this.#drawing.then(() => this.#cloud?.dispose()); // not under a slice that is counted
    };
    signal.addEventListener('abort', free, { once: true });
    store.subscribe(({ turn }, before) => {
      if (turn !== before.turn && this.#view.shape === 'plane') this.#begin();
    }, signal);
    this.#begin();
  }

  /** Moves h(x); other points are drawn anew. */
  show(run: ScaleRun | null): void {
    const isOther = run !== this.#run;
    this.#run = run;
    if (this.#page.store.state.shape !== this.#view.shape) this.#view = this.#open();
    else if (!isOther) return this.#showView();
    this.#begin();
  }

  /** Canvas, axes and lines in one image. */
  png(): Promise<Blob> {
    const { plot, points } = this.#view;
    const image = svg('image', { ...plot.area, href: this.#canvas.toDataURL() });
    points.append(image);
    const made = pngOfSvg(plot.svg); // copies the drawing at once
    image.remove();
    return made;
  }

  /** Opens the view of the shape that the state asks for. */
  #open(): ScaleView {
    this.#viewed.abort();
    this.#viewed = new AbortController();
    this.#host.replaceChildren(this.#canvas, this.#left);
    const View = { line: LineView, plane: PlaneView }[this.#page.store.state.shape];
    const view = new View(this.#host, this.#page, this.#viewed.signal);
    view.plot.onResize(() => this.#begin());
    return view;
  }

  #begin(): void {
    const turn = ++this.#turn;
    this.#view.frame();
    const { x, y, width, height } = this.#view.plot.area;
    Object.assign(this.#canvas.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    this.#showView();
    this.#drawing = this.#drawing.then(() => this.#draw(turn)).catch((error: unknown) => this.#sayProblem(error));
  }

  /** h(x), or in its place what became of it. */
  #showView(): void {
    const run = this.#shown;
    const { text, format } = this.#page;
    this.#view.show(run);
    const hasGone = run !== null && (run.stopReason === 'diverged' || hasLeft(run.hypothesis, run.settings.shape));
    setWords(this.#left, hasGone ? text.scale.outside(format.significant(run.limit ?? Number.NaN)) : '');
  }

  /** The run, once it is one of the shape that is asked for. */
  get #shown(): ScaleRun | null {
    return this.#run?.settings.shape === this.#view.shape ? this.#run : null;
  }

  /** Counts all points, a part of them to a frame. */
  async #draw(turn: number): Promise<void> {
    const run = this.#shown;
    const { text, format, signal } = this.#page;
    const isOver = () => turn !== this.#turn || signal.aborted;
    if (isOver()) return;
    this.#canvas.hidden = run === null;
    if (!run) return;
    const cloud = await this.#begun(run, isOver);
    if (!cloud || isOver()) return;
    const { rows } = run.settings;
    while (!isOver() && cloud.counted < rows) {
      await cloud.addPoints();
      if (isOver()) return;
      const [drawn, all] = [format.count(cloud.counted), format.count(rows)];
      this.#say(cloud.counted === rows ? text.scale.allDrawn(all) : text.scale.drawn(drawn, all));
      await new Promise(requestAnimationFrame);
    }
  }

  /** The picture of this run, begun: on its device, or by its worker. */
  async #begun(run: ScaleRun, isOver: () => boolean): Promise<Cloud | CpuCloud | undefined> {
    if (run instanceof CpuRun) {
      const cloud = this.#cloud instanceof CpuCloud && this.#cloud.isOn(run) ? this.#cloud : undefined;
      if (!cloud) this.#cloud?.dispose();
      const made = cloud ?? new CpuCloud(run, this.#canvas);
      this.#cloud = made;
      await made.begin(this.#viewOf(run));
      return made;
    }
    if (!(run instanceof GpuRun)) return undefined;
    const { features, targets } = run.examples;
    const cloud = this.#cloud instanceof Cloud && this.#cloud.isOn(run.context) ? this.#cloud : undefined;
    if (!cloud) this.#cloud?.dispose();
    const made = cloud ?? (await Cloud.open(run.context, this.#canvas));
    this.#cloud = made;
    if (isOver()) return undefined;
    await made.begin({ features, targets, ...this.#viewOf(run) });
    return made;
  }

  #viewOf({ settings: { rows } }: ScaleRun) {
    const { plot, share, projection } = this.#view;
    const ratio = Math.min(MOST_PIXEL_RATIO, devicePixelRatio);
    const { area } = plot;
    const width = Math.max(1, Math.round(ratio * area.width));
    const height = Math.max(1, Math.round(ratio * area.height));
    const radius = ratio * (RADII.find(([most]) => rows <= most)?.[1] ?? 0);
    const usualPerPoint = Math.max(1, Math.PI * radius ** 2) / (share * width * height);
    return {
      ...{ exampleCount: rows, width, height, radius },
      projection: scaled(projection, ratio),
      // Part of the points is as strong as all of them: a box that is turned looks the same at once.
      strengthOf: (counted: number) => Math.min(MOST_STRENGTH, USUAL_STRENGTH / (counted * usualPerPoint)),
      colour: channelsOf(colourOf('data')),
    };
  }

  /** A device that is lost says nothing here: the lesson opens another one, and with it comes another picture. */
  #sayProblem(error: unknown): void {
    if (!(error instanceof DescentError)) throw error;
    if (error.code !== 'DEVICE_LOST' && error.code !== 'DISPOSED') this.#say(error.message);
  }
}
