import { Buffers, read, readWrite, uniform } from '../../src/gpu/buffers.js';
import { bind, compileKernel } from '../../src/gpu/compile.js';
import { type Config, writeConfig } from '../../src/gpu/config.js';
import { GpuContext } from '../../src/gpu/device.js';
import type { Kernel } from '../../src/gpu/kernels.js';
import { HARDWARE, SOFTWARE, type Tuning } from '../../src/gpu/tuning.js';
import { requireAdapter, withErrorScopes } from './gpu.js';

/** A context on a device of its own; the test ends it. */
export async function openContext(limits: Record<string, number> = {}): Promise<GpuContext> {
  const adapter = await requireAdapter();
  const device = await adapter.requestDevice({ requiredLimits: limits });
  return new GpuContext(device, adapter.info, true);
}

/** Contents of a buffer: numbers as f32, or raw bytes. */
type Contents = Float32Array | Float64Array | ArrayBuffer;

/**
 * Runs one kernel once. Its bindings are the config (or a uniform of its own), then `reads`, then `writes`, as in its
 * file; `writes` give the size of each output in bytes. Outputs begin as NaN, so that what is not written shows.
 */
export async function runKernel(
  context: GpuContext,
  kernel: Kernel,
  run: {
    config: Config | ArrayBuffer;
    reads: Contents[];
    writes: number[];
    workgroups: [number, number?, number?];
    tuning: Tuning;
  },
): Promise<ArrayBuffer[]> {
  const { device } = context;
  const buffers = new Buffers(device);
  try {
    return await withErrorScopes(device, async () => {
      const compiled = await compileKernel(context, kernel, run.tuning);
      const reads = run.reads.map((contents) => {
        const bytes = contents instanceof Float64Array ? Float32Array.from(contents) : contents;
        const raw = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer);
        return buffers.filled('input', Math.max(raw.byteLength, 4), (mapped) => new Uint8Array(mapped).set(raw));
      });
      const writes = run.writes.map((bytes) => {
        const buffer = buffers.storage('output', bytes);
        device.queue.writeBuffer(buffer, 0, new Uint8Array(bytes).fill(0xff));
        return buffer;
      });
      const staging = run.writes.map((bytes) => buffers.staging('output', bytes));
      const group = bind(device, compiled, [
        uniform(buffers.uniform('config', run.config instanceof ArrayBuffer ? run.config : writeConfig(run.config))),
        ...reads.map(read),
        ...writes.map(readWrite),
      ]);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(compiled.pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...run.workgroups);
      pass.end();
      writes.forEach((buffer, i) => {
        encoder.copyBufferToBuffer(buffer, 0, staging[i] as GPUBuffer, 0, run.writes[i]);
      });
      device.queue.submit([encoder.finish()]);
      return Promise.all(
        staging.map(async (buffer) => {
          await buffer.mapAsync(GPUMapMode.READ);
          return buffer.getMappedRange().slice(0);
        }),
      );
    });
  } finally {
    buffers.destroy();
  }
}

/** Every kernel is tried with the numbers of either class of adapter, whichever runs the tests. */
export const TUNINGS = [
  { tuning: SOFTWARE, name: 'software' },
  { tuning: HARDWARE, name: 'hardware' },
];

/** A config for m examples of d features; what a kernel does not read may be anything. */
export function configFor(rows: number, features: number, partialCount = 1, rest: Partial<Config> = {}): Config {
  return {
    exampleCount: rows,
    quadCount: Math.ceil(rows / 4),
    featureCount: features,
    partialCount,
    patience: 3,
    learningRate: 0.375,
    tolerance: 0,
    ...rest,
  };
}

/** `struct Progress` as the kernels read it. */
export function progressBytes(epoch: number, stopReason: 0 | 1 | 2, quietEpochs: number, loss: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, epoch, true);
  view.setUint32(4, stopReason, true);
  view.setUint32(8, quietEpochs, true);
  view.setFloat32(12, loss, true);
  return view.buffer;
}

export const RUNNING = progressBytes(0, 0, 0, 0);

/** Columns one after another, each padded with zeros to whole quads: the layout of src/gpu/upload.ts. */
export function inQuads(columns: readonly Float64Array[]): Float64Array {
  const padded = 4 * Math.ceil((columns[0]?.length ?? 0) / 4);
  const laidOut = new Float64Array(padded * columns.length);
  columns.forEach((column, j) => laidOut.set(column, j * padded));
  return laidOut;
}
