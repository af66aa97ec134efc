import type { Backend, Trainer, UploadOptions } from '../backend.js';
import { checkFinite, Dataset } from '../dataset.js';
import { DescentError } from '../errors.js';
import { collectMoments } from '../moments/collect.js';
import { columnsOf } from '../moments/columns.js';
import type { Moments } from '../moments/moments.js';
import type { FitWarning } from '../report.js';
import type { ExampleSource } from '../sources/source.js';
import { type CompiledKernel, compileKernels } from './compile.js';
import { createContext, type GpuContext } from './device.js';
import type { Storage } from './kernels.js';
import { momentsOnDevice } from './moments.js';
import { type Recipe, recipeFor, textbook } from './recipes.js';
import { Standardization } from './standardization.js';
import { GpuTrainer } from './trainer.js';
import { uploadDataset } from './upload.js';

/** Opens the WebGPU backend on the given context, or on one of its own that ends with it. */
export async function openGpuBackend(given?: GpuContext): Promise<Backend> {
  const context = given ?? (await createContext());
  context.check();
  return {
    name: 'webgpu',
    adapter: context.adapter,
    upload: (dataset, options) => uploadForTraining(context, dataset, options),
    moments: (data, signal) => addUpMoments(context, data, signal),
    dispose: () => {
      if (!given) context.dispose();
    },
  };
}

async function uploadForTraining(context: GpuContext, dataset: Dataset, options: UploadOptions): Promise<Trainer> {
  const { tuning, limits, subgroupSize } = context;
  const recipe = recipeFor(dataset.featureCount, {
    ...options,
    exampleCount: dataset.exampleCount,
    tuning,
    limits,
    subgroupSize,
  });
  const compiling = compileRecipe(context, recipe, dataset.featureCount, options.storage);
  compiling.catch(() => undefined); // it is awaited below, and the upload may fail before
  const standardization = new Standardization(dataset, options.standardize);
  let data = await uploadDataset(context, dataset, standardization, recipe.layout, options.signal);
  try {
    const compiled = await compiling;
    if (compiled.recipe.layout.order !== recipe.layout.order) {
      data.destroy();
      data = await uploadDataset(context, dataset, standardization, compiled.recipe.layout, options.signal);
    }
    return new GpuTrainer(context, compiled, data, standardization);
  } catch (error) {
    data.destroy();
    throw error;
  }
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

/** A recipe with its kernels, and what there is to say about how it came to be chosen. */
export interface CompiledRecipe {
  recipe: Recipe;
  compiled: CompiledKernel[];
  warnings: FitWarning[];
}

/** A kernel that an adapter's compiler refuses is no reason to fail while the textbook's kernels compile. */
async function compileRecipe(
  context: GpuContext,
  recipe: Recipe,
  featureCount: number,
  storage: Storage,
): Promise<CompiledRecipe> {
  try {
    return { recipe, compiled: await compileKernels(context, recipe.kernels), warnings: [] };
  } catch (error) {
    const isRefused = error instanceof DescentError && error.code === 'SHADER_COMPILATION';
    if (!isRefused || recipe.name === 'textbook') throw error;
    const message = `Trained with the textbook kernels: ${error.message}`;
    const plain = textbook(featureCount, context.tuning, storage);
    const compiled = await compileKernels(context, plain.kernels);
    return { recipe: plain, compiled, warnings: [{ code: 'KERNELS_FALLBACK', message }] };
  }
}
