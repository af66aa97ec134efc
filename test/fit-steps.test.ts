// Live training on the CPU; test/fit-steps.gpu.test.ts repeats it for every family of kernels.

import { describe, expect, it } from 'vitest';
import { fitSteps } from '../src/fit-steps.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import type { StepOptions } from '../src/fitting/fit-options.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';
import { describeSteps, stepsOf } from './support/steps.js';

const data = examples(3, 60, 3);
const RATES = { stable: 0.3, wild: 40 };

describe('steps on the CPU', () => {
  describeSteps(data, () => ({ backend: 'cpu', strategy: 'streaming' }), RATES);
});

describe('steps on moments', () => {
  describeSteps(data, () => ({ backend: 'cpu', strategy: 'moments' }), RATES);

  it('need no examples', async () => {
    const options = { backend: 'cpu', strategy: 'moments', epochs: 5, epochsPerStep: 2, tolerance: 0 } as const;
    const running = fitSteps(momentsOfDataset(data), options);
    const losses: number[] = [];
    for await (const step of running) losses.push(...step.losses);
    expect(losses).toEqual((await stepsOf(data, options)).model.report?.lossHistory);
  });
});

describe('options of steps', () => {
  const wrong = (options: Record<string, unknown>) => options as StepOptions;

  it.each([0, 1.5, -1, Number.NaN, Infinity, '5'])('refuse %s epochs per step, at once', async (epochsPerStep) => {
    await expectRefusal(() => fitSteps(data, wrong({ epochsPerStep })), 'INVALID_OPTION', 'epochsPerStep');
    const steps = fitSteps(data, { epochsPerStep: 3 });
    await expectRefusal(() => (steps.epochsPerStep = epochsPerStep as number), 'INVALID_OPTION', 'epochsPerStep');
    expect(steps.epochsPerStep).toBe(3);
  });

  it.each([0, -1, Number.NaN, 'fast'])('refuse the rate %s, at once', async (rate) => {
    const steps = fitSteps(data, { learningRate: 0.5 });
    await expectRefusal(() => (steps.learningRate = rate as number), 'INVALID_OPTION', 'learningRate');
    expect(steps.learningRate).toBe(0.5);
  });

  it.each(['auto', 'newton', 'lbfgs'] as const)('refuse a rate for the solver %s, at once', async (optimizer) => {
    const steps = fitSteps(data, { optimizer });
    await expectRefusal(
      () => (steps.learningRate = 0.5),
      'INVALID_OPTION',
      `learningRate 0.5 with optimizer '${optimizer}'`,
    );
    steps.learningRate = 'auto';
    expect(steps.learningRate).toBe('auto');
  });

  it('refuse what fit does not know', () =>
    expectRefusal(() => fitSteps(data, wrong({ epochPerStep: 3 })), 'UNKNOWN_OPTION', 'epochPerStep'));
});

it('a mistake in the data comes with the first step, and ends them', async () => {
  const steps = fitSteps({ features: [[1], [2]], targets: [1] }, { backend: 'cpu' });
  await expectRefusal(() => steps.next(), 'SHAPE_MISMATCH');
  expect(await steps.next()).toEqual({ done: true, value: undefined });
});

it('an error thrown into them ends them and comes back', async () => {
  const steps = fitSteps(data, { backend: 'cpu', optimizer: 'gradientDescent' });
  await steps.next();
  const reason = new Error('of the caller');
  await expect(steps.throw(reason)).rejects.toBe(reason);
  expect((await steps.next()).done).toBe(true);
  expect((await steps.model()).report.epochsRun).toBe(1);
});
