import { LEAST_SQUARES, LOSSES } from '../descent/loss.js';
import type { FitSettings } from '../fitting/fit-options.js';
import { OPTIMIZERS } from '../descent/optimizers.js';
import { SCHEDULES } from '../descent/schedules.js';

/** One plain option: what it is called, what it is when left out, what it may be, and what it does. */
export interface SettingSpec<Name extends keyof FitSettings = keyof FitSettings> {
  name: Name;
  default: FitSettings[Name];
  /** The allowed values, in words. */
  range: string;
  allows: (value: unknown) => boolean;
  /** What it does, in one sentence. */
  sentence: string;
}

const isInteger = (low: number, high: number) => (value: unknown) =>
  Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
const isOneOf = (allowed: readonly unknown[]) => (value: unknown) => allowed.includes(value);
const quoted = (allowed: readonly string[]) => allowed.map((value) => `'${value}'`).join(' or ');
const isFinitePositive = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value > 0;
const isShare = (value: unknown) => typeof value === 'number' && value >= 0 && value < 1;
const isFiniteFromZero = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const STRATEGIES = ['auto', 'streaming', 'moments'] as const;
const KERNELS = ['auto', 'textbook'] as const;
const STORAGES = ['f32', 'f16'] as const;
const BACKENDS = ['auto', 'webgpu', 'cpu'] as const;

/** Ten million epochs keep the loss history, 4 bytes an epoch, well inside one binding. */
export const MOST_EPOCHS = 10_000_000;

/** Every plain option of `fit`, in the order in which documentation and command line show them. */
export const SETTINGS: readonly SettingSpec[] = [
  {
    name: 'loss',
    default: LEAST_SQUARES.loss,
    range: quoted(LOSSES),
    allows: isOneOf(LOSSES),
    sentence:
      "What descent minimises: 'huber' gives far targets less weight than 'squared', 'logistic' learns labels 0 and 1.",
  },
  {
    name: 'huberDelta',
    default: LEAST_SQUARES.huberDelta,
    range: 'a number above 0',
    allows: isFinitePositive,
    sentence:
      "δ, the error in units of the targets up to which the Huber loss is squared; 1.35 keeps 95% of least squares' efficiency where noise is normal with deviation 1.",
  },
  {
    name: 'fitIntercept',
    default: LEAST_SQUARES.fitIntercept,
    range: 'true or false',
    allows: (value) => typeof value === 'boolean',
    sentence: 'Learns a bias; without one it stays 0, and no mean is taken off.',
  },
  {
    name: 'epochs',
    default: 1000,
    range: `a whole number from 1 to ${MOST_EPOCHS}`,
    allows: isInteger(1, MOST_EPOCHS),
    sentence: 'The most passes over the examples.',
  },
  {
    name: 'batchSize',
    default: 'full',
    range: "'full', or a whole number from 1 up",
    allows: (value) => value === 'full' || (Number.isSafeInteger(value) && (value as number) >= 1),
    sentence:
      "Examples of an update: an epoch takes all in batches of so many, with an update for each; 'full' is one batch of all.",
  },
  {
    name: 'shuffle',
    default: true,
    range: 'true or false',
    allows: (value) => typeof value === 'boolean',
    sentence: 'Deals the examples into batches by chance, once, and takes the batches in another order in every epoch.',
  },
  {
    name: 'learningRate',
    default: 'auto',
    range: "a number above 0, or 'auto'",
    allows: (value) => value === 'auto' || typeof value === 'function' || isFinitePositive(value),
    sentence:
      "λ, the length of a step; 'auto' takes half of the limit over which the optimizer diverges, or with batchSize what suits every batch; 'adam' has no limit, and takes 0.05 or 0.001; in code also a function of the epoch.",
  },
  {
    name: 'optimizer',
    default: 'gradientDescent',
    range: quoted(OPTIMIZERS),
    allows: isOneOf(OPTIMIZERS),
    sentence:
      "How a gradient becomes a step; 'conjugateGradient' finds rates of its own, and takes as many epochs as there are parameters in exact arithmetic.",
  },
  {
    name: 'momentum',
    default: 0.9,
    range: 'a number from 0 to below 1',
    allows: isShare,
    sentence: "μ, the share of a step that goes into the next one, of 'momentum' and 'nesterov'.",
  },
  {
    name: 'beta1',
    default: 0.9,
    range: 'a number from 0 to below 1',
    allows: isShare,
    sentence: "The share of the mean gradient that an update keeps, of 'adam'.",
  },
  {
    name: 'beta2',
    default: 0.999,
    range: 'a number from 0 to below 1',
    allows: isShare,
    sentence: "The share of the mean squared gradient that an update keeps, of 'adam'.",
  },
  {
    name: 'epsilon',
    default: 1e-8,
    range: 'a number above 0',
    allows: isFinitePositive,
    sentence: "What 'adam' adds to the size of a gradient before it divides by it.",
  },
  {
    name: 'schedule',
    default: 'constant',
    range: quoted(SCHEDULES),
    allows: isOneOf(SCHEDULES),
    sentence: 'How the learning rate falls from epoch to epoch.',
  },
  {
    name: 'decay',
    default: 0.5,
    range: 'a number above 0 up to 1',
    allows: (value) => isFinitePositive(value) && (value as number) <= 1,
    sentence:
      "The factor that 'step' and 'exponential' come to in decayEvery epochs, or the power of 'inverseScaling'.",
  },
  {
    name: 'decayEvery',
    default: 100,
    range: `a whole number from 1 to ${MOST_EPOCHS}`,
    allows: isInteger(1, MOST_EPOCHS),
    sentence: "The epochs in which 'step' and 'exponential' come to the factor decay.",
  },
  {
    name: 'warmupEpochs',
    default: 0,
    range: `a whole number from 0 to ${MOST_EPOCHS}`,
    allows: isInteger(0, MOST_EPOCHS),
    sentence: 'The learning rate grows to its whole in so many epochs, before its schedule begins.',
  },
  {
    name: 'average',
    default: false,
    range: 'true or false',
    allows: (value) => typeof value === 'boolean',
    sentence: 'The model is the mean of the parameters after each update; the losses stay those of the epochs.',
  },
  {
    name: 'averageFrom',
    default: 0,
    range: `a whole number from 0 to ${MOST_EPOCHS}`,
    allows: isInteger(0, MOST_EPOCHS),
    sentence: 'The first epoch whose updates the average takes in; a fit that ends before it has no average.',
  },
  {
    name: 'tolerance',
    default: 1e-6,
    range: 'a number from 0 to below 1; 0 never stops early',
    allows: isShare,
    sentence:
      'An epoch is quiet when the objective falls by no more than this share of itself; with momentum or Adam it may not rise by more, either. With held-out examples it is quiet when their loss falls no further than this share below the smallest so far.',
  },
  {
    name: 'patience',
    default: 5,
    range: 'a whole number from 1 to 1000000',
    allows: isInteger(1, 1_000_000),
    sentence: "Quiet epochs in a row that end the fit as 'converged', or, with held-out examples, as 'earlyStopping'.",
  },
  {
    name: 'validationFraction',
    default: 0,
    range: 'a number from 0 to below 1',
    allows: isShare,
    sentence:
      'The share of the examples, drawn by seed, that is held out: their loss after each epoch, without penalties, is reported, and decides which epoch was the best and when to stop.',
  },
  {
    name: 'restoreBest',
    default: true,
    range: 'true or false',
    allows: (value) => typeof value === 'boolean',
    sentence: 'The model is that of the best epoch by the held-out examples, or else that of the last epoch.',
  },
  {
    name: 'l1',
    default: 0,
    range: 'a number from 0 up',
    allows: isFiniteFromZero,
    sentence:
      'Adds l1 times the sizes of the weights to the loss, which makes some exactly 0; in training units, without the bias.',
  },
  {
    name: 'l2',
    default: 0,
    range: 'a number from 0 up',
    allows: isFiniteFromZero,
    sentence: 'Adds l2/2 times their squares to the loss, which keeps them small; in training units, without the bias.',
  },
  {
    name: 'standardize',
    default: true,
    range: 'true or false',
    allows: (value) => typeof value === 'boolean',
    sentence: 'Descends as if every feature had mean 0 and spread 1; the weights still come back in your units.',
  },
  {
    name: 'seed',
    default: 0,
    range: 'a whole number from 0 to 2^53 - 1',
    allows: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    sentence:
      'Draws the parameters to start from, uniform in [-1, 1), in training units, and the order of examples and batches.',
  },
  {
    name: 'pathEvery',
    default: 0,
    range: `a whole number from 0 to ${MOST_EPOCHS}; 0 keeps no path`,
    allows: isInteger(0, MOST_EPOCHS),
    sentence: 'Keeps weights and bias every so many epochs, from the first to the last, as report.path.',
  },
  {
    name: 'strategy',
    default: 'auto',
    range: quoted(STRATEGIES),
    allows: isOneOf(STRATEGIES),
    sentence:
      "Which way: 'streaming' reads every example in every epoch, 'moments' once for all; 'auto' takes the faster that keeps the digits.",
  },
  {
    name: 'kernels',
    default: 'auto',
    range: quoted(KERNELS),
    allows: isOneOf(KERNELS),
    sentence: "Which kernels run an epoch: 'textbook' keeps to residual, gradient, update; 'auto' takes the fastest.",
  },
  {
    name: 'storage',
    default: 'f32',
    range: quoted(STORAGES),
    allows: isOneOf(STORAGES),
    sentence: "How the GPU stores the features: 'f16' takes half the memory and keeps three digits of each number.",
  },
  {
    name: 'backend',
    default: 'auto',
    range: quoted(BACKENDS),
    allows: isOneOf(BACKENDS),
    sentence: "Where: 'auto' takes WebGPU, or the CPU where there is none, and the report says which.",
  },
];
