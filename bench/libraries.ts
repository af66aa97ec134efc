import { oursCpu, oursMoments, oursReference, oursStreaming } from './arms/ours.js';
import { plainLoop } from './arms/plain-loop.js';
import type { ArmFactory } from './arm.js';
import type { Library } from './harness.js';
import { PAGE_LIBRARIES } from './library-names.js';
import { peers } from './peers/index.js';

const ARMS: Record<(typeof PAGE_LIBRARIES)[number]['name'], ArmFactory> = {
  'webgpu-descent': oursStreaming,
  'webgpu-descent cpu': oursCpu,
  'webgpu-descent moments': oursMoments,
  ...peers,
  'plain JS loop': plainLoop,
  'webgpu-descent reference': oursReference,
};

/** The libraries with their arms, for code that runs in a page. Peers load when they are run. */
export const libraries: readonly Library[] = PAGE_LIBRARIES.map((library) => ({
  ...library,
  arms: ARMS[library.name],
}));
