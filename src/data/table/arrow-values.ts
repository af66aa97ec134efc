// The columns of Apache Arrow, known by their shape: the library itself needs no package for them.

/** A vector of Apache Arrow, or a column of a table engine that looks like one. */
export interface VectorLike {
  readonly length: number;
  readonly nullCount?: number;
  readonly type?: unknown;
  get(index: number): unknown;
  toArray?(): unknown;
}

/** A type of Apache Arrow, as far as values depend on it. */
interface ArrowType {
  readonly typeId?: number;
  readonly precision?: number;
  readonly scale?: number;
}

/** Type numbers of the Arrow format. */
const TYPES = { integer: 2, float: 3, decimal: 7, date: 8, timestamp: 10 } as const;

const HALF_PRECISION = 0;

const BITS_OF_WORD = 32n;

export function isVector(given: unknown): given is VectorLike {
  return (
    typeof given === 'object' &&
    given !== null &&
    'get' in given &&
    typeof given.get === 'function' &&
    'length' in given
  );
}

/**
 * The values of a vector: its own memory for numbers without missing values in one piece, and else an array with null for
 * missing ones, dates as Date and decimals as the nearest f64.
 */
export function arrowValues(vector: VectorLike): ArrayLike<unknown> {
  const { length } = vector;
  const type = vector.type as ArrowType | undefined;
  const isPlain =
    type === undefined ||
    type.typeId === TYPES.integer ||
    (type.typeId === TYPES.float && type.precision !== HALF_PRECISION);
  if (isPlain && vector.nullCount === 0 && vector.toArray) {
    const values = vector.toArray();
    if (isTypedArray(values) && values.length === length) return values;
  }
  const convert = converterOf(type);
  return Array.from({ length }, (_, i) => {
    const value = vector.get(i);
    return value === null || value === undefined ? null : convert(value);
  });
}

function isTypedArray(values: unknown): values is ArrayLike<unknown> {
  return ArrayBuffer.isView(values) && 'length' in values;
}

function converterOf(type: ArrowType | undefined): (value: unknown) => unknown {
  if (type?.typeId === TYPES.decimal) return (value) => decimalOf(value as ArrayLike<number>, type.scale ?? 0);
  if (type?.typeId !== TYPES.date && type?.typeId !== TYPES.timestamp) return (value) => value;
  return (value) => (value instanceof Date ? value : new Date(Number(value)));
}

/** The value of 32-bit words, lowest first, in two's complement: an integer, or divided by a power of ten and rounded once. */
function decimalOf(words: ArrayLike<number>, scale: number): number | bigint {
  let bits = 0n;
  for (let i = words.length - 1; i >= 0; i--) bits = (bits << BITS_OF_WORD) | BigInt((words[i] as number) >>> 0);
  const integer = BigInt.asIntN(words.length * Number(BITS_OF_WORD), bits);
  return scale ? Number(`${integer}e${-scale}`) : integer;
}

/** A table of Apache Arrow, by its shape. */
export interface ArrowTableLike {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChildAt(index: number): VectorLike | null;
}

export function isArrowTable(given: unknown): given is ArrowTableLike {
  return (
    typeof given === 'object' && given !== null && 'numRows' in given && 'schema' in given && 'getChildAt' in given
  );
}
