// The words on the optimum: how near is near, and advice that can be followed.

import { describe, expect, it } from 'vitest';
import { fit } from '../../src/fit.js';
import type { FitReport } from '../../src/descent/report.js';
import { convergenceWarnings } from '../../src/fitting/convergence-warnings.js';
import { describeOptimum } from '../../src/node/report/checks-text.js';
import type { Outcome } from '../../src/node/report/report-text.js';
import { inFlags } from '../../src/node/cli/flags.js';
import { DEFAULTS } from '../support/defaults.js';
import { normals, uniforms } from '../support/examples.js';
import { createDataset } from '../../src/data/dataset.js';

const ENDED = { converged: false, relativeGradient: 0.1, distanceBy: 'optimum' } as const;

function outcome(share: number | null, reached: boolean): Outcome {
  const warnings = [{ code: 'NOT_CONVERGED', message: 'The fit has not converged: so much is left.' }];
  const report = { ...ENDED, stopReason: 'epochs', distanceToOptimum: share, warnings };
  const command = { settings: DEFAULTS, data: { kind: 'file' } };
  return { command, optimum: { reached }, training: { report } } as unknown as Outcome;
}

const messageOf = (settings: Partial<FitReport['settings']>, stopReason: FitReport['stopReason'] = 'epochs') => {
  const fitted = { data: null, featureNames: ['x'], settings: { ...DEFAULTS, ...settings } as FitReport['settings'] };
  const [warning] = convergenceWarnings(fitted, { ...ENDED, distanceToOptimum: 0.5, stopReason });
  return warning?.message ?? '';
};

describe('the optimum', () => {
  it.each([
    [0.86, true, 'NOT reached'],
    [0.0101, true, 'NOT reached'],
    [0.0099, true, 'nearly reached'],
    [null, true, 'nearly reached'],
    [1e-5, false, 'NOT reached'],
  ])('with a share of %s left and a confirmed answer %s is %s', (share, reached, words) => {
    expect(describeOptimum(outcome(share, reached))).toBe(`${words}: so much is left.`);
  });
});

describe('a fit that diverged', () => {
  it('is said to have, with what to do by its options', () => {
    const advice = (settings: Partial<FitReport['settings']>) => messageOf(settings, 'diverged');
    expect(advice({ optimizer: 'gradientDescent', learningRate: 50 })).toBe(
      "The fit diverged: the loss became infinite or NaN. Use a smaller learning rate than 50, or learningRate: 'auto', which is chosen below the limit.",
    );
    expect(advice({ optimizer: 'conjugateGradient' })).toContain("Use optimizer: 'auto' without");
    expect(advice({ optimizer: 'newton' })).toContain('Scale features and targets.');
  });
});

describe('advice', () => {
  it('for a solver that used all its steps is to ask for it by name, since epochs alone mean gradient descent', () => {
    const auto = messageOf({ optimizer: 'auto', epochs: 1000 });
    expect(auto).toContain("allow more by optimizer: 'newton' or optimizer: 'lbfgs' with epochs: 10000.");
    expect(inFlags(auto)).toContain('allow more by --optimizer newton or --optimizer lbfgs with --epochs 10000.');
    expect(messageOf({ optimizer: 'lbfgs', epochs: 50 })).toContain('allow more with epochs: 500.');
    expect(messageOf({ optimizer: 'newton', epochs: 5_000_000 })).toContain('allow more with epochs: 10000000.');
  });

  it('is a larger penalty where there is one', () => {
    expect(messageOf({ optimizer: 'newton' }, 'plateau')).toContain('a penalty, such as l2: 0.01,');
    expect(messageOf({ optimizer: 'newton', l2: 0.02 }, 'plateau')).toContain('a larger penalty, such as l2: 0.2,');
  });

  it("is not huberDelta: 'auto' where it is 'auto'", async () => {
    const columns = { a: uniforms(1, 30), b: normals(2, 30) };
    const targets = columns.a.map((value, i) => 2 * value + (columns.b[i] as number));
    for (const optimizer of ['auto', 'momentum'] as const) {
      for (const perfect of [true, false]) {
        const data = createDataset({ columns, targets: perfect ? targets : targets.map((y, i) => y + (i % 5)) });
        const options = { backend: 'cpu', loss: 'huber', optimizer } as const;
        const codes = (report?: FitReport | null) => report?.warnings.map(({ code }) => code);
        expect(codes((await fit(data, options)).report)).not.toContain('HUBER_DELTA');
        expect(codes((await fit(data, { ...options, huberDelta: 1e3 })).report)).toContain('HUBER_DELTA');
      }
    }
  });
});
