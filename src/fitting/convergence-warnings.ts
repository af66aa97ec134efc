import { Dataset } from '../data/dataset.js';
import type { FitReport, FitWarning } from '../descent/report.js';
import { isDescent } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import { separatingColumns } from '../solve/separating-columns.js';
import { toleranceOf } from './assess-convergence.js';
import type { OpenFit } from './open-fit.js';

/** The parts of a report that its words on convergence depend on. */
type Ended = Pick<FitReport, 'converged' | 'relativeGradient' | 'distanceToOptimum' | 'distanceBy' | 'stopReason'>;

/** The beginning of the warning that a fit is not at its optimum. */
export const NOT_CONVERGED = 'The fit has not converged';

/** The options that a fit by a solver leaves out. */
export const OPTIONS_OF_DESCENT = 'options of gradient descent';

/** The factor by which a fit that used all its steps is advised to take more. */
const MORE = 10;

/** No option allows for more epochs. */
const MOST_EPOCHS = 10_000_000;

/** Columns that separate the classes by themselves, as a message names them. */
const MOST_NAMED = 3;

/** The warnings that a fit is not at the optimum of its objective, or that there is none. */
export function convergenceWarnings(
  { data, featureNames, settings }: Pick<OpenFit, 'featureNames' | 'settings'> & { data: OpenFit['data'] | null },
  ended: Ended,
): FitWarning[] {
  if (ended.converged) return [];
  if (ended.stopReason === 'diverged') return [diverged(settings)];
  if (ended.stopReason !== 'separable')
    return [notConverged(`${distance(ended, settings)}. ${remedy(ended, settings)}.`)];
  const columns = data instanceof Dataset ? separatingColumns(data) : [];
  return [
    { code: 'SEPARABLE_CLASSES', message: separable(columns.map((j) => featureNames[j] as string)) },
    notConverged(
      'the classes are separable, so that the loss has no minimum. A penalty, such as l2: 0.01, gives it one.',
    ),
  ];
}

function notConverged(text: string): FitWarning {
  return { code: 'NOT_CONVERGED', message: `${NOT_CONVERGED}: ${text}` };
}

function diverged(settings: FitSettings): FitWarning {
  const message = `The fit diverged: the loss became infinite or NaN. ${slowerBy(settings)}.`;
  return { code: 'DIVERGED', message };
}

/** The option that keeps descent from diverging. */
function slowerBy(settings: FitSettings): string {
  const { learningRate, optimizer } = settings;
  const hasRate = isDescent(settings) && optimizer !== 'conjugateGradient';
  const than = typeof learningRate === 'number' ? ` than ${learningRate}` : '';
  if (hasRate && learningRate !== 'auto')
    return `Use a smaller learning rate${than}, or learningRate: 'auto', which is chosen below the limit`;
  return isDescent(settings) ? `Use optimizer: 'auto' without ${OPTIONS_OF_DESCENT}` : 'Scale features and targets';
}

/** The distance of the fit from the optimum, and the origin of the number. */
function distance({ distanceToOptimum: share, distanceBy, relativeGradient }: Ended, settings: FitSettings): string {
  const by = distanceBy === 'optimum' ? 'compared with the optimum' : 'estimated by a Newton step';
  const gradient =
    relativeGradient === null
      ? 'its distance from the optimum is not known'
      : relativeGradient <= toleranceOf(settings)
        ? 'the solver had not come to its end, though the gradient is small'
        : `the gradient is ${short(relativeGradient)} of that of the best constant model, above the tolerance ${short(toleranceOf(settings))}`;
  if (share === null) return gradient;
  const left = `${percentage(share)} of the excess loss is left (${by})`;
  // So little is left that only the gradient tells it from the optimum.
  return share < LEAST_SHARE ? `${gradient}; ${left}` : left;
}

/** The reason for the end, and the option that mends it. */
function remedy({ stopReason }: Ended, settings: FitSettings): string {
  const isDescending = isDescent(settings);
  const goOn = `use optimizer: 'auto' without ${OPTIONS_OF_DESCENT}`;
  switch (stopReason) {
    case 'aborted':
      return 'The fit was aborted: warmStart goes on from this model';
    case 'earlyStopping':
      return `Early stopping ended it: to reach the optimum, ${goOn}`;
    case 'epochs':
      if (isDescending) return `All epochs were used: allow more, or ${goOn}`;
      return `All steps were used: allow more${settings.optimizer === 'auto' ? " by optimizer: 'newton' or optimizer: 'lbfgs'" : ''} with epochs: ${Math.min(MOST_EPOCHS, MORE * settings.epochs)}`;
    default:
      if (isDescending) return `The objective no longer fell: ${goOn}`;
      return `No step lowers the objective further: ${whatHelps(settings)}`;
  }
}

/** The option that helps where a solver is at its end. */
function whatHelps({ standardize, loss, huberDelta, l2 }: FitSettings): string {
  if (!standardize) return 'standardize: true brings the features to one scale';
  if (loss === 'huber' && huberDelta !== 'auto') return "huberDelta: 'auto' chooses δ by the size of the errors";
  if (l2 > 0) return `a larger penalty, such as l2: ${short(MORE * l2)}, makes the optimum more definite`;
  return 'a penalty, such as l2: 0.01, makes the optimum more definite';
}

function separable(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => `'${name}'`);
  const alone = shown.length === 0 ? '' : `, by ${shown.join(' or ')} alone too`;
  return `The features separate the classes${alone}, with no example on the wrong side of a boundary: the loss falls for ever as the weights grow, and these are those of the last step. A penalty, such as l2: 0.01, makes them finite.`;
}

/** A smaller share of the excess loss is written as a bound. */
const LEAST_SHARE = 1e-5;

function percentage(share: number): string {
  return share < LEAST_SHARE ? `less than ${100 * LEAST_SHARE}%` : `${short(100 * share)}%`;
}

/** Two digits, with an exponent where there are many zeros. */
function short(value: number): string {
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(2));
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? rounded.toExponential() : String(rounded);
}
