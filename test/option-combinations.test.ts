// Options that mean nothing together.

import { describe, expect, it } from 'vitest';
import type { DescentError } from '../src/base/errors.js';
import { fitMany } from '../src/fit-many.js';
import { fit } from '../src/fit.js';
import { resolveOptions } from '../src/fitting/fit-options.js';
import { SETTINGS } from '../src/options/settings.js';
import { parseCommand } from '../src/node/cli/arguments.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';

/** Options that have no effect without another one; huberDelta has, with 'auto', the effect of leaving it out. */
const DEPENDENT: readonly string[] = ['momentum', 'beta1', 'beta2', 'epsilon', 'decay', 'decayEvery', 'averageFrom'];

describe('options that mean nothing together', () => {
  it.each(SETTINGS.filter(({ name }) => DEPENDENT.includes(name)))(
    'are refused with the value that is the default, too, where a caller gives it: $name',
    async ({ name, default: value }) => {
      await expectRefusal(() => resolveOptions({ [name]: value }), 'INVALID_OPTION', `${name} ${String(value)} with`);
      const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      await expectRefusal(() => parseCommand([`--${flag}`, String(value)]), 'INVALID_OPTION', `${name} `);
      expect(() => resolveOptions({ [name]: undefined })).not.toThrow();
    },
  );

  it('are refused of patience, whose default has no effect with tolerance 0', () =>
    expectRefusal(
      () => resolveOptions({ tolerance: 0, patience: 5 }),
      'INVALID_OPTION',
      'patience 5 with tolerance 0',
    ));

  it.each([
    [{ optimizer: 'adam', momentum: 0.5 }, "momentum 0.5 with optimizer 'adam'"],
    [{ beta1: 0.5 }, "beta1 0.5 with optimizer 'auto'"],
    [{ epochs: 9, beta1: 0.5 }, "beta1 0.5 with optimizer 'gradientDescent'"],
    [{ optimizer: 'momentum', beta2: 0.5 }, 'beta2'],
    [{ optimizer: 'nesterov', epsilon: 1 }, 'epsilon'],
    [{ decay: 0.25 }, "decay 0.25 with schedule 'constant'"],
    [{ schedule: 'cosine', decay: 0.25 }, 'decay'],
    [{ schedule: 'inverseScaling', decayEvery: 3 }, 'decayEvery'],
    [{ averageFrom: 3 }, 'averageFrom 3 with average false'],
    [{ huberDelta: 2 }, "huberDelta 2 with loss 'squared'"],
    [{ loss: 'logistic', huberDelta: 2 }, "huberDelta 2 with loss 'logistic'"],
    [{ shuffle: false }, "shuffle false with batchSize 'full'"],
    [{ tolerance: 0, patience: 3 }, 'patience 3 with tolerance 0'],
    [{ tolerance: 0, patience: 3, validationFraction: 0.2 }, 'patience 3 with tolerance 0'],
    [{ learningRate: Math.abs, schedule: 'cosine' }, 'a function of the epoch'],
    [{ learningRate: Math.abs, warmupEpochs: 3 }, 'a function of the epoch'],
    [{ optimizer: 'conjugateGradient', l1: 0.1 }, 'l1 with optimizer'],
    [{ optimizer: 'conjugateGradient', learningRate: 0.1 }, 'a learningRate with optimizer'],
    [{ optimizer: 'conjugateGradient', schedule: 'cosine' }, 'a schedule with optimizer'],
    [{ optimizer: 'conjugateGradient', average: true }, 'average with optimizer'],
    [{ optimizer: 'conjugateGradient', loss: 'huber' }, "loss 'huber' with optimizer"],
  ] as const)('are refused: %o', async (options, text) => {
    await expectRefusal(() => resolveOptions(options), 'INVALID_OPTION', text);
    const thrown = await Promise.resolve(options)
      .then(resolveOptions)
      .catch((error: unknown) => error);
    expect(Object.keys(options)).toContain((thrown as DescentError).where.option); // one of the two
  });

  it('are not refused when all have their defaults', () => {
    const alone = SETTINGS.filter(({ name }) => !DEPENDENT.includes(name));
    expect(alone.length).toBe(SETTINGS.length - DEPENDENT.length);
    for (const { name, default: value } of alone) expect(() => resolveOptions({ [name]: value })).not.toThrow();
    expect(() => resolveOptions(Object.fromEntries(SETTINGS.map(({ name, default: value }) => [name, value])))).not.toThrow(); // prettier-ignore
    for (const options of [{ tolerance: 0 }, { loss: 'logistic' }, { batchSize: 8 }] as const) {
      expect(() => resolveOptions({ ...resolveOptions({}), ...options })).not.toThrow();
    }
  });

  it('are not refused from a report, also if a rate above its limit made the tolerance 0', async () => {
    const data = examples(3, 20, 2);
    const { report } = await fit(data, { learningRate: 9, patience: 3, epochs: 2, backend: 'cpu' });
    expect(report.settings).toMatchObject({ tolerance: 0, patience: 3 });
    const again = await fit(data, report.settings);
    expect(again.report.settings).toEqual(report.settings);
  });

  it('are refused in one fitMany: conjugate gradient beside other optimizers', async () => {
    const run = () => fitMany(examples(1, 9, 1), [{ optimizer: 'conjugateGradient' }, {}], { backend: 'cpu' });
    await expectRefusal(run, 'INVALID_OPTION', '1 of 2 models');
  });
});
