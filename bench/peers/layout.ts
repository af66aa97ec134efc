import type { Problem } from '../arm.js';

/** The smallest multiple of `unit` that holds `count`. */
export const roundUp = (count: number, unit: number): number => Math.ceil(count / unit) * unit;

/** Feature-major [d + 1, paddedRows]: the columns, then ones for the bias; rows of padding are zero in both. */
export function featureMajor(problem: Problem, paddedRows: number): Float32Array {
  const matrix = new Float32Array((problem.features + 1) * paddedRows);
  problem.columns.forEach((column, j) => matrix.set(column, j * paddedRows));
  const ones = problem.features * paddedRows;
  return matrix.fill(1, ones, ones + problem.rows);
}

/** Row-major [paddedRows, d + 1], the same content. */
export function rowMajor(problem: Problem, paddedRows: number): Float32Array {
  const width = problem.features + 1;
  const matrix = new Float32Array(paddedRows * width);
  problem.columns.forEach((column, j) => column.forEach((value, i) => (matrix[i * width + j] = value)));
  for (let i = 0; i < problem.rows; i++) matrix[i * width + problem.features] = 1;
  return matrix;
}

/** A column with zeros after its end, [paddedRows]. */
export function padded(column: Float32Array, paddedRows: number): Float32Array {
  const longer = new Float32Array(paddedRows);
  longer.set(column);
  return longer;
}

/** [w, b], [d + 1]. */
export const initialParameters = (problem: Problem): Float32Array =>
  Float32Array.of(...problem.initialWeights, problem.initialBias);

/** The adapter that a library that asks for a high-performance adapter gets here. */
export async function adapter(): Promise<{ text: string; isSoftware: boolean }> {
  const found = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!found) throw new Error('WebGPU has no adapter here');
  const { vendor, architecture, description } = found.info;
  return {
    text: [vendor, architecture, description].filter(Boolean).join(' '),
    isSoftware: /swiftshader|llvmpipe|lavapipe|software/i.test(`${architecture} ${description}`),
  };
}
