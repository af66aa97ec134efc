// Fits of a source that is larger than the memory budget: the same as those of its examples in memory.

import { describe, expect, it } from 'vitest';
import { fit, type FitOptions } from '../../src/index.js';
import { arraysOf, SPREADS, streamOf } from '../support/streams.js';

const ROWS = 3000;
const BATCH = 250;
/** Two batches with weights: an eighth of all rows. */
const BUDGET = 2 * BATCH * 6 * 8;

/** The largest difference of the effects of the features, w·sd(x), and of the biases, in units of the targets. */
function differenceOf(a: { weights: Float64Array; bias: number }, b: { weights: Float64Array; bias: number }): number {
  const ofWeights = a.weights.map((weight, j) => Math.abs(weight - (b.weights[j] as number)) * (SPREADS[j] as number));
  return Math.max(...ofWeights, Math.abs(a.bias - b.bias));
}

async function bothFits(options: FitOptions, isWeighted: boolean) {
  const source = streamOf({ rows: ROWS, batch: BATCH, loss: options.loss ?? 'squared', isWeighted });
  const inMemory = await fit(arraysOf(source), { backend: 'cpu', ...options });
  const streamed = await fit(source, { backend: 'cpu', ...options, memoryBudget: BUDGET });
  expect(streamed.report.source).toEqual({ read: 'streamed', passes: source.begun });
  expect(source.ended).toBe(source.begun);
  expect(streamed.report.exampleCount).toBe(ROWS);
  return { inMemory, streamed };
}

/** Sums of 3,000 examples in f64 are right to 1e-13; biases of 1,900·w show some 1e-13 of that. A lost row shows 1e-4. */
const TOLERANCE = 1e-9;

describe.each<[FitOptions]>([
  [{}],
  [{ l2: 0.1 }],
  [{ l1: 0.1 }],
  [{ fitIntercept: false }],
  [{ optimizer: 'newton' }],
  [{ optimizer: 'lbfgs' }],
  [{ loss: 'logistic' }],
  [{ loss: 'logistic', l1: 0.01 }],
  [{ loss: 'logistic', standardize: false }],
  [{ loss: 'logistic', fitIntercept: false, l2: 0.01 }],
  [{ loss: 'huber' }],
  [{ loss: 'huber', huberDelta: 1.5 }],
  [{ loss: 'huber', standardize: false, l1: 0.01 }],
  [{ loss: 'huber', fitIntercept: false }],
])('a solver with %j', (options) => {
  it.each([
    ['examples that count the same', false],
    ['weights', true],
  ])('reaches the optimum of %s', async (_, isWeighted) => {
    const { inMemory, streamed } = await bothFits(options, isWeighted);
    expect(differenceOf(streamed, inMemory)).toBeLessThan(TOLERANCE);
    expect(streamed.report.converged).toBe(true);
    if (options.loss === 'huber') {
      const [delta, expected] = [streamed, inMemory].map(({ report }) => report.settings.huberDelta as number);
      expect(Math.abs((delta as number) - (expected as number))).toBeLessThan(TOLERANCE);
    }
    expect(streamed.report.warnings).toEqual(inMemory.report.warnings);
  });
});

const DESCENT: FitOptions = { optimizer: 'gradientDescent', strategy: 'streaming', epochs: 30 };

describe.each<[FitOptions]>([
  [{}],
  [{ strategy: 'auto' }],
  [{ loss: 'logistic' }],
  [{ loss: 'logistic', optimizer: 'nesterov', l2: 0.1, schedule: 'step', decayEvery: 10 }],
  [{ loss: 'huber', optimizer: 'adam' }],
  [{ loss: 'huber', huberDelta: 2, average: true, l1: 0.1 }],
  [{ optimizer: 'conjugateGradient', epochs: 8 }],
  [{ standardize: false, learningRate: 1e-8 }],
  [{ fitIntercept: false }],
])('descent with %j', (options) => {
  it.each([
    ['examples that count the same', false],
    ['weights', true],
  ])('takes the way of %s in memory', async (_, isWeighted) => {
    const asked = { ...DESCENT, ...options };
    const { inMemory, streamed } = await bothFits(asked, isWeighted);
    expect(differenceOf(streamed, inMemory)).toBeLessThan(TOLERANCE);
    const [report, expected] = [streamed.report, inMemory.report];
    expect(report.strategy).toBe(expected.strategy);
    expect(report.epochsRun).toBe(expected.epochsRun);
    report.lossHistory.forEach((loss, epoch) => {
      const right = expected.lossHistory[epoch] as number;
      expect(Math.abs(loss - right), `epoch ${epoch}`).toBeLessThan(TOLERANCE * right);
    });
    expect(report.warnings.map(({ code }) => code)).toEqual(expected.warnings.map(({ code }) => code));
  });
});
