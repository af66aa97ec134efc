// What fit makes of a batch size: checkpoints, steps, divergence, and what it refuses.

import { describe, expect, it } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { crossValidate } from '../src/cross-validate.js';
import { createDataset } from '../src/data/dataset.js';
import { fitMany } from '../src/fit-many.js';
import { fitSteps } from '../src/fit-steps.js';
import { fit } from '../src/fit.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import type { Checkpoint } from '../src/model/checkpoint.js';
import { resume } from '../src/resume.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';
import { parametersOf, reportOf } from './support/models.js';

const CPU = { backend: 'cpu', strategy: 'streaming', tolerance: 0 } as const;

describe('fits by batches', () => {
  const data = examples(44, 203, 3);
  const OPTIONS: FitOptions[] = [
    { batchSize: 10 },
    { batchSize: 1, optimizer: 'adam', average: true },
    { batchSize: 33, optimizer: 'momentum', l1: 0.01, schedule: 'cosine', pathEvery: 3 },
  ];

  it.each(OPTIONS)('go on from a checkpoint with the same bits: %o', async (options) => {
    const whole = await fit(data, { ...CPU, ...options, epochs: 12 });
    const part = await fit(data, { ...CPU, ...options, epochs: 5 });
    // The schedule is that of twelve epochs from the beginning.
    const first = options.schedule ? fitSteps(data, { ...CPU, ...options, epochs: 12, epochsPerStep: 5 }) : null;
    if (first) await first.next();
    const saved = JSON.stringify(first ? await first.checkpoint() : part.checkpoint());
    await first?.return();
    const resumed = await resume(JSON.parse(saved) as Checkpoint, data, { epochs: 12 });
    expect(parametersOf(resumed)).toEqual(parametersOf(whole));
    expect(reportOf(resumed).lossHistory).toEqual(reportOf(whole).lossHistory);
    expect(reportOf(resumed).path).toEqual(reportOf(whole).path);
  });

  it('come to the same in steps', async () => {
    for (const options of OPTIONS) {
      const whole = await fit(data, { ...CPU, ...options, epochs: 12 });
      const steps = fitSteps(data, { ...CPU, ...options, epochs: 12, epochsPerStep: 5 });
      const losses: number[] = [];
      for await (const step of steps) losses.push(...step.losses);
      expect(losses).toEqual(reportOf(whole).lossHistory);
      expect(parametersOf(await steps.model())).toEqual(parametersOf(whole));
    }
  });

  it('keep the last parameters whose loss was finite when they diverge', async () => {
    const model = await fit(data, { ...CPU, batchSize: 10, learningRate: 50, epochs: 500 });
    expect(reportOf(model).stopReason).toBe('diverged');
    expect(parametersOf(model).every(Number.isFinite)).toBe(true);
    expect(reportOf(model).lossHistory.every(Number.isFinite)).toBe(true);
  });

  it('standardise by all examples', async () => {
    const scaled = createDataset({
      columns: { a: data.columns[0]!.map((x) => 1e3 * x + 5e3), b: data.columns[1]!, c: data.columns[2]! },
      targets: data.targets,
    });
    const plain = await fit(data, { ...CPU, batchSize: 10, epochs: 5 });
    const model = await fit(scaled, { ...CPU, batchSize: 10, epochs: 5 });
    const because = 'standardised they are the same examples';
    expectClose([model.weights[0]! * 1e3, model.weights[1]!], plain.weights.subarray(0, 2), {
      relative: 1e-9,
      because,
    });
    expectClose(reportOf(model).lossHistory, reportOf(plain).lossHistory, { relative: 1e-9, because });
  });
});

describe('batches are refused', () => {
  const data = examples(45, 20, 2);

  it('are refused where something reads all examples at once', async () => {
    const options = { batchSize: 5, backend: 'cpu' } as const;
    await expectRefusal(
      () => fit(data, { ...options, strategy: 'moments' }),
      'INVALID_OPTION',
      'moments',
      'batchSize 5',
    );
    const moments = await computeMoments(data, { backend: 'cpu' });
    await expectRefusal(() => fit(moments, { batchSize: 5 }), 'INVALID_OPTION', 'batchSize 5');
    await expectRefusal(
      () => fit(data, { ...options, optimizer: 'conjugateGradient' }),
      'INVALID_OPTION',
      'batchSize 5',
    );
    await expectRefusal(
      () => fitMany(data, [{}, { batchSize: 5 }], { backend: 'cpu' }),
      'INVALID_OPTION',
      'batchSize 5',
    );
    await expectRefusal(
      () => crossValidate(data, [{ batchSize: 5 }], { backend: 'cpu' }),
      'INVALID_OPTION',
      'batchSize 5',
    );
  });

  it('are refused when their size is not that of the checkpoint', async () => {
    const part = await fit(data, { ...CPU, batchSize: 5, epochs: 2 });
    const others = { batchSize: 4 } as object;
    await expectRefusal(() => resume(part.checkpoint(), data, others), 'INVALID_OPTION', 'batchSize for a checkpoint');
  });

  it('keep moments from being taken without being asked for', async () => {
    const model = await fit(data, { batchSize: 5, epochs: 1000, backend: 'cpu' });
    expect(reportOf(model).strategy).toBe('streaming');
  });
});
