import type { StreamedSource } from '../../data/streamed-source.js';
import type {
  ModelSettings,
  Parameters,
  Run,
  RunResult,
  RunSettings,
  RunState,
  RunWatch,
  Trainer,
} from '../../descent/backend.js';
import type { BatchSums } from '../../descent/batch-sums.js';
import type { EvaluateOptions, Evaluation } from '../../descent/evaluation.js';
import { fullBatchUpdates } from '../../descent/full-batch-updates.js';
import { HostRun, type Updates } from '../../descent/host-run.js';
import type { FitReport } from '../../descent/report.js';
import { initialState, trainToEnd } from '../../descent/run.js';
import type { Standardization } from '../../descent/standardization.js';
import type { Objective } from '../../options/objective.js';

/** The share of the loss of the best constant that sums in f32 may leave: as in src/cpu/trainer.ts, 2^-24 of the targets, squared. */
const ROUNDING_SHARE = 2 ** -46;

/** A source that is ready for passes. */
export interface StreamedParts {
  source: StreamedSource;
  sums: BatchSums;
  standardization: Standardization;
  objective: Objective;
  /** The mean square of the targets about the number that training takes off them. */
  targetSquare: number;
  /** Ends passes that have no signal of their own. */
  signal: AbortSignal | undefined;
}

/** Trains on a source that is streamed: a pass over it for each epoch, and updates on the host in f64. */
export class StreamedTrainer implements Trainer {
  readonly featureCount: number;
  readonly warnings = [];
  readonly largestSquare = null;
  readonly constantFeatures: readonly number[];
  readonly #parts: StreamedParts;
  /** [d + 1, d + 1] */
  #curvature: Promise<Float64Array> | undefined;

  constructor(parts: StreamedParts) {
    const { columns } = parts.standardization;
    this.#parts = parts;
    this.featureCount = columns.length;
    this.constantFeatures = columns.flatMap(({ isConstant }, j) => (isConstant ? [j] : []));
  }

  get kernels(): FitReport['kernels'] {
    return this.#parts.sums.kernels;
  }

  evaluate(parameters: Float64Array, options: EvaluateOptions): Promise<Evaluation> {
    const { source, sums, signal } = this.#parts;
    const watched = { ...options, signal: options.signal ?? signal };
    return sums.evaluate(source.examples(watched.signal), parameters, watched);
  }

  /** The product with a matrix from one pass, however often it is asked for. */
  async curvature(direction: Float64Array): Promise<Float64Array> {
    const size = direction.length;
    const matrix = await (this.#curvature ??= this.#addUpCurvature(size));
    return direction.map((_, i) =>
      direction.reduce((sum, value, j) => sum + (matrix[i * size + j] as number) * value, 0),
    );
  }

  run(initial: Float64Array, settings: RunSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  begin(from: RunState, settings: ModelSettings): Promise<Run> {
    const { standardization, sums, objective, targetSquare } = this.#parts;
    const learned = (parameters: Float64Array) => standardization.learned(parameters);
    const begun = { ...from, parameters: learned(from.parameters), previous: learned(from.previous) };
    const hasRounding = sums.precision === 'f32' && objective.loss !== 'logistic';
    const roundingLoss = hasRounding ? (ROUNDING_SHARE * targetSquare) / 2 : 0;
    return Promise.resolve(
      new StreamedRun((now) => new HostRun(this.#updates(from, settings, now), begun, settings, { roundingLoss })),
    );
  }

  toCallerUnits(parameters: Float64Array): Parameters {
    return this.#parts.standardization.toCallerUnits(parameters);
  }

  toTrainingUnits(parameters: { weights: ArrayLike<number>; bias: number }): Float64Array {
    return this.#parts.standardization.toTrainingUnits(parameters);
  }

  dispose(): void {
    this.#parts.sums.dispose();
  }

  /** Updates by the gradient of one pass each, whose signal is that of the moment. */
  #updates(from: RunState, settings: ModelSettings, now: SignalNow): Updates {
    const { huberDelta } = this.#parts.objective;
    const loss = {
      featureCount: this.featureCount,
      gradient: async (parameters: Float64Array, into: Float64Array): Promise<number> => {
        const evaluation = await this.evaluate(parameters, { withHessian: false, huberDelta, signal: now() });
        into.set(evaluation.gradient);
        return evaluation.loss;
      },
      curvature: (direction: Float64Array) => this.curvature(direction),
    };
    return fullBatchUpdates(loss, from, settings);
  }

  async #addUpCurvature(size: number): Promise<Float64Array> {
    const { source, sums, signal } = this.#parts;
    const options = { loss: 'squared', withHessian: true, huberDelta: 1, signal } as const;
    const { hessian } = await sums.evaluate(source.examples(signal), new Float64Array(size), options);
    return hessian as Float64Array;
  }
}

type SignalNow = () => AbortSignal | undefined;

/** A run whose epochs take so long that an abort ends them within one: what it has added up until then is of no use. */
class StreamedRun implements Run {
  readonly #host: HostRun;
  #signal: AbortSignal | undefined;

  constructor(open: (now: SignalNow) => HostRun) {
    this.#host = open(() => this.#signal);
  }

  async runEpochs(epochs: number, watch: RunWatch): Promise<void> {
    this.#signal = watch.signal;
    try {
      await this.#host.runEpochs(epochs, watch);
    } catch (error) {
      if (!watch.signal?.aborted) throw error;
    }
  }

  setRate(rate: Pick<ModelSettings, 'learningRate' | 'tolerance'>): void {
    this.#host.setRate(rate);
  }

  read(): Promise<RunResult> {
    return this.#host.read();
  }

  dispose(): void {
    this.#host.dispose();
  }
}
