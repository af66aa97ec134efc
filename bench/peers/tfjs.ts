/**
 * TensorFlow.js on WebGPU, written for its kernels: no Layers API, no readback in the loop, every intermediate freed by
 * `tidy`. Its sums and its small matrix products run one workgroup per output, so long sums are split by a reshape.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import type { Arm, ArmFactory, ArmSession, Problem } from '../arm.js';
import { adapter, featureMajor, initialParameters, padded, roundUp, rowMajor } from './layout.js';

/** The arrays that a form keeps on the device, and one descent step from [w b], shaped as `shape` says. */
interface Program {
  shape: [number] | [number, number];
  data: tf.Tensor[];
  step(parameters: tf.Tensor): tf.Tensor;
}

interface Form {
  name: string;
  program(problem: Problem): Program;
}

/** Steps in the queue before a wait: tfjs itself never waits, and its queue would grow until the device is lost. */
const STEPS_PER_WAIT = 32;
/** Beyond this many features a dispatch per feature costs more than a matrix product. */
const WIDEST_BY_COLUMN = 64;
/** Under this many rows one workgroup sums a column faster than two dispatches do. */
const ROWS_WORTH_SPLITTING = 32_768;
/** MatMulReduceProgram in tfjs: a workgroup per output, the rows across its invocations. */
const MATMUL_BY_REDUCTION = 0;

/** The largest number of equal chunks that the rows divide into, up to `wanted`. */
function chunksThatDivide(rows: number, wanted: number): number {
  let chunks = rows < ROWS_WORTH_SPLITTING ? 1 : wanted;
  while (rows % chunks !== 0) chunks--;
  return chunks;
}

function columnTensors(problem: Problem, paddedRows: number): tf.Tensor[] {
  if (problem.features > WIDEST_BY_COLUMN) {
    throw new Error(`written for at most ${WIDEST_BY_COLUMN} features, got ${problem.features}`);
  }
  return problem.columns.map((column) => tf.tensor1d(padded(column, paddedRows)));
}

/** The matrix kernels read features in tiles of 128: on a software adapter a narrow matrix pays for the whole tile. */
function refuseNarrow(problem: Problem, narrowest: number): void {
  if (problem.features < narrowest) {
    throw new Error(`written for at least ${narrowest} features on this adapter, got ${problem.features}`);
  }
}

/** x1*w1 + x2*w2 + … + b − y, one elementwise kernel per operator. */
function residualByColumn(columns: tf.Tensor[], targets: tf.Tensor, parameters: tf.Tensor[]): tf.Tensor {
  const products = columns.map((column, j) => tf.mul(column, parameters[j]!));
  const sum = products.reduce((left, right) => tf.add(left, right));
  return tf.sub(tf.add(sum, parameters[columns.length]!), targets);
}

/** Elementwise kernels for the residual, then a two-stage sum for each partial derivative. */
const columnSums = (wantedChunks: number): Form => ({
  name: `columns, sums in ${wantedChunks} chunks`,
  program: (problem) => {
    const { rows, features } = problem;
    const chunks = chunksThatDivide(rows, wantedChunks);
    const columns = columnTensors(problem, rows);
    const targets = tf.tensor1d(problem.targets);
    const total = (vector: tf.Tensor) =>
      chunks === 1 ? tf.sum(vector) : tf.sum(tf.sum(tf.reshape(vector, [chunks, rows / chunks]), 1));
    return {
      shape: [features + 1],
      data: [...columns, targets],
      step: (parameters) => {
        const residual = residualByColumn(columns, targets, tf.split(parameters, features + 1));
        const partials = columns.map((column) => total(tf.mul(residual, column)));
        const gradient = tf.stack([...partials, total(residual)]);
        return tf.sub(parameters, tf.mul(gradient, problem.learningRate / rows));
      },
    };
  },
});

/** The same residual, and all partial derivatives by one batched product with [chunks, d + 1, rows / chunks]. */
const columnProducts = (chunks: number): Form => ({
  name: `columns, products in ${chunks} chunks`,
  program: (problem) => {
    const width = problem.features + 1;
    const rows = roundUp(problem.rows, 4 * chunks);
    const columns = columnTensors(problem, rows);
    const targets = tf.tensor1d(padded(problem.targets, rows));
    const blocks = tf.tidy(() =>
      tf.transpose(tf.tensor3d(featureMajor(problem, rows), [width, chunks, rows / chunks]), [1, 0, 2]),
    );
    const scale = tf.fill([1, chunks], problem.learningRate / problem.rows);
    return {
      shape: [width],
      data: [...columns, targets, blocks, scale],
      step: (parameters) => {
        const residual = residualByColumn(columns, targets, tf.split(parameters, width));
        // tfjs takes this program by itself for few outputs only; with many chunks it has to be told.
        tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', MATMUL_BY_REDUCTION);
        const partials = tf.matMul(blocks, tf.reshape(residual, [chunks, rows / chunks, 1]));
        tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', -1);
        const change = tf.matMul(scale, tf.reshape(partials, [chunks, width]));
        return tf.sub(parameters, tf.reshape(change, [width]));
      },
    };
  },
});

/** Two matrix products with the feature-major matrix: the forward one has m columns, so it has no limit on m. */
const transposedProducts = (narrowest: number): Form => ({
  name: 'transposed matrix',
  program: (problem) => {
    refuseNarrow(problem, narrowest);
    const width = problem.features + 1;
    const rows = roundUp(problem.rows, 4);
    const matrix = tf.tensor2d(featureMajor(problem, rows), [width, rows]);
    const targets = tf.tensor2d(padded(problem.targets, rows), [1, rows]);
    return {
      shape: [1, width],
      data: [matrix, targets],
      step: (parameters) => {
        const residual = tf.sub(tf.matMul(parameters, matrix), targets);
        const gradient = tf.matMul(residual, matrix, false, true);
        return tf.sub(parameters, tf.mul(gradient, problem.learningRate / problem.rows));
      },
    };
  },
});

/** Forward with the feature-major copy, gradient as a batch of vector-matrix products with the row-major one. */
const bothLayouts = (chunks: number, narrowest: number): Form => ({
  name: `both layouts, ${chunks} chunks`,
  program: (problem) => {
    refuseNarrow(problem, narrowest);
    const width = problem.features + 1;
    const rows = roundUp(problem.rows, 4 * chunks);
    const matrix = tf.tensor2d(featureMajor(problem, rows), [width, rows]);
    const blocks = tf.tensor3d(rowMajor(problem, rows), [chunks, rows / chunks, width]);
    const targets = tf.tensor2d(padded(problem.targets, rows), [1, rows]);
    const scale = tf.fill([1, chunks], problem.learningRate / problem.rows);
    return {
      shape: [1, width],
      data: [matrix, blocks, targets, scale],
      step: (parameters) => {
        const residual = tf.sub(tf.matMul(parameters, matrix), targets);
        const partials = tf.matMul(tf.reshape(residual, [chunks, 1, rows / chunks]), blocks);
        return tf.sub(parameters, tf.matMul(scale, tf.reshape(partials, [chunks, width]) as tf.Tensor2D));
      },
    };
  },
});

async function open(form: Form, problem: Problem): Promise<ArmSession> {
  const { shape, data, step } = form.program(problem);
  const start = () => tf.tensor(initialParameters(problem), shape);
  let parameters = start();
  return {
    train: async (epochs) => {
      for (let i = 1; i <= epochs; i++) {
        const next = tf.tidy(() => step(parameters));
        parameters.dispose();
        parameters = next;
        if (i % STEPS_PER_WAIT === 0 || i === epochs) await parameters.data();
      }
    },
    parameters: async () => {
      const values = await parameters.data<'float32'>();
      return { weights: values.slice(0, problem.features), bias: values[problem.features]! };
    },
    reset: async () => {
      parameters.dispose();
      parameters = start();
    },
    close: async () => tf.dispose([parameters, ...data]),
  };
}

export const tfjsWebgpu: ArmFactory = async () => {
  const { text, isSoftware } = await adapter();
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs could not start its webgpu backend');
  await tf.ready();
  // A GPU wants many workgroups. A software adapter has a few cores, and there every workgroup with a barrier is dear.
  const forms = isSoftware
    ? [columnSums(4), columnProducts(1), transposedProducts(16), bothLayouts(16, 16)]
    : [
        columnSums(64),
        columnSums(512),
        columnProducts(64),
        columnProducts(512),
        transposedProducts(1),
        bothLayouts(256, 1),
      ];
  return forms.map((form) => ({
    name: `tfjs WebGPU: ${form.name}`,
    kind: 'peer-webgpu',
    describe: `@tensorflow/tfjs-core ${tf.version_core}, ${text}`,
    open: (problem) => open(form, problem),
  })) satisfies Arm[];
};
