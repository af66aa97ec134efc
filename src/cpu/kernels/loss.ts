import type { Loss } from '../../options/names.js';
import type { Code, Declare, Local, Value } from '../wasm/encode.js';
import { set, v128 } from '../wasm/instructions.js';
import type { Lanes } from '../wasm/lanes.js';
import { expOfMinus, logOfOnePlus } from './logistic.js';

type V128 = Value<'v128'>;

/** The loss of the examples of a vector by their predictions, with the derivatives by the prediction. */
export interface VectorLoss {
  /** Instructions that come before the values. */
  code: Code;
  slope: V128;
  twiceLoss: V128;
  /** The second derivative. */
  bend: V128;
}

/** The predictions and the targets of the examples of a vector. */
export interface VectorExamples {
  prediction: V128;
  target: V128;
  /** δ of the Huber loss. */
  delta: V128;
}

type WriteLoss = (lanes: Lanes, examples: VectorExamples, declare: Declare) => VectorLoss;

/** The twin of each is in src/reference/loss.ts. */
export const VECTOR_LOSSES: Record<Loss, WriteLoss> = {
  squared(lanes, { prediction, target }, declare) {
    const residual = declare('v128');
    return {
      code: set(residual, lanes.subtract(prediction, target)),
      slope: residual,
      twiceLoss: lanes.multiply(residual, residual),
      bend: lanes.constant(1),
    };
  },

  // With s the residual r cut off at ±δ, the loss is s·(r − s/2): r²/2 within, δ·(|r| − δ/2) beyond.
  huber(lanes, { prediction, target, delta }, declare) {
    const [residual, slope] = [declare('v128'), declare('v128')];
    const { subtract, multiply, add, constant } = lanes;
    return {
      code: [
        set(residual, subtract(prediction, target)),
        set(slope, lanes.larger(lanes.smaller(residual, delta), subtract(constant(0), delta))),
      ],
      slope,
      twiceLoss: multiply(slope, subtract(add(residual, residual), slope)),
      bend: v128.and(lanes.isAtMost(lanes.size(residual), delta), constant(1)),
    };
  },

  // With e = exp(−|z|), which never overflows: σ(|z|) = 1/(1 + e), σ(−|z|) = e/(1 + e), and the loss of label y is
  // max(z, 0) − y·z + log(1 + e).
  logistic(lanes, { prediction, target }, declare) {
    const [z, e, share]: Local<'v128'>[] = [declare('v128'), declare('v128'), declare('v128')] as const;
    const { add, subtract, multiply, constant } = lanes;
    const zero = constant(0);
    const exponential = expOfMinus(lanes, lanes.size(z), declare);
    const logarithm = logOfOnePlus(lanes, e, declare);
    const loss = add(subtract(lanes.larger(z, zero), multiply(target, z)), logarithm.value);
    return {
      code: [
        set(z, prediction),
        exponential.code,
        set(e, exponential.value),
        set(share, lanes.divide(constant(1), add(constant(1), e))),
        logarithm.code,
      ],
      slope: subtract(v128.select(multiply(e, share), share, lanes.isBelow(z, zero)), target),
      twiceLoss: multiply(constant(2), loss),
      bend: multiply(e, multiply(share, share)),
    };
  },
};
