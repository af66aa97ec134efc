import { DescentError } from '../../base/errors.js';
import { requireKnown } from '../../base/check-names.js';
import type { AdapterReport } from '../../descent/report.js';

/** A dispatch reaches this many workgroups in one dimension on every adapter (maxComputeWorkgroupsPerDimension). */
export const MOST_WORKGROUPS = 65_535;

/** The numbers that depend on the kind of adapter, and on nothing else: the same adapter always adds in one order. */
export interface Tuning {
  /** Invocations of a workgroup of residual or synthetic, each of which works for itself. */
  residualSize: number;
  /** Invocations of a workgroup that sums over examples: a multiple of 8, for the tree, where they sum together. */
  sumsSize: number;
  /** 'together' if the invocations of a workgroup add up in a tree, 'alone' if each writes a partial of its own. */
  sums: 'together' | 'alone';
  /** The most workgroups that share the examples. */
  mostWorkgroups: number;
  /** The most workgroups of fused_wide, which are of one subgroup each. */
  mostWideWorkgroups: number;
  /** The most features that one invocation holds in its registers, 1 to 16: more take other kernels. */
  mostNarrowFeatures: number;
  /** Invocations of a workgroup of update. */
  foldSize: number;
  /** Number of them that share the partials of one parameter. */
  folders: number;
  /** Invocations of the one workgroup of short_epochs and short_batches. */
  shortSize: number;
  /** The most bytes of X that it is worth for. */
  mostShortBytes: number;
  /** The most bytes of one dispatch of short_batches: some milliseconds, however slow the adapter. */
  mostShortDispatchBytes: number;
  /** The most bytes of X that one dispatch reads: what bounds the shortest submit, and so how soon a page can answer. */
  mostShardBytes: number;
}

/**
 * A software adapter runs four invocations in step on one core, a workgroup's groups of four one after another, and a
 * barrier costs half a microsecond for each such group. So: workgroups of four, no barriers, and sixteen of them, so
 * that a core that is busy with something else holds up a small part. Measured on SwiftShader with two cores,
 * fused_narrow at 1,000,000 × 2: 8 × 4 invocations without barriers 2.6 ms, 8 × 16 with them 4.6 ms, 61 × 64 with them
 * 10 ms. It reads about 1.3 GB/s, so that 64 MiB take 50 ms.
 */
export const SOFTWARE: Tuning = {
  residualSize: 4,
  sumsSize: 4,
  sums: 'alone',
  mostWorkgroups: 16,
  mostWideWorkgroups: 16,
  mostNarrowFeatures: 16,
  foldSize: 4,
  folders: 1,
  shortSize: 4,
  mostShortBytes: 2 ** 17,
  mostShortDispatchBytes: 2 ** 22,
  mostShardBytes: 2 ** 26,
};

/**
 * llvmpipe, the software adapter of Mesa, ends the loops of an invocation after 65,535 turns, all of them together, and tells
 * nobody (LP_MAX_TGSI_LOOP_ITERATIONS in its lp_bld_limits.h). So: four times the invocations, a quarter of the bytes.
 * With either number alone 8,000,000 × 2 take 65,536 turns or more in the textbook kernels or in predict.
 */
export const LLVMPIPE: Tuning = {
  ...SOFTWARE,
  mostWorkgroups: 64,
  mostWideWorkgroups: 64,
  mostShortBytes: 2 ** 15,
  mostShortDispatchBytes: 2 ** 20,
  mostShardBytes: 2 ** 24,
};

/**
 * A GPU needs thousands of invocations in flight to hide the way to memory: two subgroups of the widest kind to a
 * workgroup, and a thousand workgroups, whose partials still fold quickly. A workgroup of fused_wide is one subgroup, so
 * that it takes four times as many to fill the machine. Not yet measured. Slow integrated graphics read 10 GB/s, so
 * that 512 MiB take 54 ms, a quarter of what a page may wait.
 */
export const HARDWARE: Tuning = {
  residualSize: 256,
  sumsSize: 64,
  sums: 'together',
  mostWorkgroups: 1024,
  mostWideWorkgroups: 4096,
  mostNarrowFeatures: 16,
  foldSize: 64,
  folders: 16,
  shortSize: 128,
  mostShortBytes: 2 ** 16,
  mostShortDispatchBytes: 2 ** 22,
  mostShardBytes: 2 ** 29,
};

/**
 * GPUs of telephones have fewer registers for each invocation: fused_narrow holds w, g and four examples of x for each
 * feature, about 115 numbers at 16 features. Not yet measured.
 */
const OF_TELEPHONES: Tuning = { ...HARDWARE, mostNarrowFeatures: 8 };

/** The numbers for an adapter. A software adapter without a name, as in Firefox, may be llvmpipe. */
export function tuningFor({ vendor, architecture, description, isSoftware }: AdapterReport): Tuning {
  if (!isSoftware) return /^(qualcomm|arm|img-tec)$/i.test(vendor) ? OF_TELEPHONES : HARDWARE;
  return /swiftshader/i.test(`${vendor} ${architecture} ${description}`) ? SOFTWARE : LLVMPIPE;
}

/** A workgroup that sums together takes at least this many quads for each invocation: with less it is mostly tree. */
const QUADS_PER_INVOCATION = 64;

/** Number of workgroups of a summing kernel that share the examples. */
export function workgroupsFor(quadCount: number, { sums, sumsSize, mostWorkgroups }: Tuning): number {
  const least = sums === 'together' ? QUADS_PER_INVOCATION : 1;
  return Math.min(mostWorkgroups, Math.ceil(quadCount / (sumsSize * least)));
}

/** Number of workgroups that share the quads if each invocation works alone: a GPU takes as many as there are. */
export function workgroupsOfLoners(quadCount: number, { sums, residualSize, mostWorkgroups }: Tuning): number {
  return Math.min(sums === 'alone' ? mostWorkgroups : MOST_WORKGROUPS, Math.ceil(quadCount / residualSize));
}

/** Number of partials that this number of workgroups writes. */
export function partialsOf(workgroups: number, { sums, sumsSize }: Tuning): number {
  return sums === 'together' ? workgroups : workgroups * sumsSize;
}

/** The most that a number may be, where the library itself has a limit. */
const MOST: Partial<Record<keyof Tuning, number>> = {
  residualSize: 256,
  sumsSize: 256,
  foldSize: 256,
  folders: 256,
  shortSize: 256,
  mostWorkgroups: MOST_WORKGROUPS,
  mostWideWorkgroups: MOST_WORKGROUPS,
  mostNarrowFeatures: 16,
};

/**
 * The tuning with some numbers replaced. Throws `INVALID_OPTION` for what no kernel can run with: each number is a whole one
 * of 1 or more, sizes of workgroups are powers of two up to 256, and folders divide their workgroup.
 */
export function completeTuning(usual: Tuning, replaced: Partial<Tuning>): Tuning {
  requireKnown(replaced, Object.keys(usual));
  const tuning = { ...usual, ...replaced };
  for (const [name, value] of Object.entries(tuning) as [keyof Tuning, unknown][]) {
    if (name === 'sums') {
      if (value !== 'together' && value !== 'alone') throw invalid(name, value, "'together' or 'alone'");
      continue;
    }
    const most = MOST[name] ?? Number.MAX_SAFE_INTEGER;
    const isSize = name.endsWith('Size') || name === 'folders';
    const isWhole = Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
    const isPower = Number.isInteger(Math.log2(value as number));
    if (!isWhole || (isSize && !isPower)) {
      throw invalid(name, value, `a ${isSize ? 'power of two' : 'whole number'} from 1 to ${most}`);
    }
  }
  if (tuning.sums === 'together' && tuning.sumsSize < 8) throw invalid('sumsSize', tuning.sumsSize, 'at least 8 where sums are made together'); // prettier-ignore
  if (tuning.folders > tuning.foldSize)
    throw invalid('folders', tuning.folders, `at most foldSize, ${tuning.foldSize}`);
  return tuning;
}

function invalid(name: keyof Tuning, value: unknown, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `tuning.${name} = ${JSON.stringify(value)}`,
    expected,
    fix: 'Pass what `tune` returned for this adapter, or leave it out.',
    where: { option: 'tuning' },
  });
}

/** True if both add in the same order. */
export function isSameTuning(a: Tuning, b: Tuning): boolean {
  return (Object.keys(a) as (keyof Tuning)[]).every((name) => a[name] === b[name]);
}
