// The picture of README and the start page: a run of gradient descent near the stability limit, over its loss surface.

import { fit, lossSurface, syntheticRegression } from '../../src/index.js';

const SIZE = 320;
const MARGIN = 28;
const GRID = 61;
const EPOCHS = 40;

type Point = readonly [number, number];

/** The picture as SVG; the same numbers each time, rounded to more than engines differ by. */
export async function descentPicture(): Promise<string> {
  const truth = { weights: [0.7, -0.5], bias: 0 };
  const { dataset } = syntheticRegression({ rows: 2000, features: 2, correlation: 0.8, seed: 7, ...truth });
  const options = {
    backend: 'reference',
    fitIntercept: false,
    standardize: false,
    tolerance: 0,
    epochs: EPOCHS,
  } as const;
  const { report: measured } = await fit(dataset, { ...options, epochs: 1, learningRate: 0.1 });
  const learningRate = 0.94 * (measured.learningRateLimit ?? 0);
  const initialParameters = { weights: [-1.7, -0.6], bias: 0 };
  const model = await fit(dataset, { ...options, learningRate, initialParameters, pathEvery: 1 });
  const range = { from: -2, to: 2 };
  const axis = (parameter: number) => ({ parameter, ...range, steps: GRID });
  const losses = await lossSurface(dataset, { x: axis(0), y: axis(1), at: model }, { backend: 'reference' });
  const place = (value: number) => (SIZE * (value - range.from)) / (range.to - range.from);
  const path = (model.report.path ?? []).map(({ weights: [w1 = 0, w2 = 0] }): Point => [place(w1), SIZE - place(w2)]);
  return svg(contours(losses), path, model.report.lossHistory);
}

/** Level lines by marching squares: a piece of a line for each cell that a level passes. */
function contours(losses: ArrayLike<number>): string[] {
  const at = (i: number, j: number) => losses[j * GRID + i] as number;
  const lowest = Math.min(...Array.from(losses));
  const highest = Math.max(...Array.from(losses));
  const step = SIZE / (GRID - 1);
  const levels = Array.from({ length: 11 }, (_, k) => lowest + (highest - lowest) * 0.72 ** (k + 1));
  return levels.map((level) => {
    const pieces: string[] = [];
    for (let j = 0; j + 1 < GRID; j++) {
      for (let i = 0; i + 1 < GRID; i++) {
        const corners: [number, number][] = [
          [i, j],
          [i + 1, j],
          [i + 1, j + 1],
          [i, j + 1],
        ];
        const crossed = corners.flatMap(([a, b], k) => {
          const [c, d] = corners[(k + 1) % 4] as [number, number];
          const [here, there] = [at(a, b) - level, at(c, d) - level];
          if (here > 0 === there > 0) return [];
          const t = here / (here - there);
          return [`${((a + t * (c - a)) * step).toFixed(1)} ${(SIZE - (b + t * (d - b)) * step).toFixed(1)}`];
        });
        if (crossed.length === 2) pieces.push(`M${crossed.join('L')}`);
      }
    }
    return pieces.join('');
  });
}

function svg(levels: readonly string[], path: readonly Point[], losses: readonly number[]): string {
  const points = path.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`);
  const logs = losses.map(Math.log10);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const curve = logs.map((value, i) => {
    const x = (SIZE * i) / (losses.length - 1);
    return `${x.toFixed(1)},${(SIZE - ((value - low) / (high - low)) * SIZE).toFixed(1)}`;
  });
  const width = 2 * SIZE + 3 * MARGIN;
  const height = SIZE + 2 * MARGIN;
  const text = (x: number, y: number, words: string, more = '') =>
    `<text x="${x}" y="${y}" font-family="system-ui, sans-serif" font-size="13" fill="#4f555e"${more}>${words}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Gradient descent over the loss surface of two weights, and its loss by epoch</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<clipPath id="frame"><rect width="${SIZE}" height="${SIZE}"/></clipPath>
<g transform="translate(${MARGIN} ${MARGIN})">
<rect width="${SIZE}" height="${SIZE}" fill="#f5f6f9"/>
<g clip-path="url(#frame)" fill="none">
${levels.map((d, k) => `<path d="${d}" stroke="#a3195b" stroke-opacity="${(0.25 + 0.05 * k).toFixed(2)}"/>`).join('\n')}
<polyline points="${points.join(' ')}" stroke="#1d4fd7" stroke-width="2" stroke-linejoin="round"/>
${path.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.5" fill="#1d4fd7"/>`).join('')}
</g>
${text(SIZE / 2, SIZE + 19, 'weight 1', ' text-anchor="middle"')}
${text(-10, SIZE / 2, 'weight 2', ` text-anchor="middle" transform="rotate(-90 -10 ${SIZE / 2})"`)}
</g>
<g transform="translate(${SIZE + 2 * MARGIN} ${MARGIN})">
<rect width="${SIZE}" height="${SIZE}" fill="#f5f6f9"/>
<polyline points="${curve.join(' ')}" fill="none" stroke="#a3195b" stroke-width="2"/>
${text(SIZE / 2, SIZE + 19, `epoch, 0 to ${losses.length - 1}`, ' text-anchor="middle"')}
${text(SIZE - 8, 20, `loss ${losses[0]?.toPrecision(2)} → ${losses.at(-1)?.toPrecision(2)}, logarithmic`, ' text-anchor="end"')}
</g>
</svg>
`;
}
