import { describe, expect, test } from 'vitest';
import { fit } from '../../src/fit.js';
import { describeOptions, describeProblem } from '../../src/node/report/options-text.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import type { FitReport } from '../../src/descent/report.js';

/** No option that gradient descent alone has. */
const SOLVED = { optimizer: 'auto' } as const;

async function reportOf(options: FitOptions, targets = [0, 1, 1]): Promise<FitReport> {
  const epochs = options.optimizer === 'auto' ? {} : { epochs: 2 };
  const { report } = await fit({ features: [[1], [2], [4]], targets }, { backend: 'cpu', ...epochs, ...options });
  return report;
}

describe('the line on the objective', () => {
  test.each<[FitOptions, string]>([
    [{}, 'h(x) = X·w + b by gradient descent on L = 1/(2m) Σ (h(x) − y)²'],
    [{ l1: 0.5, l2: 2 }, 'h(x) = X·w + b by gradient descent on L = 1/(2m) Σ (h(x) − y)² + 0.5·Σ|w| + 2/2·Σw²'],
    [{ fitIntercept: false, optimizer: 'adam' }, 'h(x) = X·w by Adam on L = 1/(2m) Σ (h(x) − y)²'],
    [{ loss: 'logistic' }, 'h(x) = X·w + b by gradient descent on L = 1/m Σ (ln(1 + e^h(x)) − y·h(x))'],
    [{ loss: 'huber', l1: 0.1 }, 'h(x) = X·w + b by gradient descent on L = 1/m Σ huber(h(x) − y) + 0.1·Σ|w|'],
    [SOLVED, 'h(x) = X·w + b by QR on L = 1/(2m) Σ (h(x) − y)²'],
    [{ ...SOLVED, strategy: 'moments' }, 'h(x) = X·w + b by normal equations, refined on L = 1/(2m) Σ (h(x) − y)²'],
    [
      { ...SOLVED, l2: 1, loss: 'logistic' },
      "h(x) = X·w + b by Newton's method on L = 1/m Σ (ln(1 + e^h(x)) − y·h(x)) + 1/2·Σw²",
    ],
    [
      { ...SOLVED, l1: 0.1 },
      "h(x) = X·w + b by Newton's method with coordinate descent on L = 1/(2m) Σ (h(x) − y)² + 0.1·Σ|w|",
    ],
  ])('says it for %o', async (options, text) => expect(describeProblem(await reportOf(options))).toBe(text));
});

describe('the line on training', () => {
  test.each<[FitOptions, string | RegExp]>([
    [
      { learningRate: 0.5, strategy: 'streaming' },
      'λ = 0.5 (limit 2), standardized, streaming, wasm kernels, tolerance 1.0e-6, seed 0',
    ],
    [{ strategy: 'moments', optimizer: 'nesterov', momentum: 0.5 }, 'μ = 0.5, standardized, moments,'],
    [{ optimizer: 'adam' }, 'λ = 0.05 (limit none), standardized'],
    [
      { learningRate: 0.1, batchSize: 2, shuffle: false, schedule: 'cosine', warmupEpochs: 1, standardize: false },
      ', schedule cosine, warm-up 1, batches of 2, unshuffled, not standardized, ',
    ],
    [
      { loss: 'huber', huberDelta: 1.35, average: true, averageFrom: 1, strategy: 'streaming' },
      'δ = 1.35, λ = 1 (limit 2), averaged from epoch 1,',
    ],
    [{ fitIntercept: false }, 'no intercept, standardized'],
    [SOLVED, /^standardized$/],
    [{ ...SOLVED, fitIntercept: false, l2: 1, standardize: false }, /^no intercept, not standardized$/],
    [{ ...SOLVED, loss: 'huber' }, /^δ = 0\.\d+, standardized, tolerance 1\.0e-6$/],
  ])('says it for %o', async (options, text) => {
    const line = describeOptions(await reportOf(options));
    if (text instanceof RegExp) expect(line).toMatch(text);
    else expect(line).toContain(text);
  });
});
