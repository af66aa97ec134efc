import { DescentError } from '../../base/errors.js';
import type { BufferLimits } from '../kernels/layout.js';

/** Workgroups that share the examples of a shard, and the partials that they write. */
export interface Share {
  workgroups: number;
  partials: number;
}

/** The partials of all shards lie in one binding. */
export interface PartialsRoom {
  /** Bytes of a partial of all models. */
  partialBytes: number;
  limits: BufferLimits;
}

/**
 * The share of each shard, by its number of quads: the one that is wanted, or fewer workgroups where the partials of all
 * shards would not fit one binding. Throws `TOO_LARGE` where those of one workgroup for each shard do not.
 */
export function sharesOf(
  quadCounts: readonly number[],
  wanted: (quadCount: number) => Share,
  { partialBytes, limits }: PartialsRoom,
): Share[] {
  const shares = quadCounts.map(wanted);
  const name =
    limits.maxBufferSize < limits.maxStorageBufferBindingSize ? 'maxBufferSize' : 'maxStorageBufferBindingSize';
  const room = Math.floor(limits[name] / partialBytes);
  const count = countOf(shares);
  if (count <= room) return shares;
  const fewer = shares.map(({ workgroups, partials }): Share => {
    const kept = Math.max(1, Math.floor((workgroups * room) / count));
    return { workgroups: kept, partials: (partials / workgroups) * kept };
  });
  if (countOf(fewer) <= room) return fewer;
  throw new DescentError('TOO_LARGE', {
    got: `sums of ${quadCounts.length} shards, ${countOf(fewer) * partialBytes} bytes`,
    expected: `at most ${limits[name]} bytes, this device's ${name}`,
    fix: "Use fewer features or models, a device with higher limits, or backend: 'cpu'.",
  });
}

/** Number of partials of all shards. */
export function countOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { partials }) => sum + partials, 0);
}
