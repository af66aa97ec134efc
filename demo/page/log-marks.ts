// Marks of a logarithmic axis, as powers of ten: 2 is the mark of 100. What is drawn along it are powers, too, as uPlot's
// own logarithmic scale shows no marks past 10¹⁷, which a loss that diverges leaves behind.

/** The most decades with lines between them: of more, nine lines each would be a grey area. */
const MOST_DECADES = 6;

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Digits whose words have room, by how many decades there are at most. */
const NAMED: readonly (readonly [decades: number, digits: readonly number[]])[] = [
  [0.5, DIGITS],
  [1, [1, 2, 3, 5, 7]],
  [3, [1, 2, 5]],
  [MOST_DECADES, [1]],
];

/** About as many powers of ten are marked where there are many. */
const POWERS = 8;

/** A number that should be a mark is one to a rounding. */
const ROUNDING = 1e-9;

/** From the largest number of one digit that is not over low to the smallest that is not under high. */
export function logRange(low: number, high: number): [number, number] {
  const digitOf = (value: number) => 10 ** (value - Math.floor(value));
  const down = Math.floor(low) + Math.log10(Math.floor(digitOf(low) + ROUNDING));
  const up = Math.floor(high) + Math.log10(Math.ceil(digitOf(high) - ROUNDING));
  return up > down ? [down, up] : [down, down + 1];
}

/** From low to high: numbers of one digit, or over many decades powers of ten, as far apart as it takes. */
export function logMarks(low: number, high: number): number[] {
  const first = Math.floor(low);
  const powers = Array.from({ length: Math.floor(high) - first + 1 }, (_, i) => first + i);
  const decades = high - low;
  const step = Math.ceil(decades / POWERS);
  const marks =
    decades > MOST_DECADES
      ? powers.filter((power) => power % step === 0)
      : powers.flatMap((power) => DIGITS.map((digit) => power + Math.log10(digit)));
  return marks.filter((mark) => mark >= low - ROUNDING && mark <= high + ROUNDING);
}

/** Those whose words have room; null for the others. */
export function namedLogMarks(marks: readonly number[], low: number, high: number): (number | null)[] {
  const digits = NAMED.find(([most]) => high - low <= most + ROUNDING)?.[1];
  return marks.map((mark) => (!digits || digits.includes(digitOf(mark)) ? mark : null));
}

function digitOf(mark: number): number {
  return Math.round(10 ** (mark - Math.floor(mark + ROUNDING)));
}
