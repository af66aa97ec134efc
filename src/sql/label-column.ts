import { invalidQuery, columnName, type SqlColumn, sqlOf, type SqlQuery } from './query.js';
import { dialectOf, quoteText } from './quote.js';

/** A target of two labels in text as one of 0 and 1; NULL for any other. */
export function labelColumn({ dialect: name, target }: SqlQuery, classes: readonly string[]): SqlColumn {
  const [first, second, ...rest] = classes;
  if (typeof first !== 'string' || typeof second !== 'string' || rest.length > 0 || first === second)
    throw invalidQuery('classes', 'classes that are not two labels', 'two different labels of text');
  const dialect = dialectOf(name);
  const text = `CAST(${sqlOf(target, 'target', dialect)} AS ${dialect.text})`;
  const sql = `CASE WHEN ${text} = ${quoteText(first, dialect)} THEN 0 WHEN ${text} = ${quoteText(second, dialect)} THEN 1 END`;
  return { name: columnName(target), sql };
}
