import './base/global-names.js';
import { inTurns, type WorkInParts } from './base/turns.js';
import type { ClassLabel, Classes } from './data/table/encoding.js';
import type { FloatArray } from './data/numbers.js';
import type { Loss } from './options/names.js';
import { predictionsOf, sigmoid } from './model/hypothesis.js';
import { labelOf } from './model/label.js';
import { isPlainModel } from './model/plain-model.js';
import { plainFeatures } from './model/plain-features.js';
import type { FeatureInput } from './model/predict-input.js';
import type { LinearModel } from './model/linear-model.js';

export type { ClassLabel, Classes, FeatureInput, FloatArray, Loss };

/** A model that predicts: what a `LinearModel` is, without the way back to training. */
export interface LoadedModel extends Pick<
  LinearModel,
  'weights' | 'bias' | 'featureNames' | 'targetName' | 'loss' | 'classes'
> {
  /** Same as `predict` of a `LinearModel`, to the last bit. */
  predict(features: FeatureInput | object): Promise<FloatArray>;
  /** Same as `predictClass` of a `LinearModel`. */
  predictClass(features: FeatureInput): Promise<Uint8Array | ClassLabel[]>;
}

/**
 * Loads a model for predictions from what `LinearModel.toJSON` returned. It weighs a third of `LinearModel`, which loads when it
 * is needed: for tables and their encodings, and to say what is wrong with data.
 *
 * Throws `INVALID_FILE`, with the place, for what is no model.
 *
 *     const model = await loadModel(await (await fetch('model.json')).json());
 *     await model.predict([[120, 4]]) // Float64Array [1]
 */
export async function loadModel(json: unknown): Promise<LoadedModel> {
  const load = async () => (await import('./model/linear-model.js')).LinearModel.fromJSON(json);
  if (!isPlainModel(json)) return load();
  const { bias, targetName, loss = 'squared' } = json;
  const featureNames = [...json.featureNames];
  const weights = Float64Array.from(json.weights);
  const classes = loss === 'logistic' ? ([...(json.classes ?? [0, 1])] as unknown as Classes) : null;
  let whole: Promise<LinearModel> | undefined;
  const wholeModel = () => (whole ??= load());

  /** `of` each h(x); undefined for features of another form, and for a number that is not finite. */
  function* predicting(input: unknown, of: (h: number) => number): WorkInParts<FloatArray | undefined> {
    const features = yield* plainFeatures(input, featureNames);
    if (!features) return undefined;
    const found = yield* predictionsOf({ weights, bias }, features, of);
    return found.every(Number.isFinite) ? found : undefined;
  }
  const predictions = (input: unknown, of: (h: number) => number) => inTurns(predicting(input, of));

  return {
    ...{ weights, bias, featureNames, targetName, loss, classes },
    predict: async (input) =>
      (await predictions(input, loss === 'logistic' ? sigmoid : (h) => h)) ?? (await wholeModel()).predict(input),
    predictClass: async (input) => {
      const codes = classes ? await predictions(input, labelOf) : undefined;
      if (!classes || !codes) return (await wholeModel()).predictClass(input);
      const isCode = classes[0] === 0 && classes[1] === 1;
      return isCode ? new Uint8Array(codes) : Array.from(codes, (code) => classes[code as 0 | 1]);
    },
  };
}
