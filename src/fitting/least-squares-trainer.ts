import type { Dataset } from '../data/dataset.js';
import type { StreamedSource } from '../data/streamed-source.js';
import type {
  Backend,
  RunSettings,
  ModelSettings,
  Parameters,
  Run,
  RunResult,
  RunState,
  RunWatch,
  Trainer,
} from '../descent/backend.js';
import type { Evaluation } from '../descent/evaluation.js';
import { initialState, trainToEnd } from '../descent/run.js';
import type { FitReport, FitWarning } from '../descent/report.js';
import type { Moments } from '../moments/moments.js';
import type { Problem } from '../solve/design.js';
import { type LeastSquaresSolution, solveDataset } from '../solve/least-squares.js';
import { solverResult } from '../solve/solver-run.js';
import { loadCpuBackend } from './load-engines.js';

/** The examples of a least-squares problem, and the way to solve it. */
export type LeastSquaresData =
  | { method: 'qr'; examples: Dataset }
  | {
      method: 'moments';
      examples: Dataset | StreamedSource;
      backend: Backend;
      mayTakeQr: boolean;
      /** Those that the backend has added up already. */
      moments?: Moments;
    }
  | { method: 'given'; moments: Moments };

/** The exact solution of least squares as a trainer, in the units of the data: the whole solution is one step. */
export class LeastSquaresTrainer implements Trainer {
  readonly kind = 'leastSquares';
  readonly featureCount: number;
  readonly largestSquare = null;
  readonly #data: LeastSquaresData;
  readonly #problem: Problem;
  readonly #warnings: FitWarning[] = [];
  #solution: LeastSquaresSolution | undefined;

  constructor(data: LeastSquaresData, problem: Problem, featureCount: number) {
    this.featureCount = featureCount;
    this.#data = data;
    this.#problem = problem;
  }

  get kernels(): FitReport['kernels'] {
    return this.#solution?.ranOn.kernels ?? (this.#data.method === 'qr' ? 'qr' : 'moments');
  }

  /** Warnings of the solution, once there is one. */
  get warnings(): readonly FitWarning[] {
    return this.#warnings;
  }

  get constantFeatures(): readonly number[] {
    return this.#solution?.constantFeatures ?? [];
  }

  /** The solution; undefined before the run. */
  get solution(): LeastSquaresSolution | undefined {
    return this.#solution;
  }

  evaluate(): Promise<Evaluation> {
    return Promise.reject(new TypeError('the exact solution has no gradient to evaluate'));
  }

  curvature(): Promise<Float64Array> {
    return Promise.reject(new TypeError('the exact solution has no learning rate'));
  }

  run(initial: Float64Array, settings: RunSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  begin(from: RunState, settings: ModelSettings): Promise<Run> {
    return Promise.resolve(new LeastSquaresRun((signal) => this.#solve(signal), from, settings));
  }

  /** The parameters of this trainer are those of the caller. */
  toCallerUnits(parameters: Float64Array): Parameters {
    return { weights: parameters.slice(0, -1), bias: parameters.at(-1) as number };
  }

  toTrainingUnits({ weights, bias }: { weights: ArrayLike<number>; bias: number }): Float64Array {
    return Float64Array.from([...Array.from(weights), bias]);
  }

  dispose(): void {
    // Nothing is held outside this object.
  }

  async #solve(signal: AbortSignal | undefined): Promise<LeastSquaresSolution> {
    this.#solution =
      this.#data.method === 'qr'
        ? await solveDataset(this.#data.examples, this.#problem, signal)
        : await this.#solveByMoments(this.#data, signal);
    return this.#solution;
  }

  async #solveByMoments(
    data: Exclude<LeastSquaresData, { method: 'qr' }>,
    signal: AbortSignal | undefined,
  ): Promise<LeastSquaresSolution> {
    const { solveExamples, solveMoments } = await import('../solve/least-squares-by-moments.js');
    if (data.method === 'given') return solveMoments(data.moments, this.#problem, signal);
    const { examples, backend, mayTakeQr, moments } = data;
    const options = { mayTakeQr, moments, loadCpuBackend, signal };
    return solveExamples(examples, backend, this.#problem, options, this.#warnings);
  }
}

/** The run of an exact solution. Its losses are those at the corrections of the solution. */
class LeastSquaresRun implements Run {
  readonly #solve: (signal: AbortSignal | undefined) => Promise<LeastSquaresSolution>;
  readonly #mostEpochs: number;
  #state: RunState;
  #losses: number[] = [];
  #stopReason: RunResult['stopReason'] = null;
  #trainMs = 0;

  constructor(
    solve: (signal: AbortSignal | undefined) => Promise<LeastSquaresSolution>,
    from: RunState,
    { epochs }: Pick<ModelSettings, 'epochs'>,
  ) {
    this.#solve = solve;
    this.#mostEpochs = epochs;
    this.#state = { ...from, previous: from.parameters };
  }

  async runEpochs(_: number, { signal, onProgress }: RunWatch): Promise<void> {
    if (this.#stopReason !== null || signal?.aborted) return;
    const startMs = performance.now();
    try {
      const { weights, bias, losses } = await this.#solve(signal);
      this.#losses = losses.slice(0, this.#mostEpochs);
      const loss = losses.at(-1) ?? Number.NaN;
      const parameters = Float64Array.from([...weights, bias]);
      this.#state = { ...this.#state, epoch: this.#losses.length, parameters, loss };
      this.#stopReason = 'plateau'; // 'converged' if the gradient says so
      onProgress?.(this.#state.epoch, loss, Float64Array.from(this.#losses), new Float64Array());
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      this.#trainMs += performance.now() - startMs;
    }
  }

  setRate(): void {
    // An exact solution has no learning rate.
  }

  read(): Promise<RunResult> {
    const losses = Float64Array.from(this.#losses);
    this.#losses = [];
    return Promise.resolve(solverResult(this.#state, losses, this.#stopReason, this.#trainMs));
  }

  dispose(): void {
    // Nothing is held outside this object.
  }
}
