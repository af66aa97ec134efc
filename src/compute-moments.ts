import { Dataset } from './data/dataset.js';
import { type ExampleData, isSource, toDataset } from './data/inputs.js';
import { forLoss } from './data/labels.js';
import type { GpuContext } from './gpu/device/device.js';
import { originOf } from './data/origin.js';
import type { Moments } from './moments/moments.js';
import { requireKnown } from './base/check-names.js';
import { requireObject } from './base/require-object.js';
import { openBackend } from './fitting/open-backend.js';
import { resolveOptions } from './fitting/fit-options.js';
import { momentsWork } from './fitting/placement.js';
import { type FitSettings } from './options/specs.js';

/** The options of `computeMoments`, as `fit` has them. Every one may be left out. */
export interface MomentsOptions {
  /** 'webgpu' adds up in f32, bounded in length, and 'cpu' in f64; 'auto' takes the one that is predicted to finish first. */
  backend?: FitSettings['backend'] | undefined;
  /** A context made by `createContext` or `contextFromDevice`. It stays open. Default: one for this call alone. */
  context?: GpuContext | undefined;
  /** Ends it with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const NAMES = ['backend', 'context', 'signal'] as const satisfies readonly (keyof MomentsOptions)[];

/**
 * The moments of examples, added up in one pass: all that `fit` needs of them for the squared loss, in d² numbers. A
 * source is read batch by batch and never held as a whole, so it may be larger than memory. `moments.precision` says
 * what they were added up in.
 *
 * Throws a `DescentError` for data or options that are wrong, `TOO_LARGE` for more features than a binding of the
 * device holds the products of, and what `fit` throws of a device. Whatever happens, nothing stays allocated.
 *
 *     const moments = await computeMoments(csvSource(file, { target: 'price' }));
 *     const plain = await fit(moments);
 *     const sparse = await fit(moments, { l1: 0.1 });
 */
export async function computeMoments(data: ExampleData, given: MomentsOptions = {}): Promise<Moments> {
  const options = requireKnown(given, NAMES);
  const { context, signal } = options;
  const settings = resolveOptions(options);
  requireObject(data);
  signal?.throwIfAborted();
  const examples = isSource(data) ? data : forLoss(await toDataset(data, { signal }), 'squared');
  const work = examples instanceof Dataset ? momentsWork(examples) : null;
  const { backend } = await openBackend(settings, context, work, signal); // precision says whether it is the CPU
  try {
    const moments = await backend.moments(examples, signal);
    const encoder = originOf(examples)?.encoder;
    return encoder && !encoder.isIdentity ? moments.encodedBy(encoder) : moments;
  } finally {
    backend.dispose();
  }
}
