import { hostHere } from '../../base/host-kind.js';
import { loadDawn } from './dawn.js';

/** Dawn for Node. Held until the process ends: work that is pending on an instance that was freed crashes the process. */
let dawn: Promise<GPU | null> | undefined;

/**
 * The entry to WebGPU of this host: that of the page, the worker or Deno; in Node that of Dawn, if npm's package `webgpu` is
 * installed. null where there is none.
 */
export async function gpuHere(): Promise<GPU | null> {
  const own = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (own || hostHere() !== 'node') return own ?? null;
  return (dawn ??= loadDawn());
}
