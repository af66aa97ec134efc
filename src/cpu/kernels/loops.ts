import { derivatives } from '../../descent/loss-derivatives.js';
import type { KernelKind } from './module.js';
import { columnsOfTile, rowsOfTile, type Shape } from './shape.js';

/** Examples in tiles, and the parameters [d + 2] and the sums of a kernel, all as in WebAssembly. */
export interface LoopMemory {
  numbers: Float32Array | Float64Array;
  model: Float64Array;
  sums: Float64Array;
}

type Numbers = LoopMemory['numbers'];

/** Rows that are worked on at a time: each parameter that is read serves all of them, and no sum waits for another. */
const ROWS_AT_ONCE = 4;

/**
 * Plain loops in f64 for hosts that forbid WebAssembly: the function adds the sums of src/cpu/kernels/sums.ts over rows
 * `first` to before `end`, with the given column of targets.
 */
export function loopsFor(
  memory: LoopMemory,
  shape: Shape,
  kind: KernelKind,
): (first: number, end: number, target: number) => void {
  const tileRows = rowsOfTile(shape);
  const tileNumbers = columnsOfTile(shape) * tileRows;
  const isPlain = kind.loss === 'squared' && kind.hasTargets && !kind.withHessian && !shape.isWeighted;
  const addOne = oneRow(memory, shape, kind);
  return (first, end, target) => {
    const atTarget = (shape.featureCount + target) * tileRows;
    let row = first;
    while (row < end) {
      const at = Math.floor(row / tileRows) * tileNumbers + (row % tileRows);
      const count = Math.min(tileRows - (row % tileRows), end - row);
      const whole = isPlain ? count - (count % ROWS_AT_ONCE) : 0;
      if (whole > 0 && shape.featureCount === 2) addPairs(memory, tileRows, at, at + whole, atTarget);
      else if (whole > 0) addFours(memory, shape.featureCount, tileRows, at, at + whole, atTarget);
      for (let k = whole; k < count; k++) addOne(at + k, atTarget);
      row += count;
    }
  };
}

/** The squared loss of some rows of a tile, four at a time. */
function addFours(
  { numbers, model, sums }: LoopMemory,
  featureCount: number,
  tileRows: number,
  from: number,
  to: number,
  atTarget: number,
): void {
  const bias = model[featureCount] as number;
  for (let at = from; at < to; at += ROWS_AT_ONCE) {
    let [p0, p1, p2, p3] = [bias, bias, bias, bias];
    for (let j = 0, x = at; j < featureCount; j++, x += tileRows) {
      const weight = model[j] as number;
      p0 += weight * (numbers[x] as number);
      p1 += weight * (numbers[x + 1] as number);
      p2 += weight * (numbers[x + 2] as number);
      p3 += weight * (numbers[x + 3] as number);
    }
    const y = at + atTarget;
    const r0 = p0 - (numbers[y] as number);
    const r1 = p1 - (numbers[y + 1] as number);
    const r2 = p2 - (numbers[y + 2] as number);
    const r3 = p3 - (numbers[y + 3] as number);
    for (let j = 0, x = at; j < featureCount; j++, x += tileRows) {
      const left = r0 * (numbers[x] as number) + r1 * (numbers[x + 1] as number);
      const right = r2 * (numbers[x + 2] as number) + r3 * (numbers[x + 3] as number);
      sums[j] = (sums[j] as number) + (left + right);
    }
    sums[featureCount] = (sums[featureCount] as number) + (r0 + r1 + (r2 + r3));
    sums[featureCount + 1] = (sums[featureCount + 1] as number) + (r0 * r0 + r1 * r1 + (r2 * r2 + r3 * r3));
  }
}

/** The same for two features, whose sums stay in registers. */
function addPairs(
  { numbers, model, sums }: LoopMemory,
  tileRows: number,
  from: number,
  to: number,
  atTarget: number,
): void {
  const [w0, w1, bias] = [model[0] as number, model[1] as number, model[2] as number];
  let [sum0, sum1, biasSum, lossSum] = [0, 0, 0, 0];
  for (let at = from; at < to; at++) {
    const x0 = numbers[at] as number;
    const x1 = numbers[at + tileRows] as number;
    const residual = w0 * x0 + w1 * x1 + bias - (numbers[at + atTarget] as number);
    sum0 += residual * x0;
    sum1 += residual * x1;
    biasSum += residual;
    lossSum += residual * residual;
  }
  sums[0] = (sums[0] as number) + sum0;
  sums[1] = (sums[1] as number) + sum1;
  sums[2] = (sums[2] as number) + biasSum;
  sums[3] = (sums[3] as number) + lossSum;
}

/** Any loss of one row, with its weight. */
function oneRow(
  { numbers, model, sums }: LoopMemory,
  shape: Shape,
  { loss, hasTargets, withHessian }: KernelKind,
): (at: number, atTarget: number) => void {
  const { featureCount, targetCount, isWeighted } = shape;
  const tileRows = rowsOfTile(shape);
  const atWeight = (featureCount + targetCount) * tileRows;
  return (at, atTarget) => {
    let prediction = model[featureCount] as number;
    for (let j = 0, x = at; j < featureCount; j++, x += tileRows)
      prediction += (model[j] as number) * (numbers[x] as number);
    const target = hasTargets ? (numbers[at + atTarget] as number) : 0;
    const { value, slope, curvature } = derivatives(loss, prediction, target, model[featureCount + 1] as number);
    const weight = isWeighted ? (numbers[at + atWeight] as number) : 1;
    const weightedSlope = weight * slope;
    for (let j = 0, x = at; j < featureCount; j++, x += tileRows) {
      sums[j] = (sums[j] as number) + weightedSlope * (numbers[x] as number);
    }
    sums[featureCount] = (sums[featureCount] as number) + weightedSlope;
    sums[featureCount + 1] = (sums[featureCount + 1] as number) + 2 * weight * value;
    if (withHessian) addProducts(numbers, sums, { featureCount, tileRows, at, curvature: weight * curvature });
  };
}

/** Second derivatives of one row, row after row of the triangle. */
function addProducts(
  numbers: Numbers,
  sums: Float64Array,
  { featureCount, tileRows, at, curvature }: { featureCount: number; tileRows: number; at: number; curvature: number },
): void {
  let into = featureCount + 2;
  const add = (product: number) => {
    sums[into] = (sums[into] as number) + product;
    into++;
  };
  for (let j = 0; j < featureCount; j++) {
    const product = curvature * (numbers[at + j * tileRows] as number);
    for (let k = j; k < featureCount; k++) add(product * (numbers[at + k * tileRows] as number));
    add(product);
  }
  add(curvature);
}
