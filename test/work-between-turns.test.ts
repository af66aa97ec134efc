// Functions that a page calls look at the clock often enough to give way: the work between two looks, not the time, is what counts.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Evaluator } from '../src/descent/evaluation.js';
import { solverOn } from '../src/fitting/solver-stages.js';
import { checkDigits, conditionNumber } from '../src/moments/condition.js';
import { HuberContinuation } from '../src/solve/huber-continuation.js';
import { OrthogonalFeatures } from '../src/solve/orthogonal-features.js';
import { csvSource } from '../src/data/csv.js';
import {
  collectDataset,
  computeMoments,
  crossValidate,
  fit,
  fitMany,
  type LinearModel,
  solveExact,
} from '../src/index.js';
import { momentsInTurns, momentsOfDataset } from '../src/moments/columns.js';
import { SumsAbout } from '../src/moments/sums-about.js';
import { solveMoments } from '../src/solve/least-squares-by-moments.js';
import { loadModel } from '../src/load-model.js';
import { HostEvaluator } from '../src/solve/host-evaluator.js';
import { leastSquaresModel } from './support/quadratic-models.js';
import { atOnce, inTurns } from '../src/base/turns.js';
import { minimizeByCoordinates } from '../src/solve/coordinate-descent.js';
import { newtonDirection } from '../src/solve/newton-direction.js';
import { PivotedQr } from '../src/solve/pivoted-qr.js';
import { examples, uniforms } from './support/examples.js';

afterEach(() => void vi.restoreAllMocks());

/** Multiply-adds from one look at the clock to the next at most: some milliseconds of plain loops on a slow core. */
const MOST_WORK = 2e6;

/** A clock by which a turn is over at each look. */
function fastClock() {
  let nowMs = 0;
  return vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 1000));
}

/** Turns that a call gives, where each look at the clock finds that a turn is over. */
async function turnsOf(call: () => Promise<unknown>): Promise<number> {
  await new Promise(setImmediate); // a turn in which nothing has looked at the clock
  const clock = fastClock();
  const turns = vi.spyOn(globalThis, 'setImmediate');
  await call();
  const count = (turns.mock.calls.length - 1) / 2; // each of them ends in a turn that tells of its end, as the first one does
  clock.mockRestore();
  turns.mockRestore();
  return count;
}

const CPU = { backend: 'cpu' } as const;
const tall = examples(1, 200_000, 8);
const little = momentsOfDataset(examples(2, 1000, 500));
const plain = (await fit(tall, CPU)) as LinearModel;
const labels = { columns: { x: tall.columns[0] as Float64Array, z: tall.columns[1] as Float64Array }, targets: tall.targets.map((y) => Number(y > 0)) }; // prettier-ignore
const logistic = (await fit(labels, { ...CPU, loss: 'logistic' })) as LinearModel;

const loaded = await loadModel(JSON.parse(JSON.stringify(plain)));
const flat = Float64Array.from(
  { length: 200_000 * 8 },
  (_, at) => tall.columns[at % 8]?.[Math.floor(at / 8)] as number,
);
const rows = Array.from({ length: 200_000 }, (_, i) => Array.from(flat.subarray(8 * i, 8 * i + 8)));

/** A quadratic model of 400 features, and what is known beside it. */
const model = leastSquaresModel(1, { m: 800, d: 400, rho: 0.5, l1Share: 0 });
const NO_WIDER = { diagonal: new Float64Array(401) };
const F64 = { hessian: 2 ** -48, slope: 2 ** -45 };
const wide = examples(3, 1000, 300);
const wideLabels = { columns: Object.fromEntries(wide.columns.map((column, j) => [`x${j}`, column])), targets: wide.targets.map((y, i) => Number(y > 30 * Math.sin(i))) }; // prettier-ignore
const problem = { loss: 'logistic', fitIntercept: true, standardize: true } as const;
const evaluator = await HostEvaluator.of(wide, { ...problem, loss: 'squared' });

/** A row of CSV. */
const rowOf = (cell: string) => Array.from({ length: 50 }, (_, j) => `${cell}${j}`).join(',');

const ROWS = 200_000;
const PASS = ROWS * 9;
const SUMS = (ROWS * 9 * 10) / 2;
const CHOLESKY = 500 ** 3 / 6;
const WIDE_SUMS = (1000 * 300 ** 2) / 2;
const ones = new Float64Array(1000).fill(1);

const long = [1, 2].map((seed) => Float64Array.from(uniforms(seed, MOST_WORK / 2)));
const longQr = atOnce(PivotedQr.of(long.map((column) => column.slice())));

/** Calls, and the multiply-adds that each takes at least. */
const CALLS: [string, () => Promise<unknown>, number][] = [
  ['an exact solution of moments', () => solveExact(little), CHOLESKY + 80 * 500 ** 2],
  // The rows of the factor are more than the steps of Lanczos after it, of which there are 80 at most.
  ['the condition number of moments', () => conditionNumber(little), 81 * MOST_WORK],
  ['the factor of moments', () => solveMoments(little, { l2: 0, standardize: true, fitIntercept: true }), CHOLESKY],
  ['the sums of a summary', () => momentsInTurns(tall), SUMS],
  ['sums of many columns', () => inTurns(new SumsAbout(new Float64Array(300)).add(wide.columns, 0, 1000)), WIDE_SUMS],
  ['sums of many columns with weights', () => inTurns(new SumsAbout(new Float64Array(300)).addWeighted(wide.columns, ones, 0, 1000)), WIDE_SUMS], // prettier-ignore
  ['moments on the CPU', () => computeMoments(tall, CPU), SUMS],
  ['an exact solution', () => solveExact(tall, { ...CPU, method: 'moments' }), SUMS + 2 * PASS],
  ['the summary of least squares', () => plain.summary(tall), SUMS + 2 * PASS],
  ['the summary of a logistic model', () => logistic.summary(labels), 5 * ROWS * 3],
  ['several models by Adam', () => fitMany(tall, [{}, { l2: 1 }], { ...CPU, optimizer: 'adam', strategy: 'streaming', epochs: 3 }), 6 * PASS], // prettier-ignore
  ['cross-validation by Adam', () => crossValidate(tall, [{}, { l2: 1 }], { ...CPU, optimizer: 'adam', strategy: 'streaming', folds: 3, epochs: 2 }), 12 * PASS], // prettier-ignore
  ['cross-validation by a solver', () => crossValidate(tall, [{ l1: 0.1 }], { ...CPU, folds: 3 }), 6 * PASS],
  ['a score', () => plain.score(tall), 2 * PASS],
  ['a step of Newton', () => inTurns(newtonDirection(model, NO_WIDER, F64, 0)), 400 ** 3 / 6 + 3 * 400 ** 2],
  ['a step of Newton with l1', () => inTurns(newtonDirection({ ...model, l1: 1e-6 }, NO_WIDER, F64, 0)), 400 ** 3 / 6],
  ['a quadratic model without l1', () => inTurns(minimizeByCoordinates({ ...model, l1: 0 })), 400 ** 3 / 6],
  ['QR', () => inTurns(PivotedQr.of(wide.columns.map((column) => Float64Array.from(column)))), 1000 * 300 ** 2],
  // A million rows: copies, squares and each reflection are of a column.
  ['QR of few columns', () => inTurns(PivotedQr.of(long)), 3 * MOST_WORK],
  ['reflections of QR', () => inTurns(longQr.applyTransposed(new Float64Array(MOST_WORK / 2))), 2 * MOST_WORK],
  ['an exact solution by QR', () => solveExact(wide, { method: 'qr' }), 1000 * 300 ** 2],
  ['a Hessian', () => evaluator.evaluate(new Float64Array(301), { withHessian: true, huberDelta: 1 }), (1000 * 300 ** 2) / 2], // prettier-ignore
  // Three passes over each of eight columns; the end of descent has as many once more.
  ['the units of an evaluator', () => HostEvaluator.of(tall, problem), 24 * MOST_WORK],
  ['the end of descent without standardization', () => fit(tall, { ...CPU, standardize: false, optimizer: 'gradientDescent', strategy: 'streaming', epochs: 1 }), 48 * MOST_WORK], // prettier-ignore
  ['the summary of a logistic model of many features', async () => (await fit(wideLabels, { ...CPU, loss: 'logistic', optimizer: 'adam', epochs: 1 })).summary(wideLabels), 300 ** 3], // prettier-ignore
  ['predictions of a flat list', () => plain.predict(flat), PASS],
  ['predictions of rows', () => plain.predict(rows), 2 * PASS],
  ['predictions of columns', () => plain.predict(Object.fromEntries(tall.columns.map((column, j) => [`x${j + 1}`, column]))), PASS], // prettier-ignore
  ['predictions of a loaded model', () => loaded.predict(flat), PASS],
  ['predictions of rows by a loaded model', () => loaded.predict(rows), PASS],
  // Each of fifty columns is joined in a part of the work of its own.
  [
    'the columns of a file',
    () => collectDataset(csvSource(`${rowOf('x')}\n${rowOf('1')}`, { target: 'x0' })),
    50 * MOST_WORK,
  ],
  ['classes', () => logistic.predictClass(flat.subarray(0, 2 * ROWS)), ROWS * 2],
];

describe('a call gives way', () => {
  it.each(CALLS)('after little work: %s', async (_, call, work) => {
    expect(await turnsOf(call)).toBeGreaterThanOrEqual(Math.ceil(work / MOST_WORK));
  });
});

/** An evaluator whose first answer is followed by an abort, while the solver works on it. */
const abortedAfter = (inner: HostEvaluator, controller: AbortController): Evaluator => ({
  featureCount: inner.featureCount,
  evaluate: (...call) => inner.evaluate(...call).finally(() => controller.abort(new Error('enough'))),
});

/** Long work between two evaluations, and of moments. */
const ABORTED: [string, (controller: AbortController) => Promise<unknown>][] = [
  [
    "a direction of Newton's method",
    (controller) => {
      const settings = { loss: 'squared', l1: 0, l2: 1, huberDelta: 1, optimizer: 'newton' } as const;
      return solverOn(abortedAfter(evaluator, controller), settings)(new Float64Array(301)).step(controller.signal);
    },
  ],
  [
    "a direction of Huber's continuation",
    (controller) => {
      const aborted = abortedAfter(evaluator, controller);
      const start = new Float64Array(301);
      const options = { start, huberDelta: 1, l1: 0, l2: 1, signalNow: () => controller.signal };
      return new HuberContinuation({ ...options, evaluate: (...call) => aborted.evaluate(...call) }).step();
    },
  ],
  [
    'orthogonal features',
    (controller) => {
      controller.abort(new Error('enough'));
      return OrthogonalFeatures.of(evaluator, controller.signal);
    },
  ],
  [
    'the digits of moments',
    (controller) => {
      controller.abort(new Error('enough'));
      return checkDigits(little, true, controller.signal);
    },
  ],
];

describe('an abort', () => {
  it.each(ABORTED)('ends %s', async (_, call) => {
    await new Promise(setImmediate); // a turn in which nothing has looked at the clock
    fastClock();
    await expect(call(new AbortController())).rejects.toThrow('enough');
  });
});
