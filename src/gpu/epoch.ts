import type { Binding } from './buffers.js';
import { bind, type CompiledKernel } from './compile.js';

/** All that the epochs of any recipe read and write. Pairs take turns: an epoch reads one of the two, writes the other. */
export interface EpochBuffers {
  config: GPUBuffer; //                     struct Config
  features: GPUBuffer; //                   [d, quads] of vec4f
  targets: GPUBuffer; //                    [quads] of vec4f
  partials: GPUBuffer; //                   [d + 1, partialCount] of vec2f
  stepScales: GPUBuffer; //                 [d + 1]
  parameters: [GPUBuffer, GPUBuffer]; //    [d + 1]
  progress: [GPUBuffer, GPUBuffer]; //      struct Progress
  lossHistory: GPUBuffer; //                [epochs]
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

/** The steps of an epoch, bound for both turns. Each dispatch of a compute pass waits for the one before it. */
export class Epoch {
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
    this.#turns = [dispatches(0, 1), dispatches(1, 0)];
  }

  /** Adds epoch number `epoch`, counted from 0, to a compute pass. */
  encode(pass: GPUComputePassEncoder, epoch: number): void {
    for (const { pipeline, group, workgroups } of this.#turns[epoch % 2 === 0 ? 0 : 1]) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...workgroups);
    }
  }
}
