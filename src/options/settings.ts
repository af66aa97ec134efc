import { type FitSettings, RANGES, type SettingRange } from './specs.js';

/** One plain option with its description, for documentation and --help, in the terms of the field. */
export interface SettingSpec<Name extends keyof FitSettings = keyof FitSettings> extends SettingRange<Name> {
  sentence: string;
}

/** The descriptions: no fit needs them, so that they stay out of bundles that only fit. */
const SENTENCES: Readonly<Record<keyof FitSettings, string>> = {
  loss: "Loss to minimize, averaged over the examples: 'squared' (linear regression, least squares), 'huber' (linear regression that is robust to outliers) or 'logistic' (binary classification with labels 0 and 1).",
  huberDelta:
    "Threshold δ of the Huber loss: smaller errors count by their square, larger ones by their absolute value. A number is in units of the targets. 'auto' is 1.345 times a robust estimate of the standard deviation of the errors (median absolute error / 0.6745), found together with the fit; with normal errors it keeps 95% of the statistical efficiency of least squares. Only with loss 'huber'.",
  fitIntercept: 'Learns a bias (intercept). If false, the bias is 0 and standardization does not subtract the mean.',
  epochs: 'Maximum number of epochs, each one pass over all training examples.',
  batchSize:
    "Number of examples per update (mini-batch size). 'full' uses all examples in every update; a number trains by mini-batch stochastic gradient descent (SGD).",
  shuffle:
    'Assigns the examples to mini-batches at random once, then visits the same batches in a new random order in each epoch. This differs from Keras and scikit-learn, which draw new batches in every epoch. If false, batches follow the order of the data. Only with mini-batches.',
  learningRate:
    "Learning rate λ, the factor on the gradient in each update. 'auto' uses half the stability limit, above which training can diverge; with mini-batches, a rate that is safe for every batch; for 'adam', 0.05, or 0.001 with mini-batches. In code, may also be a function of the epoch.",
  optimizer:
    "Algorithm that minimizes the objective. 'auto' chooses a solver that goes on to the optimum: least squares by QR or by moments, coordinate descent with l1, Newton's method for other losses, L-BFGS for many features; if an option of gradient descent is given (such as learningRate, epochs or batchSize), it is gradient descent. 'newton' and 'lbfgs' choose these solvers. The others are update rules: gradient descent, plain or with momentum (classical or Nesterov's), Adam, or conjugate gradient, which chooses its own step lengths.",
  momentum:
    "Momentum coefficient μ, for 'momentum' and 'nesterov': the fraction of the previous step that is added to the next one.",
  beta1: "Adam's β₁: decay rate of the running mean of gradients. Only with optimizer 'adam'.",
  beta2: "Adam's β₂: decay rate of the running mean of squared gradients. Only with optimizer 'adam'.",
  epsilon: "Adam's ε: added to the denominator of the step to avoid division by zero. Only with optimizer 'adam'.",
  schedule: 'Learning-rate schedule: how λ changes from epoch to epoch, after any warm-up.',
  decay:
    "Decay factor of the learning rate: 'step' and 'exponential' multiply λ by it every decayEvery epochs, 'step' all at once and 'exponential' gradually. For 'inverseScaling', the exponent p in λ/t^p, with t = 1, 2, 3, … counting the epochs.",
  decayEvery: "Number of epochs in which 'step' and 'exponential' multiply the learning rate by decay once.",
  warmupEpochs:
    'Number of epochs over which the learning rate rises linearly to its full value, before the schedule starts.',
  average:
    'Returns the average of the parameters after each update (Polyak-Ruppert averaging) instead of the last parameters. The reported losses are those of the parameters before averaging.',
  averageFrom:
    'Epoch, counted from 0, at which averaging starts. A fit that ends earlier returns the last parameters. Only with average.',
  tolerance:
    'Convergence tolerance, as a fraction: a fit has converged when the gradient of the objective, for standardized features, is at most this fraction of that of the best constant model. Gradient descent also ends, without having converged, when the objective no longer falls (see patience): an epoch counts as no improvement if it lowers the objective by at most this fraction of its value; with momentum or Adam, if it changes the objective by at most this fraction; with validation examples, if the validation loss is not lower than the best so far by more than this fraction.',
  patience:
    "Number of consecutive epochs without improvement (see tolerance) after which gradient descent stops: as 'plateau' unless it has converged, or, with validation examples, as 'earlyStopping'. Only with tolerance above 0.",
  validationFraction:
    'Fraction of the examples, drawn at random by seed, that is set aside for validation and not trained on. Their loss, without penalties, is reported after each epoch; it determines the best epoch and early stopping.',
  restoreBest:
    'Returns the parameters of the epoch with the lowest validation loss. If false, or without validation examples, returns those of the last epoch.',
  l1: 'Strength of L1 regularization (lasso): adds l1·Σ|w| to the loss, which shrinks the weights and sets some exactly to 0. Applies to the weights in training units (see standardize); the bias is not penalized.',
  l2: 'Strength of L2 regularization (ridge): adds (l2/2)·Σw² to the loss, which shrinks the weights. Together with l1 it is the elastic net. Applies to the weights in training units (see standardize); the bias is not penalized.',
  standardize:
    'Trains on features scaled to mean 0 and standard deviation 1 (training units), which speeds up convergence. The returned weights are in the units of the given features.',
  seed: 'Seed of the random numbers: initial parameters (uniform in [-1, 1), in training units), assignment to mini-batches and their order, choice of the validation examples.',
  pathEvery:
    'Records weights and bias every this many epochs in report.path, including the initial and the final ones.',
  strategy:
    "How training reads the data: 'streaming' reads every example in each epoch; 'moments' reads them once and trains on their first and second moments (squared loss only); 'auto' picks the faster one that is accurate enough.",
  kernels:
    "GPU kernels that run an epoch: 'auto' picks the fastest; 'textbook' uses one kernel each for residual, gradient and update.",
  storage:
    "Number format of the features in GPU memory: 'f16' takes half the memory of 'f32' and keeps about three significant digits.",
  memoryBudget:
    'Bytes that the examples of a source (a file, a table in batches, an ExampleSource) may take in memory, 8 for each number. A source that fits is read into memory; a larger one is streamed: read anew in each pass, of which no more than this is held. The report says which (report.source).',
  backend:
    "Where to train: 'webgpu' (fails if unavailable), 'cpu' (WebAssembly on all cores), or 'auto', which picks the one that is predicted to finish first: the CPU for little data and where WebGPU would run on the CPU itself, otherwise a GPU. 'reference' runs the plain loops in f64 that the others are checked against. The report says which one ran, and why (report.placement).",
  recover:
    'Goes on after the loss of the device: on a new device, from the latest state, to the bits of a fit without the loss. A warning says so. Only on a device of the library, and not with a context.',
};

/** Every plain option of `fit`, in the order in which documentation and command line show them. */
export const SETTINGS: readonly SettingSpec[] = /* @__PURE__ */ RANGES.map((range) => ({
  ...range,
  sentence: SENTENCES[range.name],
}));
