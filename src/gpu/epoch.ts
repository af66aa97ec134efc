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
  readonly #shape: EpochShape;

  constructor(device: GPUDevice, kernels: EpochKernels, buffers: EpochBuffers, shape: EpochShape) {
    this.#kernels = kernels;
    this.#shape = shape;
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
    const { residual, gradient, update } = this.#kernels;
    const { quadCount, featureCount, partialCount } = this.#shape;
    const groups = this.#turns[epoch % 2] as Record<keyof EpochKernels, GPUBindGroup>;
    const residualWorkgroups = Math.ceil(quadCount / residual.kernel.workgroupSize);

    pass.setPipeline(residual.pipeline);
    pass.setBindGroup(0, groups.residual);
    pass.dispatchWorkgroups(Math.min(residualWorkgroups, MOST_WORKGROUPS));

    pass.setPipeline(gradient.pipeline);
    pass.setBindGroup(0, groups.gradient);
    pass.dispatchWorkgroups(partialCount, ...folded(featureCount + 1));

    pass.setPipeline(update.pipeline);
    pass.setBindGroup(0, groups.update);
    pass.dispatchWorkgroups(...folded(featureCount + 1));
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
