// What is refused on a device, each with its own code, in one line and with every buffer freed.

import { afterEach, expect, it, vi } from 'vitest';
import { contextFromDevice } from '../src/gpu/device/device.js';
import { countBuffers } from './support/buffers.js';
import { requireAdapter } from './support/gpu.js';
import { provocationsOnDevice } from './support/provocations.js';
import { refusalOf } from './support/refusal.js';

afterEach(() => vi.restoreAllMocks());

it.each(provocationsOnDevice())('a provocation ends with $code', async ({ code, provoke, where }) => {
  const device = await (await requireAdapter()).requestDevice();
  const buffers = countBuffers(device);
  const { where: told, code: said, message } = await refusalOf(() => provoke(contextFromDevice(device)));
  expect({ code: said, where: told }, message).toEqual({ code, where });
  expect(message).not.toMatch(/[\r\n]/);
  expect(buffers.live()).toBe(0);
  device.destroy();
});
