const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The greatest finite number of f16. */
export const GREATEST_HALF = 65_504;

/** Numbers under this are multiples of 2^-24 in f16. */
const LEAST_NORMAL = 2 ** -14;
const LEAST_STEP = 2 ** -24;

/** A number as the 16 bits of its nearest half (IEEE 754 binary16), ties to even; infinity beyond GREATEST_HALF. */
export function halfBits(value: number): number {
  float[0] = value;
  const word = bits[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const size = Math.abs(float[0]);
  if (!(size < GREATEST_HALF + 16)) return sign | (Number.isNaN(size) ? 0x7e00 : 0x7c00);
  if (size < LEAST_NORMAL) return sign | roundedToEven(size / LEAST_STEP);
  // 13 of the 23 bits of the fraction go; what they round up to may carry into the exponent, as it should.
  const rebiased = (word & 0x7fffffff) - (112 << 23);
  return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
}

function roundedToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
