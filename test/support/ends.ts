import { expect, it } from 'vitest';
import { fit } from '../../src/fit.js';
import { fitSteps } from '../../src/fit-steps.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { LinearModel } from '../../src/model/linear-model.js';
import { resume, resumeSteps } from '../../src/resume.js';
import { examples } from './examples.js';
import { throughJson } from './checkpoints.js';

/** The parts of a model that do not depend on the time. */
export function partsAtEnd(model: LinearModel | undefined) {
  const { epochsRun, stopReason, lossHistory, validationHistory, bestEpoch } = model?.report ?? {};
  const parameters = [...(model?.weights ?? []), model?.bias];
  return { parameters, epochsRun, stopReason, lossHistory, validationHistory, bestEpoch };
}

const data = examples(11, 203, 3);

/** Fits by every optimizer that end before their last epoch, and some that do not. */
const ENDING: [string, FitOptions][] = [
  ['conjugate gradient to the last direction', { optimizer: 'conjugateGradient', tolerance: 0, epochs: 50 }],
  ['conjugate gradient', { optimizer: 'conjugateGradient', epochs: 50 }],
  ['conjugate gradient with l2', { optimizer: 'conjugateGradient', l2: 0.1, epochs: 50 }],
  ['gradient descent', { optimizer: 'gradientDescent', epochs: 500 }],
  ['nesterov', { optimizer: 'nesterov', epochs: 500 }],
  ['momentum that stops early', { optimizer: 'momentum', validationFraction: 0.2, patience: 3, epochs: 300 }],
  ['nesterov that stops early', { optimizer: 'nesterov', validationFraction: 0.2, patience: 3, epochs: 300 }],
  ['adam', { optimizer: 'adam', epochs: 60 }],
  [
    'adam that stops early',
    { optimizer: 'adam', learningRate: 0.3, validationFraction: 0.2, patience: 2, epochs: 300 },
  ],
  ['the average', { optimizer: 'gradientDescent', average: true, averageFrom: 3, epochs: 500 }],
  ['mini-batches', { optimizer: 'gradientDescent', batchSize: 16, epochs: 40, patience: 2, tolerance: 1e-2 }],
];

/** Steps and resumed fits end where a fit ends, for every optimizer. */
export function describeEnds(place: () => FitOptions): void {
  it.each(ENDING)('steps end where a fit ends: %s', async (_, own) => {
    const options = { ...place(), ...own };
    const whole = await fit(data, options);
    for (const epochsPerStep of [1, 3, 10]) {
      const steps = fitSteps(data, { ...options, epochsPerStep });
      for await (const step of steps) expect(step.epoch).toBeLessThanOrEqual(whole.report.epochsRun);
      expect(partsAtEnd(await steps.model()), `${epochsPerStep} epochs a step`).toEqual(partsAtEnd(whole));
    }
  });

  it.each(ENDING)('a fit that has ended is resumed as it was, again and again: %s', async (_, own) => {
    const whole = await fit(data, { ...place(), ...own });
    let model = whole;
    for (let k = 0; k < 3; k++) {
      model = await resume(throughJson(model.checkpoint()), data, place());
      expect(partsAtEnd(model)).toEqual(partsAtEnd(whole));
    }
    const steps = resumeSteps(throughJson(whole.checkpoint()), data, place());
    const taken: number[] = [];
    for await (const step of steps) taken.push(step.epoch);
    expect([taken, partsAtEnd(await steps.model())]).toEqual([[], partsAtEnd(whole)]);
  });

  it('a fit that has ended goes on where an option asks for other training', async () => {
    const ended = await fit(data, { ...place(), optimizer: 'nesterov', tolerance: 1e-2, epochs: 500 });
    const { epochsRun } = ended.report;
    expect(epochsRun).toBeLessThan(500);
    const further = await resume(throughJson(ended.checkpoint()), data, { ...place(), tolerance: 1e-7 });
    expect(further.report.epochsRun).toBeGreaterThan(epochsRun);
    const longer = await resume(throughJson(ended.checkpoint()), data, { ...place(), epochs: 900 });
    expect(partsAtEnd(longer)).toEqual(partsAtEnd(ended));
  });
}
