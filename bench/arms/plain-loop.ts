import type { Arm, ArmFactory, ArmSession, Problem } from '../arm.js';
import { PLAIN_LOOP } from '../result.js';

/** Rows per block: 4,096 residuals of 8 bytes stay in the first-level cache, so X is read from memory once an epoch. */
const BLOCK_ROWS = 4096;

/** r[i] = h(x) − y for `count` rows from `begin`, four columns to a sweep. */
function residuals(problem: Problem, parameters: Float64Array, r: Float64Array, begin: number, count: number): void {
  const { columns, targets, features } = problem;
  const bias = parameters[features]!;
  for (let i = 0; i < count; i++) r[i] = bias - targets[begin + i]!;
  let j = 0;
  for (; j + 4 <= features; j += 4) {
    const a = columns[j]!;
    const b = columns[j + 1]!;
    const c = columns[j + 2]!;
    const d = columns[j + 3]!;
    const wa = parameters[j]!;
    const wb = parameters[j + 1]!;
    const wc = parameters[j + 2]!;
    const wd = parameters[j + 3]!;
    for (let i = 0, k = begin; i < count; i++, k++) r[i]! += wa * a[k]! + wb * b[k]! + (wc * c[k]! + wd * d[k]!);
  }
  for (; j < features; j++) {
    const a = columns[j]!;
    const wa = parameters[j]!;
    for (let i = 0, k = begin; i < count; i++, k++) r[i]! += wa * a[k]!;
  }
}

/** gradient += Xᵀr over the same rows; four columns at a time, so the four sums do not wait for one another. */
function accumulate(problem: Problem, gradient: Float64Array, r: Float64Array, begin: number, count: number): void {
  const { columns, features } = problem;
  let j = 0;
  for (; j + 4 <= features; j += 4) {
    const a = columns[j]!;
    const b = columns[j + 1]!;
    const c = columns[j + 2]!;
    const d = columns[j + 3]!;
    let ga = 0;
    let gb = 0;
    let gc = 0;
    let gd = 0;
    for (let i = 0, k = begin; i < count; i++, k++) {
      const ri = r[i]!;
      ga += ri * a[k]!;
      gb += ri * b[k]!;
      gc += ri * c[k]!;
      gd += ri * d[k]!;
    }
    gradient[j]! += ga;
    gradient[j + 1]! += gb;
    gradient[j + 2]! += gc;
    gradient[j + 3]! += gd;
  }
  for (; j + 2 <= features; j += 2) {
    const a = columns[j]!;
    const b = columns[j + 1]!;
    let ga = 0;
    let gb = 0;
    for (let i = 0, k = begin; i < count; i++, k++) {
      ga += r[i]! * a[k]!;
      gb += r[i]! * b[k]!;
    }
    gradient[j]! += ga;
    gradient[j + 1]! += gb;
  }
  for (; j < features; j++) {
    const a = columns[j]!;
    let ga = 0;
    for (let i = 0, k = begin; i < count; i++, k++) ga += r[i]! * a[k]!;
    gradient[j]! += ga;
  }
  let biasGradient = 0;
  for (let i = 0; i < count; i++) biasGradient += r[i]!;
  gradient[features]! += biasGradient;
}

/** The same two sweeps in one for d ≤ 2, where a block of residuals costs more than it saves. */
function narrowEpoch(problem: Problem, parameters: Float64Array, gradient: Float64Array): void {
  const { columns, targets, rows, features } = problem;
  const a = columns[0]!;
  const b = columns[features - 1]!;
  const wa = parameters[0]!;
  const wb = features === 2 ? parameters[1]! : 0;
  const bias = parameters[features]!;
  let ga = 0;
  let gb = 0;
  let gBias = 0;
  for (let i = 0; i < rows; i++) {
    const r = wa * a[i]! + wb * b[i]! + bias - targets[i]!;
    ga += r * a[i]!;
    gb += r * b[i]!;
    gBias += r;
  }
  gradient[0] = ga;
  if (features === 2) gradient[1] = gb;
  gradient[features] = gBias;
}

function openPlainLoop(problem: Problem): ArmSession {
  const { rows, features, learningRate } = problem;
  const parameters = new Float64Array(features + 1);
  const gradient = new Float64Array(features + 1);
  const r = new Float64Array(Math.min(BLOCK_ROWS, rows));
  const toStart = () => {
    parameters.set(problem.initialWeights);
    parameters[features] = problem.initialBias;
  };
  const epoch = () => {
    gradient.fill(0);
    if (features <= 2) narrowEpoch(problem, parameters, gradient);
    else {
      for (let begin = 0; begin < rows; begin += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, rows - begin);
        residuals(problem, parameters, r, begin, count);
        accumulate(problem, gradient, r, begin, count);
      }
    }
    for (let j = 0; j <= features; j++) parameters[j]! -= (learningRate / rows) * gradient[j]!;
  };
  toStart();
  return {
    train: async (epochs) => {
      for (let i = 0; i < epochs; i++) epoch();
    },
    parameters: async () => ({ weights: parameters.slice(0, features), bias: parameters[features]! }),
    reset: async () => toStart(),
    close: async () => {},
  };
}

/** One thread, typed arrays, f32 data and f64 arithmetic (the only one that JavaScript has without rounding each step). */
export const plainLoop: ArmFactory = async () => {
  const engine = typeof process === 'object' && process.versions.node ? `Node ${process.versions.node}` : 'browser';
  const arm: Arm = {
    name: PLAIN_LOOP,
    kind: 'cpu',
    describe: `typed arrays by column, one thread, ${engine}`,
    open: async (problem) => openPlainLoop(problem),
  };
  return [arm];
};
