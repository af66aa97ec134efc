import type { ArmFactory } from '../arm.js';

/** The peers that run in a page, by name. Each is imported when it is asked for, so none weighs on another. */
export const peers: Record<'tfjs WebGPU' | 'jax-js WebGPU' | 'jax-js wasm', ArmFactory> = {
  'tfjs WebGPU': async () => (await import('./tfjs.js')).tfjsWebgpu(),
  'jax-js WebGPU': async () => (await import('./jax.js')).jaxWebgpu(),
  'jax-js wasm': async () => (await import('./jax.js')).jaxWasm(),
};
