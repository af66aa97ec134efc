import { LEAST_SQUARES, type Objective } from '../options/objective.js';

/** The loss of one example by its prediction and target, and its first two derivatives by the prediction. */
export interface ExampleLoss {
  loss(prediction: number, target: number): number;
  slope(prediction: number, target: number): number;
  curvature(prediction: number, target: number): number;
}

/** The loss and the weights of examples. */
export interface ExampleTerms extends Partial<Pick<Objective, 'loss' | 'huberDelta'>> {
  /** [m] Default: all 1. */
  exampleWeights?: Float64Array | undefined;
}

/** The twin of shaders/variants/loss/: squared.wgsl, huber.wgsl and logistic.wgsl. */
export function exampleLoss({
  loss = LEAST_SQUARES.loss,
  huberDelta = LEAST_SQUARES.huberDelta,
}: ExampleTerms): ExampleLoss {
  switch (loss) {
    case 'squared':
      return {
        loss: (prediction, target) => (prediction - target) ** 2 / 2,
        slope: (prediction, target) => prediction - target,
        curvature: () => 1,
      };
    case 'huber':
      return {
        loss(prediction, target) {
          const size = Math.abs(prediction - target);
          return size <= huberDelta ? size ** 2 / 2 : huberDelta * (size - huberDelta / 2);
        },
        slope(prediction, target) {
          const error = prediction - target;
          if (Math.abs(error) <= huberDelta) return error;
          return error > 0 ? huberDelta : -huberDelta;
        },
        curvature: (prediction, target) => (Math.abs(prediction - target) <= huberDelta ? 1 : 0),
      };
    case 'logistic':
      return {
        loss: (z, label) => Math.max(z, 0) - label * z + Math.log1p(Math.exp(-Math.abs(z))),
        slope: (z, label) => 1 / (1 + Math.exp(-z)) - label,
        curvature(z) {
          const odds = Math.exp(-Math.abs(z)); // σ(1 − σ), the same for z and −z, without 1 − σ
          return odds / (1 + odds) ** 2;
        },
      };
  }
}
