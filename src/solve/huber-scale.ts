import { inTurns } from '../base/turns.js';
import type { SolverName } from '../options/names.js';
import type { HostEvaluator } from './host-evaluator.js';
import { weightedMedian } from './median.js';
import type { Solver, SolverState } from './solver.js';
import type { VisitValues } from './streamed-median.js';

/**
 * The tuning constant k of Huber's loss: δ = k·σ keeps 95% of the efficiency of least squares with normal errors (Holland
 * and Welsch, "Robust regression using iteratively reweighted least-squares", Communications in Statistics A6 (1977),
 * 813–827; the default of rlm in R's MASS).
 */
export const HUBER_EFFICIENCY = 1.345;

/** The median of |e| of normal errors with standard deviation 1 (Venables and Ripley, Modern Applied Statistics with S, 4th ed., section 5.5). */
const NORMAL_MEDIAN = 0.6745;

/** A change of σ by less than this share is the last. */
const TOLERANCE = 1e-9;

/** A step to the δ that was found is the better one where it leaves less than this share of the last change. */
const FAST = 1 / 3;

/** Changes of σ at most: each takes about a tenth of the one before it. */
const MOST_SCALES = 60;

/** σ of no less than this share of the first one: where most errors are 0, it would shrink to nothing. */
const LEAST_SHARE = 1e-6;

/** Errors under this share of the targets, some units in their last place, are rounding: the features explain everything. */
const NOTHING = 2 ** -48;

/** The same as a share of the largest product of a weight and a feature, two units in its last place. */
const NOTHING_OF_TERMS = 2 ** -52;

/** Errors of more examples than this are not gathered: they would take tens of megabytes. */
const MOST_GATHERED = 2 ** 20;

/** The sizes of the errors at some parameters. */
export interface ResidualScale {
  /** The robust estimate σ of the standard deviation of the errors: median |e| / 0.6745. */
  scale: number;
  /** The largest size of a target. */
  largestTarget: number;
}

/** The robust estimate of the standard deviation of the errors at some parameters, and the size of the targets beside it. */
export async function residualScale(
  evaluator: HostEvaluator,
  parameters: Float64Array, // [d + 1]
  signal: AbortSignal | undefined,
): Promise<ResidualScale> {
  let largestTarget = 0;
  const visitErrors: VisitValues = (visit) =>
    evaluator.eachPrediction(parameters, signal, (prediction, target, weight) => {
      largestTarget = Math.max(largestTarget, Math.abs(target + evaluator.targetCenter));
      visit(Math.abs(prediction - target), weight);
    });
  const { exampleCount } = evaluator;
  const median =
    exampleCount > MOST_GATHERED
      ? await (await import('./streamed-median.js')).streamedMedian(visitErrors)
      : await medianOf(visitErrors, exampleCount, signal);
  return { scale: median / NORMAL_MEDIAN, largestTarget };
}

/** The median of at most `most` values, which are gathered in one pass. */
async function medianOf(visitValues: VisitValues, most: number, signal: AbortSignal | undefined): Promise<number> {
  const [values, weights] = [new Float64Array(most), new Float64Array(most)];
  let count = 0;
  await visitValues((value, weight) => {
    values[count] = value;
    weights[count] = weight;
    count += 1;
  });
  const used = weights.subarray(0, count);
  const isWeighted = used.some((weight) => weight !== used[0]);
  return inTurns(weightedMedian(values.subarray(0, count), isWeighted ? used : undefined), signal);
}

/**
 * Minimizes Huber's loss with δ = 1.345·σ, σ being found together with the fit (Huber, Robust Statistics, 1981, section 7.8:
 * "proposal 2" with the median absolute error in place of the second equation, as rlm in R's MASS). Starts from least squares;
 * then one after another σ of the errors and the minimum for it, until σ no longer changes.
 */
export class HuberScaleSolver implements Solver {
  readonly #evaluator: HostEvaluator;
  readonly #solverFor: (parameters: Float64Array, huberDelta: number) => Solver;
  #inner: Solver;
  /** The state after the last step: a minimization that is yet to begin has no objective. */
  #state: SolverState;
  #delta = Infinity;
  #scales = 0;
  readonly #search = new FixedPointSearch();
  #leastDelta = 0;
  #isSettled = false;
  /** Passes of the minimizations that have ended, and of the scales. */
  #passesBefore = 0;

  /** `solverFor` begins the minimization for one δ. */
  constructor(
    evaluator: HostEvaluator,
    parameters: Float64Array, // [d + 1]
    solverFor: (parameters: Float64Array, huberDelta: number) => Solver,
  ) {
    this.#evaluator = evaluator;
    this.#solverFor = solverFor;
    this.#inner = solverFor(parameters, Number.MAX_VALUE); // every error counts by its square
    this.#state = this.#inner.state;
  }

  get name(): SolverName {
    return this.#inner.name;
  }

  /** δ, in units of the targets; null before the errors of least squares are known. */
  get huberDelta(): number | null {
    return Number.isFinite(this.#delta) ? this.#delta : null;
  }

  /** True if δ is the one that its own fit asks for. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  get state(): SolverState {
    const { objective, gradient, excess, parameters, status } = this.#state;
    const passes = this.#passesBefore + this.#inner.state.passes;
    return { objective, gradient, excess, parameters, passes, status: this.#isLast() ? status : 'running' };
  }

  async step(signal: AbortSignal | undefined): Promise<void> {
    const inner = this.#inner;
    if (inner.state.status === 'running') {
      await inner.step(signal);
      this.#state = inner.state;
      if (this.#state.status === 'running' || this.#scales >= MOST_SCALES) return;
    }
    const { parameters } = this.#inner.state;
    const { scale, largestTarget } = await residualScale(this.#evaluator, parameters, signal);
    this.#passesBefore += 1;
    const found = HUBER_EFFICIENCY * scale;
    if (this.#scales === 0) {
      this.#leastDelta = LEAST_SHARE * found;
      const nothing = Math.max(
        NOTHING * largestTarget,
        NOTHING_OF_TERMS * (await this.#evaluator.largestTerm(parameters)),
      );
      if (scale <= nothing) {
        // All errors are 0: any δ gives this model, and the size of the targets is one that descent gets along with.
        this.#isSettled = true;
        this.#begin(parameters, largestTarget > 0 ? largestTarget : 1, MOST_SCALES);
        return;
      }
    }
    const delta = Math.max(found, this.#leastDelta);
    const next = this.#scales === 0 ? delta : Math.max(this.#search.next(this.#delta, delta), this.#leastDelta);
    if (Math.abs(next - this.#delta) <= TOLERANCE * next) {
      this.#scales = MOST_SCALES;
      this.#isSettled = true;
      return;
    }
    this.#begin(parameters, next, this.#scales + 1);
  }

  #begin(parameters: Float64Array, delta: number, scales: number): void {
    this.#delta = delta;
    this.#scales = scales;
    this.#passesBefore += this.#inner.state.passes;
    this.#inner = this.#solverFor(parameters, delta);
  }

  #isLast(): boolean {
    return this.#scales >= MOST_SCALES && this.#inner.state.status !== 'running';
  }
}

/**
 * Finds the δ that its own fit asks for. As a rule each δ found is nearer than the one before it. With a penalty it may be
 * too large and too small in turn: a small δ leaves the penalty the upper hand, and larger errors ask for a large one. Then
 * it lies between two that are known, and false position finds it (the Illinois form: Dowell and Jarratt, "A modified
 * regula falsi method for computing the root of an equation", BIT 11 (1971), 168–174).
 */
class FixedPointSearch {
  /** The largest δ known to be too small and the smallest known to be too large, with log(found/δ) of each. */
  readonly #ends: { low?: End; high?: End } = {};
  #lastExcess = Infinity;
  #isSlow = false;
  /** The factor of the next change, while there is no end to fall back to. */
  #stretch = 1;

  /** The next δ to try, after the fit with `delta` asked for `found`. */
  next(delta: number, found: number): number {
    const side = found > delta ? 'low' : 'high';
    const other = this.#ends[side === 'low' ? 'high' : 'low'];
    // Twice on one side: the end on the other side has stayed for too long, and counts half.
    if (this.#ends[side] && other && this.#isSlow) other.excess /= 2;
    const end = { place: Math.log(delta), excess: Math.log(found / delta) };
    this.#ends[side] = end;
    const isSlowChange = Math.abs(end.excess) > FAST * Math.abs(this.#lastExcess);
    if (other && isSlowChange) this.#isSlow = true;
    this.#lastExcess = end.excess;
    if (!other) {
      // Change after change of about one size: δ is far away, or nowhere but at 0.
      this.#stretch = isSlowChange ? 2 * this.#stretch : 1;
      return this.#stretch === 1 ? found : Math.exp(end.place + this.#stretch * end.excess);
    }
    if (!this.#isSlow) return found;
    const place = (end.place * other.excess - other.place * end.excess) / (other.excess - end.excess);
    return Number.isFinite(place) ? Math.exp(place) : found;
  }
}

interface End {
  place: number;
  excess: number;
}
