// Dates in text, as numbers since 1970.

import type { DateOrder, DateUnit } from '../../options/reading.js';

/** Milliseconds in each unit of dates; a year as the Gregorian calendar has it in the mean. */
const UNIT_MS: Readonly<Record<DateUnit, number>> = {
  seconds: 1000,
  hours: 3_600_000,
  days: 86_400_000,
  years: 365.2425 * 86_400_000,
};

const TIME =
  '(?:(?:T|,? +)(\\d{1,2})(?::(\\d{2})(?::(\\d{2}(?:[.,]\\d+)?))?|(?=\\s*[AaPp]))(?:\\s*([AaPp]\\.?[Mm]\\.?))?(?:\\s*(Z|[-+]\\d{2}:?\\d{2}))?)?';

const YEAR_FIRST = new RegExp(`^(\\d{4})(?:([-/.])(\\d{1,2})(?:\\2(\\d{1,2})${TIME})?)?$`);
const DIGITS_ONLY = /^(\d{4})(\d{2})(\d{2})$/;
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})${TIME}$`);
const DAY_AND_NAME = new RegExp(`^(\\d{1,2})\\.?[- ]?([A-Za-z]{3,9})\\.?,?[- ]?(\\d{4})${TIME}$`);
const NAME_AND_DAY = new RegExp(`^([A-Za-z]{3,9})\\.? (\\d{1,2}),? (\\d{4})${TIME}$`);

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

/** The parts of a date as they are written. */
export interface WrittenDate {
  year: number;
  /** The month and the day; undefined where they stand in `pair`. */
  month?: number;
  day?: number;
  /** Two numbers of which the order says which one is the day. */
  pair?: readonly [number, number];
  /** Hours, minutes, seconds, AM or PM, and zone, as text. */
  time: readonly (string | undefined)[];
}

/** The parts of a date; undefined for other text. Between points the day comes first, as in all countries that write so. */
export function writtenDate(text: string): WrittenDate | undefined {
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) {
    const [, year, , month = 1, day = 1, ...time] = yearFirst;
    return { year: Number(year), month: Number(month), day: Number(day), time };
  }
  const yearLast = YEAR_LAST.exec(text);
  if (yearLast) {
    const [, first, separator, second, year, ...time] = yearLast;
    if (separator === '.') return { year: Number(year), month: Number(second), day: Number(first), time };
    return { year: Number(year), pair: [Number(first), Number(second)], time };
  }
  const digits = DIGITS_ONLY.exec(text);
  if (digits) return { year: Number(digits[1]), month: Number(digits[2]), day: Number(digits[3]), time: [] };
  return namedDate(text);
}

/** A date with the English name of its month, or its first letters. */
function namedDate(text: string): WrittenDate | undefined {
  const [, day, name = '', year, ...time] = DAY_AND_NAME.exec(text) ?? [];
  const [, otherName = '', otherDay, otherYear, ...otherTime] = NAME_AND_DAY.exec(text) ?? [];
  const word = (name || otherName).toLowerCase();
  const month = word === '' ? 0 : MONTHS.findIndex((each) => each.startsWith(word === 'sept' ? 'sep' : word)) + 1;
  if (month === 0) return undefined;
  return { year: Number(year ?? otherYear), month, day: Number(day ?? otherDay), time: year ? time : otherTime };
}

/** The order that a pair proves: a number above 12 is a day. undefined for a pair that either order reads. */
export function orderProvedBy([first, second]: readonly [number, number]): DateOrder | undefined {
  if (first > 12 && second <= 12) return 'dmy';
  return second > 12 && first <= 12 ? 'mdy' : undefined;
}

/** The number of a date in a unit since 1970, UTC where no zone is given; NaN for days that no month has. */
export function dateValue(written: WrittenDate, order: DateOrder, unit: DateUnit): number {
  const { year, pair, time } = written;
  const [day = 0, month = 0] = pair ? (order === 'dmy' ? pair : [pair[1], pair[0]]) : [written.day, written.month];
  const [, minutes = 0, seconds = 0] = time
    .slice(0, 3)
    .map((part) => (part ? Number(part.replace(',', '.')) : undefined));
  const hours = hoursOf(time);
  const midnight = new Date(Date.UTC(year, month - 1, day));
  midnight.setUTCFullYear(year); // Date.UTC takes the years 0 to 99 for 1900 to 1999
  const isDay = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  if (!isDay || !(hours <= 23) || minutes > 59 || seconds >= 61) return Number.NaN;
  const zone = zoneMinutesOf(time[4] ?? 'Z');
  const ms = midnight.getTime() + ((hours * 60 + minutes - zone) * 60 + seconds) * 1000;
  return ms / UNIT_MS[unit];
}

/** The hours from midnight; NaN for an hour that no clock of twelve hours has. */
function hoursOf([text, , , half]: WrittenDate['time']): number {
  const hours = Number(text ?? 0);
  if (half === undefined) return hours;
  if (hours < 1 || hours > 12) return Number.NaN;
  return (hours % 12) + (/^p/i.test(half) ? 12 : 0);
}

/** A date with two digits for the year, of which the century is not known. */
const SHORT_YEAR =
  /^\d{1,2}([-/.])\d{1,2}\1'?\d{2}(?!\d)|^\d{1,2}[- ][A-Za-z]{3,9}[- ]'?\d{2}(?!\d)|^\d{2}([-/.])\d{1,2}\2\d{1,2}(?!\d)/;

/** True for a date, and for one that is not read for its year of two digits. */
export function looksLikeDate(text: string): boolean {
  return writtenDate(text) !== undefined || SHORT_YEAR.test(text);
}

/** The reason for which text is no date, as words behind it; '' for text that does not look like one. */
export function faultOfDate(text: string, order: DateOrder): string {
  const written = writtenDate(text);
  if (!written) return SHORT_YEAR.test(text) ? ', with two digits for the year' : '';
  const [day, month] = written.pair
    ? order === 'dmy'
      ? written.pair
      : [written.pair[1], written.pair[0]]
    : [written.day ?? 1, written.month ?? 1];
  if (month < 1 || month > 12) return `, with ${month} for the month`;
  const days = new Date(Date.UTC(written.year, month, 0)).getUTCDate();
  if (day < 1 || day > days) return `, a day that the month does not have: it has ${days}`;
  return ', with a time that no day has';
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

/** A date as ISO 8601 writes it, for messages. */
export function isoDate(written: WrittenDate, order: DateOrder): string {
  return new Date(dateValue(written, order, 'seconds') * 1000).toISOString().slice(0, 10);
}
