import type { BestState, RunState, Start } from '../../descent/backend.js';
import { type Buffers, read, readWrite, uniform } from '../device/buffers.js';
import { type CompiledKernel, compileKernels } from '../device/compile.js';
import { type UniformSettings, SETTINGS_BYTES, writeSettings } from '../kernels/uniforms.js';
import type { GpuContext } from '../device/device.js';
import type { BoundShard, EpochBuffers, Step, BufferTurn } from './epoch.js';
import { validationLossKernel, validationModelKernel } from '../kernels/epoch-kernels.js';
import type { FloatRange, SourceRange } from '../device/readback.js';
import type { WatchedBytes } from '../device/submits.js';
import { isModelFirst } from './optimizer-state.js';
import type { Standardization } from '../../descent/standardization.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Numbers before the parameters of the best epoch: epochs validated, the best of them, and its loss. */
const BEST_HEAD = 3;

/** The kernels before and after a validation pass. */
export interface ValidationKernels {
  loss: CompiledKernel;
  model: CompiledKernel;
}

export async function compileValidationKernels(context: GpuContext): Promise<ValidationKernels> {
  const { tuning } = context;
  const [loss, model] = await compileKernels(context, [validationLossKernel(tuning), validationModelKernel(tuning)]);
  return { loss: loss as CompiledKernel, model: model as CompiledKernel };
}

/** The parts of the validation of a run. */
export interface ValidationParts {
  kernels: ValidationKernels;
  /** The validation examples, and their total weight. */
  shards: readonly BoundShard[];
  weight: number;
  /** The buffer for the sums of a pass over the validation examples, and the steps of the pass. */
  partials: GPUBuffer;
  pass: readonly Step[];
  /** Those of the epochs. */
  buffers: Pick<EpochBuffers, 'settings'>;
  start: Start;
  standardization: Standardization;
  /** The state in which an earlier run ended. */
  from: Pick<RunState, 'epoch' | 'best'> | undefined;
}

/**
 * Validation during a run, entirely on the device: after the last update of each epoch, a pass over the validation
 * examples with the kernels of training, and a kernel that keeps the best parameters and stops the run.
 */
export class Validation {
  /** The steps after the last update of an epoch. */
  readonly steps: readonly Step[];
  readonly #parts: ValidationParts;
  readonly #settings: GPUBuffer; //  [1] of struct Settings
  readonly #best: GPUBuffer; //      epochs validated, the best of them, its loss, [d + 1]
  readonly #history: GPUBuffer; //   [epochs]

  constructor({ device }: GpuContext, allocator: Buffers, parts: ValidationParts) {
    const { start, standardization, from } = parts;
    const size = start.initial.length;
    this.#parts = parts;
    this.#settings = allocator.storage('validation settings', SETTINGS_BYTES);
    this.#best = allocator.storage('best', (BEST_HEAD + size) * FLOAT_BYTES);
    this.#history = allocator.storage('validation history', start.settings.epochs * FLOAT_BYTES);
    if (from) {
      const { epoch, best } = from;
      const bestState = best ? [best.epoch, best.loss, ...standardization.toDevice(best.parameters)] : [];
      device.queue.writeBuffer(this.#best, 0, Float32Array.of(epoch, ...bestState));
    }
    const model = isModelFirst(start) ? undefined : allocator.storage('model', size * FLOAT_BYTES);
    const onModel = (turn: BufferTurn): BufferTurn => ({ ...turn, parameters: model ?? turn.nextParameters });
    this.steps = [
      ...(model ? [this.#validationModel(model)] : []),
      ...parts.pass.map((step): Step => ({ ...step, bindings: (turn) => step.bindings(onModel(turn)) })),
      this.#validationLoss(onModel),
    ];
  }

  /** Writes the tolerance and patience in force. */
  allow({ queue }: GPUDevice, settings: UniformSettings): void {
    queue.writeBuffer(this.#settings, 0, writeSettings([{ ...settings, exampleCount: this.#parts.weight }]));
  }

  /** The location of the losses of these epochs. */
  watched({ first, count }: FloatRange): WatchedBytes {
    return { buffer: this.#history, byteOffset: first * FLOAT_BYTES, bytes: count * FLOAT_BYTES };
  }

  /** The location of all that `read` needs to know of these epochs. */
  ranges({ first, count }: FloatRange): SourceRange[] {
    const bestCount = BEST_HEAD + this.#parts.start.initial.length;
    return [
      { source: this.#history, first, count },
      { source: this.#best, first: 0, count: bestCount },
    ];
  }

  /** The losses of the first `count` of the epochs, but one that is no finite number, with which a run ends, and the best epoch so far. */
  read(contents: Float32Array, count: number): { validationLosses: Float64Array; best: BestState | undefined } {
    const { start, standardization } = this.#parts;
    const bestAt = contents.length - BEST_HEAD - start.initial.length;
    const [losses, best] = [contents.subarray(0, Math.min(count, bestAt)), contents.subarray(bestAt)];
    const [, epoch = 0, loss = 0] = best;
    return {
      validationLosses: Float64Array.from(losses).filter(Number.isFinite),
      best: epoch > 0 ? { epoch, loss, parameters: standardization.fromDevice(best.subarray(BEST_HEAD)) } : undefined,
    };
  }

  #validationModel(model: GPUBuffer): Step {
    const { kernels, shards, buffers } = this.#parts;
    return {
      compiled: kernels.model,
      bindings: ({ nextParameters, nextProgress }) => [
        uniform((shards[0] as BoundShard).config),
        read(buffers.settings),
        read(nextParameters),
        read(nextProgress),
        readWrite(model),
      ],
      workgroups: [1],
    };
  }

  #validationLoss(onModel: (turn: BufferTurn) => BufferTurn): Step {
    const { kernels, shards, partials } = this.#parts;
    return {
      compiled: kernels.loss,
      bindings: (turn) => [
        uniform((shards[0] as BoundShard).config),
        read(this.#settings),
        read(partials),
        read(onModel(turn).parameters),
        readWrite(turn.nextProgress),
        readWrite(this.#best),
        readWrite(this.#history),
      ],
      workgroups: [1],
    };
  }
}
