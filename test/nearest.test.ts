import { describe, expect, test } from 'vitest';
import { didYouMean, nearest } from '../src/base/nearest-word.js';

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

test('a swap of two neighbors counts once', () => {
  expect(nearest('aera', ['rear', 'area'])).toBe('area');
});

describe('a name is suggested', () => {
  test.each([
    ['prize', ['area', 'price'], 'price'],
    ['aera', ['area', 'rooms'], 'area'],
    ['aa', ['a', 'b'], 'a'],
    ['Weight', ['id', 'WEIGHT'], 'WEIGHT'],
  ])('that is near to %s', (word, names, meant) => {
    expect(didYouMean(word, names, 'Name one.')).toBe(`Did you mean '${meant}'? Name one.`);
  });

  test.each([
    ['z', ['y']],
    ['price', ['x', 'y']],
    ['2022', ['c1', 'c2']],
    ['target', ['5.1', 'rent']],
    ['test', ['rent']],
    ['y', []],
    ['', ['a']],
  ])('only then: not for %j of %j', (word, names) => {
    expect(didYouMean(word, names, 'Name one.')).toBe('Name one.');
  });
});
