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

/** Reads the state of each model, and the part of its history that was not read before. */
export async function readRun(run: RunContents): Promise<Omit<RunResult, 'timings'>[]> {
  const { context, standardization, size, buffers, validation, starts, settings, progress } = run;
  const everything = [parametersRange(run)];
  const unread = progress.map((_, k) => unreadHistory(run, k));
  const validatedEpochs = { first: run.epochsRead[0] ?? 0, count: unread[0]?.losses.count ?? 0 };
  const allocator = new Buffers(context.device);
  const fetch = (source: GPUBuffer, ranges: readonly FloatRange[]) => readFloats(context, allocator, source, ranges);
  try {
    const [even, odd, floats, validated] = await Promise.all([
      fetch(buffers.parameters[0], everything),
      fetch(buffers.parameters[1], everything),
      fetch(
        buffers.history,
        unread.flatMap(({ losses, points }) => [losses, points]),
      ),
      validation?.read(fetch, validatedEpochs) ?? NOT_VALIDATED,
    ]);
    let at = 0;
    const next = (count: number) => floats.subarray(at, (at += count));
    return progress.map((modelProgress, k): Omit<RunResult, 'timings'> => {
      const [last, before] = turnOf(run, k) === 0 ? [even, odd] : [odd, even];
      const { losses, pointEpochs } = unread[k] as UnreadHistory;
      const history = {
        losses: Float64Array.from(next(losses.count)),
        ...validated,
        path: [
          ...(run.firstPoints[k] ?? []),
          ...pointEpochs.map((epoch) => ({ epoch, parameters: standardization.fromDevice(next(size)) })),
        ],
      };
      return {
        ...history,
        ...stateOf(modelProgress, {
          epochs: settings[k]?.epochs ?? 0,
          last: parametersIn(last, starts, k, standardization),
          before: parametersIn(before, starts, k, standardization),
          optimizerState: modelProgress.epoch > 0 ? optimizerStateIn(last, starts, k, standardization) : [],
        }),
      };
    });
  } finally {
    allocator.destroy();
  }
}

/** The parameters of the first model after its last update, finite or not: [d + 1] in training units. */
export async function readParameters(run: RunContents): Promise<Float64Array> {
  const { context, standardization, buffers, starts } = run;
  const allocator = new Buffers(context.device);
  try {
    const contents = await readFloats(context, allocator, buffers.parameters[turnOf(run, 0)], [parametersRange(run)]);
    return parametersIn(contents, starts, 0, standardization);
  } finally {
    allocator.destroy();
  }
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
