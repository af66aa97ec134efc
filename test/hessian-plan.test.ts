import { describe, expect, it } from 'vitest';
import { HARDWARE, partialsOf, SOFTWARE } from '../src/gpu/device/tuning.js';
import { planHessian } from '../src/gpu/evaluate/hessian-plan.js';
import { HESSIAN_TILE, rowBegin } from '../src/gpu/kernels/hessian-kernels.js';
import { expectRefusal } from './support/refusal.js';

const SHAPES = [
  { features: 1, quads: 1 },
  { features: 8, quads: 2 ** 19 },
  { features: 9, quads: 450_000 },
  { features: 64, quads: 2 ** 16 },
  { features: 130, quads: 2 ** 15 },
  { features: 513, quads: 2 ** 13 },
  { features: 2_001, quads: 2 ** 10 },
];
const KINDS = [
  { name: 'software', tuning: SOFTWARE, mostProducts: 5e7 },
  { name: 'hardware', tuning: HARDWARE, mostProducts: 5e9 },
];

const limitsOf = (bytes: number) => ({ maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: bytes });

describe.each(KINDS)('the plan of a Hessian, tuned for $name', ({ tuning, mostProducts }) => {
  describe.each([2 ** 27, 2 ** 21, 2 ** 18])('in bindings of %i bytes', (bytes) => {
    it.each(SHAPES)('has every sum of $features features over $quads quads once', ({ features, quads }) => {
      const { bands, workgroups, partials } = planHessian(features, quads, limitsOf(bytes), tuning);
      const tiles = Math.ceil(features / HESSIAN_TILE);
      expect(partials).toBe(partialsOf(workgroups, tuning));
      let sums = 0;
      let tile = 0;
      for (const { firstSum, sumCount, parts } of bands) {
        expect(firstSum).toBe(sums);
        sums += sumCount;
        expect(sumCount * partials * 4).toBeLessThanOrEqual(bytes);
        const firstTile = tile;
        let quad = 0;
        for (const part of parts) {
          if (part.firstQuad === quad && part.firstTile === firstTile) tile = firstTile;
          expect([part.firstQuad, part.firstTile]).toEqual([quad, tile]);
          tile += part.tileCount;
          const last = tile * HESSIAN_TILE >= features ? rowBegin(features) : rowBegin(tile * HESSIAN_TILE);
          expect(last).toBeLessThanOrEqual(sums);
          if (last === sums) quad = part.endQuad;
          const ofTiles = (tile * (tile + 1) - (tile - part.tileCount) * (tile - part.tileCount + 1)) / 2;
          const products = ofTiles * HESSIAN_TILE ** 2 * 4 * (part.endQuad - part.firstQuad);
          expect(products).toBeLessThanOrEqual(mostProducts);
        }
        expect(quad).toBe(quads);
      }
      expect([sums, tile]).toEqual([rowBegin(features), tiles]);
    });
  });

  it.each(SHAPES.slice(0, 5))('keeps sums short: $features features', ({ features, quads }) => {
    const { bands, workgroups } = planHessian(features, quads, limitsOf(2 ** 27), tuning);
    const most = Math.max(...bands.flatMap(({ parts }) => parts.map((part) => part.endQuad - part.firstQuad)));
    expect(most / (workgroups * tuning.sumsSize)).toBeLessThanOrEqual(256);
  });
});

it('is refused where eight rows fit no binding', async () => {
  await expectRefusal(() => planHessian(4_001, 1, limitsOf(2 ** 16), SOFTWARE), 'TOO_LARGE');
});
