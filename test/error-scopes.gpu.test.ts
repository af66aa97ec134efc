/** The helper that lets no GPU error pass, made to fail in every way it knows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireAdapter, withErrorScopes } from './support/gpu.js';

let device: GPUDevice;
beforeAll(async () => {
  device = await (await requireAdapter()).requestDevice();
});
afterAll(() => device.destroy());

/** MAP_READ goes with COPY_DST alone. */
function createInvalidBuffer(): void {
  device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
}

test('a valid body gives its result', async () => {
  const size = await withErrorScopes(device, () => {
    const buffer = device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE });
    buffer.destroy();
    return buffer.size;
  });
  expect(size).toBe(16);
});

test('an invalid buffer usage throws', async () => {
  await expect(withErrorScopes(device, createInvalidBuffer)).rejects.toThrow(/validation: GPUValidationError/);
});

test('an error that the body itself hides in a promise throws', async () => {
  const body = async () => {
    const module = device.createShaderModule({ code: 'no shader' });
    await device
      .createComputePipelineAsync({ layout: 'auto', compute: { module } })
      .catch(() => 'swallowed by a careless body');
  };
  await expect(withErrorScopes(device, body)).rejects.toThrow(/validation/);
});

test('an error outside every scope of the body throws as uncaptured', async () => {
  const body = async () => {
    for (let open = 0; open < 3; open += 1) await device.popErrorScope(); // a body that closes scopes it did not open
    createInvalidBuffer();
  };
  await expect(withErrorScopes(device, body)).rejects.toThrow(/uncaptured GPUValidationError/);
});

test('what the body throws comes through, and as the cause of a GPU error', async () => {
  const thrown = new Error('of the body');
  await expect(withErrorScopes(device, () => Promise.reject(thrown))).rejects.toBe(thrown);
  const both = withErrorScopes(device, () => {
    createInvalidBuffer();
    throw thrown;
  });
  await expect(both).rejects.toMatchObject({ cause: thrown });
});

test('a device that is lost on the way throws, since it reports no errors any more', async () => {
  const adapter = await requireAdapter();
  const destroyedEarly = await adapter.requestDevice();
  const body = () => {
    destroyedEarly.destroy();
    destroyedEarly.createBuffer({ size: 4, usage: 0 }); // invalid, and nobody hears of it
  };
  await expect(withErrorScopes(destroyedEarly, body)).rejects.toThrow(/device lost \(destroyed\)/);
});
