import type { Binding } from './buffers.js';
import { bind, type CompiledKernel } from './compile.js';
import type { Shard } from './upload.js';

/** Models that one dispatch works for. */
export interface JobSpan {
  jobs: GPUBuffer; //                       [count] of struct Job
  count: number;
}

/** A shard, and what the kernels know of it. */
export interface BoundShard extends Shard {
  config: GPUBuffer; //                     struct Config
  /** Workgroups that share its examples. */
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
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  workgroups: readonly [number, number?, number?];
}

/**
 * The steps of a round, of one epoch or of several, bound for both turns. Each dispatch of a compute pass waits for the
 * one before it.
 */
export class Epoch {
  /** Dispatches of one round. */
  readonly stepCount: number;
  readonly #turns: readonly [Dispatch[], Dispatch[]];

  constructor(device: GPUDevice, steps: readonly Step[], { parameters, progress }: EpochBuffers) {
    const dispatches = (now: 0 | 1, next: 0 | 1): Dispatch[] => {
      const turn: Turn = {
        parameters: parameters[now],
        nextParameters: parameters[next],
        progress: progress[now],
        nextProgress: progress[next],
      };
      return steps.map(({ compiled, bindings, workgroups }) => {
        return { pipeline: compiled.pipeline, group: bind(device, compiled, bindings(turn)), workgroups };
      });
    };
    this.stepCount = steps.length;
    this.#turns = [dispatches(0, 1), dispatches(1, 0)];
  }

  /** Adds one step to a compute pass, the steps of all rounds being counted from 0. */
  encode(pass: GPUComputePassEncoder, step: number): void {
    const round = Math.floor(step / this.stepCount);
    const { pipeline, group, workgroups } = this.#turns[round % 2 === 0 ? 0 : 1][step % this.stepCount] as Dispatch;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...workgroups);
  }
}
