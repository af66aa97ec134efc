import type { FloatArray } from '../dataset.js';
import type { Center } from '../moments/centers.js';
import { SumsAbout } from '../moments/sums-about.js';
import { Buffers, read, readWrite, uniform } from './buffers.js';
import { bind, type CompiledKernel } from './compile.js';
import { writeConfig } from './config.js';
import type { GpuContext } from './device.js';
import { QUAD_BYTES } from './layout.js';
import { sumsOf } from './moments-kernels.js';
import type { MomentsPlan } from './moments-plan.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Chunks under way: one that the host fills, one that is copied or waits, one that is added up. */
const LANES = 3;

/** What a chunk passes through, again and again. */
interface Lane {
  /** Where the host writes a chunk; mapped except while the device reads it. */
  source: GPUBuffer;
  /** Where the partials of a chunk come back. */
  result: GPUBuffer;
  /** When both can be used again; undefined before the first chunk. */
  done?: Promise<unknown>;
}

/** What all chunks share on the device. */
interface Shared {
  chunk: GPUBuffer;
  partials: GPUBuffer;
  /** The groups of a whole chunk and of the last one. */
  whole: GPUBindGroup;
  last: GPUBindGroup;
}

/** What a pass leaves: the sums of the device's chunks and those of the host's, about one shift. */
export interface PassSums {
  /** In the order of a partial, of deviations over two to the exponent. */
  device: Float64Array;
  host: SumsAbout;
}

/** One pass over columns that adds up their sums about a shift. */
export class MomentsPass {
  readonly #context: GpuContext;
  readonly #compiled: CompiledKernel;
  readonly #plan: MomentsPlan;
  readonly #columns: readonly FloatArray[];
  readonly #centers: readonly Center[];
  readonly #sums: PassSums;

  constructor(
    context: GpuContext,
    compiled: CompiledKernel,
    plan: MomentsPlan,
    columns: readonly FloatArray[],
    centers: readonly Center[],
  ) {
    this.#context = context;
    this.#compiled = compiled;
    this.#plan = plan;
    this.#columns = columns;
    this.#centers = centers;
    this.#sums = {
      device: new Float64Array(sumsOf(columns.length)),
      host: new SumsAbout(Float64Array.from(centers, ({ shift }) => shift)),
    };
  }

  /** Copying and adding up overlap, and the host is free between two chunks of the device. */
  async run(signal: AbortSignal | undefined): Promise<PassSums> {
    const { chunkCount, turn } = this.#plan;
    const made = new Buffers(this.#context.device);
    try {
      // The device is still making the buffers while the host writes the first ones, which are mapped from the start.
      let ready: { lanes: Lane[]; shared: Shared } | undefined;
      const prepared = this.#context.guard('prepare the moments', () => (ready = this.#prepare(made)));
      prepared.catch(() => undefined); // it is awaited with the first chunk, unless another step fails before
      const { lanes, shared } = ready ?? (await prepared);
      for (let chunk = 0; chunk < chunkCount; chunk++) {
        if (chunk % turn > 0) {
          this.#addOnHost(chunk);
          continue;
        }
        const lane = lanes[(chunk / turn) % lanes.length] as Lane;
        if (lane.done) {
          await this.#finish(lane);
          signal?.throwIfAborted();
        }
        this.#fill(lane, chunk);
        lane.done = inTurn(prepared, ...this.#send(lane, shared, chunk));
        lane.done.catch(() => undefined); // likewise
      }
      // The lanes from the one whose turn it would be on: in the order of their chunks.
      const next = Math.ceil(chunkCount / turn);
      for (let i = 0; i < lanes.length; i++) await this.#finish(lanes[(next + i) % lanes.length] as Lane);
      return this.#sums;
    } finally {
      made.destroy();
    }
  }

  /** Waits for the chunk of a lane, and folds its partials. */
  async #finish(lane: Lane): Promise<void> {
    await this.#context.wait(lane.done ?? Promise.resolve());
    const partials = new Float32Array(lane.result.getMappedRange());
    const sums = this.#sums.device;
    for (let from = 0; from < partials.length; from += sums.length) {
      for (let k = 0; k < sums.length; k++) sums[k] = (sums[k] as number) + (partials[from + k] as number);
    }
    lane.result.unmap();
  }

  #addOnHost(chunk: number): void {
    const from = 4 * this.#plan.quads * chunk;
    const exampleCount = this.#columns[0]?.length ?? 0;
    this.#sums.host.add(this.#columns, from, Math.min(exampleCount, from + 4 * this.#plan.quads));
  }

  #prepare(made: Buffers): { lanes: Lane[]; shared: Shared } {
    const { device } = this.#context;
    const { quads, chunkCount, turn, partials: partialCount } = this.#plan;
    const columnCount = this.#columns.length;
    const chunkBytes = quads * columnCount * QUAD_BYTES;
    const partialBytes = partialCount * this.#sums.device.length * FLOAT_BYTES;
    const chunk = made.storage('chunk', chunkBytes);
    const partials = made.storage('moments partials', partialBytes);
    const shift = made.filled('shift', columnCount * FLOAT_BYTES, (contents) => {
      new Float32Array(contents).set(this.#columns.map((_, i) => this.#shiftOnDevice(i)));
    });
    const group = (quadCount: number) => {
      const shape = { exampleCount: 4 * quadCount, quadCount, featureCount: columnCount, rowQuads: 0 };
      const config = made.uniform('config', writeConfig({ ...shape, firstPartial: 0, partialCount }));
      return bind(device, this.#compiled, [uniform(config), read(chunk), read(shift), readWrite(partials)]);
    };
    const lanes = Array.from({ length: Math.min(LANES, Math.ceil(chunkCount / turn)) }, (): Lane => {
      return { source: made.source('chunk source', chunkBytes), result: made.staging('moments result', partialBytes) };
    });
    return { lanes, shared: { chunk, partials, whole: group(quads), last: group(this.#quadsOf(chunkCount - 1)) } };
  }

  /** Lays a chunk out column by column, each padded to whole quads with what counts as 0. */
  #fill({ source }: Lane, chunk: number): void {
    const { quads } = this.#plan;
    const from = 4 * quads * chunk;
    const length = 4 * this.#quadsOf(chunk);
    const contents = new Float32Array(source.getMappedRange());
    this.#columns.forEach((column, i) => {
      const { shift, exponent } = this.#centers[i] as Center;
      const rows = Math.min(length, column.length - from);
      const at = length * i;
      if (this.#isCenteredOnDevice(i)) {
        contents.set(column.subarray(from, from + rows), at);
      } else {
        const scale = 2 ** -exponent;
        for (let row = 0; row < rows; row++) contents[at + row] = ((column[from + row] as number) - shift) * scale;
      }
      contents.fill(this.#shiftOnDevice(i), at + rows, at + length);
    });
    source.unmap();
  }

  /** Has a chunk copied, added up and its partials copied back; when all of it is done, the lane can be used again. */
  #send(lane: Lane, { chunk: target, partials, whole, last }: Shared, chunk: number): Promise<unknown>[] {
    const { device } = this.#context;
    const { chunkCount, turn, tiles, workgroups } = this.#plan;
    const submitted = this.#context.guard('add up the moments', () => {
      const encoder = device.createCommandEncoder({ label: 'moments' });
      encoder.copyBufferToBuffer(lane.source, 0, target, 0, target.size);
      const pass = encoder.beginComputePass({ label: 'moments' });
      pass.setPipeline(this.#compiled.pipeline);
      pass.setBindGroup(0, chunk === chunkCount - 1 ? last : whole);
      pass.dispatchWorkgroups(workgroups, tiles, tiles);
      pass.end();
      encoder.copyBufferToBuffer(partials, 0, lane.result, 0, partials.size);
      device.queue.submit([encoder.finish()]);
    });
    const steps = [submitted, lane.result.mapAsync(GPUMapMode.READ)];
    if (chunk + turn * LANES < chunkCount) steps.push(lane.source.mapAsync(GPUMapMode.WRITE));
    return steps;
  }

  #quadsOf(chunk: number): number {
    const { quads } = this.#plan;
    return Math.min(quads, Math.ceil((this.#columns[0]?.length ?? 0) / 4) - quads * chunk);
  }

  /**
   * Whether the kernel takes the shift off, so that the host copies the column as it is: x and the shift are f32, and
   * their difference is right to one rounding, as it would be from f64. A column of f64, or one that must be scaled, is
   * centred on the host.
   */
  #isCenteredOnDevice(i: number): boolean {
    return this.#columns[i] instanceof Float32Array && this.#centers[i]?.exponent === 0;
  }

  #shiftOnDevice(i: number): number {
    return this.#isCenteredOnDevice(i) ? (this.#centers[i] as Center).shift : 0;
  }
}

/** Waits for all, and fails as the first of them in this order does: what comes after a failure fails for lesser reasons. */
async function inTurn(...steps: readonly Promise<unknown>[]): Promise<void> {
  for (const step of steps) step.catch(() => undefined);
  for (const step of steps) await step;
}
