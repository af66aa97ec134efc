import { describe, expect, it } from 'vitest';
import {
  CounterRandom,
  normalOf,
  philox4x32,
  signedUniformOf,
  signedUniforms,
  STREAMS,
  uniformOf,
} from '../src/base/random.js';
import { expectClose } from './support/close.js';
import { correlation, covariance, mean } from './support/examples.js';

const ALL = 0xffffffff;

function philox(counter: number[], key: number[]): string[] {
  const words = new Uint32Array(4);
  philox4x32(words, counter, key);
  return Array.from(words, (word) => word.toString(16).padStart(8, '0'));
}

describe('Philox4x32-10', () => {
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], words: '6627e8d5 e169c58d bc57ac4c 9b00dbd8' },
    { counter: [ALL, ALL, ALL, ALL], key: [ALL, ALL], words: '408f276d 41c83b0e a20bc7c6 6d5451fd' },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: 'd16cfe09 94fdcceb 5001e420 24126ea1',
    },
  ])('gives the published words of Random123 (kat_vectors): $words', ({ counter, key, words }) =>
    expect(philox(counter, key)).toEqual(words.split(' ')),
  );
});

describe('CounterRandom', () => {
  const words = (seed: number, stream: number, item: number, block: number) =>
    Array.from(new CounterRandom(seed, stream).words(item, block));

  it('counts by item (low word, high word), block and stream, under a key of the seed', () => {
    const counter = [0x243f6a88, 0x13, 0x13198a2e, 3];
    const key = [0xa4093822, 0x299f];
    const seen = words(0x299f_a4093822, 3, 0x13_243f6a88, 0x13198a2e);
    expect(seen.map((word) => word.toString(16).padStart(8, '0'))).toEqual(philox(counter, key));
  });

  it('takes all 53 bits of a seed', () => {
    const seeds = [1, 1 + 2 ** 32, 1 + 2 ** 52, Number.MAX_SAFE_INTEGER, 2 ** 32 - 1];
    expect(new Set(seeds.map((seed) => words(seed, 0, 0, 0).join())).size).toBe(seeds.length);
  });

  it('takes items above 2^32, each with words of its own', () => {
    const items = [5, 5 + 2 ** 32, 5 + 2 ** 33, 5 + 2 ** 52];
    expect(new Set(items.map((item) => words(7, 0, item, 0).join())).size).toBe(items.length);
  });

  it('gives a word the same value in whatever order words are drawn', () => {
    const forwards = new CounterRandom(11, 2);
    const backwards = new CounterRandom(11, 2);
    const places = [0, 1, 2, 3, 4, 5].flatMap((item) => [0, 1, 2].map((block) => [item, block] as const));
    const first = places.map(([item, block]) => forwards.words(item, block).join());
    const last = places.toReversed().map(([item, block]) => backwards.words(item, block).join());
    expect(last.toReversed()).toEqual(first);
    expect(new Set(first).size).toBe(places.length);
  });

  it('gives every stream of a seed its own sequence', () => {
    const streams = Object.values(STREAMS);
    expect(new Set(streams).size).toBe(streams.length);
    expect(new Set(streams.map((stream) => words(3, stream, 0, 0).join())).size).toBe(streams.length);
  });
});

describe('uniform numbers', () => {
  const edges = [0, 255, 256, 0x7fffffff, 0x80000000, 0xffffff00, ALL];

  it('spread the words evenly over [0, 1)', () => {
    expect(edges.map(uniformOf)).toEqual([0, 0, 2 ** -24, 0.5 - 2 ** -24, 0.5, 1 - 2 ** -24, 1 - 2 ** -24]);
  });

  it('spread them evenly over [-1, 1) when signed', () => {
    expect(edges.map(signedUniformOf)).toEqual([-1, -1, -1 + 2 ** -23, -(2 ** -23), 0, 1 - 2 ** -23, 1 - 2 ** -23]);
  });

  it('are exact in f32', () => {
    const words = Array.from({ length: 1000 }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 0);
    const values = [...edges, ...words].map(signedUniformOf);
    expect(values).toEqual(values.map(Math.fround));
  });

  it('come four to a block: a longer list begins with the shorter one', () => {
    const long = signedUniforms(5, 1, 11);
    expect([...signedUniforms(5, 1, 6)]).toEqual([...long.subarray(0, 6)]);
    const blocks = [0, 1, 2].flatMap((block) => [...new CounterRandom(5, 1).words(0, block)]);
    expect([...long]).toEqual(blocks.slice(0, 11).map(signedUniformOf));
    expect(new Set(long).size).toBe(11);
  });

  it('have the moments of the uniform distribution', () => {
    const count = 40_000;
    const values = signedUniforms(17, 0, count);
    // Standard errors of mean and variance of U[-1, 1): √(1/3/m) and √(4/45/m).
    const because = 'four standard errors: 1 in 16,000 seeds exceeds them, and this seed does not';
    expectClose([mean(values)], [0], { absolute: 4 * Math.sqrt(1 / 3 / count), because });
    expectClose([covariance(values, values)], [1 / 3], { absolute: 4 * Math.sqrt(4 / 45 / count), because });
    expectClose([correlation(values.subarray(1), values.subarray(0, -1))], [0], {
      absolute: 4 / Math.sqrt(count),
      because,
    });
  });
});

describe('normal numbers', () => {
  it('follow Box and Muller: radius by the first word, angle by the second', () => {
    const radius = Math.sqrt(2 * Math.LN2);
    const angles = [0, 0x20000000, 0x40000000, 0x80000000];
    const values = angles.map((word) => normalOf(0x80000000, word));
    const because = 'a few roundings of numbers near 1';
    expectClose(values, [radius, radius * Math.SQRT1_2, 0, -radius], { absolute: 1e-15, because });
  });

  it('stay finite for every word', () => {
    const extremes = [0, 1, 255, 256, ALL - 255, ALL];
    for (const a of extremes) for (const b of extremes) expect(Number.isFinite(normalOf(a, b))).toBe(true);
    expect(Math.abs(normalOf(ALL, 0))).toBeLessThan(6); // √(-2·ln 2^-24) = 5.77
  });

  it('have the moments of the standard normal distribution', () => {
    const count = 40_000;
    const random = new CounterRandom(23, 0);
    const values = Float64Array.from({ length: count }, (_, i) => {
      const words = random.words(i, 0);
      return normalOf(words[0] as number, words[1] as number);
    });
    // The variances of z, z², z³ and z⁴ are 1, 2, 15 and 96.
    const powers = [1, 2, 3, 4].map((power) => mean(values.map((z) => z ** power)));
    [0, 1, 0, 3].forEach((expected, i) => {
      const standardError = Math.sqrt(([1, 2, 15, 96][i] as number) / count);
      const because = 'four standard errors of the moment: 1 in 16,000 seeds exceeds them, and this seed does not';
      expectClose([powers[i] as number], [expected], { absolute: 4 * standardError, because });
    });
  });
});
