// What evaluations hold on the device, how long a submit is, and how they end: done, aborted, refused, or without a device.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { DescentError } from '../src/base/errors.js';
import type { Trainer } from '../src/descent/backend.js';
import { openGpuBackend } from '../src/gpu/backend.js';
import { HARDWARE, SOFTWARE } from '../src/gpu/device/tuning.js';
import type { GpuContext } from '../src/gpu/device/device.js';
import { countBuffers, failMemoryScope } from './support/buffers.js';
import { GRADIENT_ONLY, learnable, pointFor, WITH_HESSIAN } from './support/evaluation.js';
import { withErrorScopes } from './support/gpu.js';
import { openContext, openTuned } from './support/kernel.js';
import { onSubmit } from './support/submits.js';

/** Rows and features whose sums take three bindings of 64 KiB, one read after the other. */
const THREE_BANDS = [2_001, 130] as const;
const SMALL = { maxStorageBufferBindingSize: 2 ** 16 };

afterEach(() => void vi.restoreAllMocks());

async function trainerOn(context: GpuContext, rows = 3_001, features = 20): Promise<Trainer> {
  const backend = await openGpuBackend(context);
  const dataset = learnable('huber', rows, features);
  return backend.upload(dataset, { standardize: true, kernels: 'auto', storage: 'f32', loss: 'huber' });
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof DescentError ? error.code : String(error)),
  );

describe('buffers of evaluations', () => {
  it.each([
    { name: 'software', tuning: SOFTWARE },
    { name: 'hardware', tuning: HARDWARE },
  ])('are made once, and freed with the trainer: tuned for $name', async ({ tuning }) => {
    const context = await openTuned(SMALL, tuning);
    const buffers = countBuffers(context.device);
    await withErrorScopes(context.device, async () => {
      const trainer = await trainerOn(context);
      const uploaded = buffers.live();
      const point = pointFor(trainer);
      await trainer.evaluate(point, GRADIENT_ONLY);
      const forGradient = buffers.live();
      expect(forGradient).toBeGreaterThan(uploaded);
      await trainer.evaluate(point, GRADIENT_ONLY);
      expect(buffers.live()).toBe(forGradient);
      const first = await trainer.evaluate(point, WITH_HESSIAN);
      const forHessian = buffers.live();
      expect(forHessian).toBeGreaterThan(forGradient);
      for (let time = 0; time < 3; time++) {
        expect(await trainer.evaluate(point, WITH_HESSIAN), 'the same bits').toEqual(first);
        expect(buffers.live()).toBe(forHessian);
      }
      trainer.dispose();
      expect(buffers.live()).toBe(0);
    });
  });

  it('are freed when memory runs out, at whichever step, and another evaluation can do', async () => {
    const context = await openTuned(SMALL);
    const calm = await trainerOn(context);
    const expected = await calm.evaluate(pointFor(calm), WITH_HESSIAN);
    calm.dispose();
    let code = '';
    let step = 0;
    for (; code !== 'no error'; step++) {
      const trainer = await trainerOn(context);
      const buffers = countBuffers(context.device);
      failMemoryScope(context.device, step);
      const point = pointFor(trainer);
      code = await codeOf(trainer.evaluate(point, WITH_HESSIAN));
      expect(['OUT_OF_MEMORY', 'no error'], `step ${step}`).toContain(code);
      vi.restoreAllMocks();
      expect(await trainer.evaluate(point, WITH_HESSIAN)).toEqual(expected);
      trainer.dispose();
      expect(buffers.live()).toBe(0);
    }
    expect(step).toBeGreaterThan(3); // both preparations, and a submit or more
  });

  it('are shared by evaluations at a time, of which each has the numbers that it has alone', async () => {
    const context = await openTuned(SMALL, SOFTWARE);
    await withErrorScopes(context.device, async () => {
      const trainer = await trainerOn(context, ...THREE_BANDS);
      const point = pointFor(trainer);
      const calls = [
        { at: point, options: WITH_HESSIAN },
        { at: point.map((value) => 2 * value), options: { ...WITH_HESSIAN, huberDelta: 0.25 } },
        { at: point.map((value) => -value), options: { ...GRADIENT_ONLY, huberDelta: 1.5 } },
      ];
      const alone = [];
      for (const { at, options } of calls) alone.push(await trainer.evaluate(at, options));
      expect(new Set(alone.map(({ loss }) => loss)).size).toBe(3);
      expect(await Promise.all(calls.map(({ at, options }) => trainer.evaluate(at, options)))).toEqual(alone);
      trainer.dispose();
    });
  });
});

describe('an evaluation', () => {
  /** Aborts at, or loses the device after, this many submits of the trainer's evaluation. */
  function afterSubmits(context: GpuContext, count: number, act: () => void): () => number {
    return onSubmit(context.device, (submits) => submits === count && act());
  }

  it('ends with the reason of its signal after the submit in flight, and the next one is right', async () => {
    const context = await openTuned(SMALL, SOFTWARE);
    const trainer = await trainerOn(context, ...THREE_BANDS);
    const point = pointFor(trainer);
    const expected = await trainer.evaluate(point, WITH_HESSIAN);
    const controller = new AbortController();
    const reason = new Error('enough');
    const submits = afterSubmits(context, 2, () => controller.abort(reason));
    const aborted = trainer.evaluate(point, { ...WITH_HESSIAN, signal: controller.signal });
    await expect(aborted).rejects.toBe(reason);
    expect(submits()).toBe(2);
    const early = trainer.evaluate(point, { ...WITH_HESSIAN, signal: AbortSignal.abort(reason) });
    await expect(early).rejects.toBe(reason);
    expect(submits()).toBe(2);
    expect(await trainer.evaluate(point, WITH_HESSIAN)).toEqual(expected);
    expect(submits(), 'one for each band at the least').toBeGreaterThanOrEqual(5);
    trainer.dispose();
  });

  it('fails as DEVICE_LOST when its device is lost, before or meanwhile', async () => {
    const context = await openTuned(SMALL, SOFTWARE, openContext);
    const trainer = await trainerOn(context, ...THREE_BANDS);
    const point = pointFor(trainer);
    await trainer.evaluate(point, WITH_HESSIAN);
    afterSubmits(context, 2, () => context.device.destroy());
    expect(await codeOf(trainer.evaluate(point, WITH_HESSIAN))).toBe('DEVICE_LOST');
    expect(await codeOf(trainer.evaluate(point, GRADIENT_ONLY))).toBe('DEVICE_LOST');
    trainer.dispose();
  });

  it('has an infinite loss where predictions leave f32', async () => {
    const context = await openTuned();
    const trainer = await trainerOn(context, 65, 3);
    const far = new Float64Array(4).fill(1e38);
    expect((await trainer.evaluate(far, WITH_HESSIAN)).loss).toBe(Infinity);
    expect((await trainer.evaluate(far.fill(1e300), GRADIENT_ONLY)).loss).toBe(Infinity);
    trainer.dispose();
  });

  it('is refused where the products of eight features fit no binding', async () => {
    const context = await openTuned({ maxStorageBufferBindingSize: 2 ** 13 }, SOFTWARE);
    const trainer = await trainerOn(context, 40, 130);
    const point = pointFor(trainer);
    await trainer.evaluate(point, GRADIENT_ONLY);
    expect(await codeOf(trainer.evaluate(point, WITH_HESSIAN))).toBe('TOO_LARGE');
    trainer.dispose();
  });
});
