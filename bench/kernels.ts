import { Buffers } from '../src/gpu/device/buffers.js';
import { createContext, type GpuContext } from '../src/gpu/device/device.js';
import { PassClock, TIMESTAMP_BYTES } from '../src/gpu/device/timestamps.js';
import type { Problem } from './arm.js';
import { streamingOn } from './arms/ours.js';
import { spreadOf } from './harness.js';
import type { KernelTime } from './result.js';

/** Each repeat runs a kernel until it fills this time: two hundred ticks of a clock that a browser coarsens to 0.1 ms. */
const REPEAT_MS = 20;
const REPEATS = 7;

/** An upper bound on the commands of one submit. */
const MOST_RUNS = 4096;

/** One dispatch, with all that it takes to encode it again. */
interface Dispatch {
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  /** Dynamic offsets of the group. */
  offsets: readonly number[];
  workgroups: Parameters<GPUComputePassEncoder['dispatchWorkgroups']>;
  /** The bytes that the kernel may read and write: every buffer bound to it, once. */
  bytes: number;
}

/**
 * Times each kernel of our epoch by itself: an epoch is trained, and what it dispatched is dispatched again, one
 * kernel many times in one compute pass, by the device's own clock. Each run waits for the one before it, as in
 * training. Knows nothing of the kernels, so whatever an epoch is made of is measured.
 */
export async function timeKernels(problem: Problem): Promise<KernelTime[]> {
  // A device for this alone: it is listened in on.
  const context = await createContext({ timestamps: true });
  const clock = await PassClock.open(context);
  const buffers = new Buffers(context.device);
  try {
    if (!clock.isRunning) throw new Error('the adapter has no timestamp-query');
    const dispatches = recordDispatches(context.device);
    const session = await streamingOn(context).open(problem);
    await session.train(1);
    const epoch = [...dispatches];
    const staging = buffers.staging('clock', TIMESTAMP_BYTES);
    const times: KernelTime[] = [];
    for (const dispatch of epoch) times.push(await timeDispatch(context, clock, staging, dispatch));
    return times;
  } finally {
    buffers.destroy();
    clock.destroy();
    context.dispose(); // and with the device all buffers of the session
  }
}

async function timeDispatch(
  context: GpuContext,
  clock: PassClock,
  staging: GPUBuffer,
  { pipeline, group, offsets, workgroups, bytes }: Dispatch,
): Promise<KernelTime> {
  const { device } = context;
  const runMs = async (runs: number): Promise<number> => {
    await context.guard(`time ${pipeline.label}`, () => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass(clock.describePass(pipeline.label));
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group, offsets);
      for (let run = 0; run < runs; run++) pass.dispatchWorkgroups(...workgroups);
      pass.end();
      clock.copyTo(encoder, staging, 0);
      device.queue.submit([encoder.finish()]);
    });
    await context.wait(staging.mapAsync(GPUMapMode.READ));
    const elapsedMs = clock.readMs(staging.getMappedRange(), 0);
    staging.unmap();
    return elapsedMs / runs;
  };
  await runMs(1); // the first warms up
  const runs = Math.min(MOST_RUNS, Math.max(1, Math.ceil(REPEAT_MS / (await runMs(1)))));
  const samples: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) samples.push(await runMs(runs));
  const msPerEpoch = spreadOf(samples);
  return { name: pipeline.label, msPerEpoch, gigabytesPerSecond: bytes / msPerEpoch.median / 1e6 };
}

/** Collects what is dispatched on a device from now on, and keeps its buffers alive for another time. */
function recordDispatches(device: GPUDevice): Dispatch[] {
  const dispatches: Dispatch[] = [];
  const boundBytes = new WeakMap<GPUBindGroup, number>();
  after(device, 'createBuffer', (buffer) => (buffer.destroy = () => undefined));
  after(device, 'createBindGroup', (group, { entries }) => {
    const bound = [...entries].map(({ resource }) => (resource as GPUBufferBinding).buffer);
    boundBytes.set(
      group,
      [...new Set(bound)].reduce((sum, { size }) => sum + size, 0),
    );
  });
  after(device, 'createCommandEncoder', (encoder) => {
    after(encoder, 'beginComputePass', (pass) => {
      let pipeline: GPUComputePipeline | undefined;
      let group: GPUBindGroup | undefined;
      let offsets: readonly number[] = [];
      after(pass, 'setPipeline', (_, given) => (pipeline = given));
      after(pass, 'setBindGroup', (_, _index, given, ...more: unknown[]) => {
        group = given as GPUBindGroup;
        offsets = [...((more[0] as Iterable<number> | undefined) ?? [])];
      });
      after(pass, 'dispatchWorkgroups', (_, ...workgroups) => {
        if (!pipeline || !group) return;
        dispatches.push({ pipeline, group, offsets, workgroups, bytes: boundBytes.get(group) ?? 0 });
      });
    });
  });
  return dispatches;
}

/** Has `then` see every call of a method of one object: its result, then its parameters. */
function after<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  then: Target[Name] extends (...given: infer Given) => infer Result
    ? (result: Result, ...given: Given) => unknown
    : never,
): void {
  const method = target[name] as (...given: unknown[]) => unknown;
  const observed = (...given: unknown[]): unknown => {
    const result = method.apply(target, given);
    then(result, ...(given as never[]));
    return result;
  };
  target[name] = observed as Target[Name];
}
