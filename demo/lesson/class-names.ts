// The points of section 8 to begin with.

export interface ClassPoint {
  x: number;
  y: number;
  label: 0 | 1;
}

/** h(x) is ½ where w1·x1 + w2·x2 + b is 0. */
export interface Boundary {
  w1: number;
  w2: number;
  b: number;
}

export const CLASS_PRESETS = ['mixed', 'apart', 'inside'] as const;
export type ClassPreset = (typeof CLASS_PRESETS)[number];

/** The part of the plane that is shown, along both axes. */
export const CLASS_RANGE = [-3, 3] as const;

export const MOST_CLASS_POINTS = 60;

/** Across the picture and up: class 0 first, then class 1. */
const PLACES: Readonly<Record<ClassPreset, readonly (readonly (readonly [number, number])[])[]>> = {
  /** Two groups that overlap by a few points. */
  mixed: [
    [
      [-2.2, -0.6],
      [-1.7, 0.9],
      [-1.4, -1.5],
      [-0.9, -0.2],
      [-0.6, -2.1],
      [-0.3, 0.8],
      [0.2, -1.1],
      [0.7, -1.9],
      [0.5, 0.4],
    ],
    [
      [-0.9, 1.3],
      [-0.2, 2.1],
      [0.1, 0.1],
      [0.4, 1.2],
      [0.9, 2.3],
      [1.1, 0.6],
      [1.5, -0.7],
      [1.8, 1.4],
      [2.3, 0.2],
    ],
  ],
  /** Two groups with room between them: no weights are the best ones. */
  apart: [
    [
      [-2.3, -1.4],
      [-1.9, 0.1],
      [-1.5, -0.9],
      [-1.2, -2.2],
      [-0.9, -0.4],
      [-0.5, -1.6],
    ],
    [
      [0.6, 0.9],
      [0.8, 2.1],
      [1.2, 0.2],
      [1.5, 1.5],
      [1.9, 0.7],
      [2.3, 1.9],
    ],
  ],
  /** One class inside the other: no line tells them apart. */
  inside: [
    [
      [-0.5, 0.3],
      [-0.2, -0.6],
      [0.1, 0.5],
      [0.4, -0.2],
      [0.7, 0.6],
    ],
    [
      [-2.1, 0.2],
      [-1.5, -1.7],
      [-1.2, 1.8],
      [0.1, -2.2],
      [0.4, 2.3],
      [1.6, -1.5],
      [1.9, 1.4],
      [2.4, -0.1],
    ],
  ],
};

export function classPresetPoints(preset: ClassPreset): readonly ClassPoint[] {
  return PLACES[preset].flatMap((places, label) => places.map(([x, y]) => ({ x, y, label: label === 1 ? 1 : 0 })));
}
