import { read, readWrite, uniform } from './buffers.js';
import { bind, type CompiledKernel } from './compile.js';

/** The kernels of one epoch, in the order in which they run. */
export interface EpochKernels {
  residual: CompiledKernel;
  gradient: CompiledKernel;
  update: CompiledKernel;
}

/** All that an epoch reads and writes. Pairs take turns: an epoch reads one of the two and writes the other. */
export interface EpochBuffers {
  config: GPUBuffer; //                     struct Config
  features: GPUBuffer; //                   [d, quads] of vec4f
  targets: GPUBuffer; //                    [quads] of vec4f
  residuals: GPUBuffer; //                  [quads] of vec4f
  partials: GPUBuffer; //                   [d + 1, partialCount] of vec2f
  stepScales: GPUBuffer; //                 [d + 1]
  parameters: [GPUBuffer, GPUBuffer]; //    [d + 1]
  progress: [GPUBuffer, GPUBuffer]; //      struct Progress
  lossHistory: GPUBuffer; //                [epochs]
}

/** What the dispatches of an epoch are sized by. */
export interface EpochShape {
  quadCount: number;
  featureCount: number;
  partialCount: number;
}

/** A dispatch reaches this many workgroups in one dimension on every adapter (maxComputeWorkgroupsPerDimension). */
const MOST_WORKGROUPS = 65_535;

/**
 * An invocation of the gradient adds up this many quads before the tree: enough that the tree costs little beside
 * them, few enough that the sums stay accurate.
 */
const QUADS_PER_INVOCATION = 64;

/** More partials than this keep the fold busy for longer than they spare the sums. */
const MOST_PARTIALS = 1024;

/** How many workgroups share the examples of one row of sums: fixed by m alone, so that every run adds in one order. */
export function partialCountFor(quadCount: number, workgroupSize: number): number {
  return Math.min(MOST_PARTIALS, Math.ceil(quadCount / (workgroupSize * QUADS_PER_INVOCATION)));
}

/** The recipe of an epoch: three dispatches, each waiting for the one before. */
export class Epoch {
  readonly #kernels: EpochKernels;
  readonly #turns: readonly Record<keyof EpochKernels, GPUBindGroup>[];
  readonly #workgroups: Record<keyof EpochKernels, [x: number, y?: number, z?: number]>;

  constructor(device: GPUDevice, kernels: EpochKernels, buffers: EpochBuffers, shape: EpochShape) {
    this.#kernels = kernels;
    const { quadCount, featureCount, partialCount } = shape;
    this.#workgroups = {
      residual: [Math.min(Math.ceil(quadCount / kernels.residual.kernel.workgroupSize), MOST_WORKGROUPS)],
      gradient: [partialCount, ...folded(featureCount + 1)],
      update: folded(featureCount + 1),
    };
    const { config, features, targets, residuals, partials, stepScales, lossHistory } = buffers;
    this.#turns = [0, 1].map((turn) => {
      const [parameters, nextParameters] = inTurn(buffers.parameters, turn);
      const [progress, nextProgress] = inTurn(buffers.progress, turn);
      return {
        residual: bind(device, kernels.residual, [
          uniform(config),
          read(features),
          read(targets),
          read(parameters),
          read(progress),
          readWrite(residuals),
        ]),
        gradient: bind(device, kernels.gradient, [
          uniform(config),
          read(features),
          read(residuals),
          read(progress),
          readWrite(partials),
        ]),
        update: bind(device, kernels.update, [
          uniform(config),
          read(partials),
          read(stepScales),
          read(parameters),
          read(progress),
          readWrite(nextParameters),
          readWrite(nextProgress),
          readWrite(lossHistory),
        ]),
      };
    });
  }

  /** Adds epoch number `epoch`, counted from 0, to a compute pass. */
  encode(pass: GPUComputePassEncoder, epoch: number): void {
    this.encodeKernel(pass, epoch, 'residual');
    this.encodeKernel(pass, epoch, 'gradient');
    this.encodeKernel(pass, epoch, 'update');
  }

  /** Adds one kernel of that epoch. */
  encodeKernel(pass: GPUComputePassEncoder, epoch: number, name: keyof EpochKernels): void {
    const groups = this.#turns[epoch % 2] as Record<keyof EpochKernels, GPUBindGroup>;
    pass.setPipeline(this.#kernels[name].pipeline);
    pass.setBindGroup(0, groups[name]);
    pass.dispatchWorkgroups(...this.#workgroups[name]);
  }
}

function inTurn(pair: [GPUBuffer, GPUBuffer], turn: number): [GPUBuffer, GPUBuffer] {
  return turn === 0 ? pair : [pair[1], pair[0]];
}

/** A count of workgroups over two dimensions, each within the limit; the kernel passes over what is too many. */
function folded(workgroups: number): [number, number] {
  const rows = Math.ceil(workgroups / MOST_WORKGROUPS);
  return [Math.ceil(workgroups / rows), rows];
}
