import type { Loss } from '../options/names.js';

/** The loss of one example and its derivatives by the prediction. */
export interface LossDerivatives {
  value: number;
  slope: number;
  curvature: number;
}

/**
 * The loss of one example in f64, and its derivatives by the prediction. With e = prediction − target: squared e²/2; Huber
 * e²/2 up to |e| = δ and δ(|e| − δ/2) beyond; logistic softplus(a) with a = (1 − 2y)·prediction, in a form in which
 * neither side of 0 loses digits.
 */
export function derivatives(loss: Loss, prediction: number, target: number, huberDelta: number): LossDerivatives {
  if (loss === 'logistic') {
    const side = 1 - 2 * target;
    const a = side * prediction;
    const t = Math.exp(-Math.abs(a));
    const sigmoid = (a >= 0 ? 1 : t) / (1 + t); // σ(a)
    return { value: Math.max(a, 0) + Math.log1p(t), slope: side * sigmoid, curvature: t / (1 + t) ** 2 };
  }
  const error = prediction - target;
  const size = Math.abs(error);
  if (loss === 'huber' && size > huberDelta) {
    const slope = Math.sign(error) * huberDelta;
    return { value: huberDelta * (size - huberDelta / 2), slope, curvature: 0 };
  }
  return { value: (error * error) / 2, slope: error, curvature: 1 };
}
