// The two shaders of the page's picture, with either compiler: points counted and painted as plain loops have them.

import { describe, expect, it } from 'vitest';
import countWgsl from '../../demo/page/count_points.wgsl?raw';
import { sliceOf } from '../../demo/page/cloud.js';
import paintWgsl from '../../demo/page/paint_points.wgsl?raw';
import { project, type Projection } from '../../demo/page/projection.js';
import type { Kernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { expectClose } from '../support/close.js';
import { runKernelInPlace, withContext } from '../support/kernel.js';

const gpu = withContext();

const COUNT: Kernel = {
  name: 'count_points',
  wgsl: countWgsl,
  bindings: ['uniform', 'read', 'read', 'readWrite'],
  workgroupSize: 64,
  constants: {},
};
const PAINT: Kernel = { ...COUNT, name: 'paint_points', wgsl: paintWgsl, bindings: ['uniform', 'read', 'readWrite'] };

const WIDTH = 96;
const HEIGHT = 40;

/** Points of one feature in a plane, and of two in space: with data in sixty-fourths nothing is rounded. */
const PROJECTIONS: readonly Projection[] = [
  { origin: [48, 40], byFeature: [[32, 0]], byTarget: [0, -16] },
  {
    origin: [40, 25],
    byFeature: [
      [16, -4],
      [-8, -2],
    ],
    byTarget: [2, -16],
  },
];

/** In and around the picture, some on its edges, some on each other. */
const POINTS = Array.from({ length: 500 }, (_, i) => ({
  features: [-2 + ((37 * i) % 257) / 64, -1 + ((59 * i) % 131) / 64],
  target: -0.5 + ((101 * i) % 229) / 64,
}));

interface Count {
  projection: Projection;
  first: number;
  end: number;
  radius: number;
}

function countedPlainly({ projection, first, end, radius }: Count): Uint32Array {
  const counts = new Uint32Array(WIDTH * HEIGHT);
  for (const { features, target } of POINTS.slice(first, end)) {
    const [right, down] = project(projection, features, target);
    for (let row = 0; row < HEIGHT; row++) {
      for (let column = 0; column < WIDTH; column++) {
        const isIn = radius === 0 ? row === Math.floor(down) && column === Math.floor(right) : undefined;
        const isNear = Math.hypot(column + 0.5 - right, row + 0.5 - down) <= radius;
        if (isIn ?? isNear) counts[row * WIDTH + column] = (counts[row * WIDTH + column] as number) + 1;
      }
    }
  }
  return counts;
}

const COUNTS: readonly Count[] = PROJECTIONS.flatMap((projection) =>
  [
    { first: 0, end: 500, radius: 0 },
    { first: 0, end: 500, radius: 1 },
    { first: 3, end: 402, radius: 2.5 },
    { first: 499, end: 500, radius: 3 },
  ].map((count) => ({ projection, ...count })),
);

describe('count_points.wgsl', () => {
  it.each(COUNTS)(
    'counts examples $first to $end of $projection.byFeature.length features as discs of $radius, on top of what is there',
    async (count) => {
      const { projection, first, end, radius } = count;
      const featureCount = projection.byFeature.length;
      const [counts] = await runKernelInPlace(gpu.context, COUNT, {
        config: sliceOf({ first, end, width: WIDTH, height: HEIGHT, projection, radius }),
        reads: [
          Float32Array.from(POINTS.flatMap(({ features }) => features.slice(0, featureCount))),
          Float32Array.from(POINTS, ({ target }) => target),
        ],
        inPlace: [new Uint32Array(WIDTH * HEIGHT).fill(7).buffer],
        workgroups: [2], // fewer invocations than examples
      });
      const expected = countedPlainly(count).map((times) => times + 7);
      expectClose(new Uint32Array(counts as ArrayBuffer), expected, { because: 'counts are whole numbers' });
    },
  );
});

describe('paint_points.wgsl', () => {
  it('paints the colour, the more opaque the more points', async () => {
    const counts = Uint32Array.from({ length: 1000 }, (_, i) => (i < 990 ? i % 20 : 1000 * i));
    const [painted] = await runKernelInPlace(gpu.context, PAINT, {
      config: Float32Array.of(1, 0.2, 0.4, 0.125).buffer,
      reads: [counts.buffer],
      inPlace: [new Uint32Array(1000).buffer],
      workgroups: [3],
    });
    const pixels = new Uint8Array(painted as ArrayBuffer);
    const expected = Array.from(counts, (count) => [255, 51, 102, 255 * (1 - Math.exp(-0.125 * count))]).flat();
    expectClose(pixels, expected, { absolute: 0.51, because: 'a channel is rounded to one of 256 steps' });
    expect(pixels[3], 'the ground shows where no point is').toBe(0);
  });
});
