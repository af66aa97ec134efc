import { expect, test } from 'vitest';
import { requireAdapter, withErrorScopes } from './support/gpu.js';

const WRITE_42 = /* wgsl */ `
  @group(0) @binding(0) var<storage, read_write> answer: array<u32>; // [1]

  @compute @workgroup_size(1) fn main() {
    answer[0] = 42;
  }
`;

test('the page has WebGPU and an adapter', async () => {
  expect(isSecureContext).toBe(true);
  const { info, features } = await requireAdapter();
  console.log(
    `adapter: ${info.vendor} ${info.architecture} "${info.description}"`,
    `fallback: ${String(info.isFallbackAdapter)}, features: ${[...features].sort().join(' ')}`,
  );
});

test('a compute shader writes 42', async () => {
  const adapter = await requireAdapter();
  const device = await adapter.requestDevice();
  const answer = await withErrorScopes(device, async () => {
    const storage = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const staging = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code: WRITE_42 }) },
    });
    const bindGroup = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: storage } }],
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(storage, 0, staging, 0, 4);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return new Uint32Array(staging.getMappedRange())[0];
  });
  device.destroy();
  expect(answer).toBe(42);
});
