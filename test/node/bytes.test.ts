import { expect, test } from 'vitest';
import { parseFit, refusal } from '../support/parsed.js';

test.each([
  ['2kB', 2000],
  ['512MB', 512e6],
  ['1.5 gb', 1.5e9],
  ['2KiB', 2048],
  ['1GiB', 2 ** 30],
  ['7b', 7],
  ['1e6', 1e6],
])('--memory-budget takes %s', (text, bytes) =>
  expect(parseFit('--memory-budget', text).settings.memoryBudget).toBe(bytes),
);

test.each(['2xB', '2i', '2iB', 'MB', '-2kB', '0.2B'])('--memory-budget %s is refused with what a unit is', (text) =>
  expect(refusal(`--memory-budget=${text}`).message).toContain('or with a unit, such as 512MB'),
);
