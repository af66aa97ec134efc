import type { Role } from '../../descent/backend.js';
import { type Buffers, read, readWrite, uniform } from '../device/buffers.js';
import type { CompiledKernel } from '../device/compile.js';
import type { BoundShard, JobSpan, Step } from './epoch.js';
import { lastKernel } from '../kernels/epoch-kernels.js';
import { columnLayout, featureBytes, QUAD_BYTES } from '../kernels/layout.js';
import {
  MANY_COLUMNS,
  manyGradientKernel,
  manyNarrowKernel,
  manyResidualKernel,
  MOST_WIDE_MODELS,
  mostNarrowModels,
} from '../kernels/many-kernels.js';
import type { KernelChoice, ManyShape, Recipe } from './recipe.js';
import { columnsPerModel, examples, shareOfSums, updateStep } from './recipes.js';
import type { Terms } from '../kernels/variants.js';
import { MOST_WORKGROUPS, type Tuning, workgroupsOfLoners } from '../device/tuning.js';

/** The conditions that select a recipe for several models. */
export interface ManyChoice extends KernelChoice {
  kernels: 'auto' | 'textbook';
  /** The most bytes that one binding holds. */
  bindingBytes: number;
  /** True if the steps are those of conjugate gradient; default false. */
  isConjugate?: boolean;
}

/**
 * Models of one column that make it worth a read of X for that column alone. Measured on SwiftShader at 1,000,000 × 2: a
 * pass for one column takes 2.6 ms and 0.4 ms for each model, a pass for columns of their own 1.7 ms for each model.
 */
const MODELS_WORTH_A_PASS = 3;

/** The recipe for these models of d features: in registers up to 16 features, in two passes beyond. */
export function manyRecipeFor(featureCount: number, roles: readonly Role[], choice: ManyChoice): Recipe {
  const columns = new Set(roles.map(({ target }) => target)).size;
  const targets = columns === 1 || roles.length / columns >= MODELS_WORTH_A_PASS ? 'one' : 'each';
  const longest = targets === 'one' ? mostOfOneColumn(roles) : roles.length;
  const isNarrow = choice.kernels === 'auto' && featureCount <= choice.tuning.mostNarrowFeatures;
  // Residuals of d models take no more room than X, so that where a shard of X fits a binding they do, too; and where
  // losses pass beside them, there is room for both columns of one model (src/gpu/examples/upload.ts).
  const inRoomOfX = Math.max(1, Math.floor(featureCount / columnsPerModel(choice.terms)));
  const most = isNarrow ? mostNarrowModels(featureCount) : Math.min(MOST_WIDE_MODELS, inRoomOfX);
  // All passes of about one size: 17 models are 9 and 8, not 16 and 1.
  const models = Math.ceil(longest / Math.ceil(longest / most));
  return isNarrow
    ? manyInOnePass(featureCount, models, targets, choice)
    : manyInTwoPasses(featureCount, models, targets, choice);
}

function mostOfOneColumn(roles: readonly Role[]): number {
  const counts = new Map<number, number>();
  for (const { target } of roles) counts.set(target, (counts.get(target) ?? 0) + 1);
  return Math.max(...counts.values());
}

/** many_narrow → update */
function manyInOnePass(
  featureCount: number,
  models: number,
  targets: ManyShape['targets'],
  choice: ManyChoice,
): Recipe {
  const { tuning, storage, terms } = choice;
  const layout = columnLayout(storage);
  return {
    name: 'many-narrow',
    updatesPerRound: 1,
    layout,
    kernels: [manyNarrowKernel(featureCount, { models, targets, tuning, storage, terms }), lastKernel(choice)],
    many: {
      models,
      targets,
      mostJobs: (quadCount) => models * passesAtOnce(featureBytes(quadCount, featureCount, layout), tuning),
    },
    share: shareOfSums(tuning),
    steps(compiled, buffers) {
      const [fused, update] = compiled as [CompiledKernel, CompiledKernel];
      return [
        ...buffers.shards.flatMap((shard) =>
          shard.spans.map((span): Step => {
            return {
              compiled: fused,
              bindings: ({ parameters, progress }) => [
                ...examples(shard),
                read(span.jobs),
                read(parameters),
                read(progress),
                readWrite(buffers.partials),
              ],
              workgroups: [Math.ceil(span.count / models), shard.workgroups],
            };
          }),
        ),
        updateStep(update, buffers, featureCount),
      ];
    },
  };
}

/** many_residual → many_gradient → update */
function manyInTwoPasses(
  featureCount: number,
  models: number,
  targets: ManyShape['targets'],
  choice: ManyChoice,
): Recipe {
  const { tuning, storage, terms, bindingBytes } = choice;
  const layout = columnLayout(storage);
  return {
    name: 'many-wide',
    updatesPerRound: 1,
    layout,
    kernels: [
      manyResidualKernel({ models, targets, tuning, storage, terms }),
      manyGradientKernel({ models, tuning, storage, terms }),
      lastKernel(choice),
    ],
    many: {
      models,
      targets,
      mostJobs(quadCount) {
        const passes = passesAtOnce(featureBytes(quadCount, featureCount, layout), tuning);
        const passBytes = columnsPerModel(terms) * quadCount * QUAD_BYTES * models;
        return models * Math.max(1, Math.min(passes, Math.floor(bindingBytes / passBytes)));
      },
    },
    share: shareOfSums(tuning),
    steps(compiled, buffers, _, allocator) {
      const [residual, gradient, update] = compiled as [CompiledKernel, CompiledKernel, CompiledKernel];
      const residuals = makeResiduals(buffers.shards, terms, allocator);
      const residualStep = (shard: BoundShard, { jobs, count }: JobSpan): Step => ({
        compiled: residual,
        bindings: ({ parameters, progress }) => [
          ...[...examples(shard), read(jobs), read(parameters), read(progress)],
          readWrite(residuals),
        ],
        workgroups: [Math.ceil(count / models), residualShares(shard, tuning)],
      });
      const gradientStep = (shard: BoundShard, { jobs, count }: JobSpan): Step => ({
        compiled: gradient,
        bindings: ({ progress }) => [
          ...[uniform(shard.config), read(shard.features), read(residuals), read(jobs), read(progress)],
          readWrite(buffers.partials),
        ],
        workgroups: [Math.ceil(count / models), shard.workgroups, columnGroups(featureCount)],
      });
      return [
        ...buffers.shards.flatMap((shard) =>
          shard.spans.flatMap((span) => [residualStep(shard, span), gradientStep(shard, span)]),
        ),
        updateStep(update, buffers, featureCount),
      ];
    },
  };
}

/** Number of reads of X that one dispatch may hold without taking longer than a submit should. */
function passesAtOnce(bytes: number, { mostShardBytes }: Tuning): number {
  return Math.max(1, Math.min(Math.floor(mostShardBytes / bytes), MOST_WORKGROUPS));
}

/** All spans of all shards take turns with one buffer: each is done with it before the next begins. */
function makeResiduals(shards: readonly BoundShard[], terms: Terms, allocator: Buffers): GPUBuffer {
  const quads = shards.map(({ quadCount, spans }) => quadCount * Math.max(0, ...spans.map(countOf)));
  return allocator.storage('residuals', columnsPerModel(terms) * Math.max(...quads) * QUAD_BYTES);
}

const countOf = ({ count }: JobSpan) => count;

/** Two quads to an invocation. */
function residualShares({ quadCount }: BoundShard, tuning: Tuning): number {
  return workgroupsOfLoners(Math.ceil(quadCount / 2), tuning);
}

/** The kernel takes several groups where there are more than fit one dimension. */
function columnGroups(featureCount: number): number {
  return Math.min(Math.ceil(featureCount / MANY_COLUMNS), MOST_WORKGROUPS);
}
