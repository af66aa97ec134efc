// The texts for every dialect, as they are kept in golden/: a change of one shows in review. Engines and parsers take them in
// test/engines.

import { describe, expect, it } from 'vitest';
import { DIALECT_NAMES } from '../../src/sql/dialects.js';
import { statementsIn } from './statements.js';

describe('the statements', () => {
  it.each(DIALECT_NAMES)('for %s are those of its golden text', async (dialect) => {
    const text = Object.entries(statementsIn(dialect)).map(([name, sql]) => `-- ${name}\n${sql};\n`);
    await expect(text.join('\n')).toMatchFileSnapshot(`golden/${dialect}.sql`);
  });
});
