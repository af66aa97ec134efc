import { nearest } from './nearest-word.js';

/**
 * Names in scikit-learn, Keras, optax and the textbooks for options that have another name here; without case, dashes
 * and underscores.
 */
const ELSEWHERE: Readonly<Record<string, string>> = {
  alpha: 'l2',
  bias: 'fitIntercept',
  callback: 'onProgress',
  callbacks: 'onProgress',
  coefinit: 'initialParameters',
  decayrate: 'decay',
  decaysteps: 'decayEvery',
  degree: 'polynomial',
  delta: 'huberDelta',
  device: 'context',
  dropna: 'missing',
  dummies: 'categories',
  earlystopping: 'validationFraction',
  eta: 'learningRate',
  eta0: 'learningRate',
  inputs: 'features',
  interceptinit: 'initialParameters',
  iterations: 'epochs',
  handleunknown: 'unseenLevels',
  labels: 'targets',
  learningrateinit: 'learningRate',
  lr: 'learningRate',
  maxepochs: 'epochs',
  maxiter: 'epochs',
  mindelta: 'tolerance',
  navalues: 'missingValues',
  nepochs: 'epochs',
  nesterovsmomentum: 'optimizer',
  niter: 'epochs',
  niternochange: 'patience',
  normalize: 'standardize',
  onehot: 'categories',
  penalty: 'l2',
  powert: 'decay',
  randomstate: 'seed',
  restorebestweights: 'restoreBest',
  sampleweight: 'exampleWeights',
  sampleweights: 'exampleWeights',
  scale: 'standardize',
  sep: 'delimiter',
  separator: 'delimiter',
  skiprows: 'skipRows',
  solver: 'optimizer',
  stepsize: 'learningRate',
  tol: 'tolerance',
  usebias: 'fitIntercept',
  usecols: 'features',
  validationsplit: 'validationFraction',
  verbose: 'onProgress',
  warmup: 'warmupEpochs',
  weightdecay: 'l2',
  weights: 'exampleWeights',
  x: 'features',
  y: 'targets',
};

/**
 * Suggests a valid name for an unknown one: its synonym from another library, or the closest spelling.
 *
 *     suggestOption('max_iter', ['epochs', 'optimizer']) // 'epochs'
 */
export function suggestOption(word: string, names: readonly string[]): string {
  const meant = meaningElsewhere(word);
  return meant !== undefined && names.includes(meant) ? meant : nearest(word, names);
}

/** The option that other libraries call by this name. */
export function meaningElsewhere(word: string): string | undefined {
  const plain = word.replace(/[-_\s]/g, '').toLowerCase();
  return Object.hasOwn(ELSEWHERE, plain) ? ELSEWHERE[plain] : undefined;
}
