import { type BenchCase, caseName } from '../cases.js';
import { DEFAULT_EPOCHS, EFFORTS } from '../effort.js';
import { failedCase, type Library, runCase } from '../harness.js';
import { makeProblem } from '../problem.js';
import { type BenchResult, type CaseResult, OURS_CPU } from '../result.js';
import { measureEnvironment } from './adapter.js';
import { pause, withPauses } from './pauses.js';
import type { PageState } from './state.js';
import { text } from './text.js';

export interface RunEvents {
  signal: AbortSignal;
  /** The work under way, and the share of the whole that is done, from 0 to 1. */
  onProgress: (note: string, done: number) => void;
  /** Everything so far, after every case. */
  onResult: (result: BenchResult) => void;
}

/**
 * The memory that a value of X takes in this page while its case runs, in bytes: f32 as generated and as the problem's, f64 in the
 * check, and one copy of the arm that lays it out.
 */
const BYTES_PER_VALUE = 4 + 4 + 8 + 4;

/** Browsers end a page that takes more than its share. Where they tell the device's memory, half of it; or this many GiB. */
const PAGE_GIBIBYTES = 4;

/** True for libraries that run on WebGPU. */
const isOnAdapter = ({ name, kind }: Library): boolean =>
  kind === 'peer-webgpu' || (kind === 'ours' && name !== OURS_CPU);

/**
 * Runs the chosen cases in turn. What cannot run is in the result with its reason, and the rest goes on; rejects when the
 * signal aborts.
 */
export async function runBenchmark(
  { cases, effort }: Pick<PageState, 'cases' | 'effort'>,
  chosen: readonly Library[],
  { signal, onProgress, onResult }: RunEvents,
): Promise<void> {
  onProgress(text.lookingAtAdapter, 0);
  const libraries = chosen.map((library) => withPauses(library, signal));
  const environment = await measureEnvironment(chosen.some(isOnAdapter));
  const measured: CaseResult[] = [];
  for (const [index, size] of cases.entries()) {
    signal.throwIfAborted();
    const notesPerCase = libraries.length * (1 + EFFORTS[effort].repeats + EFFORTS[effort].jobRepeats);
    let notes = 0;
    const progress = (note: string) => {
      onProgress(`${caseName(size)}: ${note}`, (index + Math.min(1, notes++ / notesPerCase)) / cases.length);
    };
    progress(text.makingData);
    await pause();
    let result;
    try {
      checkMemory(size);
      result = await runCase(makeProblem(size), libraries, {
        ...EFFORTS[effort],
        checkedEpochs: DEFAULT_EPOCHS,
        copyGigabytesPerSecond: environment.copyGigabytesPerSecond,
        onProgress: progress,
        signal,
      });
      signal.throwIfAborted(); // an abort during the check of an arm reads as that arm's failure
    } catch (error) {
      signal.throwIfAborted();
      result = failedCase(size, chosen, DEFAULT_EPOCHS, error);
    }
    measured.push(result);
    onResult({ environment, cases: [...measured] });
  }
}

function checkMemory(size: BenchCase): void {
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  const limit = deviceMemory === undefined ? PAGE_GIBIBYTES : deviceMemory / 2;
  const needed = (size.rows * size.features * BYTES_PER_VALUE) / 2 ** 30;
  if (needed <= limit) return;
  throw new RangeError(
    `needs about ${Math.ceil(needed)} GiB of memory in this page; expected at most ${limit}. Use fewer rows or features.`,
  );
}
