// The two shaders of the page's picture, with either compiler: points counted and painted as plain loops have them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import countWgsl from '../../demo/page/count_points.wgsl?raw';
import paintWgsl from '../../demo/page/paint_points.wgsl?raw';
import type { GpuContext } from '../../src/gpu/device.js';
import type { Kernel } from '../../src/gpu/kernels.js';
import { expectClose } from '../support/close.js';
import { openContext, runKernelInPlace } from '../support/kernel.js';

let context: GpuContext;
beforeAll(async () => {
  context = await openContext();
});
afterAll(() => context.dispose());

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
/** x from −1.5, y from 2.5 downwards, 32 and 16 pixels to a unit: with data in sixty-fourths nothing is rounded. */
const [LEFT, TOP, ACROSS, DOWN] = [-1.5, 2.5, 32, -16];

/** Points in and around the picture, some on its edges, some on each other. */
const points = Array.from({ length: 500 }, (_, i) => ({
  x: -2 + ((37 * i) % 257) / 64,
  y: -0.5 + ((101 * i) % 229) / 64,
}));

function countedPlainly(first: number, end: number, radius: number): Uint32Array {
  const counts = new Uint32Array(WIDTH * HEIGHT);
  for (const { x, y } of points.slice(first, end)) {
    const [right, down] = [(x - LEFT) * ACROSS, (y - TOP) * DOWN];
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

describe('count_points.wgsl', () => {
  it.each([
    { first: 0, end: 500, radius: 0 },
    { first: 0, end: 500, radius: 1 },
    { first: 3, end: 402, radius: 2.5 },
    { first: 499, end: 500, radius: 3 },
  ])('counts examples $first to $end as discs of $radius, on top of what is there', async ({ first, end, radius }) => {
    const config = new ArrayBuffer(40);
    new Uint32Array(config).set([first, end, WIDTH, HEIGHT]);
    new Float32Array(config, 16).set([LEFT, TOP, ACROSS, DOWN, radius]);
    const [counts] = await runKernelInPlace(context, COUNT, {
      config,
      reads: [Float32Array.from(points, ({ x }) => x), Float32Array.from(points, ({ y }) => y)],
      inPlace: [new Uint32Array(WIDTH * HEIGHT).fill(7).buffer],
      workgroups: [2], // fewer invocations than examples
    });
    const expected = countedPlainly(first, end, radius).map((count) => count + 7);
    expectClose(new Uint32Array(counts as ArrayBuffer), expected, { because: 'counts are whole numbers' });
  });
});

describe('paint_points.wgsl', () => {
  it('paints the colour, the more opaque the more points', async () => {
    const counts = Uint32Array.from({ length: 1000 }, (_, i) => (i < 990 ? i % 20 : 1000 * i));
    const [painted] = await runKernelInPlace(context, PAINT, {
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
