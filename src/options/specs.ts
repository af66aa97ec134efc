import { type Loss, LOSSES, type OptimizerChoice, OPTIMIZER_CHOICES, type Schedule, SCHEDULES } from './names.js';
import { LEAST_SQUARES } from './objective.js';
import { ABOVE_ZERO, FRACTION, FROM_ZERO, oneOf, type Range, TRUE_OR_FALSE, wholeNumber } from './ranges.js';

/** The options that are plain values: the same names on the command line, in kebab case. */
export interface FitSettings {
  loss: Loss;
  huberDelta: number | 'auto';
  fitIntercept: boolean;
  epochs: number;
  batchSize: 'full' | number;
  shuffle: boolean;
  /** A constant, 'auto', or a function of the epoch, counted from 0. */
  learningRate: number | 'auto' | ((epoch: number) => number);
  optimizer: OptimizerChoice;
  momentum: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  schedule: Schedule;
  decay: number;
  decayEvery: number;
  warmupEpochs: number;
  average: boolean;
  averageFrom: number;
  tolerance: number;
  patience: number;
  validationFraction: number;
  restoreBest: boolean;
  l1: number;
  l2: number;
  standardize: boolean;
  seed: number;
  pathEvery: number;
  strategy: 'auto' | 'streaming' | 'moments';
  kernels: 'auto' | 'textbook';
  storage: 'f32' | 'f16';
  memoryBudget: number;
  backend: 'auto' | 'webgpu' | 'cpu' | 'reference';
  recover: boolean;
}

/** One plain option: its name, default and allowed values. */
export interface SettingRange<Name extends keyof FitSettings = keyof FitSettings> extends Range {
  name: Name;
  default: FitSettings[Name];
}

const STRATEGIES = ['auto', 'streaming', 'moments'] as const;
const KERNELS = ['auto', 'textbook'] as const;
const STORAGES = ['f32', 'f16'] as const;
const BACKENDS = ['auto', 'webgpu', 'cpu', 'reference'] as const;

/** Ten million epochs keep the loss history, 4 bytes an epoch, well inside one binding. */
export const MOST_EPOCHS = 10_000_000;

/**
 * With the copy in f32 that an engine makes, half a gigabyte of examples stays under one: what a tab of a browser and a small machine
 * have to spare.
 */
export const MEMORY_BUDGET = 2 ** 29;

/** Every plain option of `fit`, in the order in which documentation and command line show them. */
export const RANGES: readonly SettingRange[] = [
  {
    name: 'loss',
    default: LEAST_SQUARES.loss,
    ...oneOf(LOSSES),
  },
  {
    name: 'huberDelta',
    default: 'auto',
    range: `${ABOVE_ZERO.range}, or 'auto'`,
    allows: (value) => value === 'auto' || ABOVE_ZERO.allows(value),
  },
  {
    name: 'fitIntercept',
    default: LEAST_SQUARES.fitIntercept,
    ...TRUE_OR_FALSE,
  },
  {
    name: 'epochs',
    default: 1000,
    ...wholeNumber(1, MOST_EPOCHS),
  },
  {
    name: 'batchSize',
    default: 'full',
    range: "'full', or a whole number from 1 up",
    allows: (value) => value === 'full' || (Number.isSafeInteger(value) && (value as number) >= 1),
  },
  {
    name: 'shuffle',
    default: true,
    ...TRUE_OR_FALSE,
  },
  {
    name: 'learningRate',
    default: 'auto',
    range: "a number above 0, or 'auto'",
    allows: (value) => value === 'auto' || typeof value === 'function' || ABOVE_ZERO.allows(value),
  },
  {
    name: 'optimizer',
    default: 'auto',
    ...oneOf(OPTIMIZER_CHOICES),
  },
  {
    name: 'momentum',
    default: 0.9,
    ...FRACTION,
  },
  {
    name: 'beta1',
    default: 0.9,
    ...FRACTION,
  },
  {
    name: 'beta2',
    default: 0.999,
    ...FRACTION,
  },
  {
    name: 'epsilon',
    default: 1e-8,
    ...ABOVE_ZERO,
  },
  {
    name: 'schedule',
    default: 'constant',
    ...oneOf(SCHEDULES),
  },
  {
    name: 'decay',
    default: 0.5,
    range: 'a number above 0 up to 1',
    allows: (value) => ABOVE_ZERO.allows(value) && (value as number) <= 1,
  },
  {
    name: 'decayEvery',
    default: 100,
    ...wholeNumber(1, MOST_EPOCHS),
  },
  {
    name: 'warmupEpochs',
    default: 0,
    ...wholeNumber(0, MOST_EPOCHS),
  },
  {
    name: 'average',
    default: false,
    ...TRUE_OR_FALSE,
  },
  {
    name: 'averageFrom',
    default: 0,
    ...wholeNumber(0, MOST_EPOCHS),
  },
  {
    name: 'tolerance',
    default: 1e-6,
    ...FRACTION,
    range: `${FRACTION.range}; 0 runs all epochs`,
  },
  {
    name: 'patience',
    default: 5,
    ...wholeNumber(1, 1_000_000),
  },
  {
    name: 'validationFraction',
    default: 0,
    ...FRACTION,
  },
  {
    name: 'restoreBest',
    default: true,
    ...TRUE_OR_FALSE,
  },
  {
    name: 'l1',
    default: 0,
    ...FROM_ZERO,
  },
  {
    name: 'l2',
    default: 0,
    ...FROM_ZERO,
  },
  {
    name: 'standardize',
    default: true,
    ...TRUE_OR_FALSE,
  },
  {
    name: 'seed',
    default: 0,
    range: 'a whole number from 0 to 2^53 - 1',
    allows: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
  {
    name: 'pathEvery',
    default: 0,
    ...wholeNumber(0, MOST_EPOCHS),
    range: `${wholeNumber(0, MOST_EPOCHS).range}; 0 records no path`,
  },
  {
    name: 'strategy',
    default: 'auto',
    ...oneOf(STRATEGIES),
  },
  {
    name: 'kernels',
    default: 'auto',
    ...oneOf(KERNELS),
  },
  {
    name: 'storage',
    default: 'f32',
    ...oneOf(STORAGES),
  },
  {
    name: 'memoryBudget',
    default: MEMORY_BUDGET,
    range: 'a whole number of bytes from 1 up',
    allows: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  },
  {
    name: 'backend',
    default: 'auto',
    ...oneOf(BACKENDS),
  },
  {
    name: 'recover',
    default: false,
    ...TRUE_OR_FALSE,
  },
];
