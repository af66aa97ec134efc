import type { Batches } from '../../descent/batches.js';
import { MOST_SHORT_PARAMETERS, MOST_SHORT_QUADS, shortBatchesKernel } from '../kernels/epoch-kernels.js';
import { columnLayout, featureBytes, planShards } from '../kernels/layout.js';
import type { Recipe, RecipeChoice } from './recipe.js';
import { inOneWorkgroup, recipeFor } from './recipes.js';

/**
 * The bytes of X that one workgroup reads in the time that an update takes beside: its barriers, its order and its step.
 * Measured on a software adapter, 2 µs at some 2 GB/s.
 */
const BYTES_OF_AN_UPDATE = 4096;

/** An epoch of more rounds than this ends with one, so that an abort can go back to its beginning. */
const MANY_ROUNDS = 16;

/** The most updates of one dispatch, a power of two as all their numbers, so that there are few kernels to compile. */
const MOST_UPDATES = 1024;

/**
 * True if one workgroup can take the batches, many in one dispatch. A dispatch for each batch costs as much as reading
 * some ten thousand numbers, so this is worthwhile up to the size that counts as little data for short_epochs too, and
 * as long as the residuals of a batch and the parameters fit workgroup memory. The batches of an epoch come in any
 * order, so X has to be in one shard.
 */
function areShort({ size }: Batches, featureCount: number, choice: RecipeChoice): boolean {
  const { kernels, exampleCount, storage, tuning, limits } = choice;
  const layout = columnLayout(storage);
  const quads = mostQuadsOf(size);
  if (kernels === 'textbook' || quads > MOST_SHORT_QUADS || featureCount >= MOST_SHORT_PARAMETERS) return false;
  if (featureBytes(quads, featureCount, layout) > tuning.mostShortBytes) return false;
  const unbounded = { ...tuning, mostShardBytes: Infinity };
  return planShards({ exampleCount, featureCount, layout, limits, tuning: unbounded }).length === 1;
}

/** A variant of `recipeFor` for training on these batches. All recipes of the same data use one layout. */
export function recipesWith(batches: Batches): typeof recipeFor {
  return (featureCount, choice) => {
    if (!areShort(batches, featureCount, choice)) return recipeFor(featureCount, choice);
    if (choice.inBatches) return shortBatchesRecipe(batches, featureCount, choice);
    return recipeFor(featureCount, { ...choice, subgroupSize: null }); // by columns
  };
}

/** The most quads that so many consecutive examples lie in. */
export function mostQuadsOf(size: number): number {
  return Math.ceil((size + 3) / 4);
}

/** short_batches */
function shortBatchesRecipe({ size, count }: Batches, featureCount: number, choice: RecipeChoice): Recipe {
  const { tuning, storage, terms, isValidated } = choice;
  const layout = columnLayout(storage);
  const quads = mostQuadsOf(size);
  const bytes = BYTES_OF_AN_UPDATE + featureBytes(quads, featureCount, layout);
  const updates = Math.min(MOST_UPDATES, 2 ** Math.floor(Math.log2(tuning.mostShortDispatchBytes / bytes)));
  const endsWithEpoch = isValidated === true || count > MANY_ROUNDS * updates; // validation comes after each
  const epochs = endsWithEpoch ? 1 : Infinity;
  return {
    name: 'short-batches',
    many: null,
    layout,
    kernels: [shortBatchesKernel({ quads, parameters: featureCount + 1, updates, epochs }, tuning, storage, terms)],
    updatesPerRound: updates,
    endsWithEpoch,
    ...inOneWorkgroup,
  };
}
