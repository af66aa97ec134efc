// Data sets of the public record, on the GPU, against the values published for them. Sources: test/data/README.md.

import { describe, expect, it } from 'vitest';
import { fit } from '../src/fit.js';
import { csvSource } from '../src/sources/csv.js';
import longley from './data/longley.csv?raw';
import norris from './data/norris.csv?raw';
import stackloss from './data/stackloss.csv?raw';
import { expectClose } from './support/close.js';

describe('fit on published data', () => {
  it('Norris (NIST StRD): the certified line', async () => {
    const model = await fit(csvSource(norris, { target: 'y' }), { tolerance: 1e-8, backend: 'webgpu' });
    expectClose(model.weights, [1.00211681802045], { relative: 1e-6, because: 'f32 targets of 5 digits' });
    expectClose([model.bias], [-0.262323073774029], { absolute: 1e-4, because: '2e-7 of targets up to 1000' });
  });

  it('stackloss (Brownlee 1965): the published plane', async () => {
    const model = await fit(csvSource(stackloss, { target: 'stack_loss' }), { tolerance: 1e-8, backend: 'webgpu' });
    expectClose([...model.weights, model.bias], [0.7156, 1.2953, -0.1521, -39.9197], {
      relative: 5e-4,
      because: 'four published decimals, and the last steps of descent',
    });
  });

  it('Longley (NIST StRD): as far as a hundred epochs go, and no further than the condition allows', async () => {
    const { report } = await fit(csvSource(longley, { target: 'employed' }), { epochs: 100, backend: 'webgpu' });
    // λmax of the correlation matrix is 4.603 (its condition number is 12,200, NIST): the limit is 2/4.603.
    expectClose([report?.learningRateLimit ?? 0], [2 / 4.603377], { relative: 1e-4, because: 'six digits of λmax' });
    expect(report?.stopReason).toBe('epochs');
  });
});
