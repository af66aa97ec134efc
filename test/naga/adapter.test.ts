// Deno's WebGPU, that the tests of the kernels run on a second time: an adapter, and a compiler that can refuse.
import { expect, it } from 'vitest';
import { requireAdapter, withErrorScopes } from '../support/gpu.js';

it('is that of Deno, and has an adapter', async () => {
  expect(navigator.userAgent).toMatch(/^Deno\//);
  const { info, features } = await requireAdapter();
  console.log(`adapter of ${navigator.userAgent}: "${info.description}", features: ${[...features].sort().join(' ')}`);
});

it('compiles with Naga, and says what it refuses', async () => {
  const adapter = await requireAdapter();
  const device = await adapter.requestDevice();
  const code = '@compute @workgroup_size(1) fn main() { let count: u32 = 1.5; }';
  const compiled = withErrorScopes(device, () => device.createShaderModule({ code }));
  await expect(compiled).rejects.toThrow('the type of `count` is expected to be `u32`, but got `{AbstractFloat}`');
  device.destroy();
});
