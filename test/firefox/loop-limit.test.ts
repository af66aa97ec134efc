// Mesa's software adapter ends the loops of an invocation after 65,535 turns, all of them together, without a word. These are
// the sizes at which kernels for other software adapters would take more.

import { afterAll, beforeAll, describe, it } from 'vitest';
import {
  createContext,
  fit,
  fitMany,
  type GpuContext,
  type LinearModel,
  syntheticRegression,
} from '../../src/index.js';
import { expectClose } from '../support/close.js';

let context: GpuContext;
beforeAll(async () => {
  context = await createContext();
});
afterAll(() => context.dispose());

const OPTIONS = { strategy: 'streaming', optimizer: 'gradientDescent', tolerance: 0 } as const;

describe('as many examples as one invocation has turns for', () => {
  it.each([
    { rows: 30_000, features: 1, options: {} },
    { rows: 10_000, features: 3, options: {} },
    { rows: 30_000, features: 1, options: { batchSize: 20_000 } },
    { rows: 8000, features: 4, options: { batchSize: 1000 } },
  ])('give the weights of the reference: $rows × $features, $options', async ({ rows, features, options }) => {
    const { dataset } = syntheticRegression({ rows, features, seed: 3, noise: 0.5 });
    const asked = { ...OPTIONS, ...options, epochs: 130, learningRate: 0.1 };
    const there = await fit(dataset, { ...asked, context });
    const here = await fit(dataset, { ...asked, backend: 'cpu' });
    const because = 'f32 rounds each of some ten operations of an epoch by 2^-24 of its size';
    expectClose([...there.weights, there.bias], [...here.weights, here.bias], { absolute: 2e-5, because });
    expectClose(there.report.lossHistory, here.report.lossHistory, { relative: 1e-4, because });
  });

  it('give many models what each is given alone', async () => {
    const { dataset } = syntheticRegression({ rows: 4_200_000, features: 1, seed: 3, noise: 0.5 });
    const common = { optimizer: 'gradientDescent', epochs: 3, tolerance: 0, learningRate: 0.5, context } as const;
    const rates = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map((l2) => ({ l2 }));
    const models = await fitMany(dataset, rates, common);
    for (const k of [0, 7]) {
      const { weights, bias } = models[k] as LinearModel;
      const alone = await fit(dataset, { ...common, ...rates[k], strategy: 'streaming' });
      const because = 'the sums have other orders';
      expectClose([...weights, bias], [...alone.weights, alone.bias], { absolute: 2e-5, because });
    }
  });

  it.each([
    { rows: 8_000_000, features: 2, kernels: 'textbook' },
    { rows: 10_000_000, features: 1, kernels: 'auto' },
    { rows: 6_000_000, features: 5, kernels: 'auto' },
  ] as const)('give the true weights: $rows × $features, $kernels', async ({ rows, features, kernels }) => {
    const data = syntheticRegression({ rows, features, seed: 3, noise: 0 });
    const { weights, bias } = await fit(data, { ...OPTIONS, epochs: 20, kernels, context });
    expectClose([...weights, bias], [...data.weights, data.bias], {
      absolute: 1e-4,
      because: 'descent on features without correlation is at the optimum after a few epochs',
    });
  });
});
