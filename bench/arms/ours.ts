import { coreCount } from '../../src/base/host.js';
import { openCpuBackend } from '../../src/cpu/backend.js';
import { Dataset } from '../../src/data/dataset.js';
import type { Backend, Trainer } from '../../src/descent/backend.js';
import { fit } from '../../src/fit.js';
import { openGpuBackend } from '../../src/gpu/backend.js';
import { createContext, type GpuContext } from '../../src/gpu/device/device.js';
import { MomentsTrainer } from '../../src/moments/descent/trainer.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { openReferenceBackend } from '../../src/reference/backend.js';
import type { Arm, ArmFactory, ArmSession, Problem } from '../arm.js';
import { OURS, OURS_CPU } from '../result.js';

/** Our kernels on the GPU, reading X in every epoch. One device serves all cases, as in an application. */
export const oursStreaming: ArmFactory = async () => [streamingOn(await createContext())];

/** The same on a context that the caller disposes of. */
export function streamingOn(context: GpuContext): Arm {
  return {
    name: OURS,
    kind: 'ours',
    describe: `streaming, on ${adapterOf(context)}`,
    open: async (problem) => openSession(await openGpuBackend(context), problem, upload),
    timeJob: (problem, epochs) => timeFit(problem, epochs, { backend: 'webgpu', strategy: 'streaming', context }),
  };
}

/** Our kernels on the GPU, reading X once for all epochs. */
export const oursMoments: ArmFactory = async () => [momentsOn(await createContext())];

export function momentsOn(context: GpuContext): Arm {
  return {
    name: 'webgpu-descent moments',
    kind: 'ours',
    describe: `moments, added up on ${adapterOf(context)}${context.adapter.isSoftware ? ' and in part on the CPU' : ''}, epochs on the CPU`,
    isJobOnly: true,
    open: async (problem) => openSession(await openGpuBackend(context), problem, addUp),
    timeJob: (problem, epochs) => timeFit(problem, epochs, { backend: 'webgpu', strategy: 'moments', context }),
  };
}

function adapterOf({ adapter: { vendor, architecture, description } }: GpuContext): string {
  return [vendor, architecture, description].filter(Boolean).join(' ');
}

/** Our kernels on the CPU, reading X in every epoch, on all cores where that pays. */
export const oursCpu: ArmFactory = () => {
  const arm: Arm = {
    name: OURS_CPU,
    kind: 'ours',
    isOnCpu: true,
    describe: `WebAssembly, ${coreCount()} cores, ${typeof SharedArrayBuffer === 'undefined' ? 'messages' : 'shared memory'}`,
    open: (problem) => openSession(openCpuBackend(), problem, upload),
    timeJob: (problem, epochs) => timeFit(problem, epochs, { backend: 'cpu', strategy: 'streaming' }),
  };
  return Promise.resolve([arm]);
};

/** The f64 reference: written to be read, not to be fast. */
export const oursReference: ArmFactory = () => {
  const arm: Arm = {
    name: 'webgpu-descent reference',
    kind: 'cpu',
    describe: 'plain f64 loops, one thread',
    open: (problem) => openSession(openReferenceBackend(), problem, upload),
  };
  return Promise.resolve([arm]);
};

/** The epochs of a fit by default, which decide how many threads pay. */
const DEFAULT_EPOCHS = 1000;

type OpenTrainer = (backend: Backend, dataset: Dataset) => Promise<Trainer>;

const upload: OpenTrainer = (backend, dataset) =>
  backend.upload(dataset, { standardize: false, kernels: 'auto', storage: 'f32', epochs: DEFAULT_EPOCHS });

const addUp: OpenTrainer = async (backend, dataset) =>
  new MomentsTrainer(await backend.moments(dataset), { standardize: false });

async function openSession(backend: Backend, problem: Problem, open: OpenTrainer): Promise<ArmSession> {
  const trainer = await open(backend, datasetOf(problem));
  const initial = Float64Array.from([...problem.initialWeights, problem.initialBias]);
  let parameters: Float64Array = initial;
  const everyEpoch = { tolerance: 0, patience: 1, l1: 0, l2: 0, signal: undefined, onProgress: undefined };
  return {
    train: async (epochs) => {
      const settings = { ...everyEpoch, epochs, learningRate: problem.learningRate };
      ({ parameters } = await trainer.run(parameters, settings));
    },
    parameters: () => Promise.resolve(trainer.toCallerUnits(parameters)),
    reset: () => {
      parameters = initial;
      return Promise.resolve();
    },
    close: () => {
      trainer.dispose();
      backend.dispose();
      return Promise.resolve();
    },
  };
}

/** The job as a user asks for it, learning-rate limit included. */
async function timeFit(problem: Problem, epochs: number, where: FitOptions): Promise<number> {
  const startMs = performance.now();
  await fit(datasetOf(problem), {
    ...where,
    epochs,
    learningRate: problem.learningRate,
    tolerance: 0,
    standardize: false,
    initialParameters: { weights: problem.initialWeights, bias: problem.initialBias },
  });
  return performance.now() - startMs;
}

export function datasetOf({ columns, targets }: Pick<Problem, 'columns' | 'targets'>): Dataset {
  const names = columns.map((_, j) => `x${j + 1}`);
  return new Dataset(columns, targets, names, 'y');
}
