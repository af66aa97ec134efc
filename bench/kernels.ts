import { openGpuBackend } from '../src/gpu/backend.js';
import { Buffers } from '../src/gpu/buffers.js';
import type { GpuContext } from '../src/gpu/device.js';
import type { EpochBuffers, EpochKernels } from '../src/gpu/epoch.js';
import { PassClock, TIMESTAMP_BYTES } from '../src/gpu/timestamps.js';
import { GpuTrainer } from '../src/gpu/trainer.js';
import type { Problem } from './arm.js';
import { datasetOf } from './arms/ours.js';
import { spreadOf } from './harness.js';
import type { KernelTime } from './result.js';

/** Each repeat runs a kernel until it fills this time: two hundred ticks of a clock that a browser coarsens to 0.1 ms. */
const REPEAT_MS = 20;
const REPEATS = 7;

/** An upper bound on the commands of one submit. */
const MOST_RUNS = 4096;

/** What a kernel reads and writes, each array once. */
const ARRAYS: Record<keyof EpochKernels, (buffers: EpochBuffers) => GPUBuffer[]> = {
  residual: ({ features, targets, parameters, residuals }) => [features, targets, parameters[0], residuals],
  gradient: ({ features, residuals, partials }) => [features, residuals, partials],
  update: ({ partials, stepScales, parameters }) => [partials, stepScales, ...parameters],
};

/**
 * Times each kernel of our epoch by itself: many runs of it in one compute pass, by the device's own clock, waits for
 * the run before included, as in training. Throws where the device has no such clock.
 */
export async function timeKernels(context: GpuContext, problem: Problem): Promise<KernelTime[]> {
  const { device } = context;
  const clock = new PassClock(device);
  const made = new Buffers(device);
  const backend = await openGpuBackend(context);
  const trainer = await backend.upload(datasetOf(problem), false);
  try {
    if (!clock.isRunning) throw new Error('the adapter has no timestamp-query');
    if (!(trainer instanceof GpuTrainer)) throw new TypeError('the WebGPU backend trains with another trainer');
    const initial = Float64Array.from([...problem.initialWeights, problem.initialBias]);
    const { learningRate } = problem;
    // Every run of the update counts as an epoch, and writes its loss.
    const epochs = (REPEATS + 2) * MOST_RUNS;
    const settings = { epochs, learningRate, tolerance: 0, patience: 1, signal: undefined, onProgress: undefined };
    const { epoch, buffers } = await context.guard('prepare the kernels', () =>
      trainer.prepare(made, initial, settings, 'given'),
    );
    const staging = made.staging('clock', TIMESTAMP_BYTES);
    const runMs = async (name: keyof EpochKernels, runs: number): Promise<number> => {
      const encoder = device.createCommandEncoder({ label: name });
      const pass = encoder.beginComputePass(clock.describePass(name));
      for (let run = 0; run < runs; run++) epoch.encodeKernel(pass, run, name);
      pass.end();
      clock.copyTo(encoder, staging, 0);
      device.queue.submit([encoder.finish()]);
      await context.wait(staging.mapAsync(GPUMapMode.READ));
      const elapsedMs = clock.readMs(staging.getMappedRange(), 0);
      staging.unmap();
      return elapsedMs / runs;
    };
    const times: KernelTime[] = [];
    for (const name of ['residual', 'gradient', 'update'] as const) {
      await runMs(name, 1); // the first touches the memory
      const runs = Math.min(MOST_RUNS, Math.max(1, Math.ceil(REPEAT_MS / (await runMs(name, 1)))));
      const samples: number[] = [];
      for (let repeat = 0; repeat < REPEATS; repeat++) samples.push(await runMs(name, runs));
      const msPerEpoch = spreadOf(samples);
      const bytes = ARRAYS[name](buffers).reduce((sum, { size }) => sum + size, 0);
      times.push({ name, msPerEpoch, gigabytesPerSecond: bytes / msPerEpoch.median / 1e6 });
    }
    return times;
  } finally {
    trainer.dispose();
    backend.dispose();
    made.destroy();
    clock.destroy();
  }
}
