import type { BestState } from '../descent/backend.js';
import { DescentError } from '../base/errors.js';
import type { SavedFit } from '../descent/saved-state.js';
import type { LinearModel } from './linear-model.js';
import { resolveSettings } from '../options/resolve.js';
import { type FitSettings, SETTINGS } from '../options/specs.js';
import type { FitReport, PathPoint } from '../descent/report.js';
import { SavedReader } from '../base/json-reader.js';

const FORMAT = 'webgpu-descent/checkpoint';
const VERSION = 1;

/** A fit that was interrupted, or that has ended, with all that its next epoch depends on. Plain data. */
export interface Checkpoint {
  format: typeof FORMAT;
  version: typeof VERSION;
  featureNames: string[];
  targetName: string;
  exampleCount: number;
  /** The options in force: the learning rate as a number, and the strategy that ran. */
  settings: FitSettings;
  /** One loss for each epoch until now. */
  lossHistory: number[];
  /** Same as `validationHistory` of the report. */
  validationHistory: number[] | null;
  /** Same as `path` of the report. */
  path: PathPoint[] | null;
  /** [d + 1] weights and bias in training units, at the beginning of the first epoch. */
  initial: number[];
  /** [d + 1] now. */
  parameters: number[];
  /** [d + 1] before the last epoch's update. */
  previous: number[];
  /** Quiet epochs in a row, up to now. */
  quietEpochs: number;
  /** Same as `memory` of the report's state: the optimizer state. */
  memory: number[][];
  /** Same as `best` of the report's state. */
  best: { epoch: number; loss: number; parameters: number[] } | null;
}

const KEYS = [
  'format',
  'version',
  'featureNames',
  'targetName',
  'exampleCount',
  'settings',
  'lossHistory',
  'validationHistory',
  'path',
  'initial',
  'parameters',
  'previous',
  'quietEpochs',
  'memory',
  'best',
] as const satisfies readonly (keyof Checkpoint)[];

const READER = new SavedReader('a checkpoint', 'Load the complete, unchanged result of checkpoint().');

/**
 * The checkpoint of a model, from which `resume` continues. For a fit that diverged: the state one epoch earlier, from
 * which a smaller learning rate can continue.
 *
 * Throws `INVALID_OPTION` for a model without a report, as a loaded one is.
 */
export function checkpointOf({ featureNames, targetName, report }: LinearModel): Checkpoint {
  if (!report?.state || report.strategy === 'exact') {
    throw new DescentError('INVALID_OPTION', {
      got: `a model without ${report ? 'a training state that can be saved' : 'a report'}`,
      expected: 'a model that fit returned, trained with a learning rate that is not a function',
      fix: 'Save a checkpoint instead of the model, or start a new fit from the model with warmStart.',
    });
  }
  const { state, settings, strategy, exampleCount, lossHistory, validationHistory, path, stopReason } = report;
  const { initial, parameters, previous, quietEpochs, memory, best, tolerance } = state;
  const common: Omit<Checkpoint, OfLastEpoch> = {
    format: FORMAT,
    version: VERSION,
    featureNames: [...featureNames],
    targetName,
    exampleCount,
    settings: { ...settings, learningRate: rateOf(settings), tolerance, strategy },
    path: path && path.map((point) => ({ ...point, weights: [...point.weights] })),
    initial: [...initial],
    parameters: [...parameters],
  };
  // The parameters are then those before the last update: the last whose loss was finite.
  if (stopReason === 'diverged') {
    const epochs = Math.max(0, lossHistory.length - 1);
    return {
      ...common,
      lossHistory: lossHistory.slice(0, epochs),
      validationHistory: validationHistory && validationHistory.slice(0, epochs),
      previous: [...parameters],
      quietEpochs: 0,
      memory: [],
      best: best && best.epoch <= epochs ? copied(best) : null,
    };
  }
  return {
    ...common,
    lossHistory: [...lossHistory],
    validationHistory: validationHistory && [...validationHistory],
    previous: [...previous],
    quietEpochs,
    memory: memory.map((values) => [...values]),
    best: best && copied(best),
  };
}

/** The fields that a divergence takes back by one epoch. */
type OfLastEpoch = 'lossHistory' | 'validationHistory' | 'previous' | 'quietEpochs' | 'memory' | 'best';

type Best = NonNullable<Checkpoint['best']>;

function copied({ parameters, ...best }: Best): Best {
  return { ...best, parameters: [...parameters] };
}

/** The rate in force, where the optimizer leaves it to the options. */
function rateOf({ optimizer, learningRate }: FitReport['settings']): number | 'auto' {
  return optimizer === 'conjugateGradient' ? 'auto' : learningRate;
}

/** A checkpoint, checked field by field, and the options to go on with. Throws `INVALID_FILE` for what is none. */
export function savedFitOf(parsed: unknown): { saved: SavedFit; settings: Partial<FitSettings> } {
  const fields = READER.fields(parsed, { required: KEYS });
  READER.exactly(fields.format, FORMAT, 'format');
  READER.exactly(fields.version, VERSION, 'version');
  const featureNames = READER.names(fields.featureNames, 'featureNames');
  READER.name(fields.targetName, 'targetName');
  const losses = READER.list(fields.lossHistory, 'lossHistory');
  const lossHistory = Array.from(READER.numbers(losses, losses.length, 'lossHistory'));
  const settings = settingsOf(fields.settings);
  const validationHistory = validationIn(fields.validationHistory, lossHistory.length, settings);
  const size = featureNames.length + 1;
  const state = {
    epoch: lossHistory.length,
    parameters: READER.numbers(fields.parameters, size, 'parameters'),
    previous: READER.numbers(fields.previous, size, 'previous'),
    quietEpochs: count(fields.quietEpochs, 'quietEpochs'),
    loss: lossHistory.at(-1) ?? Number.NaN,
    memory: memoryIn(fields.memory, size),
    best: bestIn(fields.best, size, validationHistory.length),
  };
  const initial = READER.numbers(fields.initial, size, 'initial');
  const exampleCount = sizeOf(fields.exampleCount, settings);
  const path = pathIn(fields.path, featureNames.length);
  return {
    saved: { featureNames, exampleCount, state, earlier: { lossHistory, validationHistory, path, initial } },
    settings,
  };
}

/** Reads the optimizer state: three lists, or none for a fit that has just begun or that diverged. */
function memoryIn(value: unknown, size: number): Float64Array[] {
  const lists = READER.list(value, 'memory');
  if (lists.length !== 0 && lists.length !== 3) throw READER.invalid(`${lists.length} lists in memory`, 'none or 3');
  return lists.map((list, k) => READER.numbers(list, size, `memory[${k}]`));
}

/** A loss for each epoch, where examples are held out. */
function validationIn(value: unknown, epochs: number, { validationFraction }: FitSettings): number[] {
  const losses = value === null ? [] : READER.list(value, 'validationHistory');
  const expected = validationFraction > 0 ? epochs : 0;
  if (losses.length !== expected) {
    throw READER.invalid(`${losses.length} losses in validationHistory`, `${expected}, from settings and lossHistory`);
  }
  return Array.from(READER.numbers(losses, expected, 'validationHistory'));
}

/** One of so many epochs. */
function bestIn(value: unknown, size: number, epochs: number): BestState | undefined {
  if (value === null) return undefined;
  const fields = READER.fields(value, { required: ['epoch', 'loss', 'parameters'] });
  const epoch = count(fields.epoch, 'best.epoch');
  if (epoch < 1 || epoch > epochs) throw READER.invalid(`epoch ${epoch} in best`, `an epoch in validationHistory`);
  return {
    epoch,
    loss: READER.number(fields.loss, 'best.loss'),
    parameters: READER.numbers(fields.parameters, size, 'best.parameters'),
  };
}

function pathIn(value: unknown, featureCount: number): PathPoint[] {
  if (value === null) return [];
  return READER.list(value, 'path').map((given, i) => {
    const fields = READER.fields(given, { required: ['epoch', 'weights', 'bias'] });
    return {
      epoch: count(fields.epoch, `path[${i}].epoch`),
      weights: Array.from(READER.numbers(fields.weights, featureCount, `path[${i}].weights`)),
      bias: READER.number(fields.bias, `path[${i}].bias`),
    };
  });
}

function settingsOf(value: unknown): FitSettings {
  const names = SETTINGS.map(({ name }) => name);
  try {
    return resolveSettings(READER.fields(value, { required: [], optional: names }) as Partial<FitSettings>);
  } catch (error) {
    if (!(error instanceof DescentError) || error.code === 'INVALID_FILE') throw error;
    throw READER.invalid(`${error.got} in settings`, error.expected, error);
  }
}

/** The number of examples; moments may have a sum of weights in its place, which need not be whole. */
function sizeOf(value: unknown, { strategy }: FitSettings): number {
  const size = READER.number(value, 'exampleCount');
  return strategy === 'moments' && size > 0 ? size : count(value, 'exampleCount');
}

function count(value: unknown, place: string): number {
  const whole = READER.number(value, place);
  if (!Number.isInteger(whole) || whole < 0) throw READER.invalid(`${whole} in ${place}`, 'a whole number from 0 up');
  return whole;
}
