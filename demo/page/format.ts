import type { Language } from './state.js';

/** Beyond these a number is written with a power of ten. */
const LARGEST_PLAIN = 1e6;
const SMALLEST_PLAIN = 1e-4;

/** Letters of a name from a file that are shown where there is little room. */
const NAME_LENGTH = 28;

export function shortened(name: string): string {
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name;
}

/** Numbers as the language writes them, with a minus that is as wide as a plus. */
export class Format {
  readonly #fixed = new Map<number, Intl.NumberFormat>();

  constructor(readonly language: Language) {}

  /** 1.250, −0.031; 3.1×10⁷ where it is far from 1. Dashes for what is no finite number. */
  number(value: number, digits = 3): string {
    if (!Number.isFinite(value)) return '–';
    const size = Math.abs(value);
    if (size !== 0 && (size >= LARGEST_PLAIN || size < SMALLEST_PLAIN)) return this.power(value);
    return this.#fixedTo(digits).format(value).replace('-', '−');
  }

  /** 3.1×10⁷, with as many digits after the point as asked for. */
  power(value: number, digits = 1): string {
    if (value === 0) return '0';
    const [mantissa = '', exponent = ''] = value.toExponential(Math.min(digits, 15)).split('e');
    const raised = exponent.replace(/./g, (digit) => SUPERSCRIPTS[digit] ?? '');
    return `${mantissa.replace('-', '−')}×10${raised}`;
  }

  /** 1,000,000 */
  count(value: number): string {
    return this.#fixedTo(0).format(value).replace('-', '−');
  }

  /** A number with about this many digits that count: 0.0338, 2.00, 59.2. */
  significant(value: number, digits = 3): string {
    const size = Math.abs(value);
    if (size === 0 || !Number.isFinite(value)) return this.number(value, 0);
    return this.number(value, Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(size)))));
  }

  /** A mark of an axis: 0.01, 25, 10⁶, 2.0×10⁶. */
  axis(value: number): string {
    const isPlain = value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5);
    return isPlain ? String(Number(value.toPrecision(6))).replace('-', '−') : this.power(value).replace(/^1\.0×/, '');
  }

  #fixedTo(digits: number): Intl.NumberFormat {
    let format = this.#fixed.get(digits);
    if (!format) {
      // A value like −0.0004 to three digits is 0, not −0.
      const options = {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: 'negative',
      } as const;
      format = new Intl.NumberFormat(this.language, options);
      this.#fixed.set(digits, format);
    }
    return format;
  }
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};
