import { DescentError } from '../../base/errors.js';
import { type BufferLimits, QUAD_BYTES } from '../kernels/layout.js';
import { MOST_NARROW_COLUMNS, sumsOf, TILE } from '../kernels/moments-kernels.js';
import { partialsOf, type Tuning, workgroupsFor } from '../device/tuning.js';

/** The plan by which examples pass through the device for their moments, a chunk at a time. */
export interface DeviceMomentsPlan {
  /** Quads of four examples in a chunk. */
  quads: number;
  chunkCount: number;
  /** Number of consecutive chunks of which the device takes the first, and the host the others in the meantime. */
  turn: number;
  /** The most workgroups that share the quads of a chunk, and the partials that they write. */
  workgroups: number;
  partials: number;
  /** Rows of tiles, of which the products of a quad take so many workgroups more in two dimensions. */
  tiles: number;
}

/** The numbers that depend on the kind of adapter, by how it sums. */
interface ChunkSize {
  /** The most bytes of a chunk: large enough to hide what its commands cost, small enough that copying overlaps. */
  bytes: number;
  /** The most products of a chunk: what bounds the time to an abort. */
  products: number;
  /** The turn for columns that moments_narrow takes, and for more. */
  turn: { narrow: number; tiles: number };
}

/**
 * A software adapter is the processor itself: of one core it takes 38 ms for 1,000,000 × 8, copies included, and the
 * host's own loops 20; for more than nine columns four times what the host takes. So the host, which would else wait,
 * takes a part: 17 ms instead of 24 on two cores. A chunk of so many products takes about 50 ms (SwiftShader).
 * Hardware leaves no time to the host, and the slowest integrated graphics take 50 ms for a hundred times as many
 * products; not yet measured.
 */
const CHUNK_SIZES: Record<Tuning['sums'], ChunkSize> = {
  alone: { bytes: 3 * 2 ** 20, products: 1e8, turn: { narrow: 2, tiles: 5 } },
  together: { bytes: 2 ** 23, products: 1e10, turn: { narrow: 1, tiles: 1 } },
};

/** The most bytes of partials that are read back for a chunk, unless those of one workgroup are more. */
const READBACK_BYTES = 2 ** 21;

/**
 * Quads that an invocation adds up at the most. Their sum in f32 takes 259 additions, whose roundings of 2^-24 add up
 * like a walk at random, to some 5e-7 of the terms' sizes; beyond that sums are f64.
 */
const MOST_QUADS_PER_INVOCATION = 256;

/**
 * Plans the pass over m examples of n columns.
 *
 * Throws `TOO_LARGE`, with limit and size, when the products of n columns fit no binding.
 */
export function planMoments(
  exampleCount: number,
  columnCount: number,
  limits: BufferLimits,
  tuning: Tuning,
): DeviceMomentsPlan {
  const name =
    limits.maxBufferSize < limits.maxStorageBufferBindingSize ? 'maxBufferSize' : 'maxStorageBufferBindingSize';
  const most = limits[name];
  const sizes = CHUNK_SIZES[tuning.sums];
  const bytesPerQuad = columnCount * QUAD_BYTES;
  const bytesPerWorkgroup = partialsOf(1, tuning) * sumsOf(columnCount) * Float32Array.BYTES_PER_ELEMENT;
  const least = Math.max(bytesPerQuad, bytesPerWorkgroup);
  if (least > most) {
    throw new DescentError('TOO_LARGE', {
      got: `moments of ${columnCount} columns, ${least} bytes`,
      expected: `at most ${most} bytes, this device's ${name}`,
      fix: "Use strategy: 'streaming', or fewer features.",
    });
  }
  const mostWorkgroups = Math.floor(Math.min(Math.max(READBACK_BYTES, bytesPerWorkgroup), most) / bytesPerWorkgroup);
  const quadsPerWorkgroup = tuning.sumsSize * MOST_QUADS_PER_INVOCATION;
  const affordable = Math.min(
    Math.floor(Math.min(sizes.bytes, most) / bytesPerQuad),
    Math.floor(sizes.products / (4 * sumsOf(columnCount))),
    mostWorkgroups * quadsPerWorkgroup,
  );
  const quads = Math.min(Math.ceil(exampleCount / 4), Math.max(1, affordable));
  const isNarrow = columnCount <= MOST_NARROW_COLUMNS;
  // Tiles of products keep a device busy by themselves where they are many; else as many workgroups as are of use.
  const tiles = isNarrow ? 1 : Math.ceil(columnCount / TILE);
  const useful = Math.min(workgroupsFor(quads, tuning), Math.ceil((2 * tuning.mostWorkgroups) / (tiles * (tiles + 1))));
  const workgroups = Math.min(mostWorkgroups, Math.max(Math.ceil(quads / quadsPerWorkgroup), useful));
  const chunkCount = Math.ceil(exampleCount / (4 * quads));
  const turn = isNarrow ? sizes.turn.narrow : sizes.turn.tiles;
  return { quads, chunkCount, turn, workgroups, partials: partialsOf(workgroups, tuning), tiles };
}
