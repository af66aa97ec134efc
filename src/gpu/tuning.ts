/** What a kernel does with its invocations, which is what their number per workgroup depends on. */
export type Work =
  | 'examples' // each invocation for itself
  | 'sums' //     all of a workgroup add up many examples, then meet in a tree
  | 'fold'; //    all of a workgroup add up the few partials of one row

/** A dispatch reaches this many workgroups in one dimension on every adapter (maxComputeWorkgroupsPerDimension). */
export const MOST_WORKGROUPS = 65_535;

/** The numbers that depend on the kind of adapter, and on nothing else: the same adapter always adds in one order. */
export interface Tuning {
  /** Invocations per workgroup: a multiple of 8, for the tree, and 256 at most, which every adapter allows. */
  workgroupSize: Record<Work, number>;
  /** The most workgroups that share the examples when each invocation works for itself. */
  mostWorkgroups: number;
  /** The most workgroups that share the examples of one row of sums. */
  mostPartials: number;
}

/**
 * A software adapter runs a workgroup's invocations one after another on a core: what a workgroup costs grows with its
 * invocations and barriers, so few and small ones are best, as many as keep the cores busy. Measured on SwiftShader
 * with two cores, fused_narrow at 1,000,000 × 2: 8 × 16 invocations 4.6 ms, 16 × 64 5.7 ms, 61 × 64 10 ms; at
 * 1,000 × 2: 0.1 ms, 0.7 ms.
 */
export const SOFTWARE: Tuning = {
  workgroupSize: { examples: 16, sums: 16, fold: 8 },
  mostWorkgroups: 8,
  mostPartials: 8,
};

/**
 * A GPU needs thousands of invocations in flight to hide the way to memory: two subgroups of the widest kind to a
 * workgroup, and a thousand workgroups, whose partials still fold quickly. Not yet measured.
 */
export const HARDWARE: Tuning = {
  workgroupSize: { examples: 256, sums: 64, fold: 64 },
  mostWorkgroups: MOST_WORKGROUPS,
  mostPartials: 1024,
};

/**
 * An invocation adds up this many quads before it adds their sum to the ones before (BLOCK in shaders/shared): a
 * workgroup with less than that for each invocation would be mostly tree.
 */
const QUADS_PER_INVOCATION = 64;

/** How many workgroups share the examples of one row of sums. */
export function partialCountFor(quadCount: number, { workgroupSize, mostPartials }: Tuning): number {
  return Math.min(mostPartials, Math.ceil(quadCount / (workgroupSize.sums * QUADS_PER_INVOCATION)));
}
