import type { SyntheticData, SyntheticSpec } from '../sources/synthetic.js';
import { type Binding, Buffers, read, uniform } from './buffers.js';
import { bind, type CompiledKernel, compileKernels } from './compile.js';
import type { GpuContext } from './device.js';
import type { ShardRange } from './layout.js';
import {
  shardSize,
  shardWorkgroups,
  syntheticKernel,
  type ShardSize,
  type SyntheticLayout,
  truthOf,
  writeShard,
} from './synthetic-kernel.js';

/** Where the examples of a shard are drawn to. */
interface Drawn {
  features: Binding;
  targets: Binding;
}

/** Draws the examples of a synthetic dataset on the device, a shard at a time. Needed no longer once they are drawn. */
export class Generator {
  readonly #context: GpuContext;
  readonly #kernel: CompiledKernel;
  readonly #spec: SyntheticSpec;
  readonly #layout: SyntheticLayout;
  readonly #made: Buffers;
  #truth: GPUBuffer | undefined;

  private constructor(context: GpuContext, kernel: CompiledKernel, spec: SyntheticSpec, layout: SyntheticLayout) {
    this.#context = context;
    this.#kernel = kernel;
    this.#spec = spec;
    this.#layout = layout;
    this.#made = new Buffers(context.device);
  }

  static async open(context: GpuContext, { spec }: SyntheticData, layout: SyntheticLayout): Promise<Generator> {
    const kernels = [syntheticKernel(spec, layout.order, context.tuning)];
    const [kernel] = (await compileKernels(context, kernels)) as [CompiledKernel];
    return new Generator(context, kernel, spec, layout);
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
    const { exampleCount: all, featureCount } = this.#spec;
    const shard = { first: firstExample, exampleCount, layout: this.#layout };
    const size = shardSize(this.#spec, shard);
    const step = `make ${exampleCount} of ${all} × ${featureCount} synthetic examples`;
    const placed = await context.guard(step, () => {
      const drawn = place(size);
      const given = uniform(this.#made.uniform('shard', writeShard(this.#spec, shard)));
      this.#dispatch([given, read(this.#truthOnDevice()), drawn.features, drawn.targets], size);
      return drawn;
    });
    await context.wait(context.device.queue.onSubmittedWorkDone());
    signal?.throwIfAborted();
    return placed;
  }

  dispose(): void {
    this.#made.destroy();
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
    const contents = truthOf(this.#spec);
    this.#truth = this.#made.storage('truth', contents.byteLength);
    this.#context.device.queue.writeBuffer(this.#truth, 0, contents as Float32Array<ArrayBuffer>);
    return this.#truth;
  }
}
