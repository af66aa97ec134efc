import { beforeAbort } from '../../base/turns.js';
import type { EvaluateOptions, Evaluation } from '../../descent/evaluation.js';
import { Buffers } from '../device/buffers.js';
import { bind, compileKernels, offsetsOf } from '../device/compile.js';
import type { WatchedBytes } from '../device/submits.js';
import { MOST_WORKGROUPS } from '../device/tuning.js';
import { rowBegin } from '../kernels/hessian-kernels.js';
import { featureBytes } from '../kernels/layout.js';
import { type Config, PROGRESS_BYTES, writeConfig } from '../kernels/uniforms.js';
import type { BoundShard } from '../training/epoch.js';
import type { CompiledRecipe, DeviceTrainingData } from '../training/prepare-run.js';
import { countOf, type Share, sharesOf } from '../training/shares.js';
import { type BoundDispatch, hessianBytes, hessianKernels, prepareHessian, type PreparedBand } from './hessian.js';
import { inTrainingUnits } from './training-units.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Quads for each workgroup of the pass, at the most: few enough that its sums in f32 keep their digits, and enough that the
 * partials are a small part of X.
 */
const QUADS_PER_WORKGROUP = 256;

/** The pass over the examples that the loss and its gradient come from. */
interface PreparedPass {
  parameters: GPUBuffer; //  [d + 1]
  partials: GPUBuffer; //    [partialCount, d + 2]
  partialCount: number;
  shards: readonly BoundShard[];
  /** The config of each shard. */
  configs: readonly Config[];
  dispatches: readonly BoundDispatch[];
}

/** Sums in f32 on the device that the host folds in f64, once that many dispatches are done. */
interface Reading {
  end: number;
  partials: GPUBuffer;
  partialCount: number;
  sums: Float64Array;
}

/**
 * Evaluates the loss over the uploaded training examples, its gradient and its Hessian. Buffers are made for the first
 * evaluation that needs them and serve all later ones.
 */
export class DeviceEvaluator {
  readonly #on: DeviceTrainingData;
  readonly #recipe: () => Promise<CompiledRecipe>;
  readonly #ofPass: Buffers;
  readonly #ofHessian: Buffers;
  #pass: PreparedPass | undefined;
  #bands: readonly PreparedBand[] | undefined;
  /** The end of the evaluation before: they share buffers, so one waits for the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** `recipe` gives one with a pass over the examples. */
  constructor(on: DeviceTrainingData, recipe: () => Promise<CompiledRecipe>) {
    this.#on = on;
    this.#recipe = recipe;
    this.#ofPass = new Buffers(on.context.device);
    this.#ofHessian = new Buffers(on.context.device);
  }

  evaluate(parameters: Float64Array, options: EvaluateOptions): Promise<Evaluation> {
    const evaluated = this.#last.then(() => this.#evaluate(parameters, options));
    this.#last = evaluated.catch(() => undefined);
    return evaluated;
  }

  dispose(): void {
    this.#ofPass.destroy();
    this.#ofHessian.destroy();
  }

  async #evaluate(parameters: Float64Array, { withHessian, huberDelta, signal }: EvaluateOptions): Promise<Evaluation> {
    signal?.throwIfAborted();
    const { context, slices, data, standardization } = this.#on;
    const { featureCount, exampleCount, layout } = data;
    const pass = (this.#pass ??= await this.#preparePass(signal));
    const bands = withHessian ? (this.#bands ??= await this.#prepareHessian(pass, signal)) : [];
    const dispatches = [...pass.dispatches, ...bands.flatMap((band) => band.dispatches)];
    const slopes = new Float64Array(featureCount + 2);
    const triangle = withHessian ? new Float64Array(rowBegin(featureCount)) : null;
    const readings = readingsOf(pass, bands, slopes, triangle);
    const { queue } = context.device;
    const bytes =
      featureBytes(exampleCount / 4, featureCount, layout) +
      (withHessian ? hessianBytes(exampleCount, featureCount) : 0);
    await slices.run({
      steps: dispatches.length,
      stepBytes: bytes / dispatches.length,
      begin() {
        queue.writeBuffer(pass.parameters, 0, standardization.toDevice(parameters) as Float32Array<ArrayBuffer>);
        pass.shards.forEach(({ config }, s) => {
          queue.writeBuffer(config, 0, writeConfig({ ...(pass.configs[s] as Config), huberDelta }));
        });
      },
      encode(encoder, step) {
        const { compiled, group, offset, workgroups } = dispatches[step] as BoundDispatch;
        encoder.setPipeline(compiled.pipeline);
        encoder.setBindGroup(0, group, offsetsOf(compiled.kernel, offset));
        encoder.dispatchWorkgroups(...workgroups);
      },
      // Bands share a buffer, so each is read before the next.
      cutAt: (end, start) => Math.min(end, ...readings.map((reading) => reading.end).filter((at) => at > start)),
      watched(steps) {
        const due = readings.filter(({ end }) => end === steps).map(bytesOf);
        return due.length > 0 ? due : [{ buffer: pass.partials, byteOffset: 0, bytes: FLOAT_BYTES }];
      },
      look(contents, steps) {
        let byteOffset = 0;
        for (const { partialCount, sums } of readings.filter(({ end }) => end === steps)) {
          const partials = new Float32Array(contents, byteOffset, partialCount * sums.length);
          addUp(partials, sums);
          byteOffset += partials.byteLength;
        }
        return true;
      },
      signal,
    });
    const weight = data.shards.reduce((sum, shard) => sum + shard.weight, 0);
    return inTrainingUnits(standardization, { parameters, weight, slopes, triangle });
  }

  async #preparePass(signal: AbortSignal | undefined): Promise<PreparedPass> {
    const compiled = await beforeAbort(this.#recipe(), signal);
    return this.#guard('prepare the gradient', this.#ofPass, (made) => passOver(this.#on, made, compiled));
  }

  async #prepareHessian(
    { shards, parameters }: PreparedPass,
    signal: AbortSignal | undefined,
  ): Promise<readonly PreparedBand[]> {
    const { context, data, objective } = this.#on;
    const { featureCount, layout, isWeighted } = data;
    const terms = { loss: objective.loss, weighted: isWeighted };
    const kernels = hessianKernels(featureCount, layout, context.tuning, terms);
    const compiled = await compileKernels(context, kernels, signal);
    const input = { shards, featureCount, parameters };
    return this.#guard('prepare the Hessian', this.#ofHessian, (made) =>
      prepareHessian(context, made, compiled, input),
    );
  }

  async #guard<T>(step: string, made: Buffers, body: (made: Buffers) => T): Promise<T> {
    try {
      return await this.#on.context.guard(step, () => body(made));
    } catch (error) {
      made.destroy();
      throw error;
    }
  }
}

/** The steps of a recipe's pass, bound to the examples and to parameters that the host writes. */
function passOver(
  { context: { device, limits }, data, objective }: DeviceTrainingData,
  made: Buffers,
  { recipe, compiled }: CompiledRecipe,
): PreparedPass {
  const { featureCount, layout } = data;
  if (!recipe.pass) throw new TypeError('an evaluation needs a pass over the examples');
  const share = (quadCount: number) => shareOf(recipe.share(quadCount), quadCount);
  const partialBytes = (featureCount + 2) * FLOAT_BYTES;
  const quadCounts = data.shards.map(({ quadCount }) => quadCount);
  const shares = sharesOf(quadCounts, share, { partialBytes, limits });
  const partialCount = countOf(shares);
  let firstPartial = 0;
  const configs = data.shards.map((shard, s): Config => {
    const { exampleCount, quadCount } = shard;
    const { huberDelta } = objective;
    const config = {
      exampleCount,
      quadCount,
      featureCount,
      rowQuads: layout.rowQuads,
      firstPartial,
      partialCount,
      huberDelta,
    };
    firstPartial += (shares[s] as Share).partials;
    return config;
  });
  const shards = data.shards.map((shard, s): BoundShard => {
    const config = made.uniform('config', writeConfig(configs[s] as Config));
    return { ...shard, config, quadsAtOnce: shard.quadCount, workgroups: (shares[s] as Share).workgroups, spans: [] };
  });
  const parameters = made.storage('parameters', (featureCount + 1) * FLOAT_BYTES);
  const partials = made.storage('partials', partialCount * partialBytes);
  const progress = made.storage('progress', PROGRESS_BYTES); // zeros: running
  const turn = { parameters, nextParameters: parameters, progress, nextProgress: progress };
  const dispatches = recipe.pass(compiled, { shards, partials }, made).map(({ compiled, bindings, workgroups }) => {
    return { compiled, group: bind(device, compiled, bindings(turn)), offset: 0, workgroups };
  });
  return { parameters, partials, partialCount, shards, configs, dispatches };
}

/** Returns a multiple of the workgroups, and of their partials, that keeps the sums short. */
function shareOf({ workgroups, partials }: Share, quadCount: number): Share {
  const times = Math.ceil(quadCount / (workgroups * QUADS_PER_WORKGROUP));
  const most = Math.max(1, Math.min(times, Math.floor(MOST_WORKGROUPS / workgroups)));
  return { workgroups: most * workgroups, partials: most * partials };
}

/** The sums of the pass come with those of the first band, so that the host waits once where there is but one. */
function readingsOf(
  pass: PreparedPass,
  bands: readonly PreparedBand[],
  slopes: Float64Array,
  triangle: Float64Array | null,
): Reading[] {
  let end = pass.dispatches.length;
  const ofBands = triangle
    ? bands.map(({ dispatches, partials, partialCount, firstSum, sumCount }): Reading => {
        end += dispatches.length;
        return { end, partials, partialCount, sums: triangle.subarray(firstSum, firstSum + sumCount) };
      })
    : [];
  const { partials, partialCount } = pass;
  return [{ end: ofBands[0]?.end ?? end, partials, partialCount, sums: slopes }, ...ofBands];
}

function bytesOf({ partials, partialCount, sums }: Reading): WatchedBytes {
  return { buffer: partials, byteOffset: 0, bytes: partialCount * sums.length * FLOAT_BYTES };
}

/** Adds partials, [partialCount, sums], to the sums. */
function addUp(partials: Float32Array, sums: Float64Array): void {
  for (let from = 0; from < partials.length; from += sums.length) {
    for (let k = 0; k < sums.length; k++) sums[k] = (sums[k] as number) + (partials[from + k] as number);
  }
}
