import { number } from '../base/text-table.js';
import { DescentError } from '../base/errors.js';
import { columnOrder, inOrder } from '../data/match-columns.js';
import type { RunState } from '../descent/backend.js';
import type { Checkpoint } from '../model/checkpoint.js';

/** The beginning of a fit that goes on from a checkpoint. */
export interface Resumed {
  /** The checkpoint with its features in the order of the data. */
  earlier: Checkpoint;
  state: RunState;
  /** Throws `SHAPE_MISMATCH` for another number of examples. */
  requireSameCount: (exampleCount: number) => void;
}

/** The beginning at a checkpoint. Throws `SHAPE_MISMATCH` or `UNKNOWN_COLUMN` for other features than these. */
export function fromCheckpoint(checkpoint: Checkpoint, featureNames: readonly string[]): Resumed {
  const earlier = reorderCheckpoint(checkpoint, featureNames);
  return {
    earlier,
    state: stateOf(earlier),
    requireSameCount: (exampleCount) => requireSameCount(exampleCount, earlier),
  };
}

/**
 * The checkpoint with its features in the order of these names. Throws `SHAPE_MISMATCH` or `UNKNOWN_COLUMN` for other
 * features.
 */
export function reorderCheckpoint(checkpoint: Checkpoint, featureNames: readonly string[]): Checkpoint {
  const order = columnOrder(checkpoint.featureNames, featureNames);
  const reorder = (parameters: readonly number[]) => [...inOrder(parameters, order), parameters.at(-1) as number];
  const { best, path } = checkpoint;
  return {
    ...checkpoint,
    featureNames: [...featureNames],
    initial: reorder(checkpoint.initial),
    parameters: reorder(checkpoint.parameters),
    previous: reorder(checkpoint.previous),
    optimizerState: checkpoint.optimizerState.map(reorder),
    best: best && { ...best, parameters: reorder(best.parameters) },
    path: path && path.map((point) => ({ ...point, weights: Array.from(inOrder(point.weights, order)) })),
  };
}

/** The state from which the run of a checkpoint goes on. */
export function stateOf(checkpoint: Checkpoint): RunState {
  const { lossHistory, parameters, previous, quietEpochs, optimizerState, best, ended } = checkpoint;
  return {
    epoch: lossHistory.length,
    loss: lossHistory.at(-1) ?? Number.NaN,
    parameters: Float64Array.from(parameters),
    previous: Float64Array.from(previous),
    quietEpochs,
    optimizerState: optimizerState.map((values) => Float64Array.from(values)),
    best: best ? { ...best, parameters: Float64Array.from(best.parameters) } : undefined,
    ...(ended && { ended }),
  };
}

/** Throws `SHAPE_MISMATCH` for another number of examples: training units are those of the examples. */
export function requireSameCount(exampleCount: number, checkpoint: Pick<Checkpoint, 'exampleCount'>): void {
  if (exampleCount === checkpoint.exampleCount) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `${shown(exampleCount)} examples`,
    expected: `${shown(checkpoint.exampleCount)}, the number in the checkpoint`,
    fix: 'Pass the same examples, or start a new fit on other examples with warmStart.',
  });
}

/** A number of examples in full, and a sum of weights, which moments have in its place, in a few digits. */
function shown(count: number): string {
  return Number.isInteger(count) ? String(count) : number(count);
}
