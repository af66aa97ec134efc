import { DescentError } from '../base/errors.js';
import { SavedReader } from '../base/json-reader.js';
import type { PathPoint } from '../descent/report.js';
import { resolveSettings } from '../options/resolve.js';
import { type FitSettings, MEMORY_BUDGET, RANGES } from '../options/specs.js';
import { type Checkpoint, CHECKPOINT_FORMAT, CHECKPOINT_VERSION } from './checkpoint.js';

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
  'optimizerState',
  'best',
] as const satisfies readonly (keyof Checkpoint)[];

/** Options that checkpoints of earlier versions lack. */
const LATER_SETTINGS: readonly (keyof FitSettings)[] = ['memoryBudget', 'recover', 'fitIntercept'];

const ENDS = ['plateau', 'earlyStopping'] as const;

const READER = new SavedReader('a checkpoint', 'Load the complete, unchanged result of checkpoint().');

/** A checkpoint, checked field by field. Throws `INVALID_FILE` for what is none. */
export function readCheckpoint(parsed: unknown): Checkpoint {
  const fields = READER.fields(parsed, { required: KEYS, optional: ['tuning', 'ended'] });
  READER.exactly(fields.format, CHECKPOINT_FORMAT, 'format');
  READER.exactly(fields.version, CHECKPOINT_VERSION, 'version');
  const featureNames = READER.names(fields.featureNames, 'featureNames');
  const targetName = READER.name(fields.targetName, 'targetName');
  const losses = READER.list(fields.lossHistory, 'lossHistory');
  const lossHistory = numbersIn(losses, losses.length, 'lossHistory');
  const settings = settingsIn(fields.settings);
  const validationHistory = validationIn(fields.validationHistory, lossHistory.length, settings);
  const size = featureNames.length + 1;
  return {
    format: CHECKPOINT_FORMAT,
    version: CHECKPOINT_VERSION,
    featureNames,
    targetName,
    settings,
    lossHistory,
    validationHistory,
    parameters: numbersIn(fields.parameters, size, 'parameters'),
    previous: numbersIn(fields.previous, size, 'previous'),
    quietEpochs: countIn(fields.quietEpochs, 'quietEpochs'),
    optimizerState: optimizerStateIn(fields.optimizerState, size),
    best: bestIn(fields.best, size, validationHistory?.length ?? 0),
    initial: numbersIn(fields.initial, size, 'initial'),
    exampleCount: sizeIn(fields.exampleCount, settings),
    path: pathIn(fields.path, featureNames.length),
    ...(fields.ended !== undefined && { ended: READER.oneOf(fields.ended, ENDS, 'ended') }),
    ...(fields.tuning !== undefined && { tuning: tuningIn(fields.tuning) }),
  };
}

/** Reads the optimizer state: three lists, or none for a fit that has just begun or that diverged. */
function optimizerStateIn(value: unknown, size: number): number[][] {
  const lists = READER.list(value, 'optimizerState');
  if (lists.length !== 0 && lists.length !== 3) {
    throw READER.invalid(`${lists.length} lists in optimizerState`, 'none or 3');
  }
  return lists.map((list, k) => numbersIn(list, size, `optimizerState[${k}]`));
}

/** Reads the validation losses: one for each epoch, or none without validation. */
function validationIn(value: unknown, epochs: number, { validationFraction }: FitSettings): number[] | null {
  const losses = value === null ? [] : READER.list(value, 'validationHistory');
  const expected = validationFraction > 0 ? epochs : 0;
  if (losses.length !== expected) {
    throw READER.invalid(`${losses.length} losses in validationHistory`, `${expected}, from settings and lossHistory`);
  }
  return value === null ? null : numbersIn(losses, expected, 'validationHistory');
}

/** Reads the epoch with the lowest validation loss, one of those that were validated. */
function bestIn(value: unknown, size: number, epochs: number): Checkpoint['best'] {
  if (value === null) return null;
  const fields = READER.fields(value, { required: ['epoch', 'loss', 'parameters'] });
  const epoch = countIn(fields.epoch, 'best.epoch');
  if (epoch < 1 || epoch > epochs) throw READER.invalid(`epoch ${epoch} in best`, `an epoch in validationHistory`);
  return {
    epoch,
    loss: READER.number(fields.loss, 'best.loss'),
    parameters: numbersIn(fields.parameters, size, 'best.parameters'),
  };
}

/** Reads a tuning, which `createContext` checks. */
function tuningIn(value: unknown): Record<string, number | string> {
  const entries = Object.entries(
    READER.fields(value, { required: [], optional: Object.keys(Object(value) as object) }),
  );
  return Object.fromEntries(
    entries.map(([name, entry]) => [name, typeof entry === 'string' ? entry : READER.number(entry, `tuning.${name}`)]),
  );
}

function pathIn(value: unknown, featureCount: number): PathPoint[] | null {
  if (value === null) return null;
  return READER.list(value, 'path').map((point, i) => {
    const fields = READER.fields(point, { required: ['epoch', 'weights', 'bias'] });
    return {
      epoch: countIn(fields.epoch, `path[${i}].epoch`),
      weights: numbersIn(fields.weights, featureCount, `path[${i}].weights`),
      bias: READER.number(fields.bias, `path[${i}].bias`),
    };
  });
}

function numbersIn(value: unknown, length: number, place: string): number[] {
  return Array.from(READER.numbers(value, length, place));
}

function settingsIn(value: unknown): FitSettings {
  const names = RANGES.map(({ name }) => name);
  try {
    const required = names.filter((name) => !LATER_SETTINGS.includes(name));
    const settings = READER.fields(value, { required, optional: LATER_SETTINGS }) as Partial<FitSettings>;
    return resolveSettings({ memoryBudget: MEMORY_BUDGET, recover: false, ...settings }); // earlier versions had neither
  } catch (error) {
    if (!(error instanceof DescentError) || error.code === 'INVALID_FILE') throw error;
    throw READER.invalid(`${error.got} in settings`, error.expected, error);
  }
}

/** The number of examples; moments may have a sum of weights in its place, which need not be whole. */
function sizeIn(value: unknown, { strategy }: FitSettings): number {
  const size = READER.number(value, 'exampleCount');
  return strategy === 'moments' && size > 0 ? size : countIn(value, 'exampleCount');
}

function countIn(value: unknown, place: string): number {
  const number = READER.number(value, place);
  if (!Number.isInteger(number) || number < 0) {
    throw READER.invalid(`${number} in ${place}`, 'a whole number from 0 up');
  }
  return number;
}
