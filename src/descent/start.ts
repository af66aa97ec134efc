import type { RunState, Parameters } from './backend.js';
import { initialState } from './run.js';
import { DescentError } from '../base/errors.js';
import { columnOrder, inOrder } from '../data/match-columns.js';
import type { FitSettings } from '../options/specs.js';
import { signedUniforms, STREAMS } from '../base/random.js';

/** Computes the initial state, given the conversion from the caller's units to training units. */
export type Beginning = (toTrainingUnits: (parameters: Parameters) => Float64Array) => RunState;

/** Parameters to start from, in training units. */
export interface InitialParameters {
  /** [d] */
  weights: ArrayLike<number>;
  bias: number;
}

/** A model to start from, in the units of the caller's data. */
export interface StartModel {
  /** [d] */
  readonly weights: Float64Array;
  readonly bias: number;
  /** d names */
  readonly featureNames: readonly string[];
}

/** The options that say where descent begins. */
export interface BeginningOptions {
  initialParameters?: InitialParameters | undefined;
  warmStart?: StartModel | undefined;
}

/**
 * The initial state of a fit: at the given parameters, at those of a model, or random. The options are checked at once.
 *
 * Throws `INVALID_OPTION` for both of them and for what is no model, and `SHAPE_MISMATCH` or `UNKNOWN_COLUMN` for a model
 * of other features.
 */
export function beginningOf(
  featureNames: readonly string[],
  settings: Pick<FitSettings, 'seed' | 'fitIntercept'>,
  { initialParameters: requested, warmStart }: BeginningOptions,
): Beginning {
  if (!warmStart) {
    const initial = initialParameters({ featureCount: featureNames.length }, settings, requested);
    return () => initialState(initial);
  }
  if (requested) {
    throw new DescentError('INVALID_OPTION', {
      got: 'initialParameters and warmStart together',
      expected: 'one of the two',
      fix: 'Leave one of them out.',
    });
  }
  const parameters = parametersOf(warmStart, featureNames);
  requireBiasOf(parameters, settings, 'warmStart');
  return (toTrainingUnits) => initialState(toTrainingUnits(parameters));
}

/** Random initial parameters in units in which the targets have another size. */
export function scaledState(state: RunState, scale: number): RunState {
  return scale === 1 ? state : initialState(state.parameters.map((value) => value * scale));
}

/** The parameters to start from, [d + 1]: the given ones, or uniform in [-1, 1) from the seed; with bias 0 where it stays. */
export function initialParameters(
  { featureCount }: { featureCount: number },
  { seed, fitIntercept = true }: Pick<FitSettings, 'seed'> & Partial<Pick<FitSettings, 'fitIntercept'>>,
  requested?: InitialParameters,
): Float64Array {
  if (requested) return requestedParameters(requested, featureCount, { fitIntercept });
  const drawn = signedUniforms(seed, STREAMS.initialParameters, featureCount + 1);
  return fitIntercept ? drawn : drawn.fill(0, featureCount);
}

function requestedParameters(
  { weights, bias }: InitialParameters,
  featureCount: number,
  settings: Pick<FitSettings, 'fitIntercept'>,
): Float64Array {
  requireBiasOf({ bias }, settings, 'initialParameters');
  const parameters = Float64Array.from([...Array.from(weights), bias]);
  if (parameters.length !== featureCount + 1 || !parameters.every(Number.isFinite)) {
    throw new DescentError('INVALID_OPTION', {
      got: `initialParameters of ${weights.length} weights and bias ${bias}`,
      expected: `${featureCount} finite weights and a finite bias`,
      fix: 'Leave initialParameters out to draw them from the seed.',
      where: { option: 'initialParameters' },
    });
  }
  return parameters;
}

/** Throws `INVALID_OPTION` for a bias that could not be learned. */
function requireBiasOf(
  { bias }: { bias: number },
  { fitIntercept }: Pick<FitSettings, 'fitIntercept'>,
  option: 'initialParameters' | 'warmStart',
): void {
  if (fitIntercept || bias === 0) return;
  throw new DescentError('INVALID_OPTION', {
    got: `${option} with bias ${bias} and fitIntercept false`,
    expected: 'bias 0, because without an intercept the bias stays 0',
    fix: 'Start from bias 0, or set fitIntercept to true.',
    where: { option },
  });
}

/** A model's parameters, the weights in the order of these features. */
function parametersOf(model: StartModel, featureNames: readonly string[]): Parameters {
  // Callers without types hand in anything.
  const { weights, bias, featureNames: names } = model as Partial<typeof model>;
  if (!(weights instanceof Float64Array) || !names || !Number.isFinite(bias) || !weights.every(Number.isFinite)) {
    throw new DescentError('INVALID_OPTION', {
      got: 'a warmStart that is not a model',
      expected: 'a LinearModel, such as fit returns',
      fix: 'Load a saved one with LinearModel.fromJSON, or use initialParameters.',
    });
  }
  return { weights: inOrder(weights, columnOrder(names, featureNames)), bias: bias as number };
}
