import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Buffers, read, readWrite, uniform, uniformAt } from '../../src/gpu/device/buffers.js';
import { bind, type CompiledKernel, compileKernels, offsetsOf } from '../../src/gpu/device/compile.js';
import {
  type Config,
  PROGRESS_BYTES,
  type UniformSettings,
  writeConfig,
  writeSettings,
} from '../../src/gpu/kernels/uniforms.js';
import { GpuContext, type LowerLimits } from '../../src/gpu/device/device.js';
import type { Kernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { HARDWARE, SOFTWARE, type Tuning } from '../../src/gpu/device/tuning.js';
import { raggedPairs } from './data.js';
import { requireAdapter, withErrorScopes } from './gpu.js';

interface TestDevice {
  device: GPUDevice;
  info: GPUAdapterInfo;
}

async function openDevice(): Promise<TestDevice> {
  const adapter = await requireAdapter();
  const wanted: GPUFeatureName[] = ['subgroups'];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  return { device: await adapter.requestDevice({ requiredFeatures }), info: adapter.info };
}

/** A context on a device of its own; the test ends it. */
export async function openContext(lower: LowerLimits = {}): Promise<GpuContext> {
  const { device, info } = await openDevice();
  return new GpuContext(device, info, { ownsDevice: true, limits: lower });
}

let shared: Promise<TestDevice> | undefined;

/** The one device of a page that has no features, for `withContextKinds`. */
let portable: Promise<TestDevice> | undefined;

async function openPortable(): Promise<TestDevice> {
  const adapter = await requireAdapter();
  return { device: await adapter.requestDevice(), info: adapter.info };
}

/**
 * A context on the one device that the tests of a page share, so that no kernel is compiled twice. For tests that leave the
 * device as it was; to dispose of the context leaves it to the others.
 */
export async function openShared(lower: LowerLimits = {}): Promise<GpuContext> {
  shared ??= openDevice();
  const { device, info } = await shared;
  return new GpuContext(device, info, { ownsDevice: false, limits: lower });
}

/** As `openShared`, or another, with the numbers of an adapter of either kind, whichever runs the tests. */
export async function openTuned(
  lower: LowerLimits = {},
  tuning: Tuning = HARDWARE,
  open = openShared,
): Promise<GpuContext> {
  return Object.defineProperty(await open(lower), 'tuning', { value: tuning });
}

/** The context of a file of tests, there from the first of them on. */
interface HeldContext {
  context: GpuContext;
}

/** A context for all tests of a file, disposed of after the last of them. */
export function withContext(open: () => Promise<GpuContext> = openShared): HeldContext {
  const held = {} as HeldContext;
  beforeAll(async () => {
    held.context = await open();
  });
  afterAll(() => held.context.dispose());
  return held;
}

/** A context for each test of a file: for tests that make or spy on what a context keeps. */
export function withContextPerTest(open: () => Promise<GpuContext> = openShared): HeldContext {
  const held = {} as HeldContext;
  beforeEach(async () => {
    held.context = await open();
  });
  afterEach(() => held.context.dispose());
  return held;
}

/** Contexts that data lie differently for. */
interface ContextKinds {
  whole: GpuContext;
  /** Bindings of 64 KiB: most data take several shards and pieces. */
  tiny: GpuContext;
  /** On another device, without subgroups: two passes for many features. */
  portable: GpuContext;
}

/** One of each kind for all tests of a file, disposed of after the last of them. */
export function withContextKinds(): ContextKinds {
  const kinds = {} as ContextKinds;
  beforeAll(async () => {
    const lower = { maxStorageBufferBindingSize: 65_536 };
    kinds.whole = await openShared();
    kinds.tiny = await openShared(lower);
    portable ??= openPortable();
    const { device, info } = await portable;
    kinds.portable = new GpuContext(device, info, { ownsDevice: false, limits: lower });
  });
  afterAll(() => [kinds.whole, kinds.tiny, kinds.portable].forEach((context) => context.dispose()));
  return kinds;
}

/** Contents of a buffer: numbers as f32, or raw bytes. */
type Contents = Float32Array | Float64Array | ArrayBuffer;

/** What one dispatch reads, and where it is sent. */
interface Dispatch {
  config: Config | ArrayBuffer;
  /** A second uniform, for kernels that take one at an offset. */
  secondUniform?: ArrayBuffer;
  reads: Contents[];
  workgroups: [number, number?, number?];
}

/**
 * Runs one kernel once. Its bindings are the config (or a uniform of its own), then `reads`, then `writes`, as in its
 * file; `writes` give the size of each output in bytes. Outputs begin as NaN, so that what is not written shows.
 */
export function runKernel(
  context: GpuContext,
  kernel: Kernel,
  run: Dispatch & { writes: number[] },
): Promise<ArrayBuffer[]> {
  const inPlace = run.writes.map((bytes) => new Uint8Array(bytes).fill(0xff).buffer);
  return runKernelInPlace(context, kernel, { ...run, inPlace });
}

/** The same for a kernel that reads what it writes: `inPlace` are the contents before, and what comes back those after. */
export async function runKernelInPlace(
  context: GpuContext,
  kernel: Kernel,
  run: Dispatch & { inPlace: Contents[] },
): Promise<ArrayBuffer[]> {
  const { device } = context;
  const buffers = new Buffers(device);
  try {
    return await withErrorScopes(device, async () => {
      const [compiled] = (await compileKernels(context, [kernel])) as [CompiledKernel];
      const filled = (contents: Contents) => {
        const raw = bytesOf(contents);
        const buffer = buffers.storage('contents', Math.max(raw.byteLength, 4));
        device.queue.writeBuffer(buffer, 0, raw as Uint8Array<ArrayBuffer>);
        return buffer;
      };
      const writes = run.inPlace.map(filled);
      const staging = writes.map(({ size }) => buffers.staging('output', size));
      const contents = run.config instanceof ArrayBuffer ? run.config : writeConfig(run.config);
      const config = buffers.uniform('config', contents);
      const isAt = kernel.bindings[0] === 'uniformAt';
      const second = run.secondUniform && buffers.uniform('second uniform', run.secondUniform);
      const group = bind(device, compiled, [
        isAt ? uniformAt(config, contents.byteLength) : uniform(config),
        ...(second ? [uniformAt(second, second.size)] : []),
        ...run.reads.map((contents) => read(filled(contents))),
        ...writes.map((buffer) => readWrite(buffer)),
      ]);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(compiled.pipeline);
      pass.setBindGroup(0, group, offsetsOf(kernel, 0));
      pass.dispatchWorkgroups(...run.workgroups);
      pass.end();
      writes.forEach((buffer, i) => {
        encoder.copyBufferToBuffer(buffer, 0, staging[i] as GPUBuffer, 0, buffer.size);
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

function bytesOf(contents: Contents): Uint8Array {
  const floats = contents instanceof Float64Array ? Float32Array.from(contents) : contents;
  return floats instanceof ArrayBuffer ? new Uint8Array(floats) : new Uint8Array(floats.buffer);
}

/** Otherwise it is Deno, which is there for its compiler of WGSL, Naga. */
export const IS_CHROME = !('Deno' in globalThis);

/** Whole fits are tried in Firefox, too: `npm run test:firefox`. */
export const IS_FIREFOX = navigator.userAgent.includes('Firefox');

/** Every kernel is tried with the numbers of either class of adapter, whichever runs the tests. */
export const TUNINGS = [
  { tuning: SOFTWARE, name: 'software' },
  { tuning: HARDWARE, name: 'hardware' },
];

/**
 * The half of the cases to try with one tuning by the compiler that runs the tests; the other half is the other
 * compiler's. So each case is tried by either compiler and with either tuning, and the two together try all of it, while
 * a machine without a GPU compiles half as many kernels, which is what takes the time.
 */
export function shareOf<Case>(tuning: Tuning, cases: readonly Case[]): Case[] {
  const turn = (tuning === SOFTWARE ? 0 : 1) + (IS_CHROME ? 0 : 1);
  return cases.filter((_, k) => (k + turn) % 2 === 0);
}

/**
 * Ragged shapes for a kernel that is compiled once for all of them. The two compilers and the two tunings try a quarter
 * of all pairs each, and together every pair.
 */
export function raggedShapes(tuning: Tuning): { rows: number; features: number }[] {
  return raggedPairs((tuning === SOFTWARE ? 0 : 1) + (IS_CHROME ? 0 : 2));
}

/** Some shapes, and one that takes several workgroups. */
export function raggedAndLong(tuning: Tuning): { rows: number; features: number }[] {
  return [...raggedShapes(tuning), { rows: 100_003, features: 3 }];
}

/** A config for m examples of d features in one shard; what a kernel does not read may be anything. */
export function configFor(rows: number, features: number, partialCount = 1, rest: Partial<Config> = {}): Config {
  return {
    exampleCount: rows,
    quadCount: Math.ceil(rows / 4),
    featureCount: features,
    rowQuads: 0,
    firstPartial: 0,
    partialCount,
    huberDelta: 0,
    ...rest,
  };
}

/** `struct Progress` as the kernels read it. */
export function progressBytes(epoch: number, stopReason: 0 | 1 | 2, quietEpochs: number, loss: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(PROGRESS_BYTES));
  view.setUint32(0, epoch, true);
  view.setUint32(4, stopReason, true);
  view.setUint32(8, quietEpochs, true);
  view.setFloat32(12, loss, true);
  return view.buffer;
}

/** A run that goes on; behind it lies one that has stopped, which the kernels of a single run leave alone. */
export const RUNNING = Uint8Array.of(
  ...new Uint8Array(progressBytes(0, 0, 0, 0)),
  ...new Uint8Array(progressBytes(9, 2, 0, 0)),
).buffer;

/** The settings of a single model; behind them lie others, with which nothing would come out. */
export function settingsOfOne(settings: UniformSettings): ArrayBuffer {
  const others = { exampleCount: Number.NaN, learningRate: Number.NaN, tolerance: 1, patience: 1, epochs: 0 };
  return writeSettings([settings, { ...settings, ...others }]);
}

/** Columns one after another, each padded with zeros to whole quads: the layout of src/gpu/examples/upload.ts. */
export function inQuads(columns: readonly Float64Array[]): Float64Array {
  const padded = 4 * Math.ceil((columns[0]?.length ?? 0) / 4);
  const laidOut = new Float64Array(padded * columns.length);
  columns.forEach((column, j) => laidOut.set(column, j * padded));
  return laidOut;
}
