import type { Backend, ManyData, ManyTrainer, Trainer, UploadOptions } from '../descent/backend.js';
import { type Batches, batchesOf } from '../descent/batches.js';
import { checkFinite, Dataset } from '../data/dataset.js';
import { DescentError } from '../base/errors.js';
import { objectiveOf } from '../descent/loss.js';
import { type Objective } from '../options/objective.js';
import { type Loss } from '../options/names.js';
import { collectMoments } from '../moments/collect.js';
import { columnsOf } from '../moments/columns.js';
import type { Moments } from '../moments/moments.js';
import type { FitWarning } from '../descent/report.js';
import type { ExampleSource } from '../data/source.js';
import { SyntheticData } from '../data/synthetic.js';
import { arrangeDataset } from './examples/import-buffers.js';
import { miniBatchesOf } from './examples/mini-batches.js';
import { BufferExamples } from './examples/buffer-examples.js';
import { compileKernels } from './device/compile.js';
import { createContext, type GpuContext } from './device/device.js';
import { generateDataset } from './examples/generate.js';
import { columnLayout, type Layout } from './kernels/layout.js';
import { type ManyChoice, manyRecipeFor } from './training/many-recipes.js';
import { momentsOnDevice } from './moments/moments.js';
import { uploadFolds, withoutFolds } from './examples/upload-folds.js';
import type { Recipe, RecipeChoice } from './training/recipe.js';
import { columnsPerModel, recipeFor, textbook } from './training/recipes.js';
import { recipesWith } from './training/short-batches.js';
import { Standardization } from './examples/standardization.js';
import { type SurveyedExamples, surveyExamples } from './examples/example-statistics.js';
import { type RecipeRequest, GpuTrainer, type RecipeSource } from './training/trainer.js';
import type { CompiledRecipe } from './training/prepare-run.js';
import { uploadDataset, type UploadedDataset } from './examples/upload.js';

type Examples = Dataset | SyntheticData | BufferExamples;

/** Examples that this backend can read. Buffers are the only ones of a device that it makes. */
function readable(examples: Parameters<Backend['upload']>[0]): Examples {
  if (examples instanceof Dataset || examples instanceof SyntheticData || examples instanceof BufferExamples) {
    return examples;
  }
  throw new TypeError('examples of another device');
}

/** Opens the WebGPU backend on the given context, or on one of its own that ends with it. */
export async function openGpuBackend(sharedContext?: GpuContext): Promise<Backend> {
  const context = sharedContext ?? (await createContext());
  context.check();
  return {
    name: 'webgpu',
    adapter: context.adapter,
    upload: (examples, options) => uploadForTraining(context, readable(examples), options),
    moments: (data, signal) => addUpMoments(context, data, signal),
    uploadMany: (data, options) => uploadForMany(context, data, options),
    dispose: () => {
      if (!sharedContext) context.dispose();
    },
  };
}

async function uploadForTraining(context: GpuContext, examples: Examples, options: UploadOptions): Promise<Trainer> {
  const { tuning, limits, subgroupSize } = context;
  const { featureCount, exampleCount } = examples;
  const objective = objectiveOf(options);
  const weighted = 'exampleWeights' in examples && examples.exampleWeights !== undefined;
  // What the objective takes is enough for the curvature too, which is of the squared loss.
  const besideX = columnsPerModel({ loss: objective.loss, weighted });
  const batches =
    examples instanceof Dataset ? batchesOf(examples.exampleCount, examples.exampleWeights, options) : null;
  const isValidated = options.validation !== undefined;
  const ownRequest = {
    loss: objective.loss,
    isConjugate: options.optimizer === 'conjugateGradient',
    inBatches: batches !== null,
  };
  const choiceFor = ({ loss, ...request }: RecipeRequest): RecipeChoice => {
    const { kernels, storage } = options;
    const terms = { loss, weighted };
    return { kernels, storage, terms, exampleCount, besideX, tuning, limits, subgroupSize, isValidated, ...request };
  };
  const chosenFor = batches ? recipesWith(batches) : recipeFor;
  const recipe = chosenFor(featureCount, choiceFor(ownRequest));
  const compiling = withFallback(
    () => compileRecipe(context, recipe),
    recipe.name === 'textbook'
      ? undefined
      : () => compileRecipe(context, textbook(featureCount, choiceFor(ownRequest))),
  );
  compiling.catch(() => undefined); // it is awaited below, and the upload may fail before
  const surveyed = await whatIsKnown(context, examples, options, objective);
  const { signal } = options;
  const layOut = (some: Examples, layout: Layout) => {
    const dealt = some === examples ? batches : null;
    return layOutOn(context, some, surveyed, layout, { leastColumns: besideX, batches: dealt, signal });
  };
  let data = await layOut(examples, recipe.layout);
  let validationData: UploadedDataset | undefined;
  try {
    const { result: compiledRecipe, warnings } = await compiling;
    const { name, layout } = compiledRecipe.recipe;
    if (layout.order !== recipe.layout.order) {
      data.destroy();
      data = await layOut(examples, layout);
    }
    validationData = options.validation && (await layOut(options.validation, layout));
    const source: RecipeSource = {
      name,
      warnings,
      share: (quadCount) => compiledRecipe.recipe.share(quadCount),
      recipeFor(_, { needsPass = false, ...request }) {
        const isOwn =
          request.loss === ownRequest.loss &&
          request.isConjugate === ownRequest.isConjugate &&
          request.inBatches === ownRequest.inBatches;
        if (isOwn && (compiledRecipe.recipe.pass || !needsPass)) return Promise.resolve(compiledRecipe);
        const other = name === 'textbook' ? textbook : chosenFor;
        const choice = choiceFor(request);
        return compileRecipe(context, other(featureCount, needsPass ? { ...choice, isValidated: true } : choice));
      },
    };
    const { standardization } = surveyed;
    const mini = batches && miniBatchesOf(examples as Dataset, batches, standardization, objective);
    return new GpuTrainer(context, source, withoutFolds(data), standardization, objective, { validationData, mini });
  } catch (error) {
    data.destroy();
    validationData?.destroy();
    throw error;
  }
}

/** The scaling of the examples, computed before they are arranged in the layout of training; buffers are surveyed for it. */
async function whatIsKnown(
  context: GpuContext,
  examples: Examples,
  options: UploadOptions,
  objective: Objective,
): Promise<SurveyedExamples> {
  const { standardize } = options;
  if (examples instanceof BufferExamples) return surveyExamples(context, examples, options, objective);
  const standardization =
    examples instanceof Dataset
      ? Standardization.of(examples, standardize, objective)
      : Standardization.ofSynthetic(examples, standardize, objective);
  return { standardization, weights: undefined };
}

/** Brings the examples to the device: copies them, generates them there, or arranges those that are there already. */
function layOutOn(
  context: GpuContext,
  examples: Examples,
  surveyed: SurveyedExamples,
  layout: Layout,
  { leastColumns, batches, signal }: { leastColumns: number; batches: Batches | null; signal: AbortSignal | undefined },
): Promise<UploadedDataset> {
  if (examples instanceof BufferExamples) {
    return arrangeDataset(context, examples, surveyed, layout, { leastColumns, signal });
  }
  if (examples instanceof Dataset) {
    const part = { leastColumns, ...(batches && { rows: batches.rows, batchSize: batches.size }) };
    return uploadDataset(context, examples, surveyed.standardization, layout, signal, part);
  }
  return generateDataset(context, examples, layout, signal, leastColumns);
}

function addUpMoments(context: GpuContext, data: Dataset | ExampleSource, signal?: AbortSignal): Promise<Moments> {
  if (data instanceof Dataset) return momentsOnDevice(context, columnsOf(data), { signal });
  return collectMoments(
    data,
    (batch, firstRow) => {
      // A dataset was checked when it was made; a batch comes as the source has it.
      batch.features.forEach((column, j) => checkFinite(column, batch.featureNames[j] ?? '', firstRow));
      batch.targets.forEach((column, k) => checkFinite(column, batch.targetNames[k] ?? '', firstRow));
      return momentsOnDevice(context, batch, { signal, firstRow });
    },
    signal,
  );
}

async function uploadForMany(context: GpuContext, data: ManyData, options: UploadOptions): Promise<ManyTrainer> {
  const objective = objectiveOf(options);
  const choosing = manySource(context, data, options, objective);
  choosing.catch(() => undefined); // it is awaited below, and the upload may fail before
  const columns = data.targets.map(({ values }) => values);
  const standardization = Standardization.of(data.dataset, options.standardize, objective, columns);
  const layout = columnLayout(options.storage);
  const leastColumns = columnsPerModel({ loss: objective.loss, weighted: false });
  const uploaded = await uploadFolds(context, data, standardization, layout, options.signal, leastColumns);
  try {
    return new GpuTrainer(context, await choosing, uploaded, standardization, objective);
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

async function compileRecipe(context: GpuContext, recipe: Recipe): Promise<CompiledRecipe> {
  return { recipe, compiled: await compileKernels(context, recipe.kernels) };
}

/** A kernel that an adapter's compiler refuses is no reason to fail while the textbook's kernels compile. */
async function withFallback<Result>(
  make: () => Promise<Result>,
  textbook: (() => Promise<Result>) | undefined,
): Promise<{ result: Result; warnings: FitWarning[] }> {
  try {
    return { result: await make(), warnings: [] };
  } catch (error) {
    const isRefused = error instanceof DescentError && error.code === 'SHADER_COMPILATION';
    if (!isRefused || !textbook) throw error;
    const message = `Trained with the textbook kernels: ${error.message}`;
    return { result: await textbook(), warnings: [{ code: 'KERNELS_FALLBACK', message }] };
  }
}
