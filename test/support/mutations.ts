// Input that is wrong in every way that chance finds: saved files with a value changed, and texts with pieces of others.

import { CounterRandom, STREAMS } from '../../src/base/random.js';

/** Random numbers by a seed, so that a failure can be repeated. */
export class Chance {
  readonly #random: CounterRandom;
  #at = 0;

  constructor(seed: number) {
    this.#random = new CounterRandom(seed, STREAMS.initialParameters);
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    const [word = 0] = this.#random.words(this.#at++, 0);
    return word % count;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** Values that programs and attackers put where others belong. */
const STRANGE: readonly unknown[] = [
  null,
  undefined,
  true,
  false,
  0,
  -0,
  -1,
  1e308,
  -1e308,
  5e-324,
  Number.NaN,
  Infinity,
  1e15,
  2 ** 53,
  '',
  'x1',
  '__proto__',
  'constructor',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  '"; DROP TABLE homes; --',
  'NaN',
  '1e400',
  'a'.repeat(10_000),
  [],
  [[]],
  [null],
  {},
  { length: 1e15 },
  { toString: null },
  { valueOf: null, toJSON: null },
  new Date(Number.NaN),
  Symbol('s'),
  10n,
  () => 1,
  new Float64Array(2),
  new Float32Array([Number.NaN]),
  new Map(),
  new Proxy(new Float64Array(3), {}),
  JSON.parse('{"__proto__": {"polluted": 1}}'),
];

/** A copy of plain data in which a part, somewhere, is another: replaced, removed, added, doubled or cut. */
export function mutated(data: unknown, chance: Chance): unknown {
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data) || chance.below(8) === 0) {
    return chance.of(STRANGE);
  }
  const keys = Object.keys(data);
  const copy = (Array.isArray(data) ? [...(data as unknown[])] : { ...data }) as Record<string, unknown>;
  if (keys.length === 0 || chance.below(12) === 0) {
    // As JSON.parse does: of its own, and no prototype.
    const key = chance.of(
      Array.isArray(copy) ? ['__proto__', 'size'] : ['__proto__', 'constructor', 'toJSON', 'x', '0'],
    );
    Object.defineProperty(copy, key, {
      value: chance.of(STRANGE),
      enumerable: true,
      writable: true,
      configurable: true,
    });
    return copy;
  }
  const key = chance.of(keys);
  const way = chance.below(8);
  if (way === 0) Reflect.deleteProperty(copy, key);
  else if (way === 1 && Array.isArray(copy)) copy.push(copy[Number(key)]);
  else if (way === 2) copy[key] = copy[chance.of(keys)];
  else copy[key] = mutated(copy[key], chance);
  return copy;
}

const PIECES = ['"', '""', ',', ';', '\t', '\n', '\r\n', '\r', '\u0000', '\ufeff', '1e', '-', '.', '1,5', '1.234,5', 'NA', '#', '|', '(1)', '%', '$', 'é', '\ud800', '𝒳', "'", '=1+1', '\u001b[2J', '1_000', '0x10', 'Infinity', 'NaN', ' ', '1'.repeat(500)]; // prettier-ignore

/** A text with some pieces put in, cut out or moved. */
export function mutatedText(text: string, chance: Chance): string {
  let result = text;
  for (let k = chance.below(4) + 1; k > 0; k--) {
    const from = chance.below(result.length + 1);
    const to = Math.min(result.length, from + chance.below(chance.below(4) === 0 ? result.length + 1 : 6));
    const piece = chance.below(3) === 0 ? result.slice(to, to + chance.below(30)) : chance.of(PIECES);
    result = result.slice(0, from) + piece + result.slice(to);
  }
  return result;
}

/** Bytes with some of them others, left out or doubled. */
export function mutatedBytes(bytes: Uint8Array, chance: Chance): Uint8Array {
  const result = Array.from(bytes);
  for (let k = chance.below(4) + 1; k > 0; k--) {
    const at = chance.below(Math.max(1, result.length));
    const way = chance.below(4);
    if (way === 0) result.splice(at, chance.below(result.length + 1));
    else if (way === 1) result.splice(at, 0, ...result.slice(at, at + chance.below(20)));
    else result[at] = chance.of([0, 1, 0x7f, 0x80, 0xff, chance.below(256)]);
  }
  return Uint8Array.from(result);
}
