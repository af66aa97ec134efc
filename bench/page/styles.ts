// How a line looks: a colour and a mark for each library, so that no meaning is in the colour alone.

import type { Line } from './lines.js';

export type Mark = 'circle' | 'square' | 'triangle' | 'diamond' | 'down' | 'cross' | 'plus' | 'hexagon';

const MARKS: Readonly<Record<string, Mark>> = {
  'webgpu-descent': 'circle',
  'tfjs WebGPU': 'square',
  'jax-js WebGPU': 'triangle',
  'jax-js wasm': 'diamond',
  'plain JS loop': 'cross',
  'webgpu-descent reference': 'plus',
  numpy: 'down',
  'webgpu-descent cpu': 'hexagon',
};

export function markOf({ library }: Line): Mark {
  return MARKS[library] ?? 'circle';
}

/** The colour as the style sheet has it in the scheme of the moment. */
export function colourOf({ library }: Line): string {
  const number = Object.keys(MARKS).indexOf(library) + 1;
  return cssColour(`--line-${number}`);
}

export function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Lines of a file are dashed and their marks hollow. */
export function dashOf({ source }: Line): number[] {
  return source === 'file' ? [6, 4] : [];
}

/** A mark about (0, 0), to be filled or stroked. */
export function markPath(mark: Mark, radius: number): Path2D {
  const path = new Path2D();
  const polygon = (...corners: (readonly [number, number])[]) => {
    for (const [x, y] of corners) path.lineTo(x * radius, y * radius);
    path.closePath();
  };
  const strokes = (...ends: (readonly [number, number])[]) => {
    for (const [x, y] of ends) {
      path.moveTo(-x * radius, -y * radius);
      path.lineTo(x * radius, y * radius);
    }
  };
  switch (mark) {
    case 'circle':
      path.arc(0, 0, radius, 0, 2 * Math.PI);
      break;
    case 'square':
      polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]);
      break;
    case 'hexagon':
      polygon([0, -1], [0.9, -0.5], [0.9, 0.5], [0, 1], [-0.9, 0.5], [-0.9, -0.5]);
      break;
    case 'triangle':
      polygon([0, -1.1], [1.1, 0.9], [-1.1, 0.9]);
      break;
    case 'down':
      polygon([0, 1.1], [1.1, -0.9], [-1.1, -0.9]);
      break;
    case 'diamond':
      polygon([0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]);
      break;
    case 'cross':
      strokes([1, 1], [1, -1]);
      break;
    case 'plus':
      strokes([1.2, 0], [0, 1.2]);
      break;
  }
  return path;
}

/** Fills or strokes a mark at the origin of the context. */
export function drawMark(context: CanvasRenderingContext2D, line: Line, radius: number, background: string): void {
  const mark = markOf(line);
  const path = markPath(mark, radius);
  const isOpen = mark === 'cross' || mark === 'plus';
  context.strokeStyle = colourOf(line);
  context.lineWidth = radius / 2;
  context.setLineDash([]);
  if (!isOpen) {
    context.fillStyle = line.source === 'file' ? background : colourOf(line);
    context.fill(path);
  }
  context.stroke(path);
}

/** The same on a small canvas, for a legend. */
export function swatch(line: Line): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const [width, height] = [36, 14];
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.strokeStyle = colourOf(line);
  context.lineWidth = 2;
  context.setLineDash(dashOf(line));
  context.beginPath();
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.stroke();
  context.translate(width / 2, height / 2);
  drawMark(context, line, 4, cssColour('--background'));
  return canvas;
}
