// What is told of an adapter, from the names that browsers give it.

import { describe, expect, it } from 'vitest';
import { describeAdapter } from '../src/gpu/device/adapters.js';

const NAMES = { vendor: 'acme', architecture: 'one', description: '', device: '', isFallbackAdapter: false };

function described(names: Partial<GPUAdapterInfo>) {
  return describeAdapter({ ...NAMES, ...names } as GPUAdapterInfo);
}

describe('an adapter', () => {
  it('goes by its description and, without one, by its device', () => {
    expect(described({ description: 'Acme One', device: '0x2786' }).description).toBe('Acme One');
    expect(described({ device: '0x2786' }).description).toBe('0x2786');
    expect(described({})).toEqual({ vendor: 'acme', architecture: 'one', description: '', isSoftware: false });
  });

  it.each<[string, Partial<GPUAdapterInfo>]>([
    ['by its architecture', { architecture: 'swiftshader' }],
    ['by its description', { description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }],
    ['by its device', { device: 'Microsoft Basic Render Driver' }],
    ['by its vendor', { vendor: 'Mesa softpipe' }],
    ['by the word of the browser', { isFallbackAdapter: true }],
  ])('runs shaders on the CPU: %s', (_, names) => {
    expect(described(names).isSoftware).toBe(true);
  });
});
