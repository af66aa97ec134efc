import type { Loss, OptimizerName, SolverName } from '../../options/names.js';
import type { FitReport } from '../../descent/report.js';
import { isDescent } from '../../options/choose-optimizer.js';
import { difference, number } from './terminal.js';

const LOSS_FORMULAS: Record<Loss, string> = {
  squared: '1/(2m) Σ (h(x) − y)²',
  huber: '1/m Σ huber(h(x) − y)',
  logistic: '1/m Σ (ln(1 + e^h(x)) − y·h(x))',
};

const OPTIMIZER_NAMES: Record<OptimizerName | SolverName, string> = {
  gradientDescent: 'gradient descent',
  momentum: 'gradient descent with momentum',
  nesterov: 'gradient descent with Nesterov momentum',
  adam: 'Adam',
  conjugateGradient: 'conjugate gradient',
  qr: 'QR',
  normalEquations: 'normal equations, refined',
  newton: "Newton's method",
  proximalNewton: "Newton's method with coordinate descent",
  coordinateDescent: 'coordinate descent',
  lbfgs: 'L-BFGS',
};

/** Describes the problem: the model, the objective and the optimizer. */
export function describeProblem({ optimizer, settings }: FitReport): string {
  const { loss, l1, l2, fitIntercept } = settings;
  const penalties = [l1 > 0 && `${number(l1)}·Σ|w|`, l2 > 0 && `${number(l2)}/2·Σw²`].filter((text) => text !== false);
  const objective = [LOSS_FORMULAS[loss], ...penalties].join(' + ');
  return `h(x) = X·w${fitIntercept ? ' + b' : ''} by ${OPTIMIZER_NAMES[optimizer]} on L = ${objective}`;
}

/**
 * Describes the training: differences from plain full-batch gradient descent, the learning rate with its limit, and the
 * way the data were read.
 */
export function describeOptions({ settings, learningRateLimit, strategy, kernels }: FitReport): string {
  const { optimizer, schedule, warmupEpochs, batchSize, average, averageFrom, storage } = settings;
  const unlimited = optimizer === 'adam' ? 'none' : 'unknown';
  const limit = learningRateLimit === null ? unlimited : number(learningRateLimit);
  const usesMomentum = optimizer === 'momentum' || optimizer === 'nesterov';
  const isDescending = isDescent(settings);
  const { huberDelta } = settings;
  return [
    settings.loss === 'huber' && huberDelta !== 'auto' && `δ = ${number(huberDelta)}`,
    isDescending && `λ = ${number(settings.learningRate)} (limit ${limit})`,
    usesMomentum && `μ = ${number(settings.momentum)}`,
    schedule !== 'constant' && `schedule ${schedule}`,
    warmupEpochs > 0 && `warm-up ${warmupEpochs}`,
    batchSize !== 'full' && `batches of ${batchSize}${settings.shuffle ? '' : ', unshuffled'}`,
    average && `averaged${averageFrom > 0 ? ` from epoch ${averageFrom}` : ''}`,
    !settings.fitIntercept && 'no intercept',
    settings.standardize ? 'standardized' : 'not standardized',
    strategy !== 'exact' &&
      kernels !== 'host' &&
      (strategy === 'moments' ? strategy : `${strategy}, ${kernels} kernels`),
    storage !== 'f32' && storage,
    strategy !== 'exact' && `tolerance ${difference(settings.tolerance)}`,
    isDescending && `seed ${settings.seed}`,
  ]
    .filter((text) => text !== false)
    .join(', ');
}
