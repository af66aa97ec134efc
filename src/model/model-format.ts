import type { EncoderJson } from '../data/table/encoder.js';
import type { ClassLabel } from '../data/table/encoding.js';
import type { Loss } from '../options/names.js';
import type { ModelObjective } from './model-objective.js';

export const FORMAT = 'webgpu-descent/linear-model';
export const VERSION = 3;

/** Versions that are read: files of the first have neither classes nor an encoder, and those of the second no objective. */
export const VERSIONS = [1, 2, VERSION] as const;

/** A model as JSON holds it. */
export interface ModelJson {
  /** The mark by which files of models are known. */
  format: typeof FORMAT;
  /** Version of the format. */
  version: (typeof VERSIONS)[number];
  /** d names. */
  featureNames: string[];
  /** Name of the target. */
  targetName: string;
  /** The loss that the model was trained with. Default squared. */
  loss: Loss;
  /** [d] in the units of the training features. */
  weights: number[];
  /** The bias, in the units of the target, or in log-odds. */
  bias: number;
  /** null for numbers. */
  classes: readonly ClassLabel[] | null;
  /** null where each column is a feature as it is. */
  encoder: EncoderJson | null;
  /** null where it is not known. */
  objective: ModelObjective | null;
}
