import { listOrNone } from '../base/list-or-none.js';
import { anyText } from '../base/quote.js';
import { invalidQuery, columnName, numberColumn, type SqlColumn, sqlOf, type SqlQuery } from './query.js';
import { dialectOf, numberText, quoteText } from './quote.js';

/** The labels of a target of two classes: text or numbers, the second of which counts as 1. */
export type SqlClasses = readonly [string, string] | readonly [number, number];

/** The value in place of a label of neither class: it is counted, and refused. */
const NEITHER = 2;

/** A target of two labels as one of 0 and 1; NULL where it has no label. */
export function labelColumn(query: SqlQuery, classes: SqlClasses): SqlColumn {
  const { dialect: name, target } = query;
  const [first, second] = checkedClasses(classes);
  const dialect = dialectOf(name);
  const areNumbers = typeof first === 'number';
  const value = areNumbers
    ? numberColumn(target, 'target', dialect).value
    : `CAST(${sqlOf(target, 'target', dialect)} AS ${dialect.text})`;
  const text = (label: string | number) =>
    typeof label === 'number' ? numberText(label, dialect) : quoteText(label, dialect);
  const cases = `WHEN ${value} = ${text(first)} THEN 0 WHEN ${value} = ${text(second)} THEN 1`;
  return { name: columnName(target), sql: `CASE ${cases} WHEN ${value} IS NOT NULL THEN ${NEITHER} END` };
}

function checkedClasses(classes: unknown): SqlClasses {
  const [first, second, ...rest] = listOrNone(classes as readonly unknown[]);
  const areWords = typeof first === 'string' && typeof second === 'string';
  const areNumbers = Number.isFinite(first) && Number.isFinite(second);
  if ((areWords || areNumbers) && rest.length === 0 && first !== second) return classes as SqlClasses;
  throw invalidQuery(
    'classes',
    `classes ${anyText(classes)}`,
    "two different labels, both of text or both numbers, such as ['no', 'yes'] or [1, 2]",
    'Make 0 and 1 of other labels: target: { name, sql } with an expression of your own.',
  );
}
