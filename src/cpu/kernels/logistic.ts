import type { Code, Declare, Value } from '../wasm/encode.js';
import { set } from '../wasm/instructions.js';
import type { Lanes } from '../wasm/lanes.js';

type V128 = Value<'v128'>;

/** ln 2 in two parts: n·LN2_HIGH is exact for |n| < 2^11 in f64, and LN2_HIGH in f32 for |n| < 2^7. */
const LN2_HIGH = { 4: 0.693359375, 8: 0.6931471803691238 } as const;
const LN2_LOW = { 4: -2.12194440054690583e-4, 8: 1.9082149292705877e-10 } as const;

/**
 * exp(−x) for x from 0 up, to the last digits: with n = round(x/ln 2), exp(−x) = 2^−n·exp(n·ln 2 − x), whose exponent is
 * within ±0.35, where the series of exp has few terms. From `mostExponent` on it stays as it is there, which is next to 0.
 */
export function expOfMinus(lanes: Lanes, x: V128, declare: Declare): { code: Code; value: V128 } {
  const { add, subtract, multiply, constant } = lanes;
  const [bounded, n, rest] = [declare('v128'), declare('v128'), declare('v128')];
  let series: V128 = constant(1);
  for (let k = lanes.expTerms; k > 0; k--) {
    series = add(constant(1), multiply(multiply(rest, constant(1 / k)), series));
  }
  return {
    code: [
      set(bounded, lanes.smaller(x, constant(lanes.mostExponent))),
      set(n, lanes.round(multiply(bounded, constant(Math.LOG2E)))),
      set(
        rest,
        add(
          subtract(multiply(n, constant(LN2_HIGH[lanes.bytes])), bounded),
          multiply(n, constant(LN2_LOW[lanes.bytes])),
        ),
      ),
    ],
    value: multiply(lanes.powerOfTwo(subtract(constant(0), n)), series),
  };
}

/** log(1 + e) for e from 0 to 1: 2·(s + s³/3 + s⁵/5 + …) for s = e/(2 + e), which is at most 1/3. */
export function logOfOnePlus(lanes: Lanes, e: V128, declare: Declare): { code: Code; value: V128 } {
  const { add, multiply, constant } = lanes;
  const [s, square] = [declare('v128'), declare('v128')];
  let series: V128 = constant(1 / (2 * lanes.logTerms - 1));
  for (let k = lanes.logTerms - 1; k > 0; k--) series = add(constant(1 / (2 * k - 1)), multiply(square, series));
  return {
    code: [set(s, lanes.divide(e, add(constant(2), e))), set(square, multiply(s, s))],
    value: multiply(multiply(constant(2), s), series),
  };
}
