import { describe, expect, it } from 'vitest';
import { fit } from '../src/fit.js';
import { examples } from './support/examples.js';
import { withContext } from './support/kernel.js';
import { describeManyWarmStarts, describeWarmStart } from './support/warm-start.js';

const F32 = 2 ** -24;

const gpu = withContext();

describe('a warm start on the GPU', () => {
  describeWarmStart(() => ({ context: gpu.context, strategy: 'streaming' }), F32);
  describeManyWarmStarts(() => ({ context: gpu.context }), F32);

  it('goes on bit for bit in plain units', async () => {
    const data = examples(7, 203, 12);
    const options = {
      context: gpu.context,
      strategy: 'streaming',
      standardize: false,
      tolerance: 0,
      learningRate: 0.05,
    } as const;
    const whole = await fit(data, { ...options, epochs: 25 });
    const first = await fit(data, { ...options, epochs: 11 });
    const second = await fit(data, { ...options, epochs: 14, warmStart: first });
    expect([second.weights, second.bias]).toEqual([whole.weights, whole.bias]);
    expect([...first.report.lossHistory, ...second.report.lossHistory]).toEqual(whole.report.lossHistory);
  });
});
