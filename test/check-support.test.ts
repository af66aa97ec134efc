// What is in the way where there is no WebGPU at all: in Node, and in pages that look like it.

import { afterEach, expect, it, vi } from 'vitest';
import { checkSupport, createContext } from '../src/index.js';
import { expectRefusal } from './support/refusal.js';

afterEach(() => vi.unstubAllGlobals());

const NOTHING = { supported: false, adapter: null, isSoftware: null, limits: null, features: null, check: null };

it('Node is reported to have no WebGPU', async () => {
  const { reasons, ...rest } = await checkSupport();
  expect(rest).toMatchObject({ ...NOTHING, warnings: [], secureContext: null });
  expect(reasons).toEqual([
    {
      code: 'NO_WEBGPU',
      message: 'There is an environment without WebGPU.',
      remedy: expect.stringContaining('Node') as string,
    },
  ]);
});

it.each([
  [false, 'INSECURE_CONTEXT', 'https'],
  [true, 'NO_WEBGPU', 'about:config'],
] as const)('Firefox without WebGPU gets its own remedy, in a secure page: %s', async (isSecure, code, words) => {
  vi.stubGlobal('isSecureContext', isSecure);
  vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' });
  const { reasons, ...rest } = await checkSupport();
  expect(rest).toMatchObject({ ...NOTHING, secureContext: isSecure });
  expect(reasons).toMatchObject([{ code, remedy: expect.stringContaining(words) as string }]);
  // The error that a fit ends with says the same.
  await expectRefusal(() => createContext(), 'WEBGPU_UNAVAILABLE', words, "backend: 'cpu'");
});
