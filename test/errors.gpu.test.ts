// What is refused on a device, each with its own code, in one line and with every buffer freed.

import { afterEach, expect, it, vi } from 'vitest';
import { contextFromDevice } from '../src/gpu/device.js';
import { countBuffers } from './support/buffers.js';
import { requireAdapter } from './support/gpu.js';
import { provocationsOnDevice } from './support/provocations.js';
import { expectRefusal } from './support/refusal.js';

afterEach(() => vi.restoreAllMocks());

it.each(provocationsOnDevice())('$code', async ({ code, provoke }) => {
  const device = await (await requireAdapter()).requestDevice();
  const buffers = countBuffers(device);
  await expectRefusal(() => provoke(contextFromDevice(device)), code);
  expect(buffers.live()).toBe(0);
  device.destroy();
});
