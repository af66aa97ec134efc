import { DescentError } from '../base/errors.js';
import type { FitWarning } from '../descent/report.js';
import type { Checkpoint } from '../model/checkpoint.js';
import type { FitOptions } from './fit-options.js';
import { openFit, type OpenFit } from './open-fit.js';
import type { FitData } from './prepare-data.js';

/** The arguments of a fit. */
export interface FitRequest {
  data: FitData;
  options: FitOptions;
  checkpoint: Checkpoint | null;
}

/** Losses of one device after another without a step between them: then something is wrong that no device mends. */
const MOST_LOSSES = 5;

/** The time that a browser may take to start its GPU process anew before it has an adapter again. */
const PAUSE_MS = 200;

/** True for the errors of a device that is lost or disposed of: state that is on the host outlives it. */
export function isGone(error: unknown): boolean {
  return error instanceof DescentError && (error.code === 'DEVICE_LOST' || error.code === 'DISPOSED');
}

/** Throws `INVALID_OPTION` for a device that is not the library's, or where there is none to lose. */
export function requireOwnDevice({ context, backend }: FitOptions): void {
  const isOnHost = backend === 'cpu' || backend === 'reference';
  if (!context && !isOnHost) return;
  throw new DescentError('INVALID_OPTION', {
    got: `recover with ${context ? 'a context' : `backend '${backend}'`}`,
    expected: context
      ? 'one of them, because the device of a context is never made anew'
      : "backend 'webgpu' or 'auto', because no device is lost on the CPU",
    fix: context ? 'Leave the context out, or catch DEVICE_LOST and resume with a new context.' : 'Leave recover out.',
    where: { option: 'recover' },
  });
}

function isLost(error: unknown): boolean {
  return error instanceof DescentError && (error.code === 'DEVICE_LOST' || error.code === 'READBACK_FAILED');
}

/** Does a task until it ends without a loss of the device; `prepare` brings another one before each further time. */
export async function untilHeld<Result>(
  task: () => Promise<Result>,
  prepare: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  let isReady = true;
  let loss: unknown;
  for (let left = MOST_LOSSES; ; left--) {
    try {
      if (!isReady) await prepare();
      isReady = true;
      return await task();
    } catch (error) {
      const isWithout = !isReady && error instanceof DescentError && error.code === 'WEBGPU_UNAVAILABLE';
      if (isLost(error)) loss = error;
      // Where no other device comes, the caller hears of the loss.
      if (left === 0 || signal?.aborted || !(isLost(error) || isWithout)) throw isWithout ? loss : error;
      isReady = false;
      if (isWithout) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Opens a fit on another device of the same adapter; everything else stays as it was. */
export async function reopened({ data, options, checkpoint }: FitRequest, fit: OpenFit): Promise<OpenFit> {
  const asked: FitOptions = { ...options, backend: fit.backend === 'webgpu' ? 'webgpu' : (options.backend ?? 'auto') };
  delete asked.onWarning; // it has heard of them
  const opened = await openFit(data, asked, checkpoint);
  const { from, initial, earlier, settings, rate, rateWarnings, placement, timings } = fit;
  return {
    ...{ ...opened, from, initial, earlier, settings, rate, rateWarnings, placement, timings },
    warnings: withRecovery(fit.warnings),
  };
}

const RECOVERED = 'DEVICE_RECOVERED';

/** The warnings, with that of one more loss. */
function withRecovery(warnings: readonly FitWarning[]): FitWarning[] {
  const message = 'The device was lost, and training went on from the latest state on a new one.';
  return [...warnings.filter(({ code }) => code !== RECOVERED), { code: RECOVERED, message }];
}
