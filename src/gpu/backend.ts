import { beforeAbort, inTurns } from '../base/turns.js';
import type { Backend, Trainer, UploadOptions } from '../descent/backend.js';
import { type Batches, dealBatches } from '../descent/batches.js';
import { Dataset } from '../data/checked-dataset.js';
import { objectiveOf } from '../descent/loss.js';
import type { FitWarning } from '../descent/report.js';
import { type Objective } from '../options/objective.js';
import { isSynthetic } from '../data/is-synthetic.js';
import type { SyntheticData } from '../data/synthetic.js';
import { miniBatchesOf } from './examples/mini-batches.js';
import { BufferExamples } from './examples/buffer-examples.js';
import { compileRecipe, withFallback } from './training/compile-recipe.js';
import type { GpuContext } from './device/device.js';
import { borrowDevice } from './device/kept-device.js';
import type { Layout } from './kernels/layout.js';
import { withoutFolds } from './examples/upload-folds.js';
import type { CompiledRecipe } from './training/prepare-run.js';
import type { Recipe, RecipeChoice } from './training/recipe.js';
import { columnsPerModel, recipeFor, textbook } from './training/recipes.js';
import { recipesWith } from './training/short-batches.js';
import { Standardization } from '../descent/standardization.js';
import { standardizationOfSynthetic } from './examples/standardization.js';
import type { SurveyedExamples } from './examples/example-statistics.js';
import { type RecipeRequest, GpuTrainer, type RecipeSource } from './training/trainer.js';
import { uploadDataset, type UploadedDataset } from './examples/upload.js';

type Examples = Dataset | SyntheticData | BufferExamples;

/** Examples that this backend can read. Buffers are the only ones of a device that it makes. */
function readable(examples: Parameters<Backend['upload']>[0]): Examples {
  if (examples instanceof Dataset || isSynthetic(examples) || examples instanceof BufferExamples) {
    return examples;
  }
  throw new TypeError('examples of another device');
}

/** Opens the WebGPU backend on the given context, or on the device that is kept for fits without one. */
export async function openGpuBackend(sharedContext?: GpuContext): Promise<Backend> {
  const { context, release } = sharedContext
    ? { context: sharedContext, release: () => undefined }
    : await borrowDevice();
  context.check();
  return {
    name: 'webgpu',
    adapter: context.adapter,
    upload: (examples, options) => uploadForTraining(context, readable(examples), options),
    moments: async (data, signal) => (await import('./moments/add-up.js')).addUpOnDevice(context, data, signal),
    uploadMany: async (data, options) =>
      (await import('./training/upload-many.js')).uploadForMany(context, data, options),
    dispose: release,
  };
}

async function uploadForTraining(context: GpuContext, examples: Examples, options: UploadOptions): Promise<Trainer> {
  const objective = objectiveOf(options);
  const batches =
    examples instanceof Dataset
      ? await inTurns(dealBatches(examples.exampleCount, examples.exampleWeights, options), options.signal)
      : null;
  const plan = planRecipes(context, examples, options, batches);
  const recipe = plan.choose(plan.own);
  const compiling = withFallback(
    () => compileRecipe(context, recipe),
    recipe.name === 'textbook' ? undefined : () => compileRecipe(context, plan.choose(plan.own, 'textbook')),
  );
  compiling.catch(() => undefined); // it is awaited below, and the upload may fail before
  const surveyed = await whatIsKnown(context, examples, options, objective);
  const { signal } = options;
  const layOut = (some: Examples, layout: Layout) => {
    const dealt = some === examples ? batches : null;
    return layOutOn(context, some, surveyed, layout, { leastColumns: plan.besideX, batches: dealt, signal });
  };
  let data = await layOut(examples, recipe.layout);
  let validationData: UploadedDataset | undefined;
  try {
    const { result: compiled, warnings } = await beforeAbort(compiling, signal);
    const { layout } = compiled.recipe;
    if (layout.order !== recipe.layout.order) {
      data.destroy();
      data = await layOut(examples, layout);
    }
    validationData = options.validation && (await layOut(options.validation, layout));
    const source = recipeSource(context, plan, compiled, warnings);
    const { standardization } = surveyed;
    const mini = batches && (await miniBatchesOf(examples as Dataset, batches, standardization, objective, signal));
    return new GpuTrainer(context, source, withoutFolds(data), standardization, objective, { validationData, mini });
  } catch (error) {
    data.destroy();
    validationData?.destroy();
    throw error;
  }
}

/** The recipes that these examples can be trained by. */
interface RecipePlan {
  /** The request of the fit itself. */
  own: RecipeRequest;
  /** Columns beside X that every recipe needs room for. */
  besideX: number;
  /** `name`: 'textbook' takes the plain recipe in place of the fastest. */
  choose: (request: RecipeRequest, name?: Recipe['name']) => Recipe;
}

function planRecipes(
  { tuning, limits, subgroupSize, isSubgroupPinned }: GpuContext,
  examples: Examples,
  options: UploadOptions,
  batches: Batches | null,
): RecipePlan {
  const { loss } = objectiveOf(options);
  const { kernels, storage, optimizer } = options;
  const { featureCount, exampleCount } = examples;
  const weighted = 'exampleWeights' in examples && examples.exampleWeights !== undefined;
  // What the objective takes is enough for the curvature too, which is of the squared loss.
  const besideX = columnsPerModel({ loss, weighted });
  const shared = { kernels, storage, exampleCount, besideX, tuning, limits, subgroupSize, isSubgroupPinned };
  const choiceFor = ({ loss, needsPass = false, ...request }: RecipeRequest): RecipeChoice => {
    const isValidated = needsPass || options.validation !== undefined;
    return { ...shared, terms: { loss, weighted }, isValidated, ...request };
  };
  const fastest = batches ? recipesWith(batches) : recipeFor;
  return {
    own: { loss, isConjugate: optimizer === 'conjugateGradient', inBatches: batches !== null },
    besideX,
    choose: (request, name) => (name === 'textbook' ? textbook : fastest)(featureCount, choiceFor(request)),
  };
}

/** Hands out the recipe that is compiled, and compiles the others when they are asked for. */
function recipeSource(
  context: GpuContext,
  { own, choose }: RecipePlan,
  compiled: CompiledRecipe,
  warnings: readonly FitWarning[],
): RecipeSource {
  const { recipe } = compiled;
  const isCompiled = (request: RecipeRequest) => isSame(request, own) && !(request.needsPass && !recipe.pass);
  return {
    name: recipe.name,
    warnings,
    share: (quadCount) => recipe.share(quadCount),
    recipeFor: (_, request) =>
      isCompiled(request) ? Promise.resolve(compiled) : compileRecipe(context, choose(request, recipe.name)),
  };
}

/** True if both ask for the same kernels, but for those of a pass without an update. */
function isSame(a: RecipeRequest, b: RecipeRequest): boolean {
  return a.loss === b.loss && a.isConjugate === b.isConjugate && a.inBatches === b.inBatches;
}

/** The scaling of the examples, computed before they are arranged in the layout of training; buffers are surveyed for it. */
async function whatIsKnown(
  context: GpuContext,
  examples: Examples,
  options: UploadOptions,
  objective: Objective,
): Promise<SurveyedExamples> {
  const { standardize } = options;
  if (options.standardization) return { standardization: options.standardization, weights: undefined };
  if (examples instanceof BufferExamples) {
    const { surveyExamples } = await import('./examples/example-statistics.js');
    return surveyExamples(context, examples, options, objective);
  }
  const standardization =
    examples instanceof Dataset
      ? await inTurns(Standardization.measure(examples, standardize, objective), options.signal)
      : standardizationOfSynthetic(examples, standardize, objective);
  return { standardization, weights: undefined };
}

/** Brings the examples to the device: copies them, generates them there, or arranges those that are there already. */
async function layOutOn(
  context: GpuContext,
  examples: Examples,
  surveyed: SurveyedExamples,
  layout: Layout,
  { leastColumns, batches, signal }: { leastColumns: number; batches: Batches | null; signal: AbortSignal | undefined },
): Promise<UploadedDataset> {
  if (examples instanceof BufferExamples) {
    const { arrangeDataset } = await import('./examples/import-buffers.js');
    return arrangeDataset(context, examples, surveyed, layout, { leastColumns, signal });
  }
  if (examples instanceof Dataset) {
    const part = { leastColumns, ...(batches && { rows: batches.rows, batchSize: batches.size }) };
    return uploadDataset(context, examples, surveyed.standardization, layout, signal, part);
  }
  const { generateDataset } = await import('./examples/generate.js');
  return generateDataset(context, examples, layout, signal, leastColumns);
}
