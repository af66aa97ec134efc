import { beforeAbort, inTurns } from '../../base/turns.js';
import type { ManyData, ManyTrainer, UploadOptions } from '../../descent/backend.js';
import { objectiveOf } from '../../descent/loss.js';
import { Standardization } from '../../descent/standardization.js';
import type { Loss } from '../../options/names.js';
import type { Objective } from '../../options/objective.js';
import { compileRecipe, withFallback } from './compile-recipe.js';
import type { GpuContext } from '../device/device.js';
import { uploadFolds } from '../examples/upload-folds.js';
import { columnLayout } from '../kernels/layout.js';
import { type ManyChoice, manyRecipeFor } from './many-recipes.js';
import { columnsPerModel, recipeFor } from './recipes.js';
import { GpuTrainer, type RecipeSource } from './trainer.js';

/** Lays examples out for several models that share each read of them: a part of its own in a bundle. */
export async function uploadForMany(context: GpuContext, data: ManyData, options: UploadOptions): Promise<ManyTrainer> {
  const objective = objectiveOf(options);
  const choosing = manySource(context, data, options, objective);
  choosing.catch(() => undefined); // it is awaited below, and the upload may fail before
  const columns = data.targets.map(({ values }) => values);
  const measuring = Standardization.measure(data.dataset, options.standardize, objective, columns);
  const standardization = await inTurns(measuring, options.signal);
  const layout = columnLayout(options.storage);
  const leastColumns = columnsPerModel({ loss: objective.loss, weighted: false });
  const uploaded = await uploadFolds(context, data, standardization, layout, options.signal, leastColumns);
  try {
    return new GpuTrainer(context, await beforeAbort(choosing, options.signal), uploaded, standardization, objective);
  } catch (error) {
    uploaded.destroy();
    throw error;
  }
}

/** The source of recipes for several models. Their kernels are compiled at once; those of the curvature on demand. */
async function manySource(
  context: GpuContext,
  { dataset, roles }: ManyData,
  { kernels, storage, optimizer }: UploadOptions,
  { loss: ownLoss }: Objective,
): Promise<RecipeSource> {
  const { featureCount } = dataset;
  const weighted = dataset.exampleWeights !== undefined;
  const { maxBufferSize, maxStorageBufferBindingSize } = context.limits;
  const bindingBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const sourceOf = async (kernels: ManyChoice['kernels']): Promise<RecipeSource> => {
    const choiceFor = (loss: Loss, isConjugate: boolean): ManyChoice => {
      return { kernels, storage, terms: { loss, weighted }, tuning: context.tuning, bindingBytes, isConjugate };
    };
    const choice = choiceFor(ownLoss, optimizer === 'conjugateGradient');
    const first = manyRecipeFor(featureCount, roles.length > 0 ? roles : [{ target: 0, validationFold: null }], choice);
    if (roles.length > 0) await compileRecipe(context, first);
    return {
      name: first.name,
      warnings: [],
      share: (quadCount) => first.share(quadCount),
      recipeFor(models, { loss, isConjugate, needsPass }) {
        const choice = choiceFor(loss, isConjugate);
        if (!needsPass) return compileRecipe(context, manyRecipeFor(featureCount, models, choice));
        const { exampleCount } = dataset;
        // Those for one model, that read X in columns.
        const alone = { ...choice, exampleCount, besideX: 1, limits: context.limits, subgroupSize: null };
        return compileRecipe(context, recipeFor(featureCount, { ...alone, isValidated: true }));
      },
    };
  };
  const { result: source, warnings } = await withFallback(
    () => sourceOf(kernels),
    kernels === 'textbook' ? undefined : () => sourceOf('textbook'),
  );
  return { ...source, warnings };
}
