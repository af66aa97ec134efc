// The kernels that the library chooses for a random set of options, data and adapter.

import { syntheticClassification, syntheticRegression } from '../../src/data/synthetic.js';
import { Batches } from '../../src/descent/batches.js';
import { completeTuning, HARDWARE, LLVMPIPE, SOFTWARE, type Tuning } from '../../src/gpu/device/tuning.js';
import { hessianKernels } from '../../src/gpu/evaluate/hessian.js';
import { type LossQuery, lossRecipeFor } from '../../src/gpu/evaluate/losses.js';
import { type Kernel, validationLossKernel, validationModelKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { momentsKernel } from '../../src/gpu/kernels/moments-kernels.js';
import { syntheticKernel } from '../../src/gpu/kernels/synthetic-kernel.js';
import { columnStatisticsKernel, importRowsKernel, predictKernel } from '../../src/gpu/kernels/table-kernels.js';
import { manyRecipeFor } from '../../src/gpu/training/many-recipes.js';
import type { RecipeChoice } from '../../src/gpu/training/recipe.js';
import { columnsPerModel, recipeFor, textbook } from '../../src/gpu/training/recipes.js';
import { recipesWith } from '../../src/gpu/training/short-batches.js';
import { LOSSES } from '../../src/options/names.js';
import type { Chance } from './mutations.js';

/** A whole number from 1 to `most`, small ones as likely as large ones. */
function sizeUpTo(most: number, chance: Chance): number {
  return 1 + chance.below(Math.min(most, 2 ** (1 + chance.below(Math.ceil(Math.log2(most)) + 1))));
}

function randomTuning(chance: Chance): Tuning {
  const usual = chance.of([SOFTWARE, HARDWARE, LLVMPIPE]);
  if (chance.below(2) === 0) return usual;
  const size = () => 2 ** (3 + chance.below(6));
  const foldSize = size();
  return completeTuning(usual, {
    sums: chance.of(['alone', 'together']),
    sumsSize: size(),
    residualSize: size(),
    foldSize,
    folders: Math.min(foldSize, 2 ** chance.below(5)),
    mostNarrowFeatures: 1 + chance.below(16),
    mostShortBytes: 2 ** (8 + chance.below(14)),
  });
}

/** A device and the size of the data, by which recipes are chosen. */
interface Draw {
  choice: RecipeChoice;
  featureCount: number;
  exampleCount: number;
}

function draw(chance: Chance): Draw {
  const featureCount = sizeUpTo(5000, chance);
  const exampleCount = sizeUpTo(10_000_000, chance);
  const terms = { loss: chance.of(LOSSES), weighted: chance.below(2) === 0 };
  const choice: RecipeChoice = {
    exampleCount,
    besideX: columnsPerModel(terms),
    kernels: chance.below(5) === 0 ? 'textbook' : 'auto',
    storage: chance.of(['f32', 'f16']),
    terms,
    tuning: randomTuning(chance),
    limits: { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** (20 + chance.below(8)) },
    subgroupSize: chance.of([null, 4, 8, 16, 32, 64, 128]),
    isSubgroupPinned: chance.below(2) === 0,
    isConjugate: chance.below(5) === 0,
    isValidated: chance.below(3) === 0,
  };
  return { choice, featureCount, exampleCount };
}

/** The kernels of training and of what surrounds it, for the options that chance gives. */
export function randomKernels(chance: Chance): Kernel[] {
  const drawn = draw(chance);
  const { choice, featureCount } = drawn;
  const { tuning, storage, terms } = choice;
  const recipe = ownRecipe(drawn, chance);
  return [
    ...recipe.kernels,
    ...(choice.isValidated ? [validationLossKernel(tuning), validationModelKernel(tuning)] : []),
    ...manyKernels(drawn, chance),
    ...hessianKernels(featureCount, recipe.layout, tuning, terms),
    momentsKernel(featureCount + 1 + chance.below(3), tuning),
    importRowsKernel(recipe.layout.order, storage, tuning),
    columnStatisticsKernel(tuning, chance.of(['numbers', 'labels', 'weights']), chance.below(2) === 0),
    predictKernel(chance.of(['prediction', 'probability', 'residual', 'correct']), tuning),
    syntheticKernel(randomSpec(chance), chance.of([recipe.layout.order, 'table']), tuning, chance.below(2) === 0),
  ];
}

function ownRecipe({ choice, featureCount, exampleCount }: Draw, chance: Chance) {
  if (chance.below(8) === 0) return textbook(featureCount, choice);
  if (chance.below(3) > 0) return recipeFor(featureCount, choice);
  const size = sizeUpTo(exampleCount, chance);
  const batches = new Batches(new Uint32Array(0), { size, isShuffled: false, seed: 0 });
  return recipesWith(batches)(featureCount, { ...choice, inBatches: chance.below(2) === 0 });
}

/** The kernels of several models, and those of losses at several points. */
function manyKernels({ choice, featureCount, exampleCount }: Draw, chance: Chance): Kernel[] {
  const targetCount = sizeUpTo(20, chance);
  const roles = Array.from({ length: sizeUpTo(100, chance) }, () => {
    return { target: chance.below(targetCount), validationFold: null };
  });
  const many = manyRecipeFor(featureCount, roles, {
    ...choice,
    bindingBytes: choice.limits.maxStorageBufferBindingSize,
  });
  const points = new Array<Float32Array>(sizeUpTo(100_000, chance)); // of which only the number counts
  const { kernel } = lossRecipeFor(
    {
      points,
      featureCount,
      layout: many.layout,
      isWeighted: choice.terms.weighted,
      objective: { loss: choice.terms.loss } as LossQuery['objective'],
      shards: [{ quadCount: Math.ceil(exampleCount / 4) } as LossQuery['shards'][number]],
      target: 0,
    },
    choice.tuning,
  );
  return [...many.kernels, kernel];
}

function randomSpec(chance: Chance) {
  const features = {
    rows: 4,
    features: sizeUpTo(100, chance),
    distribution: chance.of(['uniform', 'normal'] as const),
    correlation: chance.of([0, 0.25, 0.9]),
    seed: chance.below(1000),
  };
  if (chance.below(3) === 0) return syntheticClassification(features).spec;
  return syntheticRegression({ ...features, outliers: chance.of([0, 0.1]), noise: 1 + chance.below(10) }).spec;
}
