import { DescentError } from '../base/errors.js';
import { Encoder } from '../data/table/encoder.js';
import type { ColumnEncoding } from '../data/table/encoding.js';

/**
 * The way from columns to features of both parts, with the notations that either found. Throws `SHAPE_MISMATCH` where it differs:
 * the names of features may be the same all the same, such as that of a level, which stands for the difference from another
 * level in each part.
 */
export function mergeEncoders(a: Encoder | null, b: Encoder | null): Encoder | null {
  if (!a || !b) {
    for (const column of a?.columns ?? []) requireSameFilling(column.name, column, undefined);
    for (const column of b?.columns ?? []) requireSameFilling(column.name, undefined, column);
    const one = (a ?? b)?.columns.find(needsWay);
    if (one) throw a ? mismatch(one.name, wayOf(one), '') : mismatch(one.name, '', wayOf(one));
    return a ?? b;
  }
  const columns = a.columns.map((left) => {
    const right = b.columns.find(({ name }) => name === left.name);
    const [one, other] = [wayOf(left), right ? wayOf(right) : ''];
    if (differ(one, other)) throw mismatch(left.name, one, other);
    requireSameFilling(left.name, left, right);
    return one === '' && right ? right : left;
  });
  return new Encoder(columns, a.polynomial, a.missingValues);
}

/**
 * Throws `SHAPE_MISMATCH` where missing values of the parts had different numbers in their place: each part would be filled by the
 * mean of its own, and the model by that of one of them.
 */
function requireSameFilling(name: string, left: ColumnEncoding | undefined, right: ColumnEncoding | undefined): void {
  const [one, other] = [fillingOf(left), fillingOf(right)];
  if (one === other) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `moments with ${other} in place of missing values of '${name}'`,
    expected: `the same as in the moments before: ${one}`,
    fix: "Leave such rows out with missing: 'drop', or read all parts by one call, whose means are those of all rows.",
    where: { column: name },
  });
}

/** The numbers in place of missing values, in words. */
function fillingOf(column: ColumnEncoding | undefined): string {
  if (column?.kind === 'category') return column.shares ? `the shares ${column.shares.join(', ')}` : 'nothing';
  return column?.mean === undefined ? 'nothing' : `the mean ${column.mean}`;
}

/** Columns that numbers as they are cannot stand beside. */
const needsWay = ({ kind }: ColumnEncoding): boolean => kind === 'category' || kind === 'date';

/** The way of a column in words; '' for numbers without a notation, which any other may stand beside. */
function wayOf(column: ColumnEncoding): string {
  if (column.kind === 'category') {
    const { levels, dropped } = column;
    return `categories against ${levels[dropped] ?? 'none'}: ${levels.join(', ')}`;
  }
  if (column.kind === 'date') return `dates in ${column.unit}`;
  if (column.kind === 'boolean' || !column.notation) return '';
  const { decimal, thousands } = column.notation;
  return `numbers with the decimal mark "${decimal}"${thousands ? ` and "${thousands}" between thousands` : ''}`;
}

/** Numbers without a mark, in one of the parts, agree with those of any notation. */
function differ(one: string, other: string): boolean {
  const isPlain = (way: string) => way === '' || way.startsWith('numbers');
  if (isPlain(one) && isPlain(other)) return one !== '' && other !== '' && one !== other;
  return one !== other;
}

function mismatch(column: string, one: string, other: string): DescentError {
  return new DescentError('SHAPE_MISMATCH', {
    got: `moments with '${column}' as ${other || 'numbers as they are'}`,
    expected: `it as in the moments before: ${one || 'numbers as they are'}`,
    fix: 'Read all parts by one call, or, from SQL, name the levels of each category: categories: { column: [levels] }.',
    where: { column },
  });
}
