import type { Binding } from './buffers.js';
import { bind, type CompiledKernel, offsetsOf } from './compile.js';
import type { Shard } from './upload.js';

/** Models that one dispatch works for. */
export interface JobSpan {
  jobs: GPUBuffer; //                       [count] of struct Job
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
  parameters: [GPUBuffer, GPUBuffer]; //    [slots, models, d + 1] (src/gpu/slots.ts)
  progress: [GPUBuffer, GPUBuffer]; //      [models] of struct Progress
  history: GPUBuffer; //                    for each model [epochs] losses, [points, d + 1] path
}

/** The pairs as one epoch has them. */
export interface Turn {
  parameters: GPUBuffer;
  nextParameters: GPUBuffer;
  progress: GPUBuffer;
  nextProgress: GPUBuffer;
}

/** One dispatch of an epoch. */
export interface Step {
  compiled: CompiledKernel;
  bindings: (turn: Turn) => Binding[];
  workgroups: readonly [number, number?, number?];
}

interface Dispatch {
  compiled: CompiledKernel;
  group: GPUBindGroup;
  workgroups: readonly [number, number?, number?];
}

/** Where the examples of an update are. */
export interface Place {
  /** Which of the rounds reads them. */
  round: number;
  /** Where their Config is in its buffer, in bytes. */
  offset: number;
}

/** All examples, in one round. */
export const EVERYWHERE: Place = { round: 0, offset: 0 };

/**
 * The steps of rounds, bound for both turns. A round makes one update or several; there is one that reads all shards, or one
 * for each shard, whose batches it takes. Each dispatch of a compute pass waits for the one before it.
 */
export class Epoch {
  /** Dispatches of one round. */
  readonly stepCount: number;
  readonly #turns: readonly [Dispatch[][], Dispatch[][]];

  constructor(device: GPUDevice, rounds: readonly (readonly Step[])[], { parameters, progress }: EpochBuffers) {
    const dispatches = (now: 0 | 1, next: 0 | 1): Dispatch[][] => {
      const turn: Turn = {
        parameters: parameters[now],
        nextParameters: parameters[next],
        progress: progress[now],
        nextProgress: progress[next],
      };
      return rounds.map((steps) =>
        steps.map(({ compiled, bindings, workgroups }) => {
          return { compiled, group: bind(device, compiled, bindings(turn)), workgroups };
        }),
      );
    };
    this.stepCount = rounds[0]?.length ?? 0;
    this.#turns = [dispatches(0, 1), dispatches(1, 0)];
  }

  /** Adds one step to a compute pass, of a round in this turn. */
  encode(pass: GPUComputePassEncoder, turn: 0 | 1, { round, offset }: Place, step: number): void {
    const { compiled, group, workgroups } = this.#turns[turn][round]?.[step] as Dispatch;
    pass.setPipeline(compiled.pipeline);
    pass.setBindGroup(0, group, offsetsOf(compiled.kernel, offset));
    pass.dispatchWorkgroups(...workgroups);
  }
}
