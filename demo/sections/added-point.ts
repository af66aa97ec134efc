import type { Point } from '../lesson/presets.js';
import type { Plot } from '../page/plot.js';

/** A new point keeps this far from the others, in pixels, so that each can be taken hold of. */
const POINT_GAP_PX = 24;

/** The free place nearest to the middle of a picture: rings around it, from the inside out. */
export function freePlace(plot: Plot, points: readonly Point[]): Point {
  const { x, y, width, height } = plot.area;
  const taken = points.map((point) => [plot.px(point.x), plot.py(point.y)] as const);
  const isFree = (px: number, py: number) => taken.every(([tx, ty]) => Math.hypot(tx - px, ty - py) >= POINT_GAP_PX);
  const middle = [x + width / 2, y + height / 2] as const;
  for (let ring = 0; ring * POINT_GAP_PX < height / 2; ring++) {
    const count = Math.max(1, 6 * ring);
    for (let i = 0; i < count; i++) {
      const angle = (2 * Math.PI * i) / count;
      const px = middle[0] + ring * POINT_GAP_PX * Math.cos(angle);
      const py = middle[1] - ring * POINT_GAP_PX * Math.sin(angle);
      if (isFree(px, py)) return plot.valuesOf(px, py);
    }
  }
  return plot.valuesOf(...middle);
}

/** Gives the focus to the point that was added last, once it is drawn. */
export function focusAdded(
  drawing: { points: SVGGElement; drawNow: () => void },
  lesson: { points: readonly Point[]; subscribe: (listener: () => void, signal: AbortSignal) => void },
  signal: AbortSignal,
): void {
  const once = new AbortController();
  signal.addEventListener('abort', () => once.abort(), { once: true });
  lesson.subscribe(() => {
    drawing.drawNow();
    const { childElementCount, lastElementChild } = drawing.points;
    if (childElementCount !== lesson.points.length) return;
    if (lastElementChild instanceof SVGElement) lastElementChild.focus();
    once.abort();
  }, once.signal);
}
