import type { TableSettings } from '../../options/reading.js';
import { COMMA, POINT } from './characters.js';
import {
  type DecimalMark,
  type GroupMark,
  isInexact,
  type MarkedNumber,
  markedNumber,
  type PointEvidence,
  valueOf,
} from './number-format.js';

/** The notation in which a column writes its numbers, as a model keeps it. */
export interface NumberNotation {
  decimal: DecimalMark;
  /** '' where no cell has groups. */
  thousands: GroupMark | '';
  /** The unit that was taken off every number; '' for none. */
  unit: string;
}

/** The reading of one cell. */
export type ReadNumber =
  | { value: number; hasUnit: boolean }
  | { fault: 'none' } // not a number
  | { fault: 'ambiguous' }
  | { fault: 'integer' } // of more digits than f64 holds
  | { fault: 'point' } // a decimal comma, where points were decimal
  | { fault: 'notation'; expected: string }
  | { fault: 'unit'; unit: string };

const notation = (expected: string) => ({ fault: 'notation', expected }) as const;

/** A mark and the first cell that proves it. */
interface Proof {
  mark: DecimalMark;
  text: string;
  row: number;
}

/**
 * The notation of one column, found while its cells are read: the decimal mark is the one that a cell proves, such as 1,5 or
 * 1.234.567, and holds for all cells. A mark that may be either waits for a proof.
 */
export class Notation {
  /** The evidence of points in plain numbers so far. */
  point: PointEvidence = 'none';
  /** The first cell that nothing before it explains, such as 1,030. */
  pending: { text: string; row: number } | undefined;
  /** True if a cell here has the decimal mark where it can only be one. */
  hasFraction = false;
  /** The first cell with a mark between groups that the training data did not have, where they alone tell the decimal mark. */
  unproved: { text: string; row: number } | undefined;
  #decimal: Proof | undefined;
  /** The notation of the training data, if nothing else tells that of these. */
  readonly #kept: NumberNotation | undefined;
  /** The source of a decimal mark that no cell had to prove. */
  readonly #givenBy: 'the options say' | 'the model was trained on' | undefined;
  #thousands: GroupMark | '' = '';
  #unit: { sign: string; row: number } | undefined;
  /** Longest first, so that m² is not taken for m. */
  readonly #units: readonly string[];
  readonly #allowed: TableSettings['thousands'];

  constructor(
    { decimal, thousands, units }: Pick<TableSettings, 'decimal' | 'thousands' | 'units'>,
    private readonly rowName: (row: number) => string,
    known?: NumberNotation,
  ) {
    const other = thousands === ',' ? '.' : thousands === '.' ? ',' : undefined;
    const mark = decimal !== 'auto' ? decimal : (other ?? known?.decimal);
    const isModels = mark !== undefined && decimal === 'auto' && other === undefined;
    this.#givenBy = isModels ? 'the model was trained on' : mark && 'the options say';
    this.#kept = decimal === 'auto' && other === undefined ? known : undefined;
    if (mark) this.#decimal = { mark, text: '', row: 0 };
    this.#allowed = thousands;
    const all = known && known.unit !== '' ? [...units, known.unit] : [...units];
    this.#units = all.sort((a, b) => b.length - a.length);
  }

  /** True if a point in plain digits cannot be decimal. */
  get hasDecimalComma(): boolean {
    return this.#decimal?.mark === ',';
  }

  /** Code of the decimal mark. */
  get mark(): number {
    return this.hasDecimalComma ? COMMA : POINT;
  }

  /** True if the decimal mark is known, given or proved. */
  get isSettled(): boolean {
    return this.#decimal !== undefined;
  }

  /** The first cell whose mark proves that the decimal mark is a comma, where it was found and not given. */
  get proofOfComma(): Proof | undefined {
    return this.hasDecimalComma && !this.#givenBy ? this.#decimal : undefined;
  }

  /** True if points may stand between groups. */
  get mayGroup(): boolean {
    return this.#allowed === 'auto' || this.#allowed === '.';
  }

  get summary(): NumberNotation {
    return {
      decimal: this.#decimal?.mark ?? '.',
      thousands: this.#thousands,
      unit: this.#unit?.sign ?? '',
    };
  }

  /** Reads a cell that is no plain number. */
  read(text: string, row: number): ReadNumber {
    const sign = this.#unitOf(text);
    if (sign !== undefined) {
      this.#unit ??= { sign, row };
      if (this.#unit.sign !== sign) return notation(`the unit of ${this.rowName(this.#unit.row)}, ${this.#unit.sign}`);
    }
    const number = markedNumber(sign === undefined ? text : (withoutUnit(text, sign) ?? text));
    if (!number) {
      const unit = sign === undefined ? unitAround(text) : undefined;
      return unit === undefined ? { fault: 'none' } : { fault: 'unit', unit };
    }
    return { ...this.#readMarked(number, text, row), hasUnit: sign !== undefined };
  }

  #readMarked(
    number: MarkedNumber,
    text: string,
    row: number,
  ): Exclude<ReadNumber, { hasUnit: boolean }> | { value: number } {
    const { fraction, groups, either } = number;
    const implied = fraction || (groups === '.' ? ',' : groups === ',' ? '.' : '');
    if (implied === ',' && this.point === 'fraction') return { fault: 'point' };
    if (implied !== '') this.#decimal ??= { mark: implied, text, row };
    const decimal = this.#decimal?.mark;
    if (implied !== '' && implied !== decimal) return notation(this.#expectation());
    if (either !== '' && decimal === undefined) {
      // Behind blanks or a unit a point is read as in plain digits: as decimal, until a comma is proved.
      if (either === ',') {
        this.pending ??= { text, row };
        return { fault: 'ambiguous' };
      }
      if (this.point === 'none') this.point = 'either';
    }
    if (implied !== '') this.hasFraction = true;
    if (this.#kept && either !== '' && either !== decimal && either !== this.#kept.thousands)
      this.unproved ??= { text, row };
    const grouped = groups || (either !== '' && either !== decimal ? either : '');
    if (grouped !== '') {
      if (this.#allowed !== 'auto' && this.#allowed !== grouped) return notation(this.#expectation());
      this.#thousands = grouped;
    }
    const value = valueOf(number, decimal ?? '.');
    return isInexact(number, decimal ?? '.', value) ? { fault: 'integer' } : { value };
  }

  #expectation(): string {
    if (!this.#decimal) return 'no mark between groups of digits';
    const { mark, text, row } = this.#decimal;
    const name = mark === ',' ? 'a decimal comma' : 'a decimal point';
    return this.#givenBy
      ? `${name}, as ${this.#givenBy}`
      : `${name}, as in ${this.rowName(row)}: ${JSON.stringify(text)}`;
  }

  #unitOf(text: string): string | undefined {
    return this.#units.find((unit) => withoutUnit(text, unit) !== undefined);
  }
}

/** A number without the unit before or behind it; undefined where the unit is not there. */
function withoutUnit(text: string, unit: string): string | undefined {
  const { sign, rest } = splitSign(text);
  // Of Rs.100 the sign is Rs. and not Rs, behind which .100 would be a fraction.
  const isAbbreviated = rest.charAt(unit.length) === '.' && /\p{L}$/u.test(unit);
  if (rest.startsWith(unit) && !isAbbreviated) return sign + rest.slice(unit.length).trim();
  return rest.endsWith(unit) ? sign + rest.slice(0, -unit.length).trim() : undefined;
}

/** The sign of a number, and the rest of it; parentheses around it are a minus sign, as in accounts. */
function splitSign(text: string): { sign: string; rest: string } {
  const trimmed = text.trim();
  if (trimmed.startsWith('(') && trimmed.endsWith(')')) return { sign: '-', rest: trimmed.slice(1, -1).trim() };
  const [sign = ''] = /^[-+\u2212]/.exec(trimmed) ?? [];
  return { sign, rest: trimmed.slice(sign.length).trim() };
}

/** A currency before digits, by its sign or in letters: $, US$, EUR, Rs. */
const UNIT_BEFORE = /^(\p{L}{0,3}\p{Sc}|\p{L}{2,4}(?:\.|(?=\s)))\s*[-+\u2212]?[\d.,]/u;

/** A word at the end, behind what begins as a number: %, km/h, Rs., m². */
const UNIT_BEHIND = /[^\d\s.,'()+\-/:^*=<>_][^\d\s,'()]{0,10}\d?$/u;

function unitBehind(text: string): string | undefined {
  return /^[\d.,]/.test(text) ? UNIT_BEHIND.exec(text.slice(1))?.[0] : undefined;
}

/** An exponent behind a number in groups, which is no unit: to take it off would leave another number. */
const EXPONENT = /^e[-+]?\d+$/i;

/** The unit of a number with a unit; undefined for all other text. */
function unitAround(text: string): string | undefined {
  const { rest } = splitSign(text);
  const unit = UNIT_BEFORE.exec(rest)?.[1] ?? unitBehind(rest);
  if (unit === undefined || EXPONENT.test(unit)) return undefined;
  const number = withoutUnit(text, unit);
  return number !== undefined && markedNumber(number) ? unit : undefined;
}
