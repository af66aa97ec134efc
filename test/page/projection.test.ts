import { describe, expect, it } from 'vitest';
import { project, turnedBox } from '../../demo/page/projection.js';

const boxOf = (turn: number) => turnedBox({ turn, width: 400, height: 300, targets: [-3, 1] });

describe('a box on a turntable', () => {
  it('has its features to the right and away, and targets upright, and turns against the clock', () => {
    const directionOf = (turn: number, feature: 0 | 1) =>
      boxOf(turn).byFeature[feature]?.map((step) => Math.sign(Math.round(step)) + 0);
    expect([directionOf(0, 0), directionOf(0, 1)]).toEqual([
      [1, 0],
      [0, -1],
    ]); // pixels count down
    expect([directionOf(90, 0), directionOf(90, 1)]).toEqual([
      [0, -1],
      [-1, 0],
    ]);
    expect(boxOf(30).byTarget[0]).toBe(0);
    expect(boxOf(30).byTarget[1]).toBeLessThan(0);
  });

  it('stays in the picture and fills it: 45 degrees is as wide and as high as it gets', () => {
    const placesOf = (turn: number) =>
      [-1, 1].flatMap((x1) => [-1, 1].flatMap((x2) => [-3, 1].map((y) => project(boxOf(turn), [x1, x2], y))));
    for (let turn = -180; turn <= 180; turn += 15) {
      for (const [right, down] of placesOf(turn)) {
        expect(right).toBeGreaterThan(-1e-9);
        expect(right).toBeLessThan(400 + 1e-9);
        expect(down).toBeGreaterThan(-1e-9);
        expect(down).toBeLessThan(300 + 1e-9);
      }
    }
    const at45 = placesOf(45);
    expect(Math.min(...at45.map(([right]) => right))).toBeCloseTo(0);
    expect(Math.max(...at45.map(([right]) => right))).toBeCloseTo(400);
    expect(Math.min(...at45.map(([, down]) => down))).toBeCloseTo(0);
    expect(Math.max(...at45.map(([, down]) => down))).toBeCloseTo(300);
  });
});
