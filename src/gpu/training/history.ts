import type { ModelSettings } from '../../descent/backend.js';

/** The points of a path after its first that so many epochs have. */
export function pointsIn(epochs: number, pathEvery: number | undefined): number {
  return pathEvery ? Math.floor(epochs / pathEvery) : 0;
}

/** The floats that a model of so many parameters has in the history: a loss for each epoch, then the points of its path. */
export function historyFloats({ epochs, pathEvery }: ModelSettings, parameterCount: number): number {
  return epochs + pointsIn(epochs, pathEvery) * parameterCount;
}
