import syntheticWgsl from '../../../shaders/examples/synthetic.wgsl?raw';
import { syntheticParts } from '../../data/draw-synthetic.js';
import type { SyntheticSpec } from '../../data/synthetic.js';
import type { Kernel } from './epoch-kernels.js';
import { type Layout, QUAD_BYTES } from './layout.js';
import { shaderText } from './shader-text.js';
import { type Tuning, workgroupsOfLoners } from '../device/tuning.js';

/** Row after row with nothing in between, [m, d] and [m]: as `fit` takes a caller's buffers. */
export const TABLE_LAYOUT = { order: 'table', rowQuads: 0 } as const;

export type SyntheticLayout = Layout | typeof TABLE_LAYOUT;

/** Consecutive examples of a synthetic dataset in buffers, or parts of buffers, of their own. */
export interface SyntheticShard {
  /** Index of the first example: a multiple of four; may exceed 2^32. Of picked rows, the place of the first. */
  first: number;
  exampleCount: number;
  layout: SyntheticLayout;
}

/** The sizes of a shard on the device; for training, targets are [quads] in both layouts. */
export interface ShardSize {
  /** Quads of examples that have features: ⌈m/4⌉, or as many as the padded rows need. */
  quadCount: number;
  /** ⌈m/4⌉ */
  targetQuads: number;
  /** Examples with features, padding included. */
  rowCount: number;
  featureBytes: number;
  targetBytes: number;
}

export function shardSize({ featureCount }: SyntheticSpec, { exampleCount, layout }: SyntheticShard): ShardSize {
  const targetQuads = Math.ceil(exampleCount / 4);
  if (layout.order === 'table') {
    const targetBytes = exampleCount * Float32Array.BYTES_PER_ELEMENT;
    const featureBytes = featureCount * targetBytes;
    return { quadCount: targetQuads, targetQuads, rowCount: exampleCount, featureBytes, targetBytes };
  }
  const targetBytes = targetQuads * QUAD_BYTES;
  if (layout.order === 'columns') {
    const featureBytes = featureCount * targetBytes;
    return { quadCount: targetQuads, targetQuads, rowCount: 4 * targetQuads, featureBytes, targetBytes };
  }
  const rowCount = layout.exampleMultiple * Math.ceil(exampleCount / layout.exampleMultiple);
  const featureBytes = rowCount * layout.rowQuads * QUAD_BYTES;
  return { quadCount: Math.ceil(rowCount / 4), targetQuads, rowCount, featureBytes, targetBytes };
}

/**
 * The kernel that makes this kind of data in this layout: one text, with what it has to draw as constants. 13 forms of
 * d (by the remainder of four and whether there are more), with and without correlation, in three layouts, with plain
 * noise, outliers or labels, of rows in turn or picked: 468 texts in all. Picked rows are a binding more, at the end.
 */
export function syntheticKernel(
  spec: SyntheticSpec,
  order: SyntheticLayout['order'],
  { residualSize }: Tuning,
  isPicked = false,
): Kernel {
  const { featureCount, distribution, outliers } = spec;
  const isNormal = distribution === 'normal';
  const words = isNormal ? featureCount + (featureCount % 2) : featureCount;
  const variants = {
    synthetic_rows: isPicked ? 'listed' : 'consecutive',
    synthetic_output: order === 'table' ? 'table' : 'training_layout',
  };
  const constants = {
    NORMAL: isNormal,
    CORRELATED: syntheticParts(spec).factorPart > 0,
    OUTLIERS: outliers > 0,
    LOGISTIC: spec.targets === 'logistic',
    ROWS: order === 'rows',
    REMAINDER: featureCount % 4,
    TAIL: words % 4,
    WIDE: words > 3,
  };
  return {
    name: 'synthetic',
    wgsl: shaderText(syntheticWgsl, { variants, constants }),
    bindings: ['uniform', 'read', 'readWrite', 'readWrite', ...(isPicked ? (['read'] as const) : [])],
    workgroupSize: residualSize,
    constants: { workgroup_size: residualSize },
  };
}

/** `struct Shard`: fourteen fields of four bytes, padded to the 16 bytes that a uniform struct is rounded up to. */
export function writeShard(spec: SyntheticSpec, shard: SyntheticShard): ArrayBuffer {
  if (shard.first % 4 !== 0) throw new TypeError(`a shard begins at a multiple of four examples; got ${shard.first}`);
  const { quadCount, targetQuads, rowCount } = shardSize(spec, shard);
  const { ownPart, factorPart } = syntheticParts(spec);
  // A uniform has 24 bits: below ε it is below the next multiple of 2^-24, and that is exact in f32.
  const outliers = Math.ceil(spec.outliers * 2 ** 24) * 2 ** -24;
  const contents = new ArrayBuffer(64);
  new Uint32Array(contents).set([
    ...lowAndHigh(spec.seed),
    ...lowAndHigh(shard.first),
    shard.exampleCount,
    quadCount,
    targetQuads,
    rowCount,
    shard.layout.rowQuads,
    spec.featureCount,
  ]);
  new Float32Array(contents, 40).set([spec.noise, outliers, ownPart, factorPart]);
  return contents;
}

/** The true parameters as the kernel reads them: [d + 1], the bias last. */
export function truthOf({ weights, bias }: SyntheticSpec): Float32Array {
  return Float32Array.from([...weights, bias]);
}

/** Workgroups that share a shard's quads. */
export function shardWorkgroups({ quadCount }: ShardSize, tuning: Tuning): number {
  return workgroupsOfLoners(quadCount, tuning);
}

/** The two words of a whole number up to 2^53. */
function lowAndHigh(value: number): [number, number] {
  return [value % 2 ** 32, Math.floor(value / 2 ** 32)];
}
