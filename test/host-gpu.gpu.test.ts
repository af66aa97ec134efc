import { expect, it } from 'vitest';
import { BUFFER_USAGE, MAP_MODE, SHADER_STAGE } from '../src/gpu/device/constants.js';
import { gpuHere } from '../src/gpu/device/host-gpu.js';

it('has the constants of this host', () => {
  for (const [name, value] of Object.entries(BUFFER_USAGE)) expect(value, name).toBe(Reflect.get(GPUBufferUsage, name));
  for (const [name, value] of Object.entries(MAP_MODE)) expect(value, name).toBe(Reflect.get(GPUMapMode, name));
  for (const [name, value] of Object.entries(SHADER_STAGE)) expect(value, name).toBe(Reflect.get(GPUShaderStage, name));
});

it('takes the WebGPU of the page', async () => {
  expect(await gpuHere()).toBe(navigator.gpu);
});
