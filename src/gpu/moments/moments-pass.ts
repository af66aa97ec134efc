import type { FloatArray } from '../../data/dataset.js';
import type { Center } from '../../moments/centers.js';
import { beforeAbort, inTurns, nextTurn } from '../../base/turns.js';
import { SumsAbout } from '../../moments/sums-about.js';
import { Buffers, read, readWrite, uniform } from '../device/buffers.js';
import { bind, type CompiledKernel } from '../device/compile.js';
import { mapForReading, readMapped } from '../device/readback.js';
import { writeConfig } from '../kernels/uniforms.js';
import type { GpuContext } from '../device/device.js';
import { QUAD_BYTES } from '../kernels/layout.js';
import { sumsOf } from '../kernels/moments-kernels.js';
import type { DeviceMomentsPlan } from './moments-plan.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Chunks under way on the device: what bounds the memory of a pass. Enough that it has work while news of what is done
 * is on its way, which takes some milliseconds in a browser.
 */
const LANES = 3;

/** Buffers and bind groups that chunks pass through, one chunk after another. */
interface Lane {
  /** Its columns; lanes share two of these, so that one can be written while the other is read. */
  chunk: GPUBuffer;
  /** The buffer in which its partials are read back. */
  result: GPUBuffer;
  /** The group of a whole chunk and that of the last one. */
  full: GPUBindGroup;
  last: GPUBindGroup;
  partials: GPUBuffer;
  /** When the result is there; undefined before the first chunk. */
  done?: Promise<unknown>;
}

/** The result of a pass: the sums of the device's chunks and those of the host's, about one shift. */
export interface PassSums {
  /** In the order of a partial, of deviations over two to the exponent. */
  device: Float64Array;
  host: SumsAbout;
}

/**
 * One pass over columns that adds up their sums about a shift. With weights, [m], each row of the device is times the root
 * of its weight: see weighted-columns.ts.
 */
export class MomentsPass {
  readonly #context: GpuContext;
  readonly #compiled: CompiledKernel;
  readonly #plan: DeviceMomentsPlan;
  readonly #columns: readonly FloatArray[];
  readonly #centers: readonly Center[];
  readonly #weights: Float64Array | undefined;
  readonly #roots: Float64Array | undefined;
  readonly #sums: PassSums;
  /** [4·quads] */
  readonly #scratch: Float32Array<ArrayBuffer>;

  constructor(
    context: GpuContext,
    compiled: CompiledKernel,
    plan: DeviceMomentsPlan,
    columns: readonly FloatArray[],
    centers: readonly Center[],
    weights?: Float64Array,
  ) {
    this.#context = context;
    this.#compiled = compiled;
    this.#plan = plan;
    this.#columns = columns;
    this.#centers = centers;
    this.#weights = weights;
    this.#roots = weights?.map(Math.sqrt);
    this.#scratch = new Float32Array(4 * plan.quads);
    this.#sums = {
      device: new Float64Array(sumsOf(columns.length)),
      host: new SumsAbout(Float64Array.from(centers, ({ shift }) => shift)),
    };
  }

  /** Copying and adding up overlap, and the host is free between two chunks of the device. */
  async run(signal: AbortSignal | undefined): Promise<PassSums> {
    const { chunkCount, turn: chunksPerTurn } = this.#plan;
    const allocator = new Buffers(this.#context.device);
    try {
      // Not waited for: while the device makes its buffers the host goes on. What goes wrong shows with the first chunk.
      let lanes: Lane[] | undefined;
      const preparation = this.#context.guard('prepare the moments', () => (lanes = this.#prepare(allocator)));
      preparation.catch(() => undefined);
      lanes ??= await preparation;
      for (let chunk = 0; chunk < chunkCount; chunk++) {
        if (chunk % chunksPerTurn > 0) {
          await this.#addOnHost(chunk, signal);
          continue;
        }
        const lane = lanes[(chunk / chunksPerTurn) % lanes.length] as Lane;
        if (lane.done) {
          await beforeAbort(this.#finish(lane), signal);
        }
        await nextTurn(signal); // a chunk is folded and another one written in a turn of its own
        lane.done = this.#context.wait(this.#send(lane, chunk, preparation));
        lane.done.catch(() => undefined); // it is awaited, unless another step fails before
      }
      // The lanes from the one whose turn it would be on: in the order of their chunks.
      const next = Math.ceil(chunkCount / chunksPerTurn);
      for (let i = 0; i < lanes.length; i++) {
        await beforeAbort(this.#finish(lanes[(next + i) % lanes.length] as Lane), signal);
      }
      return this.#sums;
    } finally {
      allocator.destroy();
    }
  }

  /** Waits for the chunk of a lane, and folds its partials. */
  async #finish(lane: Lane): Promise<void> {
    await lane.done;
    const sums = this.#sums.device;
    await readMapped(this.#context, lane.result, (contents) => {
      const partials = new Float32Array(contents);
      for (let from = 0; from < partials.length; from += sums.length) {
        for (let k = 0; k < sums.length; k++) sums[k] = (sums[k] as number) + (partials[from + k] as number);
      }
    });
  }

  /** A chunk of many columns is tens of milliseconds of work. */
  async #addOnHost(chunk: number, signal: AbortSignal | undefined): Promise<void> {
    const from = 4 * this.#plan.quads * chunk;
    const exampleCount = this.#columns[0]?.length ?? 0;
    const to = Math.min(exampleCount, from + 4 * this.#plan.quads);
    const { host } = this.#sums;
    const [columns, weights] = [this.#columns, this.#weights];
    await inTurns(weights ? host.addWeighted(columns, weights, from, to) : host.add(columns, from, to), signal);
  }

  #prepare(allocator: Buffers): Lane[] {
    const { device } = this.#context;
    const { quads, chunkCount, turn, partials: partialCount } = this.#plan;
    const columnCount = this.#columns.length;
    const partialBytes = partialCount * this.#sums.device.length * FLOAT_BYTES;
    const partials = allocator.storage('moments partials', partialBytes);
    const shift = allocator.filled('shift', columnCount * FLOAT_BYTES, (contents) => {
      new Float32Array(contents).set(this.#columns.map((_, i) => this.#shiftOnDevice(i)));
    });
    const config = (quadCount: number) => {
      const shape = { exampleCount: 4 * quadCount, quadCount, featureCount: columnCount, rowQuads: 0 };
      return allocator.uniform('config', writeConfig({ ...shape, firstPartial: 0, partialCount, huberDelta: 0 }));
    };
    const [full, last] = [config(quads), config(this.#quadsOf(chunkCount - 1))];
    const laneCount = Math.min(LANES, Math.ceil(chunkCount / turn));
    const chunks = Array.from({ length: Math.min(2, laneCount) }, () => {
      const chunk = allocator.storage('chunk', quads * columnCount * QUAD_BYTES);
      const group = (of: GPUBuffer) =>
        bind(device, this.#compiled, [uniform(of), read(chunk), read(shift), readWrite(partials)]);
      return { chunk, partials, full: group(full), last: group(last) };
    });
    return Array.from({ length: laneCount }, (_, i): Lane => {
      const chunk = chunks[i % chunks.length] as (typeof chunks)[0];
      return { ...chunk, result: allocator.staging('moments result', partialBytes) };
    });
  }

  /** Has a chunk written, added up and its partials copied back, once the buffers are there. */
  async #send(
    { chunk: target, partials, full, last, result }: Lane,
    chunk: number,
    preparation: Promise<unknown>,
  ): Promise<void> {
    const { device } = this.#context;
    const { chunkCount, tiles, workgroups } = this.#plan;
    const sent = this.#context.guard('add up the moments', () => {
      this.#write(target, chunk);
      const encoder = device.createCommandEncoder({ label: 'moments' });
      const pass = encoder.beginComputePass({ label: 'moments' });
      pass.setPipeline(this.#compiled.pipeline);
      pass.setBindGroup(0, chunk === chunkCount - 1 ? last : full);
      pass.dispatchWorkgroups(workgroups, tiles, tiles);
      pass.end();
      encoder.copyBufferToBuffer(partials, 0, result, 0, partials.size);
      device.queue.submit([encoder.finish()]);
      return { mapped: mapForReading(result) };
    });
    sent.catch(() => undefined); // without the buffers it fails for lesser reasons
    await preparation;
    const { mapped } = await sent;
    await mapped;
  }

  /** Writes a chunk column by column, each padded to whole quads with what counts as 0. */
  #write(target: GPUBuffer, chunk: number): void {
    const { queue } = this.#context.device;
    const from = 4 * this.#plan.quads * chunk;
    const length = 4 * this.#quadsOf(chunk);
    this.#columns.forEach((column, i) => {
      const rows = Math.min(length, column.length - from);
      const byteOffset = length * i * FLOAT_BYTES;
      if (this.#isCenteredOnDevice(i) && rows === length) {
        queue.writeBuffer(target, byteOffset, column as Float32Array<ArrayBuffer>, from, rows);
      } else {
        queue.writeBuffer(target, byteOffset, this.#laidOut(i, from, rows), 0, length);
      }
    });
  }

  /** Rows of a column as the kernel takes them, in an array that the next call uses again. */
  #laidOut(i: number, from: number, rows: number): Float32Array<ArrayBuffer> {
    const column = this.#columns[i] as FloatArray;
    const { shift, exponent } = this.#centers[i] as Center;
    if (this.#isCenteredOnDevice(i)) {
      this.#scratch.set(column.subarray(from, from + rows));
    } else {
      const scale = 2 ** -exponent;
      for (let row = 0; row < rows; row++) {
        const root = this.#roots ? (this.#roots[from + row] as number) : 1;
        this.#scratch[row] = root * ((column[from + row] as number) - shift) * scale;
      }
    }
    return this.#scratch.fill(this.#shiftOnDevice(i), rows);
  }

  #quadsOf(chunk: number): number {
    const { quads } = this.#plan;
    return Math.min(quads, Math.ceil((this.#columns[0]?.length ?? 0) / 4) - quads * chunk);
  }

  /**
   * True if the kernel subtracts the shift, so that the host copies the column unchanged: x and the shift are f32, and
   * their difference is right to one rounding, as it would be from f64. A column of f64, or one that must be scaled, is
   * centered on the host.
   */
  #isCenteredOnDevice(i: number): boolean {
    return !this.#roots && this.#columns[i] instanceof Float32Array && this.#centers[i]?.exponent === 0;
  }

  #shiftOnDevice(i: number): number {
    return this.#isCenteredOnDevice(i) ? (this.#centers[i] as Center).shift : 0;
  }
}
