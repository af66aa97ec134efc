import type { Loss } from './names.js';

/** The objective of training: the loss, and whether the model has a bias. */
export interface Objective {
  loss: Loss;
  /** δ, the error in units of the targets up to which Huber's loss is squared. */
  huberDelta: number;
  /** False keeps the bias at 0, and takes no mean off features or targets. */
  fitIntercept: boolean;
}

/** Least squares with a bias; δ is that of standard normal errors. */
export const LEAST_SQUARES: Objective = { loss: 'squared', huberDelta: 1.35, fitIntercept: true };
