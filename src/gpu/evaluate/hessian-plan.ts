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
  /** Its dispatches for each shard. */
  parts: readonly HessianPart[];
}

/** Rows of tiles, and quads of examples as far as a shard has them, that one dispatch adds up. */
export interface HessianPart {
  firstTile: number;
  tileCount: number;
  firstQuad: number;
  endQuad: number;
}

/**
 * The most products of one dispatch: what bounds the time to an abort. A software adapter does 0.75·10⁹ in a second of
 * one core (SwiftShader, 100,000 × 64), the slowest integrated graphics a hundred times as many; not yet measured.
 */
const MOST_PRODUCTS: Record<Tuning['sums'], number> = { alone: 5e7, together: 5e9 };

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
  const { name, limit } = lowerOf(limits);
  const bytesOf = (sumCount: number, workgroups: number) =>
    sumCount * partialsOf(workgroups, tuning) * Float32Array.BYTES_PER_ELEMENT;
  const products = HESSIAN_TILE ** 2 * tiles * 4 * quadCount; // of the last row of tiles
  const quadsAtOnce = Math.ceil(quadCount / Math.ceil(products / MOST_PRODUCTS[tuning.sums]));
  const precise = Math.ceil(quadsAtOnce / (tuning.sumsSize * QUADS_PER_INVOCATION));
  // Tiles keep a device busy by themselves where they are many.
  const mostUseful = Math.ceil((2 * tuning.mostWorkgroups) / (tiles * (tiles + 1)));
  const useful = Math.min(workgroupsFor(quadsAtOnce, tuning), mostUseful);
  const affordable = Math.floor(Math.min(READBACK_BYTES, limit) / bytesOf(rowBegin(featureCount), 1));
  const workgroups = Math.max(1, Math.min(Math.max(useful, precise), affordable, MOST_WORKGROUPS));
  const beginOf = (tile: number) => (tile === 0 ? 0 : rowBegin(Math.min(tile * HESSIAN_TILE, featureCount)));
  const mostBytes = Math.min(Math.max(READBACK_BYTES, bytesOf(beginOf(tiles) - beginOf(tiles - 1), workgroups)), limit);
  const bands: HessianBand[] = [];
  for (let first = 0, end; first < tiles; first = end) {
    end = first + 1;
    const bytesTo = (tile: number) => bytesOf(beginOf(tile) - beginOf(first), workgroups);
    if (bytesTo(end) > mostBytes) throw tooLarge(featureCount, bytesTo(end), name, limit);
    while (end < tiles && bytesTo(end + 1) <= mostBytes) end += 1;
    const ranges = rangesOf(first, end, 4 * quadsAtOnce, tuning);
    const parts: HessianPart[] = [];
    for (let firstQuad = 0; firstQuad < quadCount; firstQuad += quadsAtOnce) {
      const endQuad = Math.min(firstQuad + quadsAtOnce, quadCount);
      parts.push(...ranges.map((range) => ({ ...range, firstQuad, endQuad })));
    }
    bands.push({ firstSum: beginOf(first), sumCount: beginOf(end) - beginOf(first), parts });
  }
  return { workgroups, partials: partialsOf(workgroups, tuning), bands };
}

/** Rows of tiles in ranges of so many products that a dispatch takes no longer than a submit should. */
function rangesOf(
  first: number,
  end: number,
  exampleCount: number,
  { sums }: Tuning,
): Pick<HessianPart, 'firstTile' | 'tileCount'>[] {
  const ranges: { firstTile: number; tileCount: number }[] = [];
  let products = Infinity;
  for (let tile = first; tile < end; tile++) {
    const added = HESSIAN_TILE ** 2 * (tile + 1) * exampleCount;
    const last = ranges.at(-1);
    if (last && products + added <= MOST_PRODUCTS[sums]) {
      last.tileCount += 1;
      products += added;
    } else {
      ranges.push({ firstTile: tile, tileCount: 1 });
      products = added;
    }
  }
  return ranges;
}

/** The lower of two limits of a binding. */
function lowerOf(limits: BufferLimits): { name: keyof BufferLimits; limit: number } {
  const name =
    limits.maxBufferSize < limits.maxStorageBufferBindingSize ? 'maxBufferSize' : 'maxStorageBufferBindingSize';
  return { name, limit: limits[name] };
}

function tooLarge(featureCount: number, bytes: number, name: string, limit: number): DescentError {
  return new DescentError('TOO_LARGE', {
    got: `second derivatives by ${featureCount} features, ${bytes} bytes for ${HESSIAN_TILE} of them`,
    expected: `at most ${limit} bytes, this device's ${name}`,
    fix: "Use fewer features, an optimizer without second derivatives, or backend: 'cpu'.",
  });
}
