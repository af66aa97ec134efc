// How much work one submit holds: little enough that a page answers and no watchdog fires, and that an abort is heard.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { fit } from '../src/fit.js';
import { fitSteps } from '../src/fit-steps.js';
import { examples } from './support/examples.js';
import { openShared, withContextPerTest } from './support/kernel.js';

const dataset = examples(1, 20_011, 3);
/** A submit aims at 50 ms, and at 20 where a signal may end the fit. */
const AIM_MS = 50;
const SHORT_MS = 20;

const gpu = withContextPerTest(() => openShared({ maxStorageBufferBindingSize: 65_536 })); // four shards, so five dispatches an epoch
afterEach(() => void vi.restoreAllMocks());

interface WatchOptions {
  onSubmit?: (submits: number) => unknown;
  /** Time from when the device is done to the answer that says so. */
  lateMs?: number;
}

/**
 * Dispatches of every submit from now on, on a clock of a device that takes so many milliseconds for each dispatch, and of a
 * host that takes no time.
 */
function watchSubmits(msPerDispatch: number | (() => number), options: WatchOptions = {}): number[] {
  let nowMs = 1000;
  let doneMs = nowMs;
  let pending = 0;
  const submits: number[] = [];
  const { device } = gpu.context;
  const encode = device.createCommandEncoder.bind(device);
  vi.spyOn(device, 'createCommandEncoder').mockImplementation((descriptor) => {
    const encoder = encode(descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (pass) => {
      const begun = begin(pass);
      const dispatch = begun.dispatchWorkgroups.bind(begun);
      begun.dispatchWorkgroups = (...size) => {
        pending += 1;
        dispatch(...size);
      };
      return begun;
    };
    return encoder;
  });
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  vi.spyOn(queue, 'submit').mockImplementation((commands) => {
    if (pending > 0) {
      submits.push(pending);
      options.onSubmit?.(submits.length);
    }
    doneMs = Math.max(doneMs, nowMs) + pending * (typeof msPerDispatch === 'number' ? msPerDispatch : msPerDispatch());
    pending = 0;
    submit(commands);
  });
  let answers: Promise<unknown> = Promise.resolve();
  const answer = <Answer>(answered: Promise<Answer>): Promise<Answer> => {
    const answeredMs = Math.max(doneMs, nowMs) + (options.lateMs ?? 0);
    const inOrder = answers.then(async () => {
      const value = await answered;
      nowMs = Math.max(nowMs, answeredMs);
      return value;
    });
    // Each answer is heard of before the clock goes on to the next.
    const heard = () => new Promise((resolve) => setTimeout(resolve));
    answers = inOrder.then(heard, heard);
    return inOrder;
  };
  // Only the wait for an empty submit asks for this, before there is other work.
  vi.spyOn(queue, 'onSubmittedWorkDone').mockImplementation(() => answer(Promise.resolve(undefined)));
  const map = Object.getOwnPropertyDescriptor(GPUBuffer.prototype, 'mapAsync')?.value as GPUBuffer['mapAsync'];
  vi.spyOn(GPUBuffer.prototype, 'mapAsync').mockImplementation(function (this: GPUBuffer, ...range) {
    return answer(map.apply(this, range));
  });
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  return submits;
}

const OPTIONS = { epochs: 400, learningRate: 0.1, tolerance: 0, strategy: 'streaming' } as const;

describe('a submit', () => {
  it.each([0.5, 2, 10])('holds as many dispatches as fill its time, at %d ms each', async (ms) => {
    const submits = watchSubmits(ms);
    let trained = 0;
    await fit(dataset, { ...OPTIONS, context: gpu.context, onProgress: () => (trained = submits.length) });
    const settled = submits.slice(trained - 6, trained - 1); // the last one has what is left
    expect(settled).toHaveLength(5);
    expect(settled).toEqual(settled.map(() => AIM_MS / ms));
    expect(Math.max(...submits) * ms).toBeLessThan(250);
  });

  it.each([0.5, 2, 10])('is shorter where a signal may end the fit, at %d ms each', async (ms) => {
    const submits = watchSubmits(ms);
    let trained = 0;
    const { signal } = new AbortController();
    await fit(dataset, { ...OPTIONS, context: gpu.context, signal, onProgress: () => (trained = submits.length) });
    const settled = submits.slice(trained - 6, trained - 1);
    expect(settled).toEqual(Array.from({ length: 5 }, () => SHORT_MS / ms));
  });

  it.each([0.5, 2, 10])('is no shorter where answers come 100 ms late, at %d ms each', async (ms) => {
    const submits = watchSubmits(ms, { lateMs: 100 });
    let trained = 0;
    await fit(dataset, { ...OPTIONS, context: gpu.context, onProgress: () => (trained = submits.length) });
    const settled = submits.slice(trained - 6, trained - 1);
    expect(settled).toEqual(Array.from({ length: 5 }, () => AIM_MS / ms));
    expect(Math.max(...submits) * ms).toBeLessThan(250);
  });

  it('is as long again soon after answers began to come 100 ms late', async () => {
    const late = { lateMs: 0 };
    const submits = watchSubmits(1, {
      get lateMs() {
        return late.lateMs;
      },
      onSubmit: (count) => count === 25 && (late.lateMs = 100),
    });
    await fit(dataset, { ...OPTIONS, context: gpu.context });
    expect(submits[22]).toBe(AIM_MS);
    expect(submits.slice(30, 35)).toEqual(Array.from({ length: 5 }, () => AIM_MS));
  });

  it('holds one dispatch, not a whole epoch, where one takes longer than its time', async () => {
    const submits = watchSubmits(200);
    await fit(dataset, { ...OPTIONS, epochs: 20, context: gpu.context });
    expect(submits.length).toBeGreaterThan(50);
    expect(Math.max(...submits.slice(1)), 'after the first').toBe(1);
  });

  it('ends where no epoch waits to be validated, if that is not far', async () => {
    const steps = fitSteps(dataset, { ...OPTIONS, validationFraction: 0.2, epochsPerStep: 200, context: gpu.context });
    const submits = watchSubmits(0.5);
    await steps.model();
    const before = submits.length; // of the curvature
    await steps.next();
    const stepped = submits.slice(before);
    await steps.return(); // evaluates the model
    let done = 0;
    // Four dispatches of an epoch update: three shards, and one more; then two judge.
    const within = stepped.map((count) => (done += count) % 6);
    expect(done).toBe(6 * 200);
    expect(within.length).toBeGreaterThan(5);
    expect(Math.max(...within)).toBeLessThan(4);
  });

  it('grows when the machine grows fast, and shrinks at once when it grows slow', async () => {
    const submits: number[] = watchSubmits(() => (submits.length <= 25 ? 1 : 20));
    await fit(dataset, { ...OPTIONS, context: gpu.context });
    expect(submits[22]).toBe(AIM_MS);
    expect(submits[27]).toBeLessThanOrEqual(3);
  });
});

describe('an abort', () => {
  it('lets what is in flight end, and submits no more epochs', async () => {
    const controller = new AbortController();
    const submits = watchSubmits(10);
    let afterAbort = -1;
    const { report } = await fit(dataset, {
      ...OPTIONS,
      epochs: 100_000,
      context: gpu.context,
      signal: controller.signal,
      onProgress: () => {
        if (submits.length < 8 || controller.signal.aborted) return;
        controller.abort();
        afterAbort = submits.length;
      },
    });
    expect(report.stopReason).toBe('aborted');
    // The gradient at the end: loss and gradient take a dispatch for each of three shards and one more, submitted together.
    expect(submits.slice(afterAbort).every((count) => count <= 4)).toBe(true);
    expect(submits.length).toBeLessThanOrEqual(afterAbort + 3);
  });

  // An epoch takes a dispatch for each of three shards and one more; two for each of five batches; one for all batches; and
  // two to be judged.
  it.each([
    { options: {}, rows: 20_011, updating: 4 },
    { options: { batchSize: 4001 }, rows: 20_011, updating: 10 },
    { options: { batchSize: 20 }, rows: 300, updating: 1 },
  ])('waits for the validation of the epoch that it comes after: $options', async ({ options, rows, updating }) => {
    const data = examples(1, rows, 3);
    const asked = {
      ...OPTIONS,
      ...options,
      validationFraction: 0.2,
      learningRate: 0.01,
      context: gpu.context,
    } as const;
    for (const within of [updating - 1, updating, updating + 1, updating + 2]) {
      const cut = updating + 2 + within; // in the second epoch
      const controller = new AbortController();
      const steps = fitSteps(data, { ...asked, epochsPerStep: 400, signal: controller.signal });
      let before = Infinity;
      const submits = watchSubmits(200, { onSubmit: (count) => count === before + cut && controller.abort() }); // a dispatch each
      await steps.model();
      before = submits.length; // of the curvature
      await steps.next();
      vi.restoreAllMocks();
      const part = await steps.model();
      await steps.return();
      const epochs = part.report.epochsRun;
      const whole = await fit(data, { ...asked, epochs });
      expect([...part.weights, part.bias]).toEqual([...whole.weights, whole.bias]);
      const { lossHistory, validationHistory, state, bestEpoch } = whole.report;
      expect(part.report).toMatchObject({ stopReason: 'aborted', lossHistory, validationHistory, state, bestEpoch });
    }
  });

  it('is heard between the shards of an upload', async () => {
    const controller = new AbortController();
    watchSubmits(1);
    const create = gpu.context.device.createBuffer.bind(gpu.context.device);
    let uploads = 0;
    let now = 1000;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 60)); // every look finds a stretch over
    vi.spyOn(gpu.context.device, 'createBuffer').mockImplementation((descriptor) => {
      if (descriptor.label === 'features' && ++uploads === 2) controller.abort(new Error('enough'));
      return create(descriptor);
    });
    await expect(fit(dataset, { ...OPTIONS, context: gpu.context, signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect(uploads).toBe(2);
  });
});
