import { describe, expect, it } from 'vitest';
import { Format } from '../../demo/page/format.js';
import { defaultState, FIELDS, fromHash, toHash } from '../../demo/page/state.js';

describe('the address', () => {
  it('holds what differs from the default, and the language', () => {
    expect(toHash({ ...defaultState(), language: 'ko' })).toBe('#language=ko');
    const state = { ...defaultState(), language: 'en', rate: 0.25, section: 'step', w: -1.5 } as const;
    expect(toHash(state)).toBe('#language=en&section=step&w=-1.5&rate=0.25');
  });

  it('gives back every value that it was made of', () => {
    const changed = {
      ...defaultState(),
      language: 'ko',
      theme: 'dark',
      section: 'derivation',
      points: [
        { x: -1.25, y: 2 },
        { x: 3, y: 0.5 },
      ],
      w: 1e-7,
      b: -123456,
      seed: 4294967296,
      at: 505,
      features: ['a,b', 'c&d=100%', '#1 +', '방 수'],
      target: ['%2C'],
    } as const;
    expect(fromHash(toHash(changed))).toEqual({ state: changed, unknown: [] });
  });

  it.each([
    'language=fr',
    'section=last',
    'points=1,2;3',
    'points=1,x',
    'w=',
    'w=1e10',
    'rate=0',
    'rate=-1',
    'rate=NaN',
    'seed=1.5',
    'line=10',
    'size=3',
    'features=a,%zz',
  ])('leaves %s out and says so', (word) => {
    expect(fromHash(`#${word}`)).toEqual({ state: defaultState(), unknown: [word] });
  });

  it('has defaults that its own reader takes', () => {
    for (const [name, field] of Object.entries(FIELDS)) {
      const {
        default: byDefault,
        read,
        write,
      } = field as unknown as {
        default: unknown;
        read: (word: string) => unknown;
        write: (value: unknown) => string;
      };
      if (name !== 'points') expect(read(write(byDefault)), name).toEqual(byDefault);
    }
  });
});

describe('numbers', () => {
  const format = new Format('ko');
  it.each([
    [1.25, '1.250'],
    [-0.0311, '−0.031'],
    [-0.0004, '0.000'],
    [12345.678, '12,345.678'],
    [31_000_000, '3.1×10⁷'],
    [-0.000012, '−1.2×10⁻⁵'],
    [0, '0.000'],
    [Number.NaN, '–'],
    [Infinity, '–'],
  ])('are written: %d as %s', (value, words) => expect(format.number(value)).toBe(words));

  it.each([
    [0.0337838, '0.0338'],
    [1.9987, '2.00'],
    [59.23, '59.2'],
    [1234, '1,234'],
  ])('are written to three digits: %d as %s', (value, words) => expect(format.significant(value)).toBe(words));
});
