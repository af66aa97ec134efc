// Names of columns and categories with every kind of mark stay in their quotes, in real engines.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CounterRandom } from '../../src/base/random.js';
import { momentsFromSql } from '../../src/sql.js';
import { DIALECTS } from '../../src/sql/dialects.js';
import { quoteIdentifier, quoteText } from '../../src/sql/quote.js';
import { type Engine, OPENERS } from './support/engines.js';
import { createTable } from './support/tables.js';

const COUNT = 10_000;

/** Pieces of which names are put together: marks of all dialects, comments, ends of statements, and other scripts. */
const PIECES = [
  ...['"', '""', '`', '``', "'", "''", '\\', '\\"', '\\`', "\\'", '$$', '$a$', ';', '; DROP TABLE kept; --'],
  ...['--', '/*', '*/', '#', '\n', '\r', '\t', ' ', '(', ')', '{', '}', '%s', '?', ':a', '@b', '.', ',', '=', '[', ']'],
  ...[
    'é',
    'ß',
    'Ж',
    '漢',
    '👩‍👩‍👧',
    '\u202e',
    '\u00a0',
    '\u2028',
    '\ufeff',
    'a',
    'B',
    'select',
    'FROM',
    '0',
    '\\n',
    '\\u0022',
  ],
];

/** Names of one piece to six, none of them longer than PostgreSQL keeps whole. */
function hostileNames(seed: number): string[] {
  const random = new CounterRandom(seed, 1);
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  return Array.from({ length: COUNT }, (_, i) => {
    const words = Array.from({ length: 8 }, (_, k) => random.words(i, k)[0] as number);
    const pieces = words.slice(0, 1 + ((words[7] as number) % 6)).map((word) => PIECES[word % PIECES.length] as string);
    let name = pieces.join('');
    while (bytes(name) > 50) name = name.slice(0, -1).replace(/[\uD800-\uDBFF]$/, '');
    return name === '' ? 'x' : name;
  });
}

describe.each(Object.keys(OPENERS))('names in %s', (name) => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await (OPENERS[name] as () => Promise<Engine>)();
    await createTable(engine, 'kept', { a: { values: [7] } });
  });
  afterAll(() => engine.close());

  it('never leave their quotes as identifiers', async () => {
    const dialect = DIALECTS[engine.dialect];
    const names = hostileNames(1);
    expect(new Set(names).size).toBeGreaterThan(COUNT / 2);
    for (let from = 0; from < COUNT; from += 100) {
      const some = names.slice(from, from + 100);
      // Each by itself in a subquery, so that names which differ in case only do not meet.
      const parts = some.map((column, i) => {
        const quoted = quoteIdentifier(column, dialect);
        return `(SELECT ${quoted} FROM (SELECT ${i} AS ${quoted}) AS t) AS n${i}`;
      });
      const [row = {}] = await engine.execute(`SELECT ${parts.join(', ')}`);
      expect(Object.values(row).map(Number)).toEqual(some.map((_, i) => i));
    }
    expect(await engine.execute('SELECT a FROM kept')).toEqual([{ a: 7 }]);
  });

  it('never leave their quotes as strings, and arrive as they were', async () => {
    const dialect = DIALECTS[engine.dialect];
    const names = hostileNames(2);
    for (let from = 0; from < COUNT; from += 100) {
      const some = names.slice(from, from + 100);
      const [row = {}] = await engine.execute(
        `SELECT ${some.map((text, i) => `${quoteText(text, dialect)} AS n${i}`).join(', ')}`,
      );
      // Decoders of drivers take a byte order mark off the beginning.
      const unmarked = (text: unknown) => String(text).replace(/^\ufeff+/, '');
      expect(Object.values(row).map(unmarked)).toEqual(some.map(unmarked));
    }
  });

  it('are those of the moments', async () => {
    const names = ['a "b" `c`', "it's; DROP TABLE kept; --", 'two\nlines\\', 'Ж漢👩', 'd_c5', 'd_c4'];
    const values = names.map((_, j) => [1, 4, 2, 8, 5, 7].map((value, i) => value * (j + 1) + ((i * j) % 3)));
    await createTable(engine, 'hostile', {
      ...Object.fromEntries(names.map((column, j) => [column, { values: values[j] as number[] }])),
      y: { values: [1, 2, 3, 4, 5, 7] },
    });
    const moments = await momentsFromSql({
      ...{ dialect: engine.dialect, from: 'hostile', features: names, target: 'y', execute: engine.execute },
    });
    expect(moments.featureNames).toEqual(names);
    expect(Array.from(moments.means, (mean) => Math.round(mean * 6))).toEqual(
      values.map((column) => column.reduce((a, b) => a + b)),
    );
  });
});
