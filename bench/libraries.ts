import { oursReference, oursStreaming } from './arms/ours.js';
import { plainLoop } from './arms/plain-loop.js';
import type { Library } from './harness.js';
import { peers } from './peers/index.js';

/** All that runs in a page, by the names that --arms and the benchmark page know. Peers load when they are run. */
export const PAGE_LIBRARIES: readonly Library[] = [
  { name: 'webgpu-descent', kind: 'ours', arms: oursStreaming },
  { name: 'tfjs WebGPU', kind: 'peer-webgpu', arms: peers['tfjs WebGPU'] },
  { name: 'jax-js WebGPU', kind: 'peer-webgpu', arms: peers['jax-js WebGPU'] },
  { name: 'jax-js wasm', kind: 'peer-cpu', arms: peers['jax-js wasm'] },
  { name: 'plain JS loop', kind: 'cpu', arms: plainLoop },
  { name: 'webgpu-descent reference', kind: 'cpu', arms: oursReference },
];
