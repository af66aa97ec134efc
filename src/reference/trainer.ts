import type {
  RunResult,
  RunSettings,
  RunState,
  ManyData,
  ManyRun,
  ManyTrainer,
  ModelSettings,
  Parameters,
  PointsRun,
  Role,
  Run,
  Start,
} from '../descent/backend.js';
import type { Batches } from '../descent/batches.js';
import type { Dataset } from '../data/dataset.js';
import type { EvaluateOptions, Evaluation } from '../descent/evaluation.js';
import { initialState, trainToEnd } from '../descent/run.js';
import { trainOneByOne } from '../descent/train-one-by-one.js';
import { HostRun } from '../descent/host-run.js';
import { centersTargets } from '../descent/loss.js';
import { type Objective } from '../options/objective.js';
import { exampleUpdates, type Examples } from './epoch.js';
import { gradient } from './gradient.js';
import { hessian } from './hessian.js';
import { EarlyStopping } from '../descent/early-stopping.js';
import { losses } from './losses.js';
import { residual } from './residual.js';
import { secondDerivatives } from './second-derivatives.js';
import { zScores } from './standardize.js';

/** Between two waits the loop holds the thread for about this long. */
const SLICE_MS = 50;

/** Trains one model after another, each by plain loops over the examples that it sees. */
export class ReferenceTrainer implements ManyTrainer {
  readonly #features: readonly Float64Array[];
  /** [t] columns of [m]. */
  readonly #targets: readonly Float64Array[];
  readonly #folds: readonly Uint32Array[];
  /** [m] */
  readonly #exampleWeights: Float64Array | undefined;
  readonly #objective: Objective;
  /** The validation examples, in training units. */
  readonly #validation: Pick<Examples, 'features' | 'targets' | 'terms'> | undefined;
  readonly #batches: Batches | null;
  /** The shifts that were subtracted from features and targets, and the divisors of the features. */
  readonly #means: readonly number[];
  readonly #deviations: readonly number[];
  readonly #targetMeans: readonly number[];
  readonly kernels = 'reference';
  readonly warnings = [];
  readonly constantFeatures: readonly number[];
  readonly largestSquare: number | null;

  constructor(
    { dataset, targets, folds }: Pick<ManyData, 'dataset' | 'targets' | 'folds'>,
    standardize: boolean,
    objective: Objective,
    { validation: validationFold, batches = null }: { validation?: Dataset | undefined; batches?: Batches | null } = {},
  ) {
    const weights = dataset.exampleWeights && Float64Array.from(dataset.exampleWeights);
    const { fitIntercept } = objective;
    const scores = standardize ? dataset.columns.map((column) => zScores(column, weights, fitIntercept)) : undefined;
    this.#features = scores
      ? scores.map(({ values }) => values)
      : dataset.columns.map((column) => Float64Array.from(column));
    this.#exampleWeights = weights;
    this.#objective = objective;
    this.#means = scores ? scores.map(({ mean }) => mean) : dataset.columns.map(() => 0);
    this.#deviations = scores ? scores.map(({ deviation }) => deviation) : dataset.columns.map(() => 1);
    this.constantFeatures = scores ? scores.flatMap(({ isConstant }, j) => (isConstant ? [j] : [])) : [];
    this.#targetMeans = targets.map(({ values }) => {
      if (!centersTargets(objective, standardize)) return 0;
      let [sum, count] = [0, 0];
      values.forEach((y, i) => {
        const weight = weights ? (weights[i] as number) : 1;
        sum += weight * y;
        count += weight;
      });
      return sum / count;
    });
    this.#targets = targets.map(({ values }, t) =>
      Float64Array.from(values, (y) => y - (this.#targetMeans[t] as number)),
    );
    this.#folds = folds;
    this.#validation = validationFold && this.#inTrainingUnits(validationFold);
    this.#batches = batches;
    this.largestSquare = batches && this.#largestSquare(batches.rows);
  }

  get featureCount(): number {
    return this.#features.length;
  }

  async evaluate(parameters: Float64Array, { withHessian, huberDelta, signal }: EvaluateOptions): Promise<Evaluation> {
    signal?.throwIfAborted();
    const { features, targets, terms: own, count } = this.#examplesOf({ target: 0, validationFold: null });
    const terms = { ...own, huberDelta };
    const point = this.#learned(parameters);
    const slopes = new Float64Array(targets.length);
    const twiceLosses = new Float64Array(targets.length);
    const sums = new Float64Array(point.length + 1);
    residual(features, targets, point, slopes, terms, twiceLosses);
    gradient(features, slopes, sums, twiceLosses);
    const loss = (sums[point.length] as number) / (2 * count);
    const slope = this.#learned(sums.subarray(0, point.length).map((sum) => sum / count));
    if (!withHessian) return { loss, gradient: slope, hessian: null };
    const products = new Float64Array(point.length ** 2);
    secondDerivatives(features, targets, point, slopes, terms);
    hessian(features, slopes, products);
    const isLearned = (k: number) => this.#isLearned(k % point.length) && this.#isLearned(Math.floor(k / point.length));
    return { loss, gradient: slope, hessian: products.map((sum, k) => (isLearned(k) ? sum / count : 0)) };
  }

  curvature(direction: Float64Array, validationFold: number | null = null): Promise<Float64Array> {
    const { features, targets, terms, count } = this.#examplesOf({ target: 0, validationFold });
    const products = new Float64Array(targets.length);
    const sums = new Float64Array(direction.length + 1);
    const squared = { exampleWeights: terms.exampleWeights };
    residual(features, new Float64Array(targets.length), this.#learned(direction), products, squared);
    gradient(features, products, sums);
    return Promise.resolve(this.#learned(direction.map((_, j) => (sums[j] as number) / count)));
  }

  runAll(starts: readonly Start[], watch: ManyRun): Promise<RunResult[]> {
    const begin = ({ role, settings }: Start, from: RunState) =>
      Promise.resolve(this.#beginOn(this.#examplesOf(role), from, settings, undefined));
    return trainOneByOne(starts, begin, watch);
  }

  run(initial: Float64Array, settings: RunSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  begin(from: RunState, settings: ModelSettings): Promise<Run> {
    const validation = this.#validation && new EarlyStopping(lossOn(this.#validation), from);
    const examples = this.#batches
      ? { ...this.#rowsOf(0, this.#batches.rows), batches: this.#batches }
      : this.#examplesOf({ target: 0, validationFold: null });
    return Promise.resolve(this.#beginOn(examples, from, settings, validation));
  }

  async losses(
    points: readonly Float64Array[],
    { target, fold }: { target: number; fold: number | null },
    { signal, onProgress }: PointsRun,
  ): Promise<Float64Array> {
    const rows = fold === null ? undefined : this.#folds[fold];
    const { features, targets, terms } = this.#rowsOf(target, rows);
    const found = new Float64Array(points.length);
    let sliceMs = performance.now();
    for (const [k, point] of points.entries()) {
      found.set(losses(features, targets, [point], terms), k);
      if (performance.now() - sliceMs > SLICE_MS || k === points.length - 1) {
        onProgress?.(k + 1);
        await new Promise((resolve) => setTimeout(resolve, 0));
        signal?.throwIfAborted();
        sliceMs = performance.now();
      }
    }
    return found;
  }

  toCallerUnits(parameters: Float64Array, target = 0): Parameters {
    const weights = Float64Array.from(this.#deviations, (deviation, j) => (parameters[j] as number) / deviation);
    let bias = (parameters[weights.length] as number) + (this.#targetMeans[target] as number);
    weights.forEach((weight, j) => (bias -= weight * (this.#means[j] as number)));
    return { weights, bias };
  }

  toTrainingUnits({ weights, bias }: { weights: ArrayLike<number>; bias: number }, target = 0): Float64Array {
    const scaled = this.#deviations.map((deviation, j) => (weights[j] as number) * deviation);
    const atMeans = this.#means.reduce((sum, mean, j) => sum + mean * (weights[j] as number), bias);
    return Float64Array.from([...scaled, atMeans - (this.#targetMeans[target] as number)]);
  }

  dispose(): void {
    // Nothing is held outside this object.
  }

  #beginOn(examples: Examples, from: RunState, settings: ModelSettings, validation: EarlyStopping | undefined): Run {
    const factors = this.#learned(new Float64Array(from.parameters.length).fill(1));
    const start = { ...from, parameters: this.#learned(from.parameters), previous: this.#learned(from.previous) };
    return new HostRun(exampleUpdates(examples, factors, from, settings), start, settings, { validation });
  }

  /** Other examples, by the means and deviations of those that it learns from. */
  #inTrainingUnits({ columns, targets, exampleWeights }: Dataset) {
    const { loss, huberDelta } = this.#objective;
    const weights = exampleWeights && Float64Array.from(exampleWeights);
    return {
      features: columns.map((column, j) =>
        Float64Array.from(column, (x) => (x - (this.#means[j] as number)) / (this.#deviations[j] as number)),
      ),
      targets: Float64Array.from(targets, (y) => y - (this.#targetMeans[0] as number)),
      terms: { loss, huberDelta, exampleWeights: weights },
    };
  }

  /** The training examples of a model in this role. */
  #examplesOf({ target, validationFold }: Role): Examples {
    if (validationFold === null) return this.#rowsOf(target, undefined);
    const seen = this.#folds.filter((_, fold) => fold !== validationFold).flatMap((rows) => Array.from(rows));
    return this.#rowsOf(target, seen);
  }

  #rowsOf(target: number, rows: ArrayLike<number> | undefined): Examples {
    const targets = this.#targets[target] as Float64Array;
    const picked = (column: Float64Array) => (rows ? Float64Array.from(rows, (row) => column[row] as number) : column);
    const exampleWeights = this.#exampleWeights && picked(this.#exampleWeights);
    const { loss, huberDelta } = this.#objective;
    return {
      features: this.#features.map(picked),
      targets: picked(targets),
      terms: { loss, huberDelta, exampleWeights },
      count: exampleWeights ? exampleWeights.reduce((sum, weight) => sum + weight, 0) : (rows ?? targets).length,
      batches: null,
    };
  }

  #largestSquare(rows: Uint32Array): number {
    const weightOf = (row: number) => (this.#exampleWeights ? (this.#exampleWeights[row] as number) : 1);
    const mean = rows.reduce((sum, row) => sum + weightOf(row), 0) / rows.length;
    let largest = 0;
    for (const row of rows) {
      const squares = this.#features.reduce(
        (sum, column) => sum + (column[row] as number) ** 2,
        this.#objective.fitIntercept ? 1 : 0,
      );
      largest = Math.max(largest, (weightOf(row) / mean) * squares);
    }
    return largest;
  }

  /** [d + 1] with 0 for what is not learned. */
  #learned(parameters: Float64Array): Float64Array {
    return parameters.map((value, j) => (this.#isLearned(j) ? value : 0));
  }

  #isLearned(j: number): boolean {
    return j < this.#features.length ? !this.constantFeatures.includes(j) : this.#objective.fitIntercept;
  }
}

/** The loss of these examples, without penalties, as a function of the parameters. */
function lossOn({ features, targets, terms }: Pick<Examples, 'features' | 'targets' | 'terms'>) {
  return (point: Float64Array) => losses(features, targets, [point], terms)[0] as number;
}
