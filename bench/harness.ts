import { quantileSorted } from 'simple-statistics';
import type { Arm, ArmFactory, ArmSession, Problem } from './arm.js';
import type { BenchCase } from './cases.js';
import { LossCheck } from './check.js';
import type { ArmResult, CaseResult, Spread } from './result.js';
import { withSpeedups } from './result.js';

/** The arms of one library under the name that people choose it by. */
export interface Library {
  name: string;
  kind: Arm['kind'];
  arms: ArmFactory;
}

export interface HarnessOptions {
  /** Epochs from the start after which the loss is compared. */
  checkedEpochs: number;
  /** Timed repeats of every arm; quartiles need seven. 0 only checks. */
  repeats: number;
  /** Each repeat takes as many epochs as fill this time. */
  repeatMs: number;
  /** Whole jobs of 100 epochs per arm, and of short ones as many as fill JOBS_MS; 0 leaves them out. */
  jobRepeats: number;
  /** The speed of the adapter's own copy, in GB/s, for the share; null when unknown. */
  copyGigabytesPerSecond: number | null;
  onProgress: (note: string) => void;
  signal?: AbortSignal;
}

const JOB_EPOCHS = 100;

/** The first runs of a short job, in which the engine still compiles its code, should not be most of what is measured. */
const JOBS_MS = 500;

/** A form that took longer than this per epoch when tried is no use to anyone, and would hold up all others. */
const SLOWEST_EPOCH_MS = 10_000;

/** An arm that is ready to be timed. */
interface Contender {
  arm: Arm;
  session: ArmSession;
  lastLoss: number;
  correct: boolean;
  /** From one short try: how many epochs to a repeat. */
  triedMs: number;
  samples: number[];
}

/**
 * Measures one case. Every form of every library is checked first, against the loss of the f64 reference, and tried
 * once; the fastest correct form of each library then runs in turn with the others, so that a drift of the machine
 * hits all alike. What cannot run stays in the result, with its reason.
 */
export async function runCase(
  problem: Problem,
  libraries: readonly Library[],
  options: HarnessOptions,
): Promise<CaseResult> {
  const check = new LossCheck(problem, options.checkedEpochs);
  const results: ArmResult[] = [];
  const contenders: Contender[] = [];
  try {
    for (const library of libraries) {
      options.signal?.throwIfAborted();
      options.onProgress(`checking ${library.name}`);
      const { best, failures } = await fastestForm(library, problem, check, options.repeatMs);
      if (best) contenders.push(best);
      else results.push(...failures);
    }
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      for (const contender of contenders) {
        if (contender.arm.isJobOnly) continue;
        options.signal?.throwIfAborted();
        options.onProgress(`timing ${contender.arm.name}, ${repeat + 1} of ${options.repeats}`);
        const epochs = Math.max(1, Math.ceil(options.repeatMs / contender.triedMs));
        contender.samples.push((await timedTrain(contender.session, epochs)) / epochs);
      }
    }
  } finally {
    await Promise.all(contenders.map(({ session }) => session.close().catch(() => undefined)));
  }
  for (const contender of contenders) {
    const jobMs = await measureJobs(contender.arm, problem, options);
    results.push(resultOf(contender, problem, jobMs, options.copyGigabytesPerSecond));
  }
  const { rows, features } = problem;
  return withSpeedups({ rows, features, epochs: options.checkedEpochs, expectedLoss: check.expectedLoss, results });
}

/** The fastest correct form of a library, open and warm; or why there is none. */
async function fastestForm(library: Library, problem: Problem, check: LossCheck, repeatMs: number) {
  let best: Contender | undefined;
  const failures: ArmResult[] = [];
  let arms: Arm[];
  try {
    arms = await library.arms();
  } catch (error) {
    return { best, failures: [failed(library.name, library.kind, '', error)] };
  }
  for (const arm of arms) {
    const tried = await tryForm(arm, problem, check, repeatMs).catch((error: unknown) =>
      failed(arm.name, arm.kind, arm.describe, error),
    );
    if (!('session' in tried)) {
      failures.push(tried);
    } else if (!tried.correct) {
      failures.push({ ...failed(arm.name, arm.kind, arm.describe, 'its loss is wrong'), lastLoss: tried.lastLoss });
      await tried.session.close();
    } else if (!best || tried.triedMs < best.triedMs) {
      await best?.session.close();
      best = tried;
    } else {
      await tried.session.close();
    }
  }
  return { best, failures };
}

async function tryForm(arm: Arm, problem: Problem, check: LossCheck, repeatMs: number): Promise<Contender | ArmResult> {
  const session = await arm.open(problem);
  try {
    await session.train(check.epochs);
    const { weights, bias } = await session.parameters();
    const lastLoss = check.lossOf(Float64Array.from([...weights, bias]));
    const correct = check.isCorrect(lastLoss);
    const triedMs = arm.isJobOnly ? 0 : await tryEpochs(session, repeatMs);
    if (triedMs > SLOWEST_EPOCH_MS) throw new Error(`${Math.round(triedMs)} ms per epoch, too slow to measure`);
    return { arm, session, lastLoss, correct, triedMs, samples: [] };
  } catch (error) {
    await session.close().catch(() => undefined);
    throw error;
  }
}

/** Milliseconds per epoch once warm: over ever more epochs, until they fill a good part of a repeat. */
async function tryEpochs(session: ArmSession, repeatMs: number): Promise<number> {
  for (let epochs = 2; ; epochs *= 4) {
    const elapsedMs = await timedTrain(session, epochs);
    if (elapsedMs >= repeatMs / 3) return elapsedMs / epochs;
  }
}

/** Milliseconds by the arm's own clock where it has one: the way to another process does not count. */
async function timedTrain(session: ArmSession, epochs: number): Promise<number> {
  const startMs = performance.now();
  await session.train(epochs);
  return session.lastTrainMs ?? performance.now() - startMs;
}

async function measureJobs(arm: Arm, problem: Problem, options: HarnessOptions): Promise<Spread | null> {
  if (options.jobRepeats === 0) return null;
  const samples: number[] = [];
  let totalMs = 0;
  for (let repeat = 0; repeat < options.jobRepeats || totalMs < JOBS_MS; repeat++) {
    options.signal?.throwIfAborted();
    options.onProgress(`whole job of ${arm.name}, ${repeat + 1}`);
    const jobMs = await timedJob(arm, problem);
    samples.push(jobMs);
    totalMs += jobMs;
  }
  return spreadOf(samples);
}

/** From the problem's arrays to final parameters. */
export async function timedJob(arm: Arm, problem: Problem): Promise<number> {
  if (arm.timeJob) return arm.timeJob(problem, JOB_EPOCHS);
  const startMs = performance.now();
  const session = await arm.open(problem);
  try {
    await session.train(JOB_EPOCHS);
    await session.parameters();
    // What runs in another process has its data there already: only its training counts.
    return session.lastTrainMs ?? performance.now() - startMs;
  } finally {
    await session.close();
  }
}

function resultOf(
  { arm, samples, lastLoss, correct }: Contender,
  { rows, features }: Problem,
  jobMs: Spread | null,
  copyGigabytesPerSecond: number | null,
): ArmResult {
  const msPerEpoch = samples.length > 0 ? spreadOf(samples) : null;
  const gigabytesPerSecond = msPerEpoch && (4 * rows * (features + 1)) / msPerEpoch.median / 1e6;
  const isOnAdapter = (arm.kind === 'ours' && !arm.isOnCpu) || arm.kind === 'peer-webgpu';
  return {
    name: arm.name,
    kind: arm.kind,
    describe: arm.describe,
    msPerEpoch,
    gigabytesPerSecond,
    shareOfCopyBandwidth:
      isOnAdapter && copyGigabytesPerSecond && gigabytesPerSecond ? gigabytesPerSecond / copyGigabytesPerSecond : null,
    jobMs,
    ...(arm.isJobOnly && { isJobOnly: true }),
    lastLoss,
    correct,
  };
}

function failed(name: string, kind: Arm['kind'], describe: string, error: unknown): ArmResult {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  const nothing = {
    msPerEpoch: null,
    gigabytesPerSecond: null,
    shareOfCopyBandwidth: null,
    jobMs: null,
    lastLoss: null,
  };
  return { name, kind, describe, ...nothing, correct: false, reason };
}

/** The result of a case that could not be measured at all. */
export function failedCase(
  { rows, features }: BenchCase,
  libraries: readonly Pick<Library, 'name' | 'kind'>[],
  epochs: number,
  error: unknown,
): CaseResult {
  const results = libraries.map(({ name, kind }) => failed(name, kind, '', error));
  return withSpeedups({ rows, features, epochs, expectedLoss: null, results });
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    median: quantileSorted(sorted, 0.5),
    q1: quantileSorted(sorted, 0.25),
    q3: quantileSorted(sorted, 0.75),
  };
}
