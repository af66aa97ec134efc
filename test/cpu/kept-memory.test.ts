import { beforeEach, expect, it } from 'vitest';
import { KeptMemory } from '../../src/cpu/kept-memory.js';

// All that other tests have left is taken.
beforeEach(() => void Array.from({ length: 4 }, () => new KeptMemory(1)));

it('memory that was given back is handed out again, all 0, and once only', () => {
  const first = new KeptMemory(100);
  const at = first.reserve(200_000);
  new Uint8Array(first.memory.buffer).fill(7);
  first.release();
  first.release();
  const second = new KeptMemory(100);
  expect(second.memory).toBe(first.memory);
  expect(second.reserve(200_000)).toBe(at);
  expect(new Uint8Array(second.memory.buffer).every((byte) => byte === 0)).toBe(true);
  const third = new KeptMemory(100);
  expect(third.memory).not.toBe(second.memory);
  expect([first.isReleased, second.isReleased]).toEqual([true, false]);
  second.release();
  third.release();
});

it('parts of memory do not overlap, and grow as they are asked for', () => {
  const kept = new KeptMemory(65_536);
  expect([kept.reserve(1), kept.reserve(65_537), kept.reserve(8)]).toEqual([65_536, 131_072, 262_144]);
  expect(kept.memory.buffer.byteLength).toBe(5 * 65_536);
  kept.release();
});

it('large memory is not kept', () => {
  const large = new KeptMemory(2 ** 24 + 1);
  large.release();
  const next = new KeptMemory(1);
  expect(next.memory).not.toBe(large.memory);
  next.release();
});
