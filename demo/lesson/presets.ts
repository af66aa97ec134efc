/** More points than these hide one another. */
export const MOST_POINTS = 40;

/** An example of one feature: x and its target y. */
export interface Point {
  x: number;
  y: number;
}

/** Points to begin with, and the part of the plane that shows them. */
export interface Preset {
  id: PresetId;
  points: readonly Point[];
  xRange: readonly [number, number];
  yRange: readonly [number, number];
}

export type PresetId = 'line' | 'far' | 'outlier' | 'two' | 'wide';

/** Points at x = 1, 2, … times `scale` from `first` on, at the given heights. */
function evenly(first: number, scale: number, heights: readonly number[]): Point[] {
  return heights.map((y, i) => ({ x: Number((first + scale * i).toFixed(2)), y }));
}

/**
 * The points to begin with. They show a line with some noise; the same away from x = 0, where w and b pull at each other; one point
 * that is far off, whose square outweighs the others; two points, which a line meets; large x, which make λ small.
 */
export const PRESETS: readonly Preset[] = [
  {
    id: 'line',
    points: evenly(-2, 0.5, [-1.35, -1.3, -0.4, -0.45, 0.55, 0.6, 1.5, 1.45, 2.35]),
    xRange: [-3, 3],
    yRange: [-3, 3],
  },
  {
    id: 'far',
    points: evenly(1, 0.5, [-1.35, -1.3, -0.4, -0.45, 0.55, 0.6, 1.5, 1.45, 2.35]),
    xRange: [-1, 6],
    yRange: [-3.5, 3.5],
  },
  {
    id: 'outlier',
    points: evenly(-2, 0.5, [-1.35, -1.3, -0.4, -0.45, 0.55, 0.6, 1.5, -2.6, 2.35]),
    xRange: [-3, 3],
    yRange: [-3, 3],
  },
  {
    id: 'two',
    points: [
      { x: -1, y: -1 },
      { x: 1.5, y: 1.5 },
    ],
    xRange: [-3, 3],
    yRange: [-3, 3],
  },
  {
    id: 'wide',
    points: evenly(-8, 2, [-1.7, -1.3, -0.3, -0.6, 0.6, 1.1, 1.2, 2.1, 2.2]),
    xRange: [-10, 10],
    yRange: [-4, 4],
  },
];

export function presetOf(id: PresetId): Preset {
  return PRESETS.find((preset) => preset.id === id) as Preset;
}
