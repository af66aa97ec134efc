import { nearOf } from './nearest-word.js';

/**
 * Names in scikit-learn, Keras, optax and the textbooks for options that have another name here; without case, dashes
 * and underscores.
 */
const ELSEWHERE: Readonly<Record<string, string | readonly string[]>> = {
  activation: 'loss',
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
  intercept: 'fitIntercept',
  handleunknown: 'unseenLevels',
  l1ratio: 'l1',
  labels: 'targets',
  // The penalty of glmnet and of textbooks on ridge and lasso; the learning rate in the formulas of this library.
  lambd: ['l2', 'learningRate'],
  lambda: ['l2', 'learningRate'],
  lamda: ['l2', 'learningRate'],
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
  onepochend: 'onProgress',
  onepoch: 'onProgress',
  onbatchend: 'onProgress',
  onstep: 'onProgress',
  penalty: 'l2',
  reglambda: 'l2',
  regalpha: 'l1',
  powert: 'decay',
  randomstate: 'seed',
  regularization: ['l2', 'l1'],
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
 * Suggests valid names for an unknown one: its synonyms from another library, or the closest spelling, if it is near.
 *
 *     suggestOptions('max_iter', ['epochs', 'optimizer']) // ['epochs']
 */
export function suggestOptions(word: string, names: readonly string[]): string[] {
  const meant = meaningsElsewhere(word).filter((name) => names.includes(name));
  if (meant.length > 0) return meant;
  const near = nearOf(word, names);
  return near === undefined ? [] : [near];
}

/** The options that other libraries call by this name. */
export function meaningsElsewhere(word: string): string[] {
  const plain = word.replace(/[-_\s]/g, '').toLowerCase();
  return Object.hasOwn(ELSEWHERE, plain) ? [ELSEWHERE[plain] ?? []].flat() : [];
}
