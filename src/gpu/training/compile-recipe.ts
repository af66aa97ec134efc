import { DescentError } from '../../base/errors.js';
import type { FitWarning } from '../../descent/report.js';
import { compileKernels } from '../device/compile.js';
import type { GpuContext } from '../device/device.js';
import type { CompiledRecipe } from './prepare-run.js';
import type { Recipe } from './recipe.js';

/** A recipe with its kernels compiled. */
export async function compileRecipe(context: GpuContext, recipe: Recipe): Promise<CompiledRecipe> {
  return { recipe, compiled: await compileKernels(context, recipe.kernels) };
}

/** A kernel that an adapter's compiler refuses is no reason to fail while the textbook's kernels compile. */
export async function withFallback<Result>(
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
