/** Calls the function with each value, from 0 up, and its weight, above 0: one pass over all values. */
export type VisitValues = (visit: (value: number, weight: number) => void) => Promise<void>;

/** Bits of a digit: a million bins of counts take 8 MB. */
const DIGIT_BITS = 20;
const BINS = 2 ** DIGIT_BITS;

/** Digits of a number from 0 up: its 63 bits without the sign, in order of size, are 20, 20, 20 and 3. */
const DIGITS = 4;

/** Values that are gathered at a time. */
const MOST_HELD = 2 ** 20;

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
const [LOW, HIGH] = new Uint32Array(Float64Array.of(1).buffer)[0] === 0 ? [0, 1] : [1, 0];

/** A digit of a number from 0 up: numbers are in order as their digits are. */
function digitOf(value: number, place: number): number {
  number[0] = value;
  const [low, high] = [words[LOW] as number, words[HIGH] as number];
  if (place === 0) return high >>> 11;
  if (place === 1) return ((high & 0x7ff) << 9) | (low >>> 23);
  return place === 2 ? (low >>> 3) & 0xfffff : low & 7;
}

/**
 * `weightedMedian` of values from 0 up that are too many to hold, in two passes or a few more: counts of values by their leading bits
 * lead to the bin of the middle one, whose values are gathered. Weights are added up in the order of the values in each bin.
 */
export async function streamedMedian(visitValues: VisitValues, mostHeld = MOST_HELD): Promise<number> {
  const digits: number[] = [];
  const weights = new Float64Array(BINS);
  const counts = new Float64Array(BINS);
  let total = 0;
  let below = 0;
  let held = Infinity;
  for (let place = 0; place < DIGITS && held > mostHeld; place++) {
    weights.fill(0);
    counts.fill(0);
    await visitValues((value, weight) => {
      if (placeBeside(value, digits) !== 0) return;
      const digit = digitOf(value, place);
      weights[digit] = (weights[digit] as number) + weight;
      counts[digit] = (counts[digit] as number) + 1;
    });
    if (place === 0) total = weights.reduce((sum, weight) => sum + weight, 0);
    if (total === 0) return Number.NaN;
    const digit = middleBin(weights, counts, total / 2 - below);
    for (let bin = 0; bin < digit; bin++) below += weights[bin] as number;
    held = counts[digit] as number;
    digits.push(digit);
  }
  return medianOf(await gather(visitValues, digits, held > mostHeld), total / 2, below);
}

/** The first bin with values up to which, with it, the weights reach a sum; the last with values if rounding keeps them below it. */
function middleBin(weights: Float64Array, counts: Float64Array, sum: number): number {
  let reached = 0;
  let last = 0;
  for (let bin = 0; bin < BINS; bin++) {
    if (counts[bin] === 0) continue;
    last = bin;
    reached += weights[bin] as number;
    if (reached >= sum) break;
  }
  return last;
}

/** -1 for a value below the bin of these leading digits, 0 for one in it, and 1 for one above. */
function placeBeside(value: number, digits: readonly number[]): number {
  for (let place = 0; place < digits.length; place++) {
    const difference = digitOf(value, place) - (digits[place] as number);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** The values of a bin with their weights, and the least value above it. */
interface Gathered {
  values: { value: number; weight: number }[];
  leastAbove: number;
}

/** One pass for the values of a bin. `isOne`: they are all the same, so that one stands for them. */
async function gather(visitValues: VisitValues, digits: readonly number[], isOne: boolean): Promise<Gathered> {
  const gathered: Gathered = { values: [], leastAbove: Infinity };
  const { values } = gathered;
  await visitValues((value, weight) => {
    const place = placeBeside(value, digits);
    if (place > 0) gathered.leastAbove = Math.min(gathered.leastAbove, value);
    if (place !== 0) return;
    const [first] = values;
    if (isOne && first) first.weight += weight;
    else values.push({ value, weight });
  });
  return gathered;
}

/** The value up to which half of the weight lies, and between two of them their mean. */
function medianOf({ values, leastAbove }: Gathered, half: number, below: number): number {
  values.sort((a, b) => a.value - b.value);
  let reached = below;
  let lower = Number.NaN;
  for (const { value, weight } of values) {
    reached += weight;
    if (Number.isNaN(lower) && reached >= half) lower = value;
    if (reached > half) return lower / 2 + value / 2;
  }
  if (Number.isNaN(lower)) lower = values.at(-1)?.value ?? Number.NaN;
  return Number.isFinite(leastAbove) ? lower / 2 + leastAbove / 2 : lower;
}
