import type { Point } from '../lesson/presets.js';
import type { Range } from '../page/plot.js';

/** The distance that an arrow key moves a point or an end of the line, and the number of those of a page key. */
const KEY_STEP = 0.1;
const PAGE_STEPS = 10;

const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  PageUp: [0, PAGE_STEPS],
  PageDown: [0, -PAGE_STEPS],
};

/** The place that a key leads to: an arrow a little, a page key far, Home and End to the ends of the picture's height. */
export function movedBy(key: string, { x, y }: Point, [low, high]: Range): Point | undefined {
  if (key === 'Home') return { x, y: low };
  if (key === 'End') return { x, y: high };
  const [dx, dy] = KEYS[key] ?? [0, 0];
  return dx || dy ? { x: x + KEY_STEP * dx, y: y + KEY_STEP * dy } : undefined;
}
