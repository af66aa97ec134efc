import type { Binding } from '../device/buffers.js';
import { bind, type CompiledKernel, offsetsOf } from '../device/compile.js';
import type { Shard } from '../examples/upload.js';

/** Models that one dispatch works for. */
export interface JobSpan {
  jobs: GPUBuffer; //                       [count] of struct ModelEntry
  count: number;
}

/** A shard, and what the kernels know of it. */
export interface BoundShard extends Shard {
  config: GPUBuffer; //                     struct Config, or one for each of its batches, UNIFORM_STRIDE apart
  /** The most quads that one dispatch reads: those of a batch, or all. */
  quadsAtOnce: number;
  /** Workgroups that share the examples at hand. */
  workgroups: number;
  /** The models that train on it, as far as the kernels serve several; else none. */
  spans: readonly JobSpan[];
}

/** All that the epochs of any recipe read and write. Pairs take turns: an epoch reads one of the two, writes the other. */
export interface EpochBuffers {
  modelCount: number;
  shards: readonly BoundShard[];
  settings: GPUBuffer; //                   [models] of struct Settings
  partials: GPUBuffer; //                   [models, partials of all shards, d + 2]
  stepFactors: GPUBuffer; //                [d + 1 + epochs with a rate of their own, of all models]
  parameters: [GPUBuffer, GPUBuffer]; //    [slots, models, d + 1] (src/gpu/training/optimizer-state.ts)
  progress: [GPUBuffer, GPUBuffer]; //      [models] of struct Progress; one twice where a round makes several updates
  history: GPUBuffer; //                    for each model [epochs] losses, [points, d + 1] path
}

/** The pairs as one epoch has them. */
export interface BufferTurn {
  parameters: GPUBuffer;
  nextParameters: GPUBuffer;
  progress: GPUBuffer;
  nextProgress: GPUBuffer;
}

/** One dispatch of an epoch. */
export interface Step {
  compiled: CompiledKernel;
  bindings: (turn: BufferTurn) => Binding[];
  workgroups: readonly [number, number?, number?];
}

interface Dispatch {
  compiled: CompiledKernel;
  group: GPUBindGroup;
  workgroups: readonly [number, number?, number?];
}

interface BoundSteps {
  rounds: Dispatch[][];
  end: Dispatch[];
}

/** The place of the examples of some steps. */
export interface Place {
  /** Index of the round that reads them, or 'end' for those after the updates. */
  round: number | 'end';
  /** Offset of their Config in its buffer, in bytes. */
  offset: number;
}

/** All examples, in one round. */
export const EVERYWHERE: Place = { round: 0, offset: 0 };

/** The place of the steps after the last update of an epoch. */
export const AT_THE_END: Place = { round: 'end', offset: 0 };

/** The steps of an epoch. */
export interface EpochSteps {
  /** A round makes one update or several; there is one that reads all shards, or one for each shard, whose batches it takes. */
  rounds: readonly (readonly Step[])[];
  /** The steps of validation after the last update; empty without validation. */
  end: readonly Step[];
}

/** The steps of epochs, bound for both turns. Each dispatch of a compute pass waits for the one before it. */
export class Epoch {
  /** Dispatches of one round, and of the end. */
  readonly roundSteps: number;
  readonly endSteps: number;
  readonly #turns: readonly [BoundSteps, BoundSteps];

  constructor(device: GPUDevice, { rounds, end }: EpochSteps, { parameters, progress }: EpochBuffers) {
    const dispatches = (now: 0 | 1, next: 0 | 1): BoundSteps => {
      const turn: BufferTurn = {
        parameters: parameters[now],
        nextParameters: parameters[next],
        progress: progress[now],
        nextProgress: progress[next],
      };
      const bound = (steps: readonly Step[]) =>
        steps.map(({ compiled, bindings, workgroups }): Dispatch => {
          return { compiled, group: bind(device, compiled, bindings(turn)), workgroups };
        });
      return { rounds: rounds.map(bound), end: bound(end) };
    };
    this.roundSteps = rounds[0]?.length ?? 0;
    this.endSteps = end.length;
    this.#turns = [dispatches(0, 1), dispatches(1, 0)];
  }

  /** Adds one step to a compute pass, of what is there in this turn. */
  encode(pass: GPUComputePassEncoder, turn: 0 | 1, { round, offset }: Place, step: number): void {
    const { rounds, end } = this.#turns[turn];
    const { compiled, group, workgroups } = (round === 'end' ? end : rounds[round])?.[step] as Dispatch;
    pass.setPipeline(compiled.pipeline);
    pass.setBindGroup(0, group, offsetsOf(compiled.kernel, offset));
    pass.dispatchWorkgroups(...workgroups);
  }
}
