import type { Backend, Trainer } from '../backend.js';
import type { Dataset } from '../dataset.js';
import { compileKernel } from './compile.js';
import { createContext, type GpuContext } from './device.js';
import type { EpochKernels } from './epoch.js';
import { GRADIENT, RESIDUAL, UPDATE } from './kernels.js';
import { Standardization } from './standardization.js';
import { GpuTrainer } from './trainer.js';
import { uploadDataset } from './upload.js';

/** Opens the WebGPU backend on the given context, or on one of its own that ends with it. */
export async function openGpuBackend(given?: GpuContext): Promise<Backend> {
  const context = given ?? (await createContext());
  const closeOwn = () => {
    if (!given) context.dispose();
  };
  try {
    context.check();
    const kernels = await compileKernels(context);
    return {
      name: 'webgpu',
      adapter: context.adapter,
      upload: (dataset, standardize) => uploadForTraining(context, kernels, dataset, standardize),
      dispose: closeOwn,
    };
  } catch (error) {
    closeOwn();
    throw error;
  }
}

async function uploadForTraining(
  context: GpuContext,
  kernels: EpochKernels,
  dataset: Dataset,
  standardize: boolean,
): Promise<Trainer> {
  const standardization = new Standardization(dataset, standardize);
  const data = await uploadDataset(context, dataset, standardization);
  return new GpuTrainer(context, kernels, data, standardization);
}

/** All kernels of the epoch, compiled side by side. */
async function compileKernels(context: GpuContext): Promise<EpochKernels> {
  const [residual, gradient, update] = await Promise.all([
    compileKernel(context, RESIDUAL),
    compileKernel(context, GRADIENT),
    compileKernel(context, UPDATE),
  ]);
  return { residual, gradient, update };
}
