// The passes over sources: a part of its own in a bundle, which loads where a source is larger than the memory budget.

export { openStreamed } from './open-streamed.js';
export { streamedHuberDelta, streamedSolver } from './streamed-solver.js';
