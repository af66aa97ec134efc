import type { CloudView } from './cloud.js';
import type { PointSlice } from './count-points.js';

/** Points counted in one go: some milliseconds of a worker. */
const SLICE = 2 ** 18;

/** The place where points are counted. */
export interface PointCounter {
  count(slice: PointSlice): Promise<Uint32Array>;
}

/** The same picture as that of `Cloud`, for points that a worker holds and counts. */
export class CpuCloud {
  readonly #counter: PointCounter;
  readonly #canvas: HTMLCanvasElement;
  #view: Omit<CloudView, 'features' | 'targets'> | undefined;
  #counts = new Uint32Array(0);
  #counted = 0;

  constructor(counter: PointCounter, canvas: HTMLCanvasElement) {
    this.#counter = counter;
    this.#canvas = canvas;
  }

  isOn(counter: unknown): boolean {
    return counter === this.#counter;
  }

  get counted(): number {
    return this.#counted;
  }

  async begin(view: Omit<CloudView, 'features' | 'targets'>): Promise<void> {
    this.#view = view;
    this.#counted = 0;
    this.#counts = new Uint32Array(view.width * view.height);
  }

  async addPoints(): Promise<void> {
    const view = this.#view;
    if (!view) return;
    const end = Math.min(view.exampleCount, this.#counted + SLICE);
    const { projection, width, height, radius } = view;
    const counts = await this.#counter.count({ first: this.#counted, end, projection, width, height, radius });
    if (this.#view !== view) return;
    counts.forEach((count, i) => (this.#counts[i] = (this.#counts[i] as number) + count));
    this.#counted = end;
    this.#show(view);
  }

  dispose(): void {
    this.#view = undefined;
  }

  /** Paints as paint_points.wgsl does: the less transparent the more points lie on a pixel. */
  #show({ width, height, colour, strengthOf }: Omit<CloudView, 'features' | 'targets'>): void {
    const image = new ImageData(width, height);
    const strength = strengthOf(this.#counted);
    this.#counts.forEach((count, i) => {
      if (count > 0) image.data.set([...colour, 255 * (1 - Math.exp(-strength * count))], 4 * i);
    });
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#canvas.getContext('2d')?.putImageData(image, 0, 0);
  }
}
