import { describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/device/device.js';
import {
  shardSize,
  shardWorkgroups,
  syntheticKernel,
  type SyntheticLayout,
  type SyntheticShard,
  TABLE_LAYOUT,
  truthOf,
  writeShard,
} from '../../src/gpu/kernels/synthetic-kernel.js';
import { generateDataset } from '../../src/gpu/examples/generate.js';
import { columnLayout, type Layout } from '../../src/gpu/kernels/layout.js';
import type { Tuning } from '../../src/gpu/device/tuning.js';
import { CounterRandom, STREAMS, uniformOf } from '../../src/base/random.js';
import { OUTLIER_SCALE, synthetic } from '../../src/data/draw-synthetic.js';
import {
  syntheticClassification,
  type SyntheticData,
  syntheticRegression,
  type SyntheticSpec,
} from '../../src/data/synthetic.js';
import { expectClose, type Tolerance } from '../support/close.js';
import { RAGGED_FEATURES, RAGGED_ROWS } from '../support/data.js';
import { contentsOf } from '../support/device-data.js';
import { openShared, runKernel, shareOf, TUNINGS, withContext } from '../support/kernel.js';

const gpu = withContext(openShared);

const COLUMNS = columnLayout('f32');
/** Rows padded by a whole quad and by zeros in between, in blocks that are no multiple of four. */
const rowsFor = (features: number, exampleMultiple = 6): Layout => {
  return { order: 'rows', exampleMultiple, rowQuads: Math.ceil(features / 4) + 1, storage: 'f32' };
};

type Kind = SyntheticLayout['order'];

function layoutFor(kind: Kind, features: number, exampleMultiple?: number): SyntheticLayout {
  if (kind === 'rows') return rowsFor(features, exampleMultiple);
  return kind === 'columns' ? COLUMNS : TABLE_LAYOUT;
}

async function runShard(spec: SyntheticSpec, shard: SyntheticShard, tuning: Tuning) {
  const size = shardSize(spec, shard);
  const [features, targets] = await runKernel(gpu.context, syntheticKernel(spec, shard.layout.order, tuning), {
    config: writeShard(spec, shard),
    reads: [truthOf(spec)],
    writes: [size.featureBytes, size.targetBytes],
    workgroups: [shardWorkgroups(size, tuning)],
  });
  return { features: new Float32Array(features as ArrayBuffer), targets: new Float32Array(targets as ArrayBuffer) };
}

/** The examples of a shard by the twin. */
function expectedOf(spec: SyntheticSpec, { first, exampleCount }: SyntheticShard) {
  const columns = Array.from({ length: spec.featureCount }, () => new Float32Array(exampleCount));
  const targets = new Float32Array(exampleCount);
  synthetic(spec, first, columns, targets);
  return { columns, targets };
}

/** Columns where the layout has them, zeros everywhere else; a table has no place elsewhere. */
function laidOut(columns: readonly Float32Array[], spec: SyntheticSpec, shard: SyntheticShard): Float32Array {
  const size = shardSize(spec, shard);
  const all = new Float32Array(size.featureBytes / 4);
  const { layout } = shard;
  columns.forEach((column, j) => {
    if (layout.order === 'columns') all.set(column, j * 4 * size.quadCount);
    const stride = layout.order === 'table' ? columns.length : 4 * layout.rowQuads;
    if (layout.order !== 'columns') column.forEach((x, i) => (all[i * stride + j] = x));
  });
  return all;
}

/** The bound on a normal number, and a little for cos(π/2), which is not 0 in f64. */
const NORMAL: Tolerance = {
  relative: 2 ** -20,
  absolute: 1e-15,
  because: 'eight ulp; three are measured over all words, and WGSL allows a sqrt of its own 4.5',
};

function featureTolerance({ distribution, correlation }: SyntheticSpec): Tolerance {
  if (distribution === 'normal') {
    if (correlation === 0) return NORMAL;
    return { absolute: 2 ** -20 * 8.2, because: 'two normal numbers to eight ulp, together up to √2·5.77' };
  }
  if (correlation === 0) return { because: 'uniform numbers have 24 bits, and nothing is rounded' };
  return { absolute: 2 ** -21, because: 'two products and their sum, up to √2, rounded either way' };
}

/** Σ |w·x| + |b| + |noise| of each example, which the roundings of its target go with. */
function targetSizes(spec: SyntheticSpec, columns: readonly Float32Array[], count: number): Float64Array {
  const noise = spec.noise * 5.8 * (spec.outliers > 0 ? OUTLIER_SCALE : 1);
  return Float64Array.from({ length: count }, (_, i) =>
    columns.reduce(
      (sum, x, j) => sum + Math.abs((spec.weights[j] as number) * (x[i] as number)),
      Math.abs(spec.bias) + noise,
    ),
  );
}

async function expectTwin(spec: SyntheticSpec, shard: SyntheticShard, tuning: Tuning): Promise<void> {
  const { features, targets } = await runShard(spec, shard, tuning);
  const expected = expectedOf(spec, shard);
  expectClose(features, laidOut(expected.columns, spec, shard), featureTolerance(spec));

  const padded = new Float32Array(shardSize(spec, shard).targetBytes / 4);
  padded.set(expected.targets);
  if (spec.targets === 'logistic') {
    const isClear = clearLabels(spec, shard, expected.columns);
    expectClose(
      targets.map((target, i) => (isClear[i] === false ? 0 : target)),
      padded.map((target, i) => (isClear[i] === false ? 0 : target)),
      { because: 'a label is 0 or 1' },
    );
    for (const target of targets) expect(target === 0 || target === 1).toBe(true);
    return;
  }
  const sizes = targetSizes(spec, expected.columns, shard.exampleCount);
  const inSizes = (values: Float32Array) => Array.from(values, (value, i) => value / (sizes[i] ?? 1));
  expectClose(inSizes(targets), inSizes(padded), {
    absolute: (spec.featureCount / 4 + 8) * 2 ** -23 + (spec.noise > 0 ? 2 ** -20 : 0),
    because: 'four products at a time, then their sums one after another, each rounded either way; and the normals',
  });
}

/** Whether u is far enough from the probability for f32 to see the side: e^−z is within 3 + 2|z| ulp in WGSL. */
function clearLabels(spec: SyntheticSpec, { first }: SyntheticShard, columns: readonly Float32Array[]): boolean[] {
  const { featureCount, distribution, seed, bias, weights } = spec;
  const random = new CounterRandom(seed, STREAMS.examples);
  const at = distribution === 'normal' ? featureCount + (featureCount % 2) : featureCount;
  const sizes = targetSizes(spec, columns, columns[0]?.length ?? 0);
  return Array.from(sizes, (size, i) => {
    const z = columns.reduce((sum, column, j) => sum + (weights[j] as number) * (column[i] as number), bias);
    const u = uniformOf(random.words(first + i, at >> 2)[at & 3] as number);
    const [left, right] = [u * Math.exp(-z), 1 - u];
    return Math.abs(left - right) > (left + right) * 2 ** -19 * (size + 4);
  });
}

const FORMS = (['uniform', 'normal'] as const).flatMap((distribution) =>
  (['columns', 'rows', 'table'] as const).map((kind) => ({ distribution, kind })),
);
const FORMS_AND_FEATURES = FORMS.flatMap((form) => RAGGED_FEATURES.map((features) => ({ ...form, features })));
// A table has its own text for blocks of four features alone, which seventeen have all kinds of.
const isTried = ({ kind, features }: { kind: Kind; features: number }) => kind !== 'table' || features <= 17;
const ALL_FORMS = FORMS_AND_FEATURES.filter(isTried);

const RHO = 0.6;
const SEED = 3 + 2 ** 33;

describe.each(TUNINGS)('synthetic.wgsl, tuned for $name,', ({ tuning }) => {
  it.each(shareOf(tuning, ALL_FORMS))(
    'equals its twin: $distribution, $kind, $features features',
    async ({ distribution, kind, features }) => {
      const layout = layoutFor(kind, features);
      for (const rows of RAGGED_ROWS) {
        const { spec } = syntheticRegression({ rows, features, distribution, seed: SEED, noise: 0.3 });
        await expectTwin(spec, { first: 0, exampleCount: rows, layout }, tuning);
      }
    },
  );

  it.each(shareOf(tuning, FORMS))(
    'draws the same examples in shards anywhere: $distribution, $kind',
    async ({ distribution, kind }) => {
      const layout = layoutFor(kind, 3);
      const { spec } = syntheticRegression({ rows: 1, features: 3, distribution, correlation: RHO, outliers: 0.1 });
      for (const first of [4, 64, 2 ** 32 - 8, 2 ** 32, 3 * 2 ** 34 + 12, 2 ** 53 - 100]) {
        await expectTwin(spec, { first, exampleCount: 99, layout }, tuning);
      }
    },
  );

  it.each(shareOf(tuning, FORMS))(
    'gives the same bits every time: $distribution, $kind',
    async ({ distribution, kind }) => {
      const { spec } = syntheticRegression({ rows: 1, features: 3, distribution, seed: 8 });
      const shard = { first: 12, exampleCount: 5_011, layout: layoutFor(kind, 3, 16) };
      await expectTwin(spec, shard, tuning);
      const first = await runShard(spec, shard, tuning);
      for (let run = 0; run < 3; run++) expect(await runShard(spec, shard, tuning)).toEqual(first);
    },
  );
});

describe('synthetic.wgsl', () => {
  it.each(FORMS)(
    'equals its twin in correlated features, outliers and labels: $distribution, $kind',
    async ({ distribution, kind }) => {
      const rows = 257;
      // Remainders by four with and without whole blocks before them: where the words after the features begin, wherever
      // the features go.
      for (const features of { columns: [2, 7], rows: [3], table: [4] }[kind]) {
        const shape = { rows, features, distribution, seed: SEED };
        const layout = layoutFor(kind, features);
        const specs = [
          syntheticRegression({ ...shape, correlation: RHO }),
          syntheticRegression({ ...shape, outliers: 0.3 }),
          syntheticClassification({ ...shape, weights: new Float64Array(features).fill(1.7) }),
          syntheticClassification({ ...shape, correlation: RHO, bias: 60 }),
        ];
        for (const { spec } of specs)
          await expectTwin(spec, { first: 0, exampleCount: rows, layout }, gpu.context.tuning);
      }
    },
  );
});

describe('synthetic.wgsl for listed rows', () => {
  /** All features, row by row, and targets, of examples on the device. */
  async function contentsOfAll(data: SyntheticData, layout: Layout, on: GpuContext) {
    const made = await generateDataset(on, data, layout, undefined, 1);
    const { featureCount } = made;
    const rows: number[][] = [];
    for (const shard of made.shards) {
      const features = await contentsOf(on, shard.features);
      const targets = await contentsOf(on, shard.targets);
      for (let i = 0; i < shard.exampleCount; i++) {
        const at = (j: number) =>
          layout.order === 'columns' ? j * 4 * shard.quadCount + i : i * 4 * layout.rowQuads + j;
        rows.push([...Array.from({ length: featureCount }, (_, j) => features[at(j)] as number), targets[i] as number]);
      }
      // What pads them is zero.
      const used = shard.exampleCount * featureCount;
      expect(features.filter((value) => value === 0).length).toBeGreaterThanOrEqual(features.length - used);
      expect([...targets.subarray(shard.exampleCount)].every((value) => value === 0)).toBe(true);
    }
    const shardCount = made.shards.length;
    made.destroy();
    return { rows, shardCount };
  }

  it.each(FORMS.filter(({ kind }) => kind !== 'table'))(
    'gives them the bits that they have among all: $distribution, $kind',
    async ({ distribution, kind }) => {
      const few = await openShared({ maxStorageBufferBindingSize: 8192 });
      const picked = Uint32Array.from([256, 3, ...Array.from({ length: 150 }, (_, i) => (i * 101 + 7) % 257), 0]);
      for (const features of kind === 'columns' ? [3] : [17]) {
        const layout = kind === 'columns' ? COLUMNS : rowsFor(features, 12);
        const shape = { rows: 257, features, distribution, seed: SEED, correlation: features > 3 ? RHO : 0 };
        for (const made of [syntheticRegression({ ...shape, outliers: 0.2 }), syntheticClassification(shape)]) {
          const all = await contentsOfAll(made, layout, gpu.context);
          for (const on of [gpu.context, few]) {
            const part = await contentsOfAll(made.part(picked), layout, on);
            expect(part.rows).toEqual(Array.from(picked, (row) => all.rows[row]));
            if (on === few && features === 17) expect(part.shardCount).toBeGreaterThan(1);
          }
        }
      }
      few.dispose();
    },
  );
});
