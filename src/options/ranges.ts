/** The allowed values of an option. */
export interface Range {
  /** The allowed values, in words, after the word "expected". */
  range: string;
  allows: (value: unknown) => boolean;
}

export const TRUE_OR_FALSE: Range = { range: 'true or false', allows: (value) => typeof value === 'boolean' };

export const FRACTION: Range = {
  range: 'a number from 0 to below 1',
  allows: (value) => typeof value === 'number' && value >= 0 && value < 1,
};

export const ABOVE_ZERO: Range = {
  range: 'a number above 0',
  allows: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
};

export const FROM_ZERO: Range = {
  range: 'a number from 0 up',
  allows: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
};

export function wholeNumber(low: number, high: number): Range {
  return {
    range: `a whole number from ${low} to ${high}`,
    allows: (value) => Number.isInteger(value) && (value as number) >= low && (value as number) <= high,
  };
}

export function oneOf(values: readonly string[]): Range {
  return {
    range: values.map((value) => `'${value}'`).join(' or '),
    allows: (value) => (values as readonly unknown[]).includes(value),
  };
}
