// The sums of the host, held against those of the twin.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { sumsAboutOpener, WasmSumsAbout } from '../../src/cpu/wasm-sums-about.js';
import { SumsAbout } from '../../src/moments/sums-about.js';
import { moments } from '../../src/reference/moments.js';
import { expectClose } from '../support/close.js';
import { uniforms } from '../support/examples.js';

const because = 'sums in f64 of up to two thousand terms in another order';

/** n columns of unlike offsets and spreads, about a shift that is not their mean. */
function problem(rows: number, size: number) {
  const columns = Array.from({ length: size }, (_, j) => uniforms(j, rows).map((u) => (1 + j) * u + 3 * j - 4));
  return { columns, shift: Float64Array.from(columns, (_, j) => 3 * j - 3.7) };
}

function twin(columns: Float64Array[], weights: Float64Array | undefined, shift: Float64Array) {
  const [sums, products] = [new Float64Array(shift.length), new Float64Array(shift.length ** 2)];
  moments(columns, [], weights, shift, sums, products);
  return { sums, products };
}

/** The upper triangle, which is all that is promised. */
function upper(products: Float64Array, size: number): number[] {
  return Array.from(products).filter((_, at) => at % size >= Math.floor(at / size));
}

function expectEqual(actual: SumsAbout, expected: ReturnType<typeof twin>) {
  const size = actual.shift.length;
  expectClose(actual.sums, expected.sums, { relative: 1e-12, absolute: 1e-10, because });
  expectClose(upper(actual.products, size), upper(expected.products, size), {
    relative: 1e-12,
    absolute: 1e-10,
    because,
  });
}

const SIZES = [1, 2, 3, 4, 5, 6, 7, 9, 10];

const byVectors = await sumsAboutOpener();

it('vectors of WebAssembly are there', () => expect(byVectors(Float64Array.of(0))).toBeInstanceOf(WasmSumsAbout));

describe.each([
  { way: 'plain loops', open: (shift: Float64Array) => new SumsAbout(shift) },
  { way: 'vectors of WebAssembly', open: byVectors },
])('sums about a shift by $way', ({ open }) => {
  it.each(SIZES.flatMap((size) => [1, 2, 7, 8, 255, 256, 257, 519, 1000, 2061].map((rows) => ({ rows, size }))))(
    'are those of the twin: $rows × $size',
    ({ rows, size }) => {
      const { columns, shift } = problem(rows, size);
      const about = open(shift);
      atOnce(about.add(columns, 0, rows));
      expectEqual(about, twin(columns, undefined, shift));
    },
  );

  it.each(SIZES)('add up over several ranges, and leave out what lies between them: %i columns', (size) => {
    const { columns, shift } = problem(1000, size);
    const about = open(shift);
    atOnce(about.add(columns, 0, 300));
    atOnce(about.add(columns, 300, 301));
    atOnce(about.add(columns, 500, 1000));
    const kept = columns.map((column) => Float64Array.from([...column.slice(0, 301), ...column.slice(500)]));
    expectEqual(about, twin(kept, undefined, shift));
  });

  it.each(SIZES)('take weights: %i columns', (size) => {
    const { columns, shift } = problem(700, size);
    const weights = uniforms(99, 700).map(Math.abs);
    const about = open(shift);
    atOnce(about.addWeighted(columns, weights, 0, 700));
    expectEqual(about, twin(columns, weights, shift));
  });

  it('are those of the values for f32 columns', () => {
    const { columns, shift } = problem(500, 4);
    const inF32 = columns.map((column) => Float32Array.from(column));
    const about = open(shift);
    atOnce(about.add(inF32, 0, 500));
    expectEqual(about, twin(inF32.map((column) => Float64Array.from(column)), undefined, shift)); // prettier-ignore
    expect(about.sums).not.toEqual(twin(columns, undefined, shift).sums);
  });

  it('are those of others in turn with them, of other sizes too', () => {
    const [small, large] = [problem(600, 2), problem(600, 8)];
    const abouts = [small, large].map(({ shift }) => open(shift));
    for (const [from, to] of [[0, 64], [64, 600]] as const) [small, large].forEach(({ columns }, k) => atOnce(abouts[k]!.add(columns, from, to))); // prettier-ignore
    [small, large].forEach(({ columns, shift }, k) => expectEqual(abouts[k]!, twin(columns, undefined, shift)));
  });
});
