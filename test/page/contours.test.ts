import { describe, expect, it } from 'vitest';
import { contour } from '../../demo/page/contours.js';

describe('contours', () => {
  it('are straight across a slope, between the columns where the level is', () => {
    // Rows 0 10 20, three columns and two rows: 5 lies half way between the first two columns, at any height.
    const segments = contour({ columns: 3, rows: 2, values: [0, 10, 20, 0, 10, 20] }, 5);
    expect(segments).toEqual([[0.5, 0, 0.5, 1]]);
    expect(contour({ columns: 3, rows: 2, values: [0, 10, 20, 0, 10, 20] }, 12.5)).toEqual([[1.25, 0, 1.25, 1]]);
  });

  it('close about the lowest place of a bowl, all at one distance', () => {
    const size = 41;
    const middle = 20;
    const values = Array.from({ length: size * size }, (_, i) => {
      const [x, y] = [i % size, Math.floor(i / size)];
      return (x - middle) ** 2 + (y - middle) ** 2;
    });
    const segments = contour({ columns: size, rows: size, values }, 100);
    for (const [fromX, fromY, toX, toY] of segments) {
      // A square between grid points a unit apart is straightened: less than an eighth of its second derivative over 2·10.
      expect(Math.abs(Math.hypot(fromX - middle, fromY - middle) - 10)).toBeLessThan(0.02);
      expect(Math.abs(Math.hypot(toX - middle, toY - middle) - 10)).toBeLessThan(0.02);
    }
    const length = segments.reduce((sum, [x0, y0, x1, y1]) => sum + Math.hypot(x1 - x0, y1 - y0), 0);
    expect(length).toBeGreaterThan(0.99 * 2 * Math.PI * 10); // a polygon is a little shorter than its circle
    expect(length).toBeLessThan(2 * Math.PI * 10.02);
  });

  it('are none at a level that no place has', () => {
    expect(contour({ columns: 2, rows: 2, values: [1, 2, 3, 4] }, 5)).toEqual([]);
  });
});
