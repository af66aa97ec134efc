import { describe, expect, test } from 'vitest';
import { joinNames } from '../../src/node/cli/join-names.js';
import { readNames } from '../../src/node/cli/parse-names.js';

describe('names with commas between them', () => {
  test.each([
    ['area', ['area']],
    ['area,rooms', ['area', 'rooms']],
    [' area , living rooms ', ['area', 'living rooms']],
    ['"price, net",rooms', ['price, net', 'rooms']],
    ['rooms, "price, net" ', ['rooms', 'price, net']],
    ['"a ""b"", c"', ['a "b", c']],
    ['"""a"', ['"a']],
    ['size 5" pipe,b', ['size 5" pipe', 'b']],
    ['" spaced ,"', ['spaced ,']],
    ['a\nb,c', ['a\nb', 'c']],
  ])('are read: %j', (text, names) => expect(readNames(text)).toEqual(names));

  test.each(['', ' ', ',', 'a,', ',a', 'a,,b', 'a, ,b', '"a', '"a"b', '""', 'a,""', '"a" "b"'])(
    'are refused: %j',
    (text) => expect(readNames(text)).toBeUndefined(),
  );
});

describe('names that hold commas', () => {
  const columns = ['area', 'price, net', 'a,b,c', 'net'];
  test.each([
    [
      ['area', 'net'],
      ['area', 'net'],
    ],
    [['price', 'net'], ['price, net']],
    [
      ['a', 'b', 'c', 'area'],
      ['a,b,c', 'area'],
    ],
    [
      ['area', 'price', 'net', 'net'],
      ['area', 'price, net', 'net'],
    ],
    [
      ['price', 'gross'],
      ['price', 'gross'],
    ],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [['area'], ['area']],
  ])('%j', (pieces, names) => expect(joinNames(pieces, columns)).toEqual(names));
});
