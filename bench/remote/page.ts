// Runs in a page of its own for each library, so that none shares a device, a heap or a worker pool with another.

import { offerBench } from './offer.js';
import type { RemoteBench } from './protocol.js';

(globalThis as unknown as { bench: RemoteBench }).bench = offerBench(async (name) => {
  const { libraries } = await import('../libraries.js');
  const library = libraries.find((known) => known.name === name);
  if (!library) throw new RangeError(`no library ${name}`);
  return library.arms();
});
