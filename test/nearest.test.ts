import { expect, test } from 'vitest';
import { nearest } from '../src/base/nearest-word.js';

test('nearest is the candidate with the fewest edits, in whatever case', () => {
  const names = ['epochs', 'learningRate', 'tolerance'];
  expect(nearest('learnRate', names)).toBe('learningRate');
  expect(nearest('EPOCH', names)).toBe('epochs');
  expect(nearest('toleranec', names)).toBe('tolerance');
});

test('nearest is the first of several that are equally near', () => {
  expect(nearest('c', ['a', 'b'])).toBe('a');
  expect(nearest('', ['long', 'to', 'up'])).toBe('to');
});

test('insertion, deletion and replacement count one each', () => {
  expect(nearest('kitten', ['sitting', 'kit'])).toBe('sitting'); // 3 edits and 3: the first
  expect(nearest('kitten', ['sittings', 'kit'])).toBe('kit'); // 4 edits and 3
});

test('very long names are compared by their beginnings', () => {
  const tail = 'x'.repeat(100_000);
  expect(nearest(`b${tail}`, [`a${tail}`, `b${tail}`])).toBe(`b${tail}`);
});
