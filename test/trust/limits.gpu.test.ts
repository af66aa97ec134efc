// Limits on a device: the size of each buffer that kernels read, and the place in errors of shaders and of buffers.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { fit } from '../../src/fit.js';
import { fitMany } from '../../src/fit-many.js';
import { compileKernel } from '../../src/gpu/device/compile.js';
import { residualKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { SOFTWARE } from '../../src/gpu/device/tuning.js';
import { LinearModel } from '../../src/model/linear-model.js';
import { syntheticRegression } from '../../src/data/synthetic.js';
import { countBuffers } from '../support/buffers.js';
import { openShared } from '../support/kernel.js';
import { refusalOf } from '../support/refusal.js';

const { dataset } = syntheticRegression({ rows: 5001, features: 3, seed: 1 });
const STREAMING = { strategy: 'streaming', epochs: 2, learningRate: 0.1, tolerance: 0 } as const;

afterEach(() => void vi.restoreAllMocks());

describe.each([65_536, 16_384])('with bindings of %i bytes', (maxStorageBufferBindingSize) => {
  it.each([
    ['mini-batches', { batchSize: 100 }],
    ['mini-batches by the textbook kernels', { batchSize: 100, kernels: 'textbook' }],
    ['all examples', {}],
  ] as const)('no buffer is larger: %s', async (_, own) => {
    const context = await openShared({ maxStorageBufferBindingSize });
    const buffers = countBuffers(context.device);
    const small = await fit(dataset, { ...STREAMING, ...own, context });
    // Configurations of batches are uniforms, of which a kernel sees one at a time.
    expect(buffers.largest()).toBeLessThanOrEqual(maxStorageBufferBindingSize);
    expect(small.report.epochsRun).toBe(2);
    context.dispose();
  });

  it('no buffer is larger: many targets beside one feature', async () => {
    const context = await openShared({ maxStorageBufferBindingSize });
    const buffers = countBuffers(context.device);
    const names = Array.from({ length: 12 }, (_, k) => `t${k}`);
    const targets = Object.fromEntries(names.map((name, k) => [name, dataset.targets.map((value) => value * (k + 1))]));
    const data = { columns: { x: dataset.columns[0] as Float32Array }, targets: dataset.targets };
    const models = await fitMany(data, names.map((target) => ({ target })), { ...STREAMING, context, targets }); // prettier-ignore
    expect(models).toHaveLength(12);
    expect(buffers.largest()).toBeLessThanOrEqual(maxStorageBufferBindingSize);
    context.dispose();
  });
});

describe('the place of an error', () => {
  it('of a shader is its line', async () => {
    const context = await openShared();
    const kernel = residualKernel(SOFTWARE);
    const broken = { ...kernel, wgsl: kernel.wgsl.replace('var prediction', 'var var prediction') };
    const line = broken.wgsl.split('\n').findIndex((text) => text.includes('var var')) + 1;
    const { code, where } = await refusalOf(() => compileKernel(context, broken));
    expect({ code, where }).toEqual({ code: 'SHADER_COMPILATION', where: { shader: 'residual.wgsl', line } });
  });

  it('of a buffer is the column whose weight f32 cannot hold, and none for the bias', async () => {
    const context = await openShared();
    const features = context.device.createBuffer({ size: 48, usage: GPUBufferUsage.STORAGE });
    const parts = { featureNames: ['a', 'b', 'c'], targetName: 'y', report: null };
    const ofWeight = new LinearModel({ ...parts, weights: Float64Array.of(1, 2, 1e39), bias: 0 });
    const ofBias = new LinearModel({ ...parts, weights: Float64Array.of(1, 2, 3), bias: 1e39 });
    const weight = await refusalOf(() => ofWeight.predict(features, { context }));
    expect({ code: weight.code, where: weight.where }).toEqual({ code: 'NON_FINITE_VALUE', where: { column: 'c' } });
    const bias = await refusalOf(() => ofBias.predict(features, { context }));
    expect({ code: bias.code, where: bias.where }).toEqual({ code: 'NON_FINITE_VALUE', where: {} });
    features.destroy();
  });
});
