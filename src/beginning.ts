import type { Parameters } from './backend.js';
import { DescentError } from './errors.js';
import { columnOrder } from './match-columns.js';
import type { FitOptions, FitSettings } from './options.js';
import { signedUniforms, STREAMS } from './random.js';

/** The parameters that descent begins at, [d + 1] in training units, by what takes the caller's units to these. */
export type Beginning = (toTrainingUnits: (parameters: Parameters) => Float64Array) => Float64Array;

/** The options that say where descent begins. */
export interface BeginningOptions {
  initialParameters?: FitOptions['initialParameters'] | undefined;
  warmStart?: FitOptions['warmStart'] | undefined;
}

/**
 * Where descent begins: at the given parameters, at a model's, or by chance. The options are checked at once.
 *
 * Throws `INVALID_OPTION` for both of them and for what is no model, and `SHAPE_MISMATCH` or `UNKNOWN_COLUMN` for a model
 * of other features.
 */
export function beginningOf(
  featureNames: readonly string[],
  settings: Pick<FitSettings, 'seed'>,
  { initialParameters: given, warmStart }: BeginningOptions,
): Beginning {
  if (warmStart === undefined) {
    const initial = initialParameters({ featureCount: featureNames.length }, settings, given);
    return () => initial;
  }
  if (given) {
    throw new DescentError('INVALID_OPTION', {
      got: 'both initialParameters and warmStart',
      expected: 'one beginning',
      fix: 'Leave one of them out.',
    });
  }
  const parameters = parametersOf(warmStart, featureNames);
  return (toTrainingUnits) => toTrainingUnits(parameters);
}

/** The parameters to start from, [d + 1]: the given ones, or uniform in [-1, 1) from the seed. */
export function initialParameters(
  { featureCount }: { featureCount: number },
  { seed }: Pick<FitSettings, 'seed'>,
  given?: FitOptions['initialParameters'],
): Float64Array {
  if (!given) return signedUniforms(seed, STREAMS.initialParameters, featureCount + 1);
  const parameters = Float64Array.from([...Array.from(given.weights), given.bias]);
  if (parameters.length !== featureCount + 1 || !parameters.every(Number.isFinite)) {
    throw new DescentError('INVALID_OPTION', {
      got: `initialParameters of ${given.weights.length} weights and bias ${given.bias}`,
      expected: `${featureCount} finite weights and a finite bias`,
      fix: 'Leave initialParameters out to draw them from the seed.',
    });
  }
  return parameters;
}

/** A model's parameters, the weights in the order of these features. */
function parametersOf(model: NonNullable<FitOptions['warmStart']>, featureNames: readonly string[]): Parameters {
  // Callers without types hand in anything.
  const { weights, bias, featureNames: names } = model as Partial<typeof model>;
  if (!(weights instanceof Float64Array) || !names || !Number.isFinite(bias) || !weights.every(Number.isFinite)) {
    throw new DescentError('INVALID_OPTION', {
      got: 'a warmStart that is no model',
      expected: 'a LinearModel, as fit returns it',
      fix: 'Load a saved one with LinearModel.fromJSON, or use initialParameters.',
    });
  }
  const ordered = new Float64Array(featureNames.length);
  columnOrder(names, featureNames).forEach((place, j) => (ordered[place] = weights[j] as number));
  return { weights: ordered, bias: bias as number };
}
