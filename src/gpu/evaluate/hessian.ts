import { type Buffers, read, readWrite, uniform, uniformAt, UNIFORM_STRIDE } from '../device/buffers.js';
import { bind, type CompiledKernel } from '../device/compile.js';
import type { GpuContext } from '../device/device.js';
import { type Tuning, workgroupsOfLoners } from '../device/tuning.js';
import {
  BAND_BYTES,
  hessianKernel,
  hessianNarrowKernel,
  MOST_NARROW_HESSIAN,
  rowBegin,
  secondDerivativesKernel,
  writeBand,
} from '../kernels/hessian-kernels.js';
import type { Kernel } from '../kernels/epoch-kernels.js';
import { type Layout, QUAD_BYTES } from '../kernels/layout.js';
import type { Terms } from '../kernels/variants.js';
import type { BoundShard } from '../training/epoch.js';
import { type HessianBand, planHessian } from './hessian-plan.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A dispatch with its buffers. */
export interface BoundDispatch {
  compiled: CompiledKernel;
  group: GPUBindGroup;
  /** The offset of its uniform, where it takes one of several. */
  offset: number;
  workgroups: readonly [number, number?, number?];
}

/** The dispatches that add up a part of the triangle, and the place of its partials. */
export interface PreparedBand extends Pick<HessianBand, 'firstSum' | 'sumCount'> {
  dispatches: BoundDispatch[];
  partials: GPUBuffer; //  [partialCount, sumCount]
  partialCount: number;
}

/** The kernels of the Hessian: in registers, or second derivatives first and tiles of products after them. */
export function hessianKernels(featureCount: number, layout: Layout, tuning: Tuning, terms: Terms): Kernel[] {
  return isNarrow(featureCount, layout)
    ? [hessianNarrowKernel(featureCount, layout, tuning, terms)]
    : [secondDerivativesKernel(layout, tuning, terms), hessianKernel(layout, tuning)];
}

function isNarrow(featureCount: number, { order }: Layout): boolean {
  return order === 'columns' && featureCount <= MOST_NARROW_HESSIAN;
}

/** The buffers of the examples at some parameters. */
interface HessianInput {
  shards: readonly BoundShard[];
  featureCount: number;
  parameters: GPUBuffer; //  [d + 1]
}

/** Makes the buffers of the Hessian and binds its dispatches, band after band. Throws `TOO_LARGE` as planHessian does. */
export function prepareHessian(
  { device, limits, tuning }: GpuContext,
  made: Buffers,
  compiled: readonly CompiledKernel[],
  { shards, featureCount, parameters }: HessianInput,
): PreparedBand[] {
  const mostQuads = Math.max(...shards.map(({ quadCount }) => quadCount));
  const { workgroups, partials: partialCount, bands } = planHessian(featureCount, mostQuads, limits, tuning);
  const mostSums = Math.max(...bands.map(({ sumCount }) => sumCount));
  const partials = made.storage('hessian partials', partialCount * mostSums * FLOAT_BYTES);
  const uniforms = made.uniform('bands', bandUniforms(bands));
  const band = uniformAt(uniforms, BAND_BYTES);
  const [sums, derivatives] = compiled.toReversed() as [CompiledKernel, CompiledKernel?];
  // The shards take turns with one buffer: each is done with it before the next begins.
  const curvatures = derivatives && made.storage('curvatures', mostQuads * QUAD_BYTES);
  const groups = shards.map(({ config, features, targets }) => {
    const examples = [read(features), read(targets), read(parameters)];
    if (!derivatives || !curvatures) {
      return { sums: bind(device, sums, [uniform(config), band, ...examples, readWrite(partials)]) };
    }
    return {
      derivatives: bind(device, derivatives, [uniform(config), ...examples, readWrite(curvatures)]),
      sums: bind(device, sums, [uniform(config), band, read(features), read(curvatures), readWrite(partials)]),
    };
  });
  let firstPart = 0;
  return bands.map(({ firstSum, sumCount, parts }) => {
    const dispatches = groups.flatMap((group, s): BoundDispatch[] => [
      ...(derivatives && group.derivatives
        ? [
            {
              compiled: derivatives,
              group: group.derivatives,
              offset: 0,
              workgroups: [workgroupsOfLoners((shards[s] as BoundShard).quadCount, tuning)] as const,
            },
          ]
        : []),
      ...parts.map(({ firstTile, tileCount }, k): BoundDispatch => {
        const offset = uniformOffset(firstPart + k, s > 0);
        const tiles = [tileCount, firstTile + tileCount] as const;
        return { compiled: sums, group: group.sums, offset, workgroups: [workgroups, ...tiles] };
      }),
    ]);
    firstPart += parts.length;
    return { firstSum, sumCount, partials, partialCount, dispatches };
  });
}

/** For each part of all bands: the uniform for the first shard, and that for later ones. */
function bandUniforms(bands: readonly HessianBand[]): ArrayBuffer {
  const uniforms = bands.flatMap(({ parts, ...band }) => parts.map((part) => ({ ...band, ...part })));
  const contents = new Uint8Array(uniformOffset(uniforms.length, false));
  uniforms.forEach((uniform, k) => {
    for (const isLater of [false, true]) {
      const isAdded = isLater || uniform.firstQuad > 0;
      contents.set(new Uint8Array(writeBand({ ...uniform, isAdded })), uniformOffset(k, isLater));
    }
  });
  return contents.buffer;
}

function uniformOffset(part: number, isLater: boolean): number {
  return UNIFORM_STRIDE * (2 * part + (isLater ? 1 : 0));
}

/**
 * The work of the Hessian, in bytes of X whose reading for a gradient takes as long: two bytes for each product (SwiftShader),
 * and X once for the second derivatives.
 */
export function hessianBytes(exampleCount: number, featureCount: number): number {
  return exampleCount * (FLOAT_BYTES * featureCount + 2 * rowBegin(featureCount));
}
