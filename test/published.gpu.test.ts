// Data sets of the public record, on the GPU, against the values published for them. Sources: test/data/README.md.

import { describe, expect, it } from 'vitest';
import { fit } from '../src/fit.js';
import { csvSource } from '../src/data/csv.js';
import longley from './data/longley.csv?raw';
import norris from './data/norris.csv?raw';
import stackloss from './data/stackloss.csv?raw';
import { expectClose } from './support/close.js';

describe('fit on published data', () => {
  it('finds the certified line for Norris (NIST StRD)', async () => {
    const model = await fit(csvSource(norris, { target: 'y' }), { tolerance: 1e-8, backend: 'webgpu' });
    expectClose(model.weights, [1.00211681802045], { relative: 1e-6, because: 'f32 targets of 5 digits' });
    expectClose([model.bias], [-0.262323073774029], { absolute: 1e-4, because: '2e-7 of targets up to 1000' });
  });

  it('finds the published plane for stackloss (Brownlee 1965)', async () => {
    const model = await fit(csvSource(stackloss, { target: 'stack_loss' }), { tolerance: 1e-8, backend: 'webgpu' });
    expectClose([...model.weights, model.bias], [0.7156, 1.2953, -0.1521, -39.9197], {
      relative: 5e-4,
      because: 'four published decimals, and the last steps of descent',
    });
  });

  it('comes as far for Longley (NIST StRD) as a hundred epochs and its condition allow', async () => {
    const { report } = await fit(csvSource(longley, { target: 'employed' }), { epochs: 100, backend: 'webgpu' });
    // λmax of the correlation matrix is 4.603 (its condition number is 12,200, NIST): the limit is 2/4.603.
    expectClose([report.learningRateLimit ?? 0], [2 / 4.603377], { relative: 1e-4, because: 'six digits of λmax' });
    expect(report.stopReason).toBe('epochs');
  });
});

// scikit-learn, reference of sklearn.linear_model.Lasso, and user guide, section 1.1, Ridge: the examples of their first lines.
// Its l1 is ours, and its alpha of ridge is m·l2, of features as they are.
describe.each(['webgpu', 'cpu'] as const)("fit on the examples of scikit-learn's manual, %s", (backend) => {
  const options = { backend, standardize: false, tolerance: 0, epochs: 2000 } as const;
  const f32 = { relative: 1e-5, because: 'steps of f32 that no longer bring the loss down' };

  it.each(['streaming', 'moments'] as const)('finds the lasso for alpha 0.1, by %s', async (strategy) => {
    const data = { features: [[0, 0], [1, 1], [2, 2]], targets: [0, 1, 2] }; // prettier-ignore
    const { weights, bias } = await fit(data, { ...options, strategy, l1: 0.1 });
    // Coordinate descent gives all of it to the first of two equal features, (0.85, 0); any parts of it do as well.
    expectClose([(weights[0] ?? 0) + (weights[1] ?? 0), bias], [0.85, 0.15], f32);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
  });

  it('finds ridge regression for alpha 0.5', async () => {
    const data = { features: [[0, 0], [0, 0], [1, 1]], targets: [0, 0.1, 1] }; // prettier-ignore
    const { weights, bias } = await fit(data, { ...options, l2: 0.5 / 3 });
    expectClose([...weights, bias], [0.34545455, 0.34545455, 0.13636364], f32);
  });
});
