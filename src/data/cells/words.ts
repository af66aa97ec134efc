// Words in cells that stand for something else: a missing value, true or false, a date.

import type { DateUnit } from '../../options/reading.js';

const MISSING = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null', '?', '-', '–', '—', '.']);

/** In a column of numbers only: it is a common name of a level. */
const MISSING_NUMBER = 'none';

/** Tells missing values from others; `further` are words of the caller. */
export class MissingWords {
  readonly #further: ReadonlySet<string>;
  /** Codes such as -999, which files of numbers write in more than one way. */
  readonly #codes: ReadonlySet<number>;

  constructor(further: readonly string[]) {
    this.#further = new Set(further.map((word) => word.trim()));
    this.#codes = new Set(further.map(Number).filter((code) => !Number.isNaN(code)));
  }

  /** True if numbers that are read may stand for missing values. */
  get hasCodes(): boolean {
    return this.#codes.size > 0;
  }

  isCode(value: number): boolean {
    return this.#codes.has(value);
  }

  /** True for an absent value and for words; `text` is the cell without blanks around. */
  isMissing(text: string, isNumeric: boolean): boolean {
    const lower = text.toLowerCase();
    return MISSING.has(lower) || (isNumeric && lower === MISSING_NUMBER) || this.#further.has(text);
  }
}

const BOOLEANS: Readonly<Record<string, 0 | 1>> = {
  ...{ true: 1, yes: 1, y: 1, t: 1, on: 1 },
  ...{ false: 0, no: 0, n: 0, f: 0, off: 0 },
};

/** 1 or 0 for words such as true, no and Y; undefined for others. */
export function booleanOf(text: string): 0 | 1 | undefined {
  const word = text.toLowerCase();
  return Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined;
}

/** Milliseconds in each unit of dates; a year as the Gregorian calendar has it in the mean. */
const UNIT_MS: Readonly<Record<DateUnit, number>> = {
  seconds: 1000,
  hours: 3_600_000,
  days: 86_400_000,
  years: 365.2425 * 86_400_000,
};

const ISO_DATE =
  /^(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*(Z|[-+]\d{2}:?\d{2})?)?)?$/;

/** The number of a date in a unit since 1970, UTC where no zone is given; NaN for other text and for days that no month has. */
export function dateOf(text: string, unit: DateUnit): number {
  const parts = ISO_DATE.exec(text);
  if (!parts) return Number.NaN;
  const [year = 0, month = 0, day = 1, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1, 7)
    .map((part) => (part ? Number(part) : undefined));
  const midnight = new Date(Date.UTC(year, month - 1, day));
  midnight.setUTCFullYear(year); // Date.UTC takes the years 0 to 99 for 1900 to 1999
  const isDay = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  if (!isDay || hours > 23 || minutes > 59 || seconds >= 61) return Number.NaN;
  const zone = zoneMinutesOf(parts[7] ?? 'Z');
  const ms = midnight.getTime() + ((hours * 60 + minutes - zone) * 60 + seconds) * 1000;
  return ms / UNIT_MS[unit];
}

/** Minutes of a zone such as +02:00 ahead of UTC. */
function zoneMinutesOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** The number of a moment, given in milliseconds since 1970, in a unit. */
export function dateInUnit(ms: number, unit: DateUnit): number {
  return ms / UNIT_MS[unit];
}
