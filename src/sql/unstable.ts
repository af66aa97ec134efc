import { DescentError } from '../base/errors.js';

/** Functions that give another value in each statement, or by the order in which rows happen to come. */
const UNSTABLE = [
  ...['random', 'rand', 'rand32', 'rand64', 'randcanonical', 'randn', 'randnormal', 'randuniform', 'randstr'],
  ...['randomblob', 'randomstring', 'random_bytes', 'random_normal', 'uniform', 'setseed', 'shuffle'],
  ...['uuid', 'gen_random_uuid', 'uuid_generate_v4', 'generate_uuid', 'generateuuidv4', 'newid', 'uuid_string'],
  ...['now', 'clock_timestamp', 'getdate', 'sysdate', 'current_timestamp'],
  ...['nextval', 'seq4', 'seq8', 'monotonically_increasing_id', 'rownumberinblock', 'rownumberinallblocks'],
];

/** The same without parentheses, in the SQL standard. */
const BARE = /\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b/i;

const CALL = new RegExp(String.raw`\b(${UNSTABLE.join('|')})\s*\(`, 'i');
const UNORDERED = /\b(row_number)\s*\(\s*\)\s*over\s*\((?![^)]*\border\s+by\b)/i;

/** Comments, strings and quoted names: a function's name in them is no call. */
const QUOTED = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`/g;

/**
 * Throws `INVALID_OPTION` for an expression that does not give each row the same key in every statement: the sums of one fold
 * would be those of different rows.
 */
export function requireStable(expression: string, option: string): void {
  const plain = expression.replace(QUOTED, ' ');
  const found = CALL.exec(plain)?.[1] ?? BARE.exec(plain)?.[1] ?? UNORDERED.exec(plain)?.[1];
  if (found === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `${option} with ${found.toUpperCase()}`,
    expected: 'an expression with one value for each row, in every statement',
    fix: 'Use a hash of a key, such as MOD(ABS(HASH(id)), 5).',
    where: { option },
  });
}
