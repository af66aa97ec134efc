// Solvers of more features than examples.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import type { FitReport } from '../src/descent/report.js';
import { fit } from '../src/fit.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { expectClose } from './support/close.js';
import { examples, normals } from './support/examples.js';
import { expectHonest } from './support/honest.js';
const CPU = { backend: 'cpu', strategy: 'auto' } as const;

const reportOf = ({ report }: LinearModel) => report as FitReport;

describe('many features', () => {
  it.each(['huber', 'logistic'] as const)('%s: few examples are no work for Newton, and converge', async (loss) => {
    const [rows, features] = [120, 300];
    const { columns, featureNames } = examples(12, rows, features);
    const noise = normals(7, rows);
    const targets = noise.map((e, i) => {
      const z = columns.slice(0, 5).reduce((sum, column) => sum + (column[i] as number), 0) + e;
      return loss === 'logistic' ? Number(z > 0) : z;
    });
    const data = new Dataset(columns, targets, featureNames, 'y');
    const options = { ...CPU, loss, l1: 0.1, ...(loss === 'huber' && { huberDelta: 1 }) };
    const model = await fit(data, options);
    expect(reportOf(model).optimizer).toBe('proximalNewton');
    expect(expectHonest(data, model)).toBe(true);
    const best = reportOf(model).lossHistory.at(-1) as number;
    const byLbfgs = reportOf(await fit(data, { ...options, optimizer: 'lbfgs' })).lossHistory.at(-1) as number;
    expectClose([best], [Math.min(best, byLbfgs)], { relative: 1e-9, because: 'the least that either came to' });
  });
});
