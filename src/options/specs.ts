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
  backend: 'auto' | 'webgpu' | 'cpu';
}

/** One plain option: its name, default, allowed values and description. */
export interface SettingSpec<Name extends keyof FitSettings = keyof FitSettings> extends Range {
  name: Name;
  default: FitSettings[Name];
  /** Description for documentation and --help, in the terms of the field. */
  sentence: string;
}

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
    ...oneOf(LOSSES),
    sentence:
      "Loss to minimize, averaged over the examples: 'squared' (linear regression, least squares), 'huber' (linear regression that is robust to outliers) or 'logistic' (binary classification with labels 0 and 1).",
  },
  {
    name: 'huberDelta',
    default: 'auto',
    range: `${ABOVE_ZERO.range}, or 'auto'`,
    allows: (value) => value === 'auto' || ABOVE_ZERO.allows(value),
    sentence:
      "Threshold δ of the Huber loss: smaller errors count by their square, larger ones by their absolute value. A number is in units of the targets. 'auto' is 1.345 times a robust estimate of the standard deviation of the errors (median absolute error / 0.6745), found together with the fit; with normal errors it keeps 95% of the statistical efficiency of least squares. Only with loss 'huber'.",
  },
  {
    name: 'fitIntercept',
    default: LEAST_SQUARES.fitIntercept,
    ...TRUE_OR_FALSE,
    sentence: 'Learns a bias (intercept). If false, the bias is 0 and standardization does not subtract the mean.',
  },
  {
    name: 'epochs',
    default: 1000,
    ...wholeNumber(1, MOST_EPOCHS),
    sentence: 'Maximum number of epochs, each one pass over all training examples.',
  },
  {
    name: 'batchSize',
    default: 'full',
    range: "'full', or a whole number from 1 up",
    allows: (value) => value === 'full' || (Number.isSafeInteger(value) && (value as number) >= 1),
    sentence:
      "Number of examples per update (mini-batch size). 'full' uses all examples in every update; a number trains by mini-batch stochastic gradient descent (SGD).",
  },
  {
    name: 'shuffle',
    default: true,
    ...TRUE_OR_FALSE,
    sentence:
      'Assigns the examples to mini-batches at random once, then visits the same batches in a new random order in each epoch. This differs from Keras and scikit-learn, which draw new batches in every epoch. If false, batches follow the order of the data. Only with mini-batches.',
  },
  {
    name: 'learningRate',
    default: 'auto',
    range: "a number above 0, or 'auto'",
    allows: (value) => value === 'auto' || typeof value === 'function' || ABOVE_ZERO.allows(value),
    sentence:
      "Learning rate λ, the factor on the gradient in each update. 'auto' uses half the stability limit, above which training can diverge; with mini-batches, a rate that is safe for every batch; for 'adam', 0.05, or 0.001 with mini-batches. In code, may also be a function of the epoch.",
  },
  {
    name: 'optimizer',
    default: 'auto',
    ...oneOf(OPTIMIZER_CHOICES),
    sentence:
      "Algorithm that minimizes the objective. 'auto' chooses a solver that goes on to the optimum: least squares by QR or by moments, coordinate descent with l1, Newton's method for other losses, L-BFGS for many features; if an option of gradient descent is given (such as learningRate, epochs or batchSize), it is gradient descent. 'newton' and 'lbfgs' choose these solvers. The others are update rules: gradient descent, plain or with momentum (classical or Nesterov's), Adam, or conjugate gradient, which chooses its own step lengths.",
  },
  {
    name: 'momentum',
    default: 0.9,
    ...FRACTION,
    sentence:
      "Momentum coefficient μ, for 'momentum' and 'nesterov': the fraction of the previous step that is added to the next one.",
  },
  {
    name: 'beta1',
    default: 0.9,
    ...FRACTION,
    sentence: "Adam's β₁: decay rate of the running mean of gradients. Only with optimizer 'adam'.",
  },
  {
    name: 'beta2',
    default: 0.999,
    ...FRACTION,
    sentence: "Adam's β₂: decay rate of the running mean of squared gradients. Only with optimizer 'adam'.",
  },
  {
    name: 'epsilon',
    default: 1e-8,
    ...ABOVE_ZERO,
    sentence: "Adam's ε: added to the denominator of the step to avoid division by zero. Only with optimizer 'adam'.",
  },
  {
    name: 'schedule',
    default: 'constant',
    ...oneOf(SCHEDULES),
    sentence: 'Learning-rate schedule: how λ changes from epoch to epoch, after any warm-up.',
  },
  {
    name: 'decay',
    default: 0.5,
    range: 'a number above 0 up to 1',
    allows: (value) => ABOVE_ZERO.allows(value) && (value as number) <= 1,
    sentence:
      "Decay factor of the learning rate: 'step' and 'exponential' multiply λ by it every decayEvery epochs, 'step' all at once and 'exponential' gradually. For 'inverseScaling', the exponent p in λ/t^p, with t = 1, 2, 3, … counting the epochs.",
  },
  {
    name: 'decayEvery',
    default: 100,
    ...wholeNumber(1, MOST_EPOCHS),
    sentence: "Number of epochs in which 'step' and 'exponential' multiply the learning rate by decay once.",
  },
  {
    name: 'warmupEpochs',
    default: 0,
    ...wholeNumber(0, MOST_EPOCHS),
    sentence:
      'Number of epochs over which the learning rate rises linearly to its full value, before the schedule starts.',
  },
  {
    name: 'average',
    default: false,
    ...TRUE_OR_FALSE,
    sentence:
      'Returns the average of the parameters after each update (Polyak-Ruppert averaging) instead of the last parameters. The reported losses are those of the parameters before averaging.',
  },
  {
    name: 'averageFrom',
    default: 0,
    ...wholeNumber(0, MOST_EPOCHS),
    sentence:
      'Epoch, counted from 0, at which averaging starts. A fit that ends earlier returns the last parameters. Only with average.',
  },
  {
    name: 'tolerance',
    default: 1e-6,
    ...FRACTION,
    range: `${FRACTION.range}; 0 runs all epochs`,
    sentence:
      'Convergence tolerance, as a fraction: a fit has converged when the gradient of the objective, for standardized features, is at most this fraction of that of the best constant model. Gradient descent also ends, without having converged, when the objective no longer falls (see patience): an epoch counts as no improvement if it lowers the objective by at most this fraction of its value; with momentum or Adam, if it changes the objective by at most this fraction; with validation examples, if the validation loss is not lower than the best so far by more than this fraction.',
  },
  {
    name: 'patience',
    default: 5,
    ...wholeNumber(1, 1_000_000),
    sentence:
      "Number of consecutive epochs without improvement (see tolerance) after which gradient descent stops: as 'plateau' unless it has converged, or, with validation examples, as 'earlyStopping'. Only with tolerance above 0.",
  },
  {
    name: 'validationFraction',
    default: 0,
    ...FRACTION,
    sentence:
      'Fraction of the examples, drawn at random by seed, that is set aside for validation and not trained on. Their loss, without penalties, is reported after each epoch; it determines the best epoch and early stopping.',
  },
  {
    name: 'restoreBest',
    default: true,
    ...TRUE_OR_FALSE,
    sentence:
      'Returns the parameters of the epoch with the lowest validation loss. If false, or without validation examples, returns those of the last epoch.',
  },
  {
    name: 'l1',
    default: 0,
    ...FROM_ZERO,
    sentence:
      'Strength of L1 regularization (lasso): adds l1·Σ|w| to the loss, which shrinks the weights and sets some exactly to 0. Applies to the weights in training units (see standardize); the bias is not penalized.',
  },
  {
    name: 'l2',
    default: 0,
    ...FROM_ZERO,
    sentence:
      'Strength of L2 regularization (ridge): adds (l2/2)·Σw² to the loss, which shrinks the weights. Together with l1 it is the elastic net. Applies to the weights in training units (see standardize); the bias is not penalized.',
  },
  {
    name: 'standardize',
    default: true,
    ...TRUE_OR_FALSE,
    sentence:
      'Trains on features scaled to mean 0 and standard deviation 1 (training units), which speeds up convergence. The returned weights are in the units of the given features.',
  },
  {
    name: 'seed',
    default: 0,
    range: 'a whole number from 0 to 2^53 - 1',
    allows: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    sentence:
      'Seed of the random numbers: initial parameters (uniform in [-1, 1), in training units), assignment to mini-batches and their order, choice of the validation examples.',
  },
  {
    name: 'pathEvery',
    default: 0,
    ...wholeNumber(0, MOST_EPOCHS),
    range: `${wholeNumber(0, MOST_EPOCHS).range}; 0 records no path`,
    sentence:
      'Records weights and bias every this many epochs in report.path, including the initial and the final ones.',
  },
  {
    name: 'strategy',
    default: 'auto',
    ...oneOf(STRATEGIES),
    sentence:
      "How training reads the data: 'streaming' reads every example in each epoch; 'moments' reads them once and trains on their first and second moments (squared loss only); 'auto' picks the faster one that is accurate enough.",
  },
  {
    name: 'kernels',
    default: 'auto',
    ...oneOf(KERNELS),
    sentence:
      "GPU kernels that run an epoch: 'auto' picks the fastest; 'textbook' uses one kernel each for residual, gradient and update.",
  },
  {
    name: 'storage',
    default: 'f32',
    ...oneOf(STORAGES),
    sentence:
      "Number format of the features in GPU memory: 'f16' takes half the memory of 'f32' and keeps about three significant digits.",
  },
  {
    name: 'backend',
    default: 'auto',
    ...oneOf(BACKENDS),
    sentence:
      "Where to train: 'webgpu' (fails if unavailable), 'cpu', or 'auto', which uses WebGPU if available and otherwise the CPU. The report says which one ran.",
  },
];
