import { afterAll, describe, expect, it, vi } from 'vitest';
import { DescentError, type DescentErrorCode } from '../../src/base/errors.js';
import { closeIdleDevice } from '../../src/gpu/device/kept-device.js';
import {
  checkSupport,
  computeMoments,
  contextFromDevice,
  createContext,
  fit,
  generateExamples,
  type GpuContext,
  syntheticRegression,
  tune,
} from '../../src/index.js';
import type { Figures } from './figures.js';
import { BUFFER_JOBS, DEVICE_JOBS } from './device-jobs.js';
import { type LosingDevice, loseAt } from './losing-device.js';
import { requireAdapter } from './gpu.js';

/** The time within which a call has ended after the loss of its device. */
const MOST_MS = 2000;

/** A way in which a device goes away under a call. */
interface Way {
  name: string;
  open: () => Promise<GpuContext>;
  lose: (context: GpuContext) => void;
  code: DescentErrorCode;
}

const WAYS: readonly Way[] = [
  { name: 'destroyed', open: createContext, lose: ({ device }) => device.destroy(), code: 'DEVICE_LOST' },
  { name: 'disposed', open: createContext, lose: (context) => context.dispose(), code: 'DISPOSED' },
  { name: 'destroyed by its owner', open: openOwned, lose: ({ device }) => device.destroy(), code: 'DEVICE_LOST' },
  { name: 'left to its owner', open: openOwned, lose: (context) => context.dispose(), code: 'DISPOSED' },
];

/** A context on a device of the caller's. */
async function openOwned(): Promise<GpuContext> {
  return contextFromDevice(await (await requireAdapter()).requestDevice());
}

type Job = (context: GpuContext) => Promise<unknown>;

/** The job on buffers that were there before the loss. */
const onBuffers =
  (job: (typeof BUFFER_JOBS)[string]) =>
  async (context: GpuContext): Promise<Job> => {
    const examples = await generateExamples(syntheticRegression({ rows: 3000, features: 3 }), { context });
    return () => job(context, examples);
  };

/**
 * Steps, whose last one asks the device if it is the optimum and does without an answer: the state is on the host by then, and
 * outlives the device.
 */
const OUTLIVING = ['steps', 'the model of steps', 'resumed steps'];

/** Each prepares its job on a context that is still there. */
const PREPARED: [string, (context: GpuContext) => Promise<Job>][] = [
  ...Object.entries(DEVICE_JOBS)

    .map(([name, job]): [string, () => Promise<Job>] => [name, async () => job]),
  ...Object.entries(BUFFER_JOBS).map(([name, job]): [string, ReturnType<typeof onBuffers>] => [name, onBuffers(job)]),
  ['a tuning', async () => (context) => tune(context, { budgetMs: 20 })],
];

const { dataset } = syntheticRegression({ rows: 2001, features: 3, seed: 1 });

/** Calls that open a device by themselves, with their codes. */
const OPENING: [string, () => Promise<string>][] = [
  ['a fit', () => codeOf(fit(dataset, { backend: 'webgpu', strategy: 'streaming', epochs: 12 }))],
  ['the moments', () => codeOf(computeMoments(dataset, { backend: 'webgpu' }))],
  [
    'a check of support',
    async () => {
      const { reasons } = await checkSupport();
      return reasons.map(({ message }) => /failed: ([A-Z_]+):/.exec(message)?.[1] ?? message).join(', ') || 'done';
    },
  ],
];

/** The code of the error, 'done' where there is none, or the stack of an error without a code. */
function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error instanceof DescentError ? error.code : String((error as Error).stack)),
  );
}

/** The end of a call whose device was taken away. */
interface End {
  way: string;
  /** The moment of the loss, and the number of all. */
  at: number;
  moments: number;
  /** The code of the error, 'done' where there was none, or the words of an error without a code. */
  code: string;
  isRight: boolean;
  settledMs: number;
  live: string[];
  uncaptured: string[];
}

async function loseDuring(prepare: (context: GpuContext) => Promise<Job>, way: Way, at: number): Promise<End> {
  const context = await way.open();
  const job = await prepare(context);
  const watched = loseAt(context.device, at, () => way.lose(context));
  const code = await codeOf(job(context));
  const end = await endOf(code, watched, { way: way.name, code: way.code, at });
  context.device.destroy();
  return end;
}

async function loseOpened(job: () => Promise<string>, at: number): Promise<End> {
  closeIdleDevice();
  const request = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'requestDevice')?.value as GPUAdapter['requestDevice']; // prettier-ignore
  let watched: LosingDevice | undefined;
  const opening = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
  opening.mockImplementation(async function (this: GPUAdapter, ...options) {
    const device = await request.apply(this, options);
    watched = loseAt(device, at, () => device.destroy());
    return device;
  });
  const code = await job();
  opening.mockRestore();
  closeIdleDevice();
  if (!watched) throw new Error('no device was opened');
  return endOf(code, watched, { way: 'opened by the library', code: 'DEVICE_LOST', at });
}

async function endOf(code: string, watched: LosingDevice, loss: { way: string; code: string; at: number }) {
  const sinceLossMs = watched.sinceLossMs();
  await new Promise((done) => setTimeout(done)); // uncaptured errors come in a turn of their own
  // Nothing that was asked for after the loss can have come.
  const isRight = code === 'done' ? !watched.isAskedAfter() : code === loss.code && sinceLossMs !== undefined;
  const [moments, live, uncaptured] = [watched.moments(), watched.live(), watched.uncaptured()];
  return { ...loss, moments, code, isRight, settledMs: sinceLossMs ?? 0, live, uncaptured };
}

/** Moments that fill the span of so many ever more densely: every one of them, if there are no more than that. */
function momentsOf(span: number, count: number): number[] {
  if (count >= span) return Array.from({ length: span }, (_, k) => k);
  const golden = (Math.sqrt(5) - 1) / 2;
  return Array.from({ length: count }, (_, k) => Math.floor((((k + 1) * golden) % 1) * span));
}

/**
 * Devices that are lost at calls of theirs, or at answers, under every function that takes a context: as often as `losses` says
 * under each.
 */
export function describeLosses(losses: number, record: (figures: Figures) => Promise<void>): void {
  const ends: End[] = [];

  /** Loses the device of a call again and again. */
  const loseOften = async (lose: (at: number, k: number) => Promise<End>) => {
    const { moments, code } = await lose(-1, 0);
    expect(code).toBe('done');
    expect(moments).toBeGreaterThan(10);
    const own: End[] = [];
    for (const [k, at] of momentsOf(moments, losses).entries()) own.push(await lose(at, k));
    ends.push(...own);
    expect(own.filter(({ isRight }) => !isRight)).toEqual([]);
    expect(own.filter(({ live, uncaptured }) => live.length + uncaptured.length > 0)).toEqual([]);
    expect(own.filter(({ settledMs }) => settledMs > MOST_MS)).toEqual([]);
    // Only the last moments are too late for an error.
    expect(own.filter(isTold).length).toBeGreaterThan(own.length / 2);
  };

  describe('a device that goes away at one of its calls', () => {
    it.each(PREPARED)('is said with its code, and leaves nothing: %s', (name, prepare) =>
      loseOften(async (at, k) => {
        const end = await loseDuring(prepare, WAYS[k % WAYS.length] as Way, at);
        return { ...end, isRight: end.isRight || (end.code === 'done' && OUTLIVING.includes(name)) };
      }),
    );

    it.each(OPENING)('is said with its code where the library opened it, too: %s', (_, job) =>
      loseOften((at) => loseOpened(job, at)),
    );
  });

  afterAll(() =>
    record({
      functions: PREPARED.length + OPENING.length,
      losses: ends.length,
      told: ends.filter(isTold).length,
      doneBefore: ends.filter(({ code }) => code === 'done').length,
      otherCodes: ends.filter(({ isRight }) => !isRight).length,
      buffersLeft: ends.reduce((sum, { live }) => sum + live.length, 0),
      slowestMs: Math.round(Math.max(...ends.map(({ settledMs }) => settledMs))),
    }),
  );
}

function isTold({ code }: End): boolean {
  return code !== 'done';
}
