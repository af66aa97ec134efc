import type { Parameters } from '../../descent/backend.js';
import { DescentError } from '../../base/errors.js';
import type { Loss } from '../../options/names.js';
import { BufferExamples, requireContext } from '../examples/buffer-examples.js';
import type { BufferInput } from '../../data/buffer-input.js';
import { Buffers, read, readWrite, uniform } from '../device/buffers.js';
import { bind, type CompiledKernel, compileKernels } from '../device/compile.js';
import { writeConfig } from '../kernels/uniforms.js';
import type { GpuContext } from '../device/device.js';
import {
  AS_IT_IS,
  type ColumnSums,
  type ColumnSurvey,
  type RowWeights,
  sumTable,
  surveyTable,
} from '../examples/column-statistics.js';
import { surveyLabels, surveyWeights } from '../examples/example-statistics.js';
import { predictKernel, type PredictOutput } from '../kernels/table-kernels.js';
import { besidePiece, checkTables, piecesOf, type BufferTable } from '../examples/tables.js';
import { workgroupsOfLoners } from '../device/tuning.js';

/** The options of a model that reads a caller's buffers. */
export interface BufferOptions {
  /** The context of the device that the buffers belong to: `contextFromDevice(device)`. */
  context: GpuContext;
}

/** The options of predictions for a buffer of features. */
export interface PredictOptions extends BufferOptions {
  /** m. Default: as many whole rows as the buffer holds. */
  exampleCount?: number | undefined;
}

/** A model as the kernels know it. */
export interface LinearParameters extends Parameters {
  loss: Loss;
  featureNames: readonly string[];
}

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** The predictions for a buffer of features, in a new buffer [m] that belongs to the caller. */
export async function predictOnDevice(
  model: LinearParameters,
  features: GPUBuffer,
  { context, exampleCount }: Partial<PredictOptions> = {},
): Promise<GPUBuffer> {
  requireContext(context);
  const rowCount = exampleCount ?? features.size / FLOAT_BYTES / model.weights.length;
  if (!Number.isSafeInteger(rowCount) || rowCount < 1) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: exampleCount === undefined ? `a GPUBuffer of ${features.size} bytes` : `exampleCount ${exampleCount}`,
      expected: `one or more complete rows of ${model.weights.length} in f32: ${model.featureNames.join(', ')}`,
      fix: 'Pass features row by row, and exampleCount if the buffer is larger.',
    });
  }
  const table: BufferTable = { label: 'features', buffer: features, rowCount, columns: model.featureNames };
  await checkTables(context, [table]);
  return predicted(context, model, model.loss === 'logistic' ? 'probability' : 'prediction', table);
}

/** The score over examples in buffers, as `LinearModel.score` defines it; the sums are folded in f64. */
export async function scoreOnDevice(
  model: LinearParameters,
  input: BufferInput,
  { context }: Partial<BufferOptions> = {},
): Promise<number> {
  requireContext(context);
  const { features, targets, exampleWeights, featureCount } = new BufferExamples(input);
  if (featureCount !== model.weights.length) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `buffers of ${featureCount} features`,
      expected: `${model.weights.length}: ${model.featureNames.join(', ')}`,
      fix: 'Score with the features that the model was trained on.',
    });
  }
  await checkTables(context, [features, targets, ...(exampleWeights ? [exampleWeights] : [])]);
  const weights = exampleWeights && (await surveyWeights(context, exampleWeights));
  // What is not finite is refused where it lies: a residual would only tell the row.
  const asTheyAre = features.columns.map(() => AS_IT_IS);
  await sumTable(context, features, asTheyAre);
  const score = model.loss === 'logistic' ? accuracyOf : explainedShareOf;
  return score(context, model, features, targets, weights);
}

/** R² */
async function explainedShareOf(
  context: GpuContext,
  model: LinearParameters,
  features: BufferTable,
  targets: BufferTable,
  weights: RowWeights | undefined,
): Promise<number> {
  const [target] = (await surveyTable(context, targets, { weights })) as [ColumnSurvey];
  const buffer = await predicted(context, model, 'residual', features, targets);
  try {
    const table: BufferTable = { label: 'residuals', buffer, rowCount: features.rowCount, columns: ['residual'] };
    const [residual] = (await surveyTable(context, table, { weights })) as [ColumnSurvey];
    if (target.least === target.greatest) return residual.least === 0 && residual.greatest === 0 ? 1 : 0;
    return 1 - (residual.mean ** 2 + residual.deviation ** 2) / target.deviation ** 2;
  } finally {
    buffer.destroy();
  }
}

/** The share of labels that are right. */
async function accuracyOf(
  context: GpuContext,
  model: LinearParameters,
  features: BufferTable,
  targets: BufferTable,
  weights: RowWeights | undefined,
): Promise<number> {
  await surveyLabels(context, targets, weights);
  const buffer = await predicted(context, model, 'correct', features, targets);
  try {
    const table: BufferTable = { label: 'hits', buffer, rowCount: features.rowCount, columns: ['log-odds'] };
    const [{ sum }] = (await sumTable(context, table, [AS_IT_IS], { weights })) as [ColumnSums];
    return sum / (weights?.total ?? features.rowCount);
  } finally {
    buffer.destroy();
  }
}

/** The output of predict for each row, [m], in a new buffer. */
async function predicted(
  context: GpuContext,
  model: LinearParameters,
  output: PredictOutput,
  features: BufferTable,
  targets?: BufferTable,
): Promise<GPUBuffer> {
  const { device, limits, tuning } = context;
  const parameters = parametersInF32(model);
  const pieces = piecesOf(features, limits, tuning);
  const [compiled] = (await compileKernels(context, [predictKernel(output, tuning)])) as [CompiledKernel];
  const results = new Buffers(device);
  const working = new Buffers(device);
  try {
    const { outputs, onDevice } = await context.guard(`make room for ${features.rowCount} predictions`, () => {
      const buffers = {
        outputs: results.storage(output, features.rowCount * FLOAT_BYTES),
        onDevice: working.storage('parameters', parameters.byteLength),
      };
      device.queue.writeBuffer(buffers.onDevice, 0, parameters);
      return buffers;
    });
    for (const piece of pieces) {
      const { rowCount, range } = piece;
      await context.guard(`predict ${rowCount} rows`, () => {
        const shape = { featureCount: features.columns.length, quadCount: 0, rowQuads: 0, firstPartial: 0 };
        const config = writeConfig({ ...shape, exampleCount: rowCount, partialCount: 0, huberDelta: 0 });
        const rows = besidePiece(piece, features.columns.length);
        const encoder = device.createCommandEncoder({ label: 'predict' });
        const pass = encoder.beginComputePass({ label: 'predict' });
        pass.setPipeline(compiled.pipeline);
        const bindings = [
          uniform(working.uniform('config', config)),
          read(features.buffer, range),
          read(onDevice),
          ...(targets ? [read(targets.buffer, rows)] : []),
          readWrite(outputs, rows),
        ];
        pass.setBindGroup(0, bind(device, compiled, bindings));
        pass.dispatchWorkgroups(workgroupsOfLoners(rowCount, tuning));
        pass.end();
        device.queue.submit([encoder.finish()]);
      });
    }
    results.handOver();
    return outputs;
  } catch (error) {
    results.destroy();
    throw error;
  } finally {
    working.destroy();
  }
}

/** [d + 1]. Throws `NON_FINITE_VALUE` for a parameter that f32 cannot hold. */
function parametersInF32({ weights, bias, featureNames }: LinearParameters): Float32Array<ArrayBuffer> {
  const values = [...weights, bias];
  const parameters = Float32Array.from(values);
  const wrong = parameters.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return parameters;
  const name = featureNames[wrong];
  throw new DescentError('NON_FINITE_VALUE', {
    got: `${values[wrong]} as ${name === undefined ? 'bias' : `weight of '${name}'`}, which f32 cannot hold`,
    expected: 'magnitudes under 3.4e38',
    fix: 'Predict on the host, from typed arrays.',
    ...(name !== undefined && { where: { column: name } }),
  });
}
