import type { Evaluation } from '../descent/evaluation.js';
import { moved } from './line-search.js';
import { Newton, type NewtonOptions, type NewtonState } from './newton.js';

/** A threshold from this share of the typical residual on needs no other before it: most steps are whole from there. */
const NEAR = 1 / 4;

/** The first threshold, times the typical residual at the start: nearly all errors are squared. */
const FIRST = 8;

/** A threshold is divided by this for the next stage: of 2, 4 and 8, the one that takes the fewest passes, mostly. */
const FACTOR = 4;

/** A stage ends when the decrement is this share of the objective, or after so many steps. */
const STAGE_DECREMENT = 1e-6;
const MOST_STAGE_STEPS = 20;

export interface HuberOptions extends Omit<NewtonOptions, 'evaluate' | 'reuseHessian'> {
  /** δ, the error up to which the loss is squared. */
  huberDelta: number;
  /** Evaluates Huber's loss with some threshold, one pass over the examples. */
  evaluate(parameters: Float64Array, options: { withHessian: boolean; huberDelta: number }): Promise<Evaluation>;
}

export interface HuberState extends NewtonState {
  /** The threshold of the stage, with which loss, objective and derivatives are: δ in the last one. */
  huberDelta: number;
}

/** The minimum with a threshold. */
interface Stage {
  huberDelta: number;
  parameters: Float64Array; // [d + 1]
}

/**
 * Minimizes 1/m·Σ ρ(rᵢ) + l1·Σ|w| + l2/2·Σw², ρ(r) = r²/2 up to |r| = δ and δ·(|r| − δ/2) beyond, for any δ: where it is
 * far below the residuals, nothing curves the loss at most points, and Newton's method has nothing to go by. So thresholds
 * fall towards δ, from one under which nearly all errors are squared, each stage beginning at the minimum of the one before
 * (Madsen and Nielsen, "A finite smoothing algorithm for linear l1 estimation", SIAM Journal on Optimization 3 (1993),
 * 223–235). While the same residuals are within the threshold, the minimum is a linear function of it: two minima foretell
 * the next. Where δ is of the size of the residuals, there is one stage.
 */
export class HuberContinuation {
  readonly #options: HuberOptions;
  #stage: Stage;
  #before: Stage | undefined;
  #wider: Float64Array | undefined; // [d + 1, d + 1] the curvature over ranges of the thresholds before
  #newton: Newton | undefined;
  #hessian: Float64Array | undefined; // [d + 1, d + 1] of the last evaluation
  #passes = 0;
  #iterations = 0;
  #stageSteps = 0;

  constructor(options: HuberOptions) {
    this.#options = { ...options, start: options.start.slice() };
    this.#stage = { huberDelta: options.huberDelta, parameters: this.#options.start };
  }

  /** [d + 1, d + 1] The Hessian of the last step; null before there is one. */
  get hessian(): Float64Array | null {
    return this.#newton?.hessian ?? null;
  }

  /** Evaluates the start, in the first call, and takes one step in each that follows, unless it has ended. */
  async step(): Promise<HuberState> {
    const { huberDelta } = this.#options;
    const newton = this.#newton ?? (await this.#begin());
    const state = await newton.step();
    const { huberDelta: here } = this.#stage;
    if (here === huberDelta) return this.#stateOf(state);
    this.#stageSteps += 1;
    const isDone = state.status !== 'running' || state.decrement <= STAGE_DECREMENT * state.objective;
    if (isDone || this.#stageSteps === MOST_STAGE_STEPS) this.#goOn(state);
    return { ...this.#stateOf(state), huberDelta: here, status: 'running' };
  }

  /** The first stage. One pass tells how far the residuals are beyond δ. */
  async #begin(): Promise<Newton> {
    const { huberDelta, start } = this.#options;
    const evaluation = await this.#evaluate(start, { withHessian: true, huberDelta });
    const typical = typicalResidual(evaluation.loss, huberDelta);
    if (!(huberDelta < NEAR * typical) || !Number.isFinite(typical))
      return this.#open(this.#stage, { first: evaluation });
    return this.#open({ huberDelta: FIRST * typical, parameters: start });
  }

  /** The next stage begins where this one and the one before point to. */
  #goOn({ parameters, loss, iterations }: NewtonState): void {
    const { huberDelta } = this.#options;
    const reached = { huberDelta: this.#stage.huberDelta, parameters };
    const typical = Math.min(typicalResidual(loss, reached.huberDelta), reached.huberDelta);
    const isNear = huberDelta >= NEAR * typical;
    const next = isNear ? huberDelta : Math.max(huberDelta, typical / FACTOR);
    // From −δ' to δ' the slope of the loss rises by 2δ: over that range, the curvature is δ/δ' times that of δ'.
    const ratio = next / reached.huberDelta;
    const before = this.#wider;
    const wider = this.#hessian?.map((value, at) => ratio * (value + (before?.[at] ?? 0) / 2));
    this.#wider = wider;
    const start = this.#before ? foretold(this.#before, reached, next) : parameters;
    this.#iterations += iterations;
    this.#before = reached;
    this.#open({ huberDelta: next, parameters: start }, { wider });
  }

  /** A stage of which the first evaluation may be known. */
  #open(stage: Stage, { first, wider }: { first?: Evaluation; wider?: Float64Array | undefined } = {}): Newton {
    let known = first;
    const evaluate = async (parameters: Float64Array, withHessian: boolean) => {
      const evaluation = known ?? (await this.#evaluate(parameters, { withHessian, huberDelta: stage.huberDelta }));
      known = undefined;
      return evaluation;
    };
    this.#stage = stage;
    this.#stageSteps = 0;
    this.#newton = new Newton({ ...this.#options, start: stage.parameters, evaluate, wider });
    return this.#newton;
  }

  async #evaluate(...call: Parameters<HuberOptions['evaluate']>): Promise<Evaluation> {
    const evaluation = await this.#options.evaluate(...call);
    this.#passes += 1;
    this.#hessian = evaluation.hessian ?? undefined;
    return evaluation;
  }

  #stateOf(state: NewtonState): HuberState {
    const { huberDelta } = this.#stage;
    return { ...state, huberDelta, passes: this.#passes, iterations: this.#iterations + state.iterations };
  }
}

/**
 * A size that the mean of |r| does not exceed: |r| ≤ ρ(r)/δ + δ/2 of each residual, and with equality from δ on; or the
 * root mean square, if that is within δ.
 */
function typicalResidual(loss: number, huberDelta: number): number {
  const root = Math.sqrt(2 * loss);
  return root < huberDelta ? root : loss / huberDelta + huberDelta / 2;
}

/** The minimum with a threshold, on the line through two others. */
function foretold(first: Stage, second: Stage, huberDelta: number): Float64Array {
  const share = (huberDelta - second.huberDelta) / (second.huberDelta - first.huberDelta);
  const way = second.parameters.map((value, j) => value - (first.parameters[j] as number));
  // A weight of 0 stays: l1 keeps it there, mostly.
  return moved(second.parameters, way, share).map((value, j) => (second.parameters[j] === 0 ? 0 : value));
}
