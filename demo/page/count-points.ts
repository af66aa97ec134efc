import type { Projection } from './projection.js';

/** Points from `first` to before `end`, and the picture on which they are counted. */
export interface PointSlice {
  first: number;
  end: number;
  projection: Projection;
  width: number;
  height: number;
  radius: number;
}

/** Number of points on each pixel, [height, width]: on the CPU the same as count_points.wgsl on a device. */
export function countPoints(
  { columns, targets }: { columns: readonly ArrayLike<number>[]; targets: ArrayLike<number> },
  { first, end, projection: { origin, byFeature, byTarget }, width, height, radius }: PointSlice,
): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(width * height);
  const reach = Math.ceil(radius);
  for (let i = first; i < end; i++) {
    const y = targets[i] as number;
    let right = origin[0] + y * byTarget[0];
    let down = origin[1] + y * byTarget[1];
    for (let j = 0; j < byFeature.length; j++) {
      const x = (columns[j] as ArrayLike<number>)[i] as number;
      const [toRight, toDown] = byFeature[j] as readonly [number, number];
      right += x * toRight;
      down += x * toDown;
    }
    if (radius === 0) {
      const [column, row] = [Math.floor(right), Math.floor(down)];
      if (column >= 0 && column < width && row >= 0 && row < height) {
        const at = row * width + column;
        counts[at] = (counts[at] as number) + 1;
      }
      continue;
    }
    for (
      let row = Math.max(0, Math.floor(down) - reach);
      row <= Math.min(height - 1, Math.floor(down) + reach);
      row++
    ) {
      const from = Math.max(0, Math.floor(right) - reach);
      for (let column = from; column <= Math.min(width - 1, Math.floor(right) + reach); column++) {
        if ((column + 0.5 - right) ** 2 + (row + 0.5 - down) ** 2 > radius ** 2) continue;
        const at = row * width + column;
        counts[at] = (counts[at] as number) + 1;
      }
    }
  }
  return counts;
}
