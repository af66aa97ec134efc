import { describe, expect, it } from 'vitest';
import kernelWgsl from '../shaders/examples/synthetic.wgsl?raw';
import { columnLayout } from '../src/gpu/kernels/layout.js';
import {
  shardSize,
  shardWorkgroups,
  syntheticKernel,
  TABLE_LAYOUT,
  truthOf,
  writeShard,
} from '../src/gpu/kernels/synthetic-kernel.js';
import { HARDWARE, SOFTWARE } from '../src/gpu/device/tuning.js';
import { STREAMS } from '../src/base/random.js';
import { OUTLIER_SCALE } from '../src/data/draw-synthetic.js';
import { syntheticClassification, syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';

const { spec } = syntheticRegression({
  rows: 1,
  features: 6,
  noise: 0.25,
  outliers: 0.1,
  correlation: 0.36,
  seed: 5 + 7 * 2 ** 32,
});

describe('the host', () => {
  it('writes Shard as synthetic.wgsl reads it', () => {
    const body = /struct Shard \{([^}]*)\}/.exec(kernelWgsl)?.[1] ?? '';
    const fields = Array.from(body.matchAll(/^\s*(\w+): (u32|f32),/gm), ([, name = '', type = '']) => ({ name, type }));
    const layout = { order: 'rows', exampleMultiple: 16, rowQuads: 3, storage: 'f32' } as const;
    const view = new DataView(writeShard(spec, { first: 12 + 13 * 2 ** 32, exampleCount: 21, layout }));
    const read = (at: number, type: string) => (type === 'u32' ? view.getUint32(at, true) : view.getFloat32(at, true));
    const found = Object.fromEntries(fields.map(({ name, type }, i) => [name, read(4 * i, type)]));
    const { outliers, own_part, factor_part, ...whole } = found;
    expect(whole).toEqual({
      seed_low: 5,
      seed_high: 7,
      first_low: 12,
      first_high: 13,
      example_count: 21,
      quad_count: 8,
      target_quads: 6,
      row_count: 32,
      column_quads: 3,
      feature_count: 6,
      noise: 0.25,
    });
    const because = 'rounding to f32';
    expectClose([own_part as number, factor_part as number], [0.8, 0.6], { relative: 2 ** -24, because });
    expectClose([outliers as number], [0.1], { absolute: 2 ** -24, because: 'the next multiple of 2^-24' });
    expect(view.byteLength % 16, 'uniform buffers come in sixteens').toBe(0);
    expect(view.byteLength).toBeGreaterThanOrEqual(4 * fields.length);
  });

  it('binds what synthetic.wgsl declares', () => {
    const { wgsl, bindings, name } = syntheticKernel(spec, 'columns', SOFTWARE);
    const declared = Array.from(
      wgsl.matchAll(/@group\(0\) @binding\((\d+)\) var<([^>]+)>/g),
      ([, number, kind = '']) => {
        const access = { uniform: 'uniform', 'storage, read': 'read', 'storage, read_write': 'readWrite' }[kind];
        return { number: Number(number), access };
      },
    );
    expect(declared).toEqual(bindings.map((access, number) => ({ number, access })));
    expect(wgsl).toMatch(new RegExp(`@compute @workgroup_size\\(workgroup_size\\)\\s*fn ${name}\\(`));
  });

  it('sets the constants of synthetic.wgsl', () => {
    expect(Number(/const OUTLIER_SCALE = ([\d.]+);/.exec(kernelWgsl)?.[1])).toBe(OUTLIER_SCALE);
    expect(Number(/const STREAM = (\d+)u;/.exec(kernelWgsl)?.[1])).toBe(STREAMS.examples);
  });

  it('writes the truth as weights, then the bias, in f32', () => {
    const { spec } = syntheticRegression({ rows: 1, features: 2, weights: [0.1, -2], bias: 0.5 });
    expect([...truthOf(spec)]).toEqual([Math.fround(0.1), -2, 0.5]);
  });
});

describe('a shard', () => {
  it.each([
    { count: 1, quads: 1 },
    { count: 4, quads: 1 },
    { count: 5, quads: 2 },
    { count: 64, quads: 16 },
  ])('has $quads quads of each column for $count examples', ({ count, quads }) => {
    const size = shardSize(spec, { first: 0, exampleCount: count, layout: columnLayout('f32') });
    const bytes = { featureBytes: 6 * quads * 16, targetBytes: quads * 16 };
    expect(size).toEqual({ quadCount: quads, targetQuads: quads, rowCount: 4 * quads, ...bytes });
  });

  it.each([
    { count: 1, rowsPerBlock: 1, rowCount: 1, quadCount: 1, targetQuads: 1 },
    { count: 5, rowsPerBlock: 2, rowCount: 6, quadCount: 2, targetQuads: 2 },
    { count: 9, rowsPerBlock: 16, rowCount: 16, quadCount: 4, targetQuads: 3 },
  ])('has $rowCount rows for $count examples, $rowsPerBlock to a block', ({ count, rowsPerBlock, ...expected }) => {
    const layout = { order: 'rows', exampleMultiple: rowsPerBlock, rowQuads: 2, storage: 'f32' } as const;
    const size = shardSize(spec, { first: 0, exampleCount: count, layout });
    const bytes = { featureBytes: expected.rowCount * 2 * 16, targetBytes: expected.targetQuads * 16 };
    expect(size).toEqual({ ...expected, ...bytes });
  });

  it('has nothing but its examples as a table', () => {
    const size = shardSize(spec, { first: 0, exampleCount: 5, layout: TABLE_LAYOUT });
    expect(size).toEqual({ quadCount: 2, targetQuads: 2, rowCount: 5, featureBytes: 6 * 5 * 4, targetBytes: 5 * 4 });
  });

  it('begins at a whole quad', () => {
    const layout = columnLayout('f32');
    expect(() => writeShard(spec, { first: 6, exampleCount: 8, layout })).toThrow('multiple of four examples; got 6');
  });

  it('is shared by as many workgroups as there are in one dimension, at most', () => {
    const size = shardSize(spec, { first: 0, exampleCount: 2 ** 31, layout: columnLayout('f32') });
    expect(shardWorkgroups(size, HARDWARE)).toBe(65_535);
    expect(shardWorkgroups(size, SOFTWARE)).toBe(SOFTWARE.mostWorkgroups);
    expect(shardWorkgroups({ ...size, quadCount: 17 }, SOFTWARE)).toBe(5);
  });
});

it('the texts of the kernel are 468 and no more', () => {
  const texts = new Set<string>();
  for (let features = 1; features <= 70; features++) {
    for (const distribution of ['uniform', 'normal'] as const) {
      for (const correlation of [0, 0.1, 0.9]) {
        const shape = { rows: 1, features, distribution, correlation };
        const made = [
          syntheticRegression(shape),
          syntheticRegression({ ...shape, outliers: 0.5, noise: 2 }),
          syntheticClassification({ ...shape, seed: 3 }),
        ];
        for (const { spec } of made) {
          for (const layout of ['columns', 'rows', 'table'] as const) {
            for (const isPicked of [false, true]) texts.add(syntheticKernel(spec, layout, SOFTWARE, isPicked).wgsl);
          }
        }
      }
    }
  }
  expect(texts.size).toBe(468);
});
