import type { Backend, Trainer, UploadOptions } from '../backend.js';
import type { Dataset } from '../dataset.js';
import { DescentError } from '../errors.js';
import type { FitWarning } from '../report.js';
import { type CompiledKernel, compileKernels } from './compile.js';
import { createContext, type GpuContext } from './device.js';
import { type Recipe, recipeFor, TEXTBOOK } from './recipes.js';
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
    dispose: () => {
      if (!given) context.dispose();
    },
  };
}

async function uploadForTraining(
  context: GpuContext,
  dataset: Dataset,
  { standardize, kernels }: UploadOptions,
): Promise<Trainer> {
  const compiling = compileRecipe(context, recipeFor(dataset.featureCount, kernels));
  const standardization = new Standardization(dataset, standardize);
  const [compiled, data] = await Promise.allSettled([compiling, uploadDataset(context, dataset, standardization)]);
  if (compiled.status === 'fulfilled' && data.status === 'fulfilled') {
    return new GpuTrainer(context, compiled.value, data.value, standardization);
  }
  if (data.status === 'fulfilled') data.value.destroy();
  throw (compiled.status === 'rejected' ? compiled.reason : (data as PromiseRejectedResult).reason) as Error;
}

/** A recipe with its kernels, and what there is to say about how it came to be chosen. */
export interface CompiledRecipe {
  recipe: Recipe;
  compiled: CompiledKernel[];
  warnings: FitWarning[];
}

/** A kernel that an adapter's compiler refuses is no reason to fail while the textbook's kernels compile. */
async function compileRecipe(context: GpuContext, recipe: Recipe): Promise<CompiledRecipe> {
  try {
    return { recipe, compiled: await compileKernels(context, recipe.kernels), warnings: [] };
  } catch (error) {
    const isRefused = error instanceof DescentError && error.code === 'SHADER_COMPILATION';
    if (!isRefused || recipe === TEXTBOOK) throw error;
    const message = `Trained with the textbook kernels: ${error.message}`;
    const compiled = await compileKernels(context, TEXTBOOK.kernels);
    return { recipe: TEXTBOOK, compiled, warnings: [{ code: 'KERNELS_FALLBACK', message }] };
  }
}
