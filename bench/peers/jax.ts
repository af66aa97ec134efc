/**
 * jax-js, written for its compiler: a jitted step, arrays placed on the device once, and every long sum split in two by a
 * reshape, because one output of a reduction is summed by one thread (16 at best). Each array is consumed by the operation
 * that takes it; `.ref` keeps it for another.
 */
import { blockUntilReady, devicePut, init, jit, numpy as np } from '@jax-js/jax';
import manifest from './package.json';
import type { Arm, ArmFactory, ArmSession, Problem } from '../arm.js';
import { adapter, featureMajor, initialParameters, padded, roundUp, rowMajor } from './layout.js';

type Device = 'webgpu' | 'wasm';

/** The arrays that a form puts on the device, and the gradient ∑ r·[x 1] (not yet divided by m) from [w b] and those arrays. */
interface Form {
  name: string;
  arrays(problem: Problem): np.Array[];
  gradient(parameters: np.Array, arrays: np.Array[], problem: Problem): np.Array;
}

/** Every queued step holds its own residual, [m]: the queue is waited for when those would fill this much memory. */
const QUEUED_BYTES = 2 ** 28;
/** And after this many steps at the latest, so that the queue stays short. */
const MOST_STEPS_PER_WAIT = 64;
/** Chunk lengths are multiples of 16 rows, so that the compiler can unroll and vectorise the sum along a chunk. */
const UNROLL_ROWS = 16;

/** Residual as vector times feature-major matrix, gradient as `chunks` partial dot products per feature. */
const chunkedColumns = (chunks: number): Form => {
  const padRows = (problem: Problem) => roundUp(problem.rows, chunks * UNROLL_ROWS);
  return {
    name: `columns in ${chunks} chunks`,
    arrays: (problem) => [
      np.array(featureMajor(problem, padRows(problem))).reshape([problem.features + 1, padRows(problem)]),
      np.array(padded(problem.targets, padRows(problem))),
    ],
    gradient: (parameters, [matrix, targets], problem) => {
      const residual = np.matmul(parameters, matrix!.ref).sub(targets!);
      const shape = [chunks, padRows(problem) / chunks];
      const partials = np.einsum(
        'dkc,kc->dk',
        matrix!.reshape([problem.features + 1, ...shape]),
        residual.reshape(shape),
      );
      return partials.sum(1);
    },
  };
};

/** The row-major counterpart: threads lie along the features, each with one chunk of rows. */
const chunkedRows = (chunks: number): Form => {
  const padRows = (problem: Problem) => roundUp(problem.rows, chunks * UNROLL_ROWS);
  return {
    name: `rows in ${chunks} chunks`,
    arrays: (problem) => [
      np.array(rowMajor(problem, padRows(problem))).reshape([padRows(problem), problem.features + 1]),
      np.array(padded(problem.targets, padRows(problem))),
    ],
    gradient: (parameters, [matrix, targets], problem) => {
      const residual = np.matmul(matrix!.ref, parameters).sub(targets!);
      const shape = [chunks, padRows(problem) / chunks];
      const partials = np.einsum(
        'kc,kcd->kd',
        residual.reshape(shape),
        matrix!.reshape([...shape, problem.features + 1]),
      );
      return partials.sum(0);
    },
  };
};

/**
 * Narrow data: the residual is written elementwise with a single consumer, so the compiler fuses it into the gradient's
 * reduction and the residual never touches memory. It is computed once per feature: d² work, which pays for small d only.
 */
const oneKernel = (lanes: number): Form => {
  const widest = 8;
  const padRows = (problem: Problem) => roundUp(problem.rows, Math.min(lanes, roundUp(problem.rows, UNROLL_ROWS)));
  const shape = (problem: Problem, first: number) => {
    const rows = padRows(problem);
    const lanesHere = Math.min(lanes, rows);
    return [first, rows / lanesHere, lanesHere];
  };
  return {
    name: `one kernel over ${lanes} lanes`,
    arrays: (problem) => {
      if (problem.features > widest) throw new Error(`written for at most ${widest} features, got ${problem.features}`);
      return [
        np.array(featureMajor(problem, padRows(problem))).reshape(shape(problem, problem.features + 1)),
        np.array(padded(problem.targets, padRows(problem))).reshape(shape(problem, 1)),
      ];
    },
    gradient: (parameters, [matrix, targets], problem) => {
      const width = problem.features + 1;
      const weights = np.split(parameters, width);
      const columns = np.split(matrix!.ref, width, 0);
      let residual = targets!.mul(-1);
      columns.forEach((column, j) => (residual = residual.add(column.mul(weights[j]!.reshape([1, 1, 1])))));
      return matrix!.mul(residual).sum(1).sum(1);
    },
  };
};

/** Small data: the fewest kernels. Its f32 sums run over all rows, so it is refused where they would lose digits. */
const plainMatmul: Form = {
  name: 'two matmuls',
  arrays: (problem) => {
    const most = 131_072;
    if (problem.rows > most) throw new Error(`sums all rows in one f32: at most ${most} rows, got ${problem.rows}`);
    const rows = roundUp(problem.rows, UNROLL_ROWS);
    return [
      np.array(featureMajor(problem, rows)).reshape([problem.features + 1, rows]),
      np.array(padded(problem.targets, rows)),
    ];
  },
  gradient: (parameters, [matrix, targets]) => np.matmul(matrix!, np.matmul(parameters, matrix!.ref).sub(targets!)),
};

async function open(device: Device, form: Form, problem: Problem): Promise<ArmSession> {
  const scale = problem.learningRate / problem.rows;
  const stepsPerWait = Math.min(MOST_STEPS_PER_WAIT, Math.max(1, Math.floor(QUEUED_BYTES / (4 * problem.rows))));
  const start = () => devicePut(np.array(initialParameters(problem)), device);
  const data: np.Array[] = await devicePut(form.arrays(problem), device);
  await blockUntilReady(data);
  const step = jit((parameters: np.Array, ...arrays: np.Array[]) =>
    parameters.ref.sub(form.gradient(parameters, arrays, problem).mul(scale)),
  );
  let parameters = await start();
  return {
    train: async (epochs) => {
      for (let i = 1; i <= epochs; i++) {
        parameters = step(parameters, ...data.map((array) => array.ref));
        if (i % stepsPerWait === 0 || i === epochs) await blockUntilReady(parameters);
      }
    },
    parameters: async () => {
      const values = (await parameters.ref.data()) as Float32Array;
      return { weights: values.slice(0, problem.features), bias: values[problem.features]! };
    },
    reset: async () => {
      parameters.dispose();
      parameters = await start();
    },
    close: async () => {
      step.dispose();
      for (const array of [parameters, ...data]) array.dispose();
    },
  };
}

const arms = (device: Device, kind: Arm['kind'], where: string, forms: Form[]): Arm[] =>
  forms.map((form) => ({
    name: `jax-js ${device === 'webgpu' ? 'WebGPU' : 'wasm'}: ${form.name}`,
    kind,
    describe: `@jax-js/jax ${manifest.dependencies['@jax-js/jax']}, ${where}`,
    open: (problem) => open(device, form, problem),
  }));

export const jaxWebgpu: ArmFactory = async () => {
  const { text, isSoftware } = await adapter();
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js could not start its webgpu device');
  // Two CPU cores are busy with 64 chunks; a GPU hides the latency of its memory behind far more threads.
  const forms = isSoftware
    ? [oneKernel(16_384), chunkedRows(64), plainMatmul]
    : [oneKernel(16_384), oneKernel(131_072), chunkedRows(64), chunkedRows(1024), chunkedColumns(1024), plainMatmul];
  return arms('webgpu', 'peer-webgpu', text, forms);
};

export const jaxWasm: ArmFactory = async () => {
  if (!(await init('wasm')).includes('wasm')) throw new Error('jax-js could not start its wasm device');
  // Its worker pool shares memory, which a browser allows on pages that are isolated from other origins only.
  if (!globalThis.crossOriginIsolated)
    throw new Error('jax-js wasm needs a cross-origin isolated page for its threads');
  const where = `wasm, ${navigator.hardwareConcurrency} threads`;
  return arms('wasm', 'peer-cpu', where, [chunkedColumns(64), plainMatmul]);
};
