import type { PathState, RunResult, Start } from '../../descent/backend.js';
import { Buffers } from '../device/buffers.js';
import { type FloatRange, readFloats } from '../device/readback.js';
import type { Progress, UniformSettings } from '../kernels/uniforms.js';
import type { EpochBuffers } from './epoch.js';
import { pointsIn } from './history.js';
import { optimizerStateIn, parametersIn, slotsOf } from './optimizer-state.js';
import type { DeviceTrainingData } from './prepare-run.js';
import type { Validation } from './validation.js';

/** The parts of a run that its results are read from. Each list has one entry for each model. */
export interface RunContents extends Pick<DeviceTrainingData, 'context' | 'standardization'> {
  /** d + 1 */
  size: number;
  updatesPerEpoch: number;
  buffers: Pick<EpochBuffers, 'parameters' | 'history'>;
  validation: Validation | undefined;
  starts: readonly Start[];
  settings: readonly UniformSettings[];
  progress: readonly Progress[];
  /** Number of epochs whose losses were read before. */
  epochsRead: readonly number[];
  /** The first point of the path, until it was read. */
  firstPoints: readonly PathState[][];
}

/** The ranges of the losses and points that were not read yet. */
interface UnreadHistory {
  losses: FloatRange;
  points: FloatRange;
  pointEpochs: number[];
}

const NOT_VALIDATED = { validationLosses: new Float64Array(0), best: undefined };

/** The contents of a run as they were fetched. */
export interface FetchedRun {
  /** The parameters in the buffers of even and of odd turns. */
  even: Float32Array;
  odd: Float32Array;
  /** [models] The history, and the ranges that it comes from. */
  unread: readonly UnreadHistory[];
  history: Float32Array;
  validated: Float32Array;
}

/**
 * Fetches what `resultsOf` needs of the models, up to the epochs that their progress states, by one submit that is there when
 * the call returns.
 */
export async function fetchRun(run: RunContents): Promise<FetchedRun> {
  const { context, buffers, validation, progress } = run;
  const unread = progress.map((_, k) => unreadHistory(run, k));
  const validatedEpochs = { first: run.epochsRead[0] ?? 0, count: unread[0]?.losses.count ?? 0 };
  const parts = [
    [{ source: buffers.parameters[0], ...parametersRange(run) }],
    [{ source: buffers.parameters[1], ...parametersRange(run) }],
    unread.flatMap(({ losses, points }) => [losses, points].map((range) => ({ source: buffers.history, ...range }))),
    validation?.ranges(validatedEpochs) ?? [],
  ];
  const allocator = new Buffers(context.device);
  try {
    const floats = await readFloats(context, allocator, parts.flat());
    let at = 0;
    const [even, odd, history, validated] = parts.map((ranges) =>
      floats.subarray(at, (at += ranges.reduce((sum, { count }) => sum + count, 0))),
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    return { even, odd, unread, history, validated };
  } finally {
    allocator.destroy();
  }
}

/** The state of each model, and the part of its history that was not read before; the models may have ended sooner than fetched. */
export function resultsOf(run: RunContents, fetched: FetchedRun): Omit<RunResult, 'timings'>[] {
  const { standardization, size, validation, starts, settings, progress } = run;
  const { even, odd, history } = fetched;
  const validatedCount = (progress[0]?.epoch ?? 0) - (run.epochsRead[0] ?? 0);
  const validated = validation?.read(fetched.validated, validatedCount) ?? NOT_VALIDATED;
  let at = 0;
  /** The first `count` floats of the next range. */
  const next = (range: FloatRange, count: number) => history.subarray(at, (at += range.count)).subarray(0, count);
  return progress.map((modelProgress, k): Omit<RunResult, 'timings'> => {
    const [last, before] = turnOf(run, k) === 0 ? [even, odd] : [odd, even];
    const { losses, pointEpochs, points: unreadPoints } = unreadHistory(run, k);
    const range = fetched.unread[k] as UnreadHistory;
    const newLosses = Float64Array.from(next(range.losses, losses.count));
    const points = next(range.points, unreadPoints.count);
    return {
      losses: newLosses,
      ...validated,
      path: [
        ...(run.firstPoints[k] ?? []),
        ...pointEpochs.map((epoch, i) => ({
          epoch,
          parameters: standardization.fromDevice(points.subarray(i * size, (i + 1) * size)),
        })),
      ],
      ...stateOf(modelProgress, {
        epochs: settings[k]?.epochs ?? 0,
        last: parametersIn(last, starts, k, standardization),
        before: parametersIn(before, starts, k, standardization),
        optimizerState: modelProgress.epoch > 0 ? optimizerStateIn(last, starts, k, standardization) : [],
      }),
    };
  });
}

/** The parameters of the first model after its last update, finite or not: [d + 1] in training units. */
export function parametersOf(run: RunContents, { even, odd }: FetchedRun): Float64Array {
  return parametersIn(turnOf(run, 0) === 0 ? even : odd, run.starts, 0, run.standardization);
}

/** Number of floats of the history that `fetchRun` would read. */
export function unreadFloats(run: RunContents): number {
  return run.progress.reduce((sum, _, k) => {
    const { losses, points } = unreadHistory(run, k);
    return sum + losses.count + points.count;
  }, 0);
}

/** The range of a buffer of parameters that holds those of all models. */
function parametersRange({ starts, size }: RunContents): FloatRange {
  return { first: 0, count: slotsOf(starts) * starts.length * size };
}

/** The turn whose buffer has a model's parameters: those after n updates are in buffer n % 2, those before in the other. */
function turnOf({ progress, updatesPerEpoch }: RunContents, model: number): 0 | 1 {
  const { epoch, within } = progress[model] as Progress;
  return ((epoch * updatesPerEpoch + (within?.batch ?? 0)) % 2) as 0 | 1;
}

/** The ranges of the history of a model that were not read yet. */
function unreadHistory({ settings, progress, epochsRead, size }: RunContents, model: number): UnreadHistory {
  const { firstLoss, pathEvery = 0, firstPoint = 0 } = settings[model] as UniformSettings;
  const { epoch } = progress[model] as Progress;
  const read = epochsRead[model] as number;
  const pointsRead = pointsIn(read, pathEvery);
  const count = pointsIn(epoch, pathEvery) - pointsRead;
  return {
    losses: { first: firstLoss + read, count: epoch - read },
    points: { first: firstPoint + pointsRead * size, count: count * size },
    pointEpochs: Array.from({ length: count }, (_, k) => (pointsRead + k + 1) * pathEvery),
  };
}

/** The state of a model that has come so far of `epochs` epochs, from its parameters after and before the last update. */
function stateOf(
  { epoch, quietEpochs, loss, stopReason, within }: Progress,
  parts: { epochs: number; last: Float64Array; before: Float64Array; optimizerState: Float64Array[] },
): Omit<RunResult, 'timings' | 'losses' | 'validationLosses' | 'path' | 'best'> {
  const { epochs, last, before, optimizerState } = parts;
  const state = { epoch, previous: before, quietEpochs, loss };
  // The last update can leave f32 with no epoch after it that would notice.
  const isDiverged =
    stopReason === 'diverged' || ![last, ...optimizerState].every((values) => values.every(Number.isFinite));
  const isUpdated = epoch > 0 || within !== undefined;
  if (isDiverged) return { ...state, parameters: isUpdated ? before : last, stopReason: 'diverged' };
  const isOver = stopReason === 'plateau' || stopReason === 'earlyStopping';
  const atEnd = epoch < epochs ? null : 'epochs';
  return { ...state, parameters: last, optimizerState, stopReason: isOver ? stopReason : atEnd };
}
