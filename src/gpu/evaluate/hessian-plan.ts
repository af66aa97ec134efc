import { DescentError } from '../../base/errors.js';
import { MOST_WORKGROUPS, partialsOf, type Tuning, workgroupsFor } from '../device/tuning.js';
import { HESSIAN_TILE, rowBegin } from '../kernels/hessian-kernels.js';
import type { BufferLimits } from '../kernels/layout.js';

/** The plan by which the sums of the Hessian are added up. */
export interface HessianPlan {
  /** Workgroups that share the examples of a shard for each tile, and the partials that they write. */
  workgroups: number;
  partials: number;
  /** Parts of the triangle, some rows each, whose partials lie on the device one after the other. */
  bands: readonly HessianBand[];
}

export interface HessianBand {
  /** The place of its first sum in the triangle, and the number of its sums. */
  firstSum: number;
  sumCount: number;
  /** Rows of tiles that one dispatch adds up. */
  ranges: readonly TileRange[];
}

export interface TileRange {
  first: number;
  count: number;
}

/**
 * Products of one dispatch at the most, unless one row of tiles has more: what bounds the time to an abort. A software adapter
 * on two cores does 2·10⁹ in a second (SwiftShader), the slowest integrated graphics a hundred times as many; not yet
 * measured.
 */
const MOST_PRODUCTS: Record<Tuning['sums'], number> = { alone: 1e8, together: 1e10 };

/** The most bytes of partials that are read back at a time, unless those of one row of tiles are more. */
const READBACK_BYTES = 2 ** 23;

/**
 * Quads that an invocation adds up, where the partials find room. Their sum in f32 takes 259 additions, whose roundings of 2^-24
 * add up like a walk at random, to some 5e-7 of the terms' sizes.
 */
const QUADS_PER_INVOCATION = 256;

/**
 * Plans the sums for d features over shards of up to so many quads.
 *
 * Throws `TOO_LARGE`, with limit and size, when a row of tiles fits no binding.
 */
export function planHessian(
  featureCount: number,
  quadCount: number,
  limits: BufferLimits,
  tuning: Tuning,
): HessianPlan {
  const tiles = Math.ceil(featureCount / HESSIAN_TILE);
  const limit = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const bytesOf = (sumCount: number, workgroups: number) =>
    sumCount * partialsOf(workgroups, tuning) * Float32Array.BYTES_PER_ELEMENT;
  // Tiles keep a device busy by themselves where they are many.
  const useful = Math.min(
    workgroupsFor(quadCount, tuning),
    Math.ceil((2 * tuning.mostWorkgroups) / (tiles * (tiles + 1))),
  );
  const precise = Math.ceil(quadCount / (tuning.sumsSize * QUADS_PER_INVOCATION));
  const affordable = Math.floor(Math.min(READBACK_BYTES, limit) / bytesOf(rowBegin(featureCount), 1));
  const workgroups = Math.max(1, Math.min(Math.max(useful, precise), affordable, MOST_WORKGROUPS));
  const beginOf = (tile: number) => (tile === 0 ? 0 : rowBegin(Math.min(tile * HESSIAN_TILE, featureCount)));
  const mostBytes = Math.min(Math.max(READBACK_BYTES, bytesOf(beginOf(tiles) - beginOf(tiles - 1), workgroups)), limit);
  const bands: HessianBand[] = [];
  for (let first = 0, end; first < tiles; first = end) {
    end = first + 1;
    const bytesTo = (tile: number) => bytesOf(beginOf(tile) - beginOf(first), workgroups);
    if (bytesTo(end) > mostBytes) throw tooLarge(featureCount, bytesTo(end), limit);
    while (end < tiles && bytesTo(end + 1) <= mostBytes) end += 1;
    const ranges = rangesOf(first, end, 4 * quadCount, tuning);
    bands.push({ firstSum: beginOf(first), sumCount: beginOf(end) - beginOf(first), ranges });
  }
  return { workgroups, partials: partialsOf(workgroups, tuning), bands };
}

/** Rows of tiles in ranges of so many products that a dispatch takes no longer than a submit should. */
function rangesOf(first: number, end: number, exampleCount: number, { sums }: Tuning): TileRange[] {
  const ranges: TileRange[] = [];
  let products = Infinity;
  for (let tile = first; tile < end; tile++) {
    const its = HESSIAN_TILE ** 2 * (tile + 1) * exampleCount;
    const last = ranges.at(-1);
    if (last && products + its <= MOST_PRODUCTS[sums]) {
      last.count += 1;
      products += its;
    } else {
      ranges.push({ first: tile, count: 1 });
      products = its;
    }
  }
  return ranges;
}

function tooLarge(featureCount: number, bytes: number, limit: number): DescentError {
  return new DescentError('TOO_LARGE', {
    got: `second derivatives by ${featureCount} features, ${bytes} bytes for eight of them`,
    expected: `at most ${limit} bytes, the most that one buffer of this device holds`,
    fix: "Use fewer features, an optimizer without second derivatives, or backend: 'cpu'.",
  });
}
