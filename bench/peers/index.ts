import type { ArmFactory } from '../arm.js';

/** The exports of the modules of this folder. */
interface Peers {
  tfjsWebgpu: ArmFactory;
  jaxWebgpu: ArmFactory;
  jaxWasm: ArmFactory;
}

// A glob, and not an import by name: the project builds and checks its types also where no peer is installed.
const modules = import.meta.glob<Peers>(['./tfjs.ts', './jax.ts']);

declare const BUILT_WITHOUT_PEERS: boolean | undefined;

/** False in a page that was built where the peers are not installed. */
export const HAS_PEERS = typeof BUILT_WITHOUT_PEERS === 'undefined' || !BUILT_WITHOUT_PEERS;

/** Loads a module when its arms are asked for, so that no peer weighs on another. */
function peer(module: string, name: keyof Peers): ArmFactory {
  return async () => {
    const load = modules[module];
    if (!load) throw new Error(`no module ${module}`);
    const loaded = await load().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`not loaded; run "npm ci" in bench/peers (${reason})`, { cause: error });
    });
    return loaded[name]();
  };
}

/** The peers that run in a page, by name. */
export const peers: Record<'tfjs WebGPU' | 'jax-js WebGPU' | 'jax-js wasm', ArmFactory> = {
  'tfjs WebGPU': peer('./tfjs.ts', 'tfjsWebgpu'),
  'jax-js WebGPU': peer('./jax.ts', 'jaxWebgpu'),
  'jax-js wasm': peer('./jax.ts', 'jaxWasm'),
};
