import { exampleLoss, type ExampleLoss } from '../../src/reference/loss.js';
import type { JobSolution } from './job.js';
import type { JobProblem } from './problems.js';

type Model = Pick<JobSolution, 'weights' | 'bias'>;

/** Rows to a sum: sums of sums keep their digits, and a block stays in the cache. */
const BLOCK_ROWS = 2048;

const MOST_STEPS = 100;
const MOST_HALVINGS = 40;
const MOST_SWEEPS = 10_000;

/** No step is taken for less than this share of the objective; sums in f64 are hardly better. */
const ROUNDING = 1e-14;

/** An optimum from which more is left, by the last quadratic model, would not do to judge by. */
const MOST_LEFT = 1e-12;

/** A sweep that moves no coordinate by more than this, in the lengths that the Hessian gives to coordinates, is the last. */
const LAST_MOVE = 1e-15;

/** The loss and its derivatives at a point. */
interface Slopes {
  loss: number;
  gradient: Float64Array; // [d + 1]
  hessian: Float64Array; //  [d + 1, d + 1]
}

/**
 * The minimum of a job's objective, which judges the arms. Damped Newton steps in f64 on standardized features, each to the
 * minimum of the quadratic model with its penalty by coordinate descent; Huber's loss begins at least squares. It shares
 * no code with the library's solvers, and takes its time: it ends where a step is below the rounding of the sums.
 */
export class JobOptimum {
  /** F* */
  readonly objective: number;
  readonly #examples: StandardExamples;
  readonly #loss: ExampleLoss;
  readonly #l1: number;

  constructor(problem: JobProblem) {
    const { loss = 'squared', huberDelta = 1, l1 = 0 } = problem.options;
    this.#examples = new StandardExamples(problem);
    this.#loss = exampleLoss({ loss, huberDelta });
    this.#l1 = l1;
    const origin = new Float64Array(problem.features + 1);
    const start = loss === 'huber' ? this.#minimize(exampleLoss({ loss: 'squared' }), origin) : origin;
    const point = this.#minimize(this.#loss, start);
    this.objective = this.#objectiveAt(this.#loss, point);
  }

  /** (F − F*)/F* of a model in the units of the data; NaN if it has numbers that are not finite. */
  excessOf(model: Model): number {
    const objective = this.#objectiveAt(this.#loss, this.#examples.standardized(model));
    return (objective - this.objective) / this.objective;
  }

  #minimize(loss: ExampleLoss, start: Float64Array): Float64Array {
    let point = start;
    for (let step = 0; step < MOST_STEPS; step++) {
      const slopes = this.#examples.slopesAt(loss, point);
      const objective = slopes.loss + this.#penaltyOf(point);
      const { change, fall } = minimizeModel(slopes, point, this.#l1);
      if (fall <= ROUNDING * objective) return point;
      const next = this.#lowerAlong(loss, point, change, objective);
      if (!next && fall <= MOST_LEFT * objective) return point;
      if (!next) break;
      point = next;
    }
    throw new Error('the optimum of the job was not found: expected steps that shrink to rounding');
  }

  /** The first of the whole step, its half, its quarter, … that lowers the objective. */
  #lowerAlong(loss: ExampleLoss, point: Float64Array, change: Float64Array, objective: number) {
    for (let halvings = 0; halvings < MOST_HALVINGS; halvings++) {
      const next = point.map((value, j) => value + 2 ** -halvings * (change[j] as number));
      if (this.#objectiveAt(loss, next) < objective) return next;
    }
    return undefined;
  }

  #objectiveAt(loss: ExampleLoss, point: Float64Array): number {
    return this.#examples.lossAt(loss, point) + this.#penaltyOf(point);
  }

  #penaltyOf(point: Float64Array): number {
    return this.#l1 * point.subarray(0, -1).reduce((sum, weight) => sum + Math.abs(weight), 0);
  }
}

/** The examples in f64, features less their means and over their standard deviations. */
class StandardExamples {
  readonly #columns: Float64Array[]; // d + 1 columns of [m], ones last
  readonly #targets: Float64Array; //   [m]
  readonly #means: number[] = [];
  readonly #deviations: number[] = [];

  constructor({ columns, targets, rows }: JobProblem) {
    const meanOf = (values: Float64Array) => sumOf(rows, (i) => values[i] as number) / rows;
    this.#columns = columns.map((column) => {
      const values = Float64Array.from(column);
      const mean = meanOf(values);
      for (let i = 0; i < rows; i++) values[i] = (values[i] as number) - mean;
      const deviation = Math.sqrt(sumOf(rows, (i) => (values[i] as number) ** 2) / rows);
      for (let i = 0; i < rows; i++) values[i] = (values[i] as number) / deviation;
      this.#means.push(mean);
      this.#deviations.push(deviation);
      return values;
    });
    this.#columns.push(new Float64Array(rows).fill(1));
    this.#targets = Float64Array.from(targets);
  }

  standardized({ weights, bias }: Model): Float64Array {
    const atMeans = this.#means.reduce((sum, mean, j) => sum + mean * (weights[j] as number), bias);
    return Float64Array.from([...this.#deviations.map((deviation, j) => deviation * (weights[j] as number)), atMeans]);
  }

  lossAt(loss: ExampleLoss, point: Float64Array): number {
    let sum = 0;
    this.#eachBlock(point, (from, predictions) => {
      let blockSum = 0;
      predictions.forEach((prediction, i) => (blockSum += loss.loss(prediction, this.#targets[from + i] as number)));
      sum += blockSum;
    });
    return sum / this.#targets.length;
  }

  slopesAt(loss: ExampleLoss, point: Float64Array): Slopes {
    const size = point.length;
    const rows = this.#targets.length;
    const [gradient, hessian] = [new Float64Array(size), new Float64Array(size * size)];
    this.#eachBlock(point, (from, predictions) => {
      const targetOf = (i: number) => this.#targets[from + i] as number;
      const slopes = predictions.map((prediction, i) => loss.slope(prediction, targetOf(i)));
      const curvatures = predictions.map((prediction, i) => loss.curvature(prediction, targetOf(i)));
      const block = this.#columns.map((column) => column.subarray(from, from + predictions.length));
      block.forEach((column, j) => {
        gradient[j] = (gradient[j] as number) + dot(column, slopes) / rows;
        const curved = column.map((value, i) => value * (curvatures[i] as number));
        for (let k = 0; k <= j; k++) {
          const entry = (hessian[j * size + k] as number) + dot(curved, block[k] as Float64Array) / rows;
          hessian[j * size + k] = hessian[k * size + j] = entry;
        }
      });
    });
    return { loss: this.lossAt(loss, point), gradient, hessian };
  }

  #eachBlock(point: Float64Array, visit: (from: number, predictions: Float64Array) => void): void {
    const rows = this.#targets.length;
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const predictions = new Float64Array(Math.min(BLOCK_ROWS, rows - from));
      this.#columns.forEach((column, j) => {
        const weight = point[j] as number;
        for (let i = 0; i < predictions.length; i++) {
          predictions[i] = (predictions[i] as number) + weight * (column[from + i] as number);
        }
      });
      visit(from, predictions);
    }
  }
}

/**
 * The change δ that minimizes gᵀδ + ½·δᵀHδ + l1·Σ|wⱼ + δⱼ|, by cyclic coordinate descent, and by how much the model falls.
 */
function minimizeModel({ gradient, hessian }: Slopes, point: Float64Array, l1: number) {
  const size = gradient.length;
  const change = new Float64Array(size);
  const slopes = gradient.slice(); // g + Hδ
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (let j = 0; j < size; j++) {
      const curvature = hessian[j * size + j] as number;
      if (!(curvature > 0)) continue;
      const here = (point[j] as number) + (change[j] as number);
      const free = here - (slopes[j] as number) / curvature;
      const threshold = j === size - 1 ? 0 : l1 / curvature;
      const by = Math.sign(free) * Math.max(0, Math.abs(free) - threshold) - here;
      change[j] = (change[j] as number) + by;
      for (let k = 0; k < size; k++) slopes[k] = (slopes[k] as number) + by * (hessian[k * size + j] as number);
      largest = Math.max(largest, Math.abs(by) * Math.sqrt(curvature));
    }
    if (largest <= LAST_MOVE) break;
  }
  let fall = 0;
  for (let j = 0; j < size; j++) {
    const [by, weight] = [change[j] as number, point[j] as number];
    fall -= (((gradient[j] as number) + (slopes[j] as number)) * by) / 2;
    if (j < size - 1) fall += l1 * (Math.abs(weight) - Math.abs(weight + by));
  }
  return { change, fall };
}

/** The sum of `rows` terms, block by block. */
function sumOf(rows: number, term: (i: number) => number): number {
  let sum = 0;
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    let blockSum = 0;
    for (let i = from; i < Math.min(rows, from + BLOCK_ROWS); i++) blockSum += term(i);
    sum += blockSum;
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
