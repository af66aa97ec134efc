import { type Buffers, read, readWrite, uniform } from './buffers.js';
import type { CompiledKernel } from './compile.js';
import type { EpochBuffers, Step } from './epoch.js';
import {
  fusedNarrow,
  GRADIENT,
  GRADIENT_WIDE,
  type Kernel,
  MOST_NARROW_FEATURES,
  RESIDUAL,
  RESIDUAL_WIDE,
  UPDATE,
  WIDE_COLUMNS,
} from './kernels.js';
import { MOST_WORKGROUPS } from './tuning.js';
import { QUAD_BYTES } from './upload.js';

/** What the dispatches of an epoch are sized by. */
export interface EpochShape {
  quadCount: number;
  featureCount: number;
  /** Workgroups that share the examples: of a kernel of sums, and at most of one whose invocations work alone. */
  partialCount: number;
  mostWorkgroups: number;
}

/** A way to run an epoch: its kernels, and the dispatches made of them, in order. */
export interface Recipe {
  name: 'textbook' | 'fused-narrow' | 'wide';
  kernels: readonly Kernel[];
  /** `made` takes what the recipe needs for itself. */
  steps(compiled: readonly CompiledKernel[], buffers: EpochBuffers, shape: EpochShape, made: Buffers): Step[];
}

/** The recipe for d features: the fastest there is, or the textbook's, which is there for any d. */
export function recipeFor(featureCount: number, asked: 'auto' | 'textbook'): Recipe {
  if (asked === 'textbook') return TEXTBOOK;
  return featureCount <= MOST_NARROW_FEATURES ? fused(featureCount) : WIDE;
}

/** residual → gradient → update, a workgroup of gradient for each row of sums */
export const TEXTBOOK: Recipe = {
  name: 'textbook',
  kernels: [RESIDUAL, GRADIENT, UPDATE],
  steps: (compiled, buffers, shape, made) => threeSteps(compiled, buffers, shape, made, shape.featureCount + 1),
};

/** residual_wide → gradient_wide → update */
const WIDE: Recipe = {
  name: 'wide',
  kernels: [RESIDUAL_WIDE, GRADIENT_WIDE, UPDATE],
  steps: (compiled, buffers, shape, made) =>
    threeSteps(compiled, buffers, shape, made, Math.ceil(shape.featureCount / WIDE_COLUMNS)),
};

/** Residuals through memory: the same three dispatches, with so many workgroups of the second for the rows of sums. */
function threeSteps(
  compiled: readonly CompiledKernel[],
  buffers: EpochBuffers,
  { quadCount, featureCount, partialCount, mostWorkgroups }: EpochShape,
  made: Buffers,
  gradientRows: number,
): Step[] {
  const [residual, gradient, update] = compiled as [CompiledKernel, CompiledKernel, CompiledKernel];
  const { config, features, targets, partials } = buffers;
  const residuals = made.storage('residuals', quadCount * QUAD_BYTES);
  const residualWorkgroups = Math.ceil(quadCount / residual.workgroupSize);
  return [
    {
      compiled: residual,
      bindings: ({ parameters, progress }) => [
        uniform(config),
        read(features),
        read(targets),
        read(parameters),
        read(progress),
        readWrite(residuals),
      ],
      workgroups: [Math.min(residualWorkgroups, mostWorkgroups)],
    },
    {
      compiled: gradient,
      bindings: ({ progress }) => [
        uniform(config),
        read(features),
        read(residuals),
        read(progress),
        readWrite(partials),
      ],
      workgroups: [partialCount, ...folded(gradientRows)],
    },
    updateStep(update, buffers, featureCount),
  ];
}

/** fused_narrow → update */
function fused(features: number): Recipe {
  return {
    name: 'fused-narrow',
    kernels: [fusedNarrow(features), UPDATE],
    steps(compiled, buffers, { featureCount, partialCount }) {
      const [narrow, update] = compiled as [CompiledKernel, CompiledKernel];
      return [
        {
          compiled: narrow,
          bindings: ({ parameters, progress }) => [
            uniform(buffers.config),
            read(buffers.features),
            read(buffers.targets),
            read(parameters),
            read(progress),
            readWrite(buffers.partials),
          ],
          workgroups: [partialCount],
        },
        updateStep(update, buffers, featureCount),
      ];
    },
  };
}

function updateStep(
  compiled: CompiledKernel,
  { config, partials, stepScales, lossHistory }: EpochBuffers,
  featureCount: number,
): Step {
  return {
    compiled,
    bindings: ({ parameters, progress, nextParameters, nextProgress }) => [
      uniform(config),
      read(partials),
      read(stepScales),
      read(parameters),
      read(progress),
      readWrite(nextParameters),
      readWrite(nextProgress),
      readWrite(lossHistory),
    ],
    workgroups: folded(featureCount + 1),
  };
}

/** A count of workgroups over two dimensions, each within the limit; the kernel passes over what is too many. */
function folded(workgroups: number): [number, number] {
  const rows = Math.ceil(workgroups / MOST_WORKGROUPS);
  return [Math.ceil(workgroups / rows), rows];
}
