import { folded } from '../device/dispatch-size.js';
import { read, readWrite, uniform, uniformAt } from '../device/buffers.js';
import type { CompiledKernel } from '../device/compile.js';
import { CONFIG_BYTES } from '../kernels/uniforms.js';
import type { BoundShard, EpochBuffers, Step } from './epoch.js';
import {
  fusedNarrowKernel,
  fusedWideKernel,
  gradientKernel,
  gradientWideKernel,
  MOST_SHORT_FEATURES,
  mostWideFeatures,
  residualKernel,
  residualWideKernel,
  rowQuadsOf,
  SHORT_EPOCHS,
  shortEpochsKernel,
  lastKernel,
  WIDE_COLUMNS,
  wideShape,
} from '../kernels/epoch-kernels.js';
import { columnLayout, featureBytes, planShards, QUAD_BYTES, quadCountOf } from '../kernels/layout.js';
import type { KernelChoice, Recipe, RecipeChoice } from './recipe.js';
import { areLossesKept, type Terms } from '../kernels/variants.js';
import { partialsOf, type Tuning, workgroupsFor, workgroupsOfLoners } from '../device/tuning.js';

/** The recipe for d features: the fastest there is, or the textbook's, which is there for any d. */
export function recipeFor(featureCount: number, choice: RecipeChoice): Recipe {
  const { kernels, subgroupSize, tuning } = choice;
  if (kernels === 'textbook') return textbook(featureCount, choice);
  if (isShort(featureCount, choice)) return short(featureCount, choice);
  if (featureCount <= tuning.mostNarrowFeatures) return narrow(featureCount, choice);
  if (subgroupSize !== null && featureCount <= mostWideFeatures(subgroupSize)) {
    return wideInSubgroups(featureCount, subgroupSize, choice);
  }
  return wideInTwo(featureCount, choice);
}

/** residual → gradient → update, a workgroup of gradient for each row of sums */
export function textbook(featureCount: number, choice: KernelChoice): Recipe {
  const { tuning, storage, terms } = choice;
  return {
    name: 'textbook',
    many: null,
    ...inTwoPasses(choice, featureCount + 2),
    updatesPerRound: 1,
    kernels: [residualKernel(tuning, storage, terms), gradientKernel(tuning, storage, terms), lastKernel(choice)],
  };
}

/**
 * Little data, in one shard: one workgroup reads it in less time than a dispatch takes to begin. Not where each epoch ends
 * with other kernels.
 */
function isShort(featureCount: number, choice: RecipeChoice): boolean {
  const { exampleCount, tuning, limits, storage, besideX, isConjugate, isValidated, inBatches } = choice;
  if (featureCount > MOST_SHORT_FEATURES || isConjugate || isValidated || inBatches) return false;
  const layout = columnLayout(storage);
  const bytes = featureBytes(quadCountOf(exampleCount, layout), featureCount, layout);
  if (bytes > tuning.mostShortBytes) return false;
  return planShards({ exampleCount, featureCount, layout, limits, tuning, besideX }).length === 1;
}

/** short_epochs */
function short(featureCount: number, { tuning, storage, terms }: KernelChoice): Recipe {
  return {
    name: 'short',
    many: null,
    layout: columnLayout(storage),
    kernels: [shortEpochsKernel(featureCount, tuning, storage, terms)],
    updatesPerRound: SHORT_EPOCHS,
    ...inOneWorkgroup,
  };
}

/** One workgroup that takes all of a model's examples, and leaves its progress where it was. */
export const inOneWorkgroup: Pick<Recipe, 'share' | 'steps'> = {
  share: () => ({ workgroups: 1, partials: 1 }),
  steps([compiled], { shards, settings, stepFactors, parameters, progress, history }) {
    const [shard] = shards as [BoundShard];
    const bindings = [
      uniform(shard.config),
      read(settings),
      read(shard.features),
      read(shard.targets),
      read(stepFactors),
      readWrite(parameters[0]),
      readWrite(parameters[1]),
      readWrite(progress[0]),
      readWrite(history),
    ];
    return [{ compiled: compiled as CompiledKernel, bindings: () => bindings, workgroups: [1] }];
  },
};

/** residual_wide → gradient_wide → update */
function wideInTwo(featureCount: number, choice: KernelChoice): Recipe {
  const { tuning, storage, terms } = choice;
  return {
    name: 'wide',
    many: null,
    ...inTwoPasses(choice, Math.ceil(featureCount / WIDE_COLUMNS)),
    updatesPerRound: 1,
    kernels: [
      residualWideKernel(tuning, storage, terms),
      gradientWideKernel(tuning, storage, terms),
      lastKernel(choice),
    ],
  };
}

/** fused_narrow → update */
function narrow(featureCount: number, choice: KernelChoice): Recipe {
  const { tuning, storage, terms } = choice;
  return {
    name: 'fused-narrow',
    many: null,
    layout: columnLayout(storage),
    updatesPerRound: 1,
    kernels: [fusedNarrowKernel(featureCount, tuning, storage, terms), lastKernel(choice)],
    share: shareOfSums(tuning),
    ...endingWithUpdate(inOnePass),
  };
}

/** fused_wide → update */
function wideInSubgroups(featureCount: number, subgroup: number, choice: RecipeChoice): Recipe {
  const { tuning, storage, terms, isSubgroupPinned } = choice;
  const shape = wideShape(featureCount, subgroup);
  const rowsAtOnce = shape.subgroup / shape.lanes;
  return {
    name: 'fused-wide',
    many: null,
    layout: { order: 'rows', rowQuads: rowQuadsOf(shape), exampleMultiple: Math.max(4, rowsAtOnce), storage },
    updatesPerRound: 1,
    kernels: [fusedWideKernel(shape, storage, terms, isSubgroupPinned), lastKernel(choice)],
    share(quadCount) {
      const workgroups = Math.min(tuning.mostWideWorkgroups, Math.ceil((4 * quadCount) / rowsAtOnce));
      return { workgroups, partials: workgroups };
    },
    ...endingWithUpdate(inOnePass),
  };
}

/** Workgroups that sum, in so many rows side by side: the more rows, the fewer of them share the examples of each. */
export function shareOfSums(tuning: Tuning, rows = 1): Recipe['share'] {
  return (quadCount) => {
    const workgroups = Math.min(workgroupsFor(quadCount, tuning), Math.ceil(tuning.mostWorkgroups / rows));
    return { workgroups, partials: partialsOf(workgroups, tuning) };
  };
}

/** Columns that pass from residual to gradient for each model: the residuals, and the losses where they are kept. */
export function columnsPerModel(terms: Terms): number {
  return areLossesKept(terms) ? 2 : 1;
}

/** Residuals through memory: two dispatches for a shard, the second with so many workgroups for the rows of sums. */
function inTwoPasses(
  { tuning, storage, terms }: KernelChoice,
  gradientRows: number,
): Pick<Recipe, 'layout' | 'share' | 'steps' | 'pass'> {
  return {
    layout: columnLayout(storage),
    share: shareOfSums(tuning, gradientRows),
    ...endingWithUpdate((compiled, { shards, partials }, allocator) => {
      const [residual, gradient] = compiled as [CompiledKernel, CompiledKernel];
      // The shards take turns with one buffer: each is done with it before the next begins.
      const mostQuads = Math.max(...shards.map(({ quadCount }) => quadCount));
      const residuals = allocator.storage('residuals', columnsPerModel(terms) * mostQuads * QUAD_BYTES);
      return [
        ...shards.flatMap((shard): Step[] => [
          {
            compiled: residual,
            bindings: ({ parameters, progress }) => [
              ...examplesAtHand(shard),
              read(parameters),
              read(progress),
              readWrite(residuals),
            ],
            workgroups: [workgroupsOfLoners(shard.quadsAtOnce, tuning)],
          },
          {
            compiled: gradient,
            bindings: ({ progress }) => [
              config(shard),
              read(shard.features),
              read(residuals),
              read(progress),
              readWrite(partials),
            ],
            workgroups: [shard.workgroups, ...folded(gradientRows)],
          },
        ]),
      ];
    }),
  };
}

/** One dispatch for a shard. */
const inOnePass: NonNullable<Recipe['pass']> = ([fused], { shards, partials }) =>
  shards.map((shard): Step => {
    return {
      compiled: fused as CompiledKernel,
      bindings: ({ parameters, progress }) => [
        ...examplesAtHand(shard),
        read(parameters),
        read(progress),
        readWrite(partials),
      ],
      workgroups: [shard.workgroups],
    };
  });

/** An epoch of such a pass: the last of the kernels is update. */
function endingWithUpdate(pass: NonNullable<Recipe['pass']>): Pick<Recipe, 'steps' | 'pass'> {
  return {
    pass,
    steps: (compiled, buffers, featureCount, allocator) => [
      ...pass(compiled, buffers, allocator),
      updateStep(compiled.at(-1) as CompiledKernel, buffers, featureCount),
    ],
  };
}

export function examples({ config, features, targets }: BoundShard) {
  return [uniform(config), read(features), read(targets)];
}

/** The same where a dispatch says which batch it takes. */
function examplesAtHand(shard: BoundShard) {
  return [config(shard), read(shard.features), read(shard.targets)];
}

function config(shard: BoundShard) {
  return uniformAt(shard.config, CONFIG_BYTES);
}

export function updateStep(compiled: CompiledKernel, buffers: EpochBuffers, featureCount: number): Step {
  const { modelCount, shards, settings, partials, stepFactors, history } = buffers;
  const { name, constants } = compiled.kernel;
  const { workgroup_size: size = 1, folders = 1 } = constants;
  return {
    compiled,
    bindings: ({ parameters, progress, nextParameters, nextProgress }) => [
      config(shards[0] as BoundShard), // what it reads is the same in all shards
      read(settings),
      read(partials),
      read(stepFactors),
      read(parameters),
      read(progress),
      readWrite(nextParameters),
      readWrite(nextProgress),
      readWrite(history),
    ],
    // Conjugate gradient has one workgroup for all parameters of a model.
    workgroups: [...folded(name === 'conjugate' ? 1 : Math.ceil((featureCount + 1) / (size / folders))), modelCount],
  };
}
