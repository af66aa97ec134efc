import type { Dataset } from '../data/dataset.js';
import type { Evaluator } from '../descent/evaluation.js';
import type { SolverName } from '../options/names.js';
import type { FitSettings } from '../options/specs.js';
import { HostEvaluator } from '../solve/host-evaluator.js';
import { HuberContinuation } from '../solve/huber-continuation.js';
import { HuberScaleSolver } from '../solve/huber-scale.js';
import { IterativeSolver } from '../solve/iterative-solver.js';
import { Lbfgs } from '../solve/lbfgs.js';
import { Newton } from '../solve/newton.js';
import type { Penalties } from '../solve/optimality.js';
import { findSeparation } from '../solve/separation.js';
import type { Solver } from '../solve/solver.js';
import type { EndRule } from '../solve/solver-run.js';
import type { Stage } from '../solve/staged-solver.js';

/** The objective of a solver, and the solver that was asked for. */
export type SolverSettings = Pick<FitSettings, 'loss' | 'huberDelta' | 'l1' | 'l2' | 'optimizer'>;

/** A problem by its size; the number of examples is left out where it is large or not known. */
type ProblemSize = Pick<Evaluator, 'featureCount'> & { exampleCount?: number | undefined };

/**
 * More features than this: a Hessian takes as long as so many halves of a gradient, and its solution d³/6 multiply-adds,
 * where L-BFGS needs some tens to hundreds of gradients, and thousands where features depend on one another.
 */
const MOST_NEWTON_FEATURES = { squared: 512, other: 256 };

/** Multiply-adds of a step of Newton's method that are few whatever the number of features: a tenth of a second. */
const LITTLE_WORK = 1e8;

/** True for Newton's method, false for L-BFGS. */
export function takesNewton({ loss, optimizer }: SolverSettings, { featureCount, exampleCount }: ProblemSize): boolean {
  if (optimizer !== 'auto') return optimizer === 'newton';
  if (featureCount <= MOST_NEWTON_FEATURES[loss === 'squared' ? 'squared' : 'other']) return true;
  return exampleCount !== undefined && newtonStepWork(featureCount, exampleCount) <= LITTLE_WORK;
}

/** The Hessian, and its factor. */
const newtonStepWork = (d: number, m: number): number => (m * d ** 2) / 2 + d ** 3 / 6;

/** One minimization on an evaluator: by Newton's method or L-BFGS, for Huber's loss by thresholds that fall to δ. */
export function solverOn(
  evaluator: Evaluator,
  settings: SolverSettings,
  rounding?: number,
): (parameters: Float64Array) => Solver {
  const { loss, huberDelta, l1, l2 } = settings;
  const begin = (start: Float64Array, delta: number): Solver => {
    const problem = { evaluator, start, l1, l2, rounding, huberDelta: delta };
    if (!takesNewton(settings, evaluator)) return lbfgsOn(problem);
    const isCurvedAlike = loss === 'squared' || delta === Number.MAX_VALUE;
    return loss === 'logistic' || isCurvedAlike ? newtonOn(problem, isCurvedAlike) : huberOn(problem);
  };
  if (loss !== 'huber') return (parameters) => begin(parameters, 1);
  if (huberDelta !== 'auto') return (parameters) => begin(parameters, huberDelta);
  if (!(evaluator instanceof HostEvaluator)) throw new TypeError("huberDelta 'auto' needs the examples on the host");
  return (parameters) => new HuberScaleSolver(evaluator, parameters, begin);
}

/** An objective on an evaluator, and where its minimization begins. */
interface Problem extends Penalties {
  evaluator: Evaluator;
  start: Float64Array; // [d + 1]
  huberDelta: number;
  rounding?: number | undefined;
}

function lbfgsOn({ evaluator, huberDelta, ...problem }: Problem): Solver {
  return new IterativeSolver('lbfgs', problem.start, (signalNow) => {
    const evaluate = (parameters: Float64Array) =>
      evaluator.evaluate(parameters, { withHessian: false, huberDelta, signal: signalNow() });
    return new Lbfgs({ ...problem, evaluate });
  });
}

/** Newton's method; `reuseHessian` where it is the same everywhere, `hessian` where it is known. */
export function newtonOn(
  { evaluator, huberDelta, ...problem }: Problem,
  reuseHessian: boolean,
  hessian?: Float64Array | null,
): IterativeSolver {
  return new IterativeSolver(newtonName(problem), problem.start, (signalNow) => {
    const evaluate = (parameters: Float64Array, withHessian: boolean) =>
      evaluator.evaluate(parameters, { withHessian, huberDelta, signal: signalNow() });
    return new Newton({ ...problem, reuseHessian, hessian, evaluate });
  });
}

/** The stages with wider thresholds are part of the first step: every state is one of the objective itself. */
function huberOn({ evaluator, ...problem }: Problem): Solver {
  return new IterativeSolver(newtonName(problem), problem.start, (signalNow) => {
    const evaluate = (parameters: Float64Array, options: { withHessian: boolean; huberDelta: number }) =>
      evaluator.evaluate(parameters, { ...options, signal: signalNow() });
    const continuation = new HuberContinuation({ ...problem, evaluate });
    return {
      get hessian() {
        return continuation.hessian;
      },
      async step() {
        let state = await continuation.step();
        while (state.huberDelta !== problem.huberDelta) state = await continuation.step();
        return state;
      },
    };
  });
}

const newtonName = ({ l1 }: Penalties): SolverName => (l1 > 0 ? 'proximalNewton' : 'newton');

/**
 * The corrections of a minimum that sums in f32 found: first with their Hessian, so that each pass computes a gradient only;
 * where that does not come to rest, from there with Hessians in f64.
 */
export function correctionsOn(evaluator: HostEvaluator, settings: SolverSettings): Stage[] {
  const { huberDelta: asked, l1, l2 } = settings;
  const huberDelta = asked === 'auto' ? 1 : asked;
  const corrected: Stage = (start, before) => {
    const hessian = before instanceof IterativeSolver ? before.iteration.hessian : null;
    return hessian ? newtonOn({ evaluator, start, huberDelta, l1, l2 }, true, hessian) : null;
  };
  const anew: Stage = (parameters, before) =>
    before?.state.status === 'converged' ? null : solverOn(evaluator, { ...settings, huberDelta })(parameters);
  return takesNewton(settings, evaluator) ? [corrected, anew] : [anew];
}

/** Ends a fit of the logistic loss whose classes are separable; undefined where a penalty makes the optimum finite. */
export function endRuleFor(evaluator: HostEvaluator, { loss, l1, l2 }: SolverSettings): EndRule | undefined {
  if (loss !== 'logistic' || l1 > 0 || l2 > 0) return undefined;
  const rule = new SeparationRule(evaluator);
  return (parameters, change, signal) => rule.look(parameters, change, signal);
}

/** The relative rounding of sums on a device, in f32. */
export const DEVICE_ROUNDING = 2 ** -20;

/** Steps before separation is looked for: a fit with a finite optimum has mostly ended by then. */
const FIRST_LOOK = 4;

/** Newton's steps towards infinity keep their length and direction; those towards an optimum shrink. */
const SAME_LENGTH = 0.3;
const SAME_DIRECTION = 0.9;

class SeparationRule {
  readonly #evaluator: HostEvaluator;
  #steps = 0;
  #before: Float64Array | undefined;

  constructor(evaluator: HostEvaluator) {
    this.#evaluator = evaluator;
  }

  async look(
    parameters: Float64Array,
    change: Float64Array,
    signal: AbortSignal | undefined,
  ): Promise<'separable' | null> {
    const before = this.#before;
    this.#before = change;
    this.#steps++;
    if (this.#steps < FIRST_LOOK || !before || !goesOn(before, change)) return null;
    return (await findSeparation(this.#evaluator, parameters, change, signal)) ? 'separable' : null;
  }
}

function goesOn(before: Float64Array, change: Float64Array): boolean {
  const length = (of: Float64Array) => Math.sqrt(of.reduce((sum, value) => sum + value * value, 0));
  const product = change.reduce((sum, value, j) => sum + value * (before[j] as number), 0);
  const [first, second] = [length(before), length(change)];
  return second >= SAME_LENGTH * first && product >= SAME_DIRECTION * first * second;
}

/** True if the host is predicted to solve sooner than a device that is yet to be opened and filled. */
export function isHostSooner(dataset: Dataset, settings: FitSettings): boolean {
  return settings.backend === 'auto' ? hostWork(dataset, settings) <= MOST_HOST_WORK : settings.backend === 'cpu';
}

/** Multiply-adds that a solver is predicted to take on the host. */
export function hostWork(dataset: Dataset, settings: SolverSettings): number {
  const { exampleCount, featureCount } = dataset;
  const isNewton = takesNewton(settings, dataset);
  const perPass = exampleCount * featureCount * (isNewton ? featureCount / 2 + 2 : 2);
  return perPass * (isNewton ? NEWTON_PASSES : LBFGS_PASSES);
}

/** Passes that the solvers take mostly, for the prediction of their time. */
const NEWTON_PASSES = 8;
const LBFGS_PASSES = 60;

/** Multiply-adds that the host makes while a device opens and takes the data: about 0.2 s. */
const MOST_HOST_WORK = 2e8;
