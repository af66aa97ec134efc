import type { Shape } from '../lesson/scale-data.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import type { Plot } from '../page/plot.js';
import type { Projection } from '../page/projection.js';

/** The drawing around and over the points of section 6: axes, and h(x) as it stands. */
export interface ScaleView {
  readonly shape: Shape;
  readonly plot: Plot;
  /** Under h(x): where an image of the points goes when the picture is saved. */
  readonly points: SVGGElement;
  /** The share of the picture that the points lie on, but for a few. */
  readonly share: number;
  /** Draws the axes in the size that the page has. */
  frame(): void;
  /** The places of the points, in pixels of the plot's area. */
  readonly projection: Projection;
  /** Moves h(x). */
  show(run: ScaleRun | null): void;
}
