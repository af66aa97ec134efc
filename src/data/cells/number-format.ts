// Numbers as files write them: 12, -0.5, 1e-3, 1.234,5 and 1 234.5.

import { COMMA, MINUS, NINE, PLUS, POINT, ZERO } from './characters.js';

/** The mark before the fraction. */
export type DecimalMark = '.' | ',';

/** The mark between groups of three digits; a blank stands for blanks of all kinds. */
export type GroupMark = '.' | ',' | ' ' | "'";

/** A number whose marks have been told apart as far as the text by itself tells. */
export interface MarkedNumber {
  /** Sign, digits and marks, without blanks around. */
  sign: '' | '-';
  body: string;
  exponent: string;
  /** The mark that can only stand before a fraction. */
  fraction: DecimalMark | '';
  /** The mark that can only stand between groups. */
  groups: GroupMark | '';
  /** The mark that may be either, as in 1,234. */
  either: DecimalMark | '';
}

/** Powers of ten that f64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Longer text may have more digits than a sum of them in f64 holds exactly. */
const MOST_CHARACTERS = 22;

/** Digits after the mark up to which the power of ten of a quotient is exact. */
const MOST_DECIMALS = POWERS.length - 1;

/** Integers up to this are exact in f64, and so is each sum on the way to them; 2⁵³ may have been 2⁵³ + 1. */
export const MOST_EXACT = Number.MAX_SAFE_INTEGER;

/** An exact integer divided by a power of ten up to 10²², rounded once. */
export function exactQuotient(mantissa: number, digits: number): number {
  return mantissa / (POWERS[digits] as number);
}

/** True if a quotient of this integer and power of ten is rounded once, and no digit was lost before. */
export function isExactQuotient(mantissa: number, digits: number): boolean {
  return mantissa <= MOST_EXACT && digits <= MOST_DECIMALS;
}

/** The value of decimal notation with a fraction or an exponent, of any number of digits, rounded once. */
export function longNumber(text: string, mark: number): number {
  return Number(mark === COMMA ? text.replace(',', '.') : text);
}

/** The evidence of points in plain numbers: none yet, each may stand between groups, or one is decimal. */
export type PointEvidence = 'none' | 'either' | 'fraction';

/** The evidence of the text that `plainNumber` read last. */
let lastPoint: PointEvidence = 'none';

/**
 * The value of plain digits with an optional sign and decimal mark, right to the last bit; NaN for all other text, which may
 * still be a number. An integer below 2⁵³ divided by a power of ten up to 10²² is rounded once (Clinger 1990).
 */
export function plainNumber(text: string, mark = POINT): number {
  const { length } = text;
  if (length === 0 || length > MOST_CHARACTERS) return Number.NaN;
  const first = text.charCodeAt(0);
  const start = first === MINUS || first === PLUS ? 1 : 0;
  let mantissa = 0;
  let point = -1;
  for (let i = start; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) mantissa = mantissa * 10 + (code - ZERO);
    else if (code === mark && point < 0) point = i;
    else return Number.NaN;
  }
  if (length - start <= (point < 0 ? 0 : 1) || mantissa > MOST_EXACT) return Number.NaN;
  let value = mantissa;
  lastPoint = 'none';
  if (point >= 0) {
    const digits = length - point - 1;
    value = exactQuotient(mantissa, digits);
    const isGroup = digits === 3 && point > start && point - start <= 3 && text.charCodeAt(start) !== ZERO;
    lastPoint = isGroup ? 'either' : 'fraction';
  }
  return first === MINUS ? -value : value;
}

/** Digits with a decimal mark or an exponent, or both. */
const FRACTIONS: Readonly<Record<number, RegExp>> = {
  [POINT]: /^[-+]?(?:\d*\.\d+|\d+\.?(?=e))(?:e[-+]?\d+)?$/i,
  [COMMA]: /^[-+]?(?:\d*,\d+|\d+(?=e))(?:e[-+]?\d+)?$/i,
};

/** The value of text with more digits than a quotient takes, or with an exponent; NaN for all other text, and what f64 does not hold. */
function fractionOf(text: string, mark: number): number {
  const value = FRACTIONS[mark]?.test(text) ? longNumber(text, mark) : Number.NaN;
  if (!Number.isFinite(value)) return Number.NaN;
  lastPoint = text.includes(mark === COMMA ? ',' : '.') ? 'fraction' : 'none';
  return value;
}

/**
 * Reads numbers, and text that spells plain ones, into `out`, and returns the places of the cells that are something else.
 * `evidence` is what earlier cells said of the point, and is brought up to date. Where the comma is decimal, it is the mark, and
 * text with a point is left.
 */
export function readPlainNumbers(
  cells: ArrayLike<unknown>,
  out: Float64Array,
  evidence: { point: PointEvidence; hasFraction: boolean; readonly hasDecimalComma: boolean },
): number[] {
  const rest: number[] = [];
  let { point, hasFraction } = evidence;
  const { hasDecimalComma } = evidence;
  const mark = hasDecimalComma ? COMMA : POINT;
  for (let i = 0; i < out.length; i++) {
    const cell = cells[i];
    let value = Number.NaN;
    if (typeof cell === 'string') {
      value = plainNumber(cell, mark);
      if (Number.isNaN(value)) value = fractionOf(cell, mark);
      if (lastPoint !== 'none' && !Number.isNaN(value)) {
        hasFraction ||= lastPoint === 'fraction';
        if (point !== 'fraction' && !hasDecimalComma) point = lastPoint;
      }
    } else if (typeof cell === 'number') value = Number.isFinite(cell) ? cell : Number.NaN;
    else if (typeof cell === 'bigint' && Number.isSafeInteger(Number(cell))) value = Number(cell);
    out[i] = value;
    if (Number.isNaN(value)) rest.push(i);
  }
  evidence.point = point;
  evidence.hasFraction = hasFraction;
  return rest;
}

/** The value of a decimal as table engines hand it out, an integer and the digits after its point; undefined for all else. */
export function decimalOf(cell: unknown): number | bigint | undefined {
  if (typeof cell !== 'object' || cell === null || !('scale' in cell) || !('value' in cell)) return undefined;
  const { value, scale } = cell;
  if (typeof value !== 'bigint' || typeof scale !== 'number') return undefined;
  return scale === 0 ? value : Number(`${value}e${-scale}`);
}

/** The value of an integer that f64 holds exactly; undefined for others. */
export function exactInteger(integer: bigint): number | undefined {
  const value = Number(integer);
  return Number.isFinite(value) && BigInt(value) === integer ? value : undefined;
}

const isFirstGroup = (digits: string) => /^[1-9]\d{0,2}$/.test(digits);

/** Decimal notation with a point: a subset of what Number() takes, without '', 0x10, 0b1, 0o7 and Infinity. */
export const DECIMAL = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

/** Blanks of all kinds, and apostrophes of all kinds, as one of each; the minus sign U+2212 as a hyphen. */
function normalized(text: string): string {
  return text
    .trim()
    .replace(/^\u2212/, '-')
    .replace(/^([-+])\s+/, '$1')
    .replace(/(e)\u2212/i, '$1-')
    .replace(/\s/g, ' ')
    .replace(/[\u2019\u02BC]/g, "'");
}

const SHAPE = /^([-+]?)(\d[\d., ']*|[.,]\d+)(?:e([-+]?\d+))?$/i;

/** The parts of a number in any notation; undefined for what is no number. */
export function markedNumber(text: string): MarkedNumber | undefined {
  // Parentheses around a number are a minus sign, as in accounts.
  const [, inner] = text.includes('(') ? (/^\((.*)\)$/.exec(text.trim()) ?? []) : [];
  const given = inner ?? text;
  const [, sign = '', body = '', exponent = ''] = SHAPE.exec(given) ?? SHAPE.exec(normalized(given)) ?? [];
  if (body === '' || (inner !== undefined && sign !== '')) return undefined;
  const marks = marksOf(body, exponent !== '');
  return marks && { sign: sign === '-' || inner !== undefined ? '-' : '', body, exponent, ...marks };
}

type Marks = Pick<MarkedNumber, 'fraction' | 'groups' | 'either'>;

const NO_MARKS: Marks = { fraction: '', groups: '', either: '' };

function marksOf(body: string, hasExponent: boolean): Marks | undefined {
  const marks = body.replace(/\d/g, '');
  if (marks === '') return NO_MARKS;
  const last = marks.at(-1) as GroupMark;
  const isDecimal = last === '.' || last === ',';
  const others = marks.slice(0, -1);
  if (others === '' && isDecimal) {
    const [before = '', after = ''] = body.split(last);
    if (after === '' && last === ',') return undefined;
    if (!hasExponent && after.length === 3 && isFirstGroup(before)) return { ...NO_MARKS, either: last };
    return { ...NO_MARKS, fraction: last };
  }
  if (!hasExponent && isGrouped(body, last)) return { ...NO_MARKS, groups: last };
  const first = others.charAt(0) as GroupMark;
  const [whole = ''] = body.split(last);
  if (!isDecimal || first === last || !isGrouped(whole, first)) return undefined;
  return { ...NO_MARKS, groups: first, fraction: last };
}

/** True for groups of three digits after the first, or of two before the last three, as in India. */
function isGrouped(body: string, mark: string): boolean {
  const [first = '', ...rest] = body.split(mark);
  const between = rest.slice(0, -1);
  const are = (size: number) => between.every((group) => group.length === size);
  return (
    isFirstGroup(first) &&
    rest.every((group) => /^\d+$/.test(group)) &&
    rest.at(-1)?.length === 3 &&
    (are(3) || (mark === ',' && first.length <= 2 && are(2)))
  );
}

/** The value of a number whose decimal mark is known. */
export function valueOf({ sign, body, exponent }: MarkedNumber, decimal: DecimalMark): number {
  const [whole = '', fraction = ''] = body.split(decimal);
  const digits = whole.replace(/\D/g, '');
  return Number(`${sign}${digits || '0'}.${fraction || '0'}e${exponent || '0'}`);
}

/** True for an integer that is rounded as f64; one with an exponent has been rounded already. */
export function isInexact({ body, exponent }: MarkedNumber, decimal: DecimalMark, value: number): boolean {
  if (exponent !== '' || Math.abs(value) <= MOST_EXACT || !Number.isFinite(value)) return false;
  const [whole = '', fraction = ''] = body.split(decimal);
  return fraction === '' && BigInt(whole.replace(/\D/g, '')) !== BigInt(Math.abs(value));
}
