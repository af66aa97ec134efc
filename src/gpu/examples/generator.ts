import { beforeAbort } from '../../base/turns.js';
import type { SyntheticData } from '../../data/synthetic.js';
import { type Binding, Buffers, read, uniform } from '../device/buffers.js';
import { bind, type CompiledKernel, compileKernels } from '../device/compile.js';
import type { GpuContext } from '../device/device.js';
import type { ShardRange } from '../kernels/layout.js';
import {
  shardSize,
  shardWorkgroups,
  syntheticKernel,
  type ShardSize,
  type SyntheticLayout,
  truthOf,
  writeShard,
} from '../kernels/synthetic-kernel.js';

/** The bindings that the examples of a shard are generated into. */
interface Drawn {
  features: Binding;
  targets: Binding;
}

/** Draws the examples of a synthetic dataset on the device, a shard at a time. Needed no longer once they are drawn. */
export class Generator {
  readonly #context: GpuContext;
  readonly #kernel: CompiledKernel;
  readonly #data: SyntheticData;
  readonly #layout: SyntheticLayout;
  readonly #allocator: Buffers;
  #truth: GPUBuffer | undefined;

  private constructor(context: GpuContext, kernel: CompiledKernel, data: SyntheticData, layout: SyntheticLayout) {
    this.#context = context;
    this.#kernel = kernel;
    this.#data = data;
    this.#layout = layout;
    this.#allocator = new Buffers(context.device);
  }

  static async open(
    context: GpuContext,
    data: SyntheticData,
    layout: SyntheticLayout,
    signal?: AbortSignal,
  ): Promise<Generator> {
    const kernels = [syntheticKernel(data.spec, layout.order, context.tuning, data.rows !== undefined)];
    const [kernel] = (await compileKernels(context, kernels, signal)) as [CompiledKernel];
    return new Generator(context, kernel, data, layout);
  }

  /**
   * Draws consecutive examples into what `place` makes or points at, and waits until they are there. Throws
   * `OUT_OF_MEMORY`, `DEVICE_LOST` and the signal's reason.
   */
  async draw<Place extends Drawn>(
    { firstExample, exampleCount }: ShardRange,
    place: (size: ShardSize) => Place,
    signal?: AbortSignal,
  ): Promise<Place> {
    const context = this.#context;
    const { spec, exampleCount: all, featureCount } = this.#data;
    const shard = { first: firstExample, exampleCount, layout: this.#layout };
    const size = shardSize(spec, shard);
    const step = `make ${exampleCount} of ${all} × ${featureCount} synthetic examples`;
    const placed = await context.guard(step, () => {
      const drawn = place(size);
      const shardUniform = uniform(this.#allocator.uniform('shard', writeShard(spec, shard)));
      const picked = this.#pickedRows(firstExample, exampleCount);
      this.#dispatch([shardUniform, read(this.#truthOnDevice()), drawn.features, drawn.targets, ...picked], size);
      return drawn;
    });
    await beforeAbort(context.wait(context.device.queue.onSubmittedWorkDone()), signal);
    return placed;
  }

  dispose(): void {
    this.#allocator.destroy();
  }

  #dispatch(bindings: Binding[], size: ShardSize): void {
    const { device, tuning } = this.#context;
    const encoder = device.createCommandEncoder({ label: 'synthetic' });
    const pass = encoder.beginComputePass({ label: 'synthetic' });
    pass.setPipeline(this.#kernel.pipeline);
    pass.setBindGroup(0, bind(device, this.#kernel, bindings));
    pass.dispatchWorkgroups(shardWorkgroups(size, tuning));
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  /** The true parameters; written with the first shard. */
  #truthOnDevice(): GPUBuffer {
    if (this.#truth) return this.#truth;
    const contents = truthOf(this.#data.spec);
    this.#truth = this.#allocator.storage('truth', contents.byteLength);
    this.#context.device.queue.writeBuffer(this.#truth, 0, contents as Float32Array<ArrayBuffer>);
    return this.#truth;
  }

  /** A buffer with the rows of the examples, if they are not consecutive. */
  #pickedRows(firstExample: number, exampleCount: number): Binding[] {
    const { rows } = this.#data;
    if (!rows) return [];
    const picked = rows.slice(firstExample, firstExample + exampleCount);
    const buffer = this.#allocator.storage('rows', picked.byteLength);
    this.#context.device.queue.writeBuffer(buffer, 0, picked);
    return [read(buffer)];
  }
}
