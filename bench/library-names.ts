import type { Library } from './harness.js';

/** A library by the name that people choose it by. */
export type NamedLibrary = Pick<Library, 'name' | 'kind'>;

/** All that runs in a page. */
export const PAGE_LIBRARIES = [
  { name: 'webgpu-descent', kind: 'ours' },
  { name: 'webgpu-descent cpu', kind: 'ours' },
  { name: 'webgpu-descent moments', kind: 'ours' },
  { name: 'tfjs WebGPU', kind: 'peer-webgpu' },
  { name: 'jax-js WebGPU', kind: 'peer-webgpu' },
  { name: 'jax-js wasm', kind: 'peer-cpu' },
  { name: 'plain JS loop', kind: 'cpu' },
  { name: 'webgpu-descent reference', kind: 'cpu' },
] as const satisfies readonly NamedLibrary[];
