import { inTurns } from '../base/turns.js';
import type { Evaluator } from '../descent/evaluation.js';
import {
  ConditionedSolver,
  dependenceOf,
  isNearlyDependent,
  isOrthogonalCheap,
  orthogonalFeatures,
} from '../solve/conditioned-solver.js';
import { HostEvaluator } from '../solve/host-evaluator.js';
import { HuberContinuation } from '../solve/huber-continuation.js';
import { HuberScaleSolver } from '../solve/huber-scale.js';
import { IterativeSolver } from '../solve/iterative-solver.js';
import { Lbfgs } from '../solve/lbfgs.js';
import { newtonName, newtonSolver, type SolverProblem } from '../solve/newton-solver.js';
import { findSeparation, type SeparationExamples } from '../solve/separation.js';
import type { Solver } from '../solve/solver.js';
import type { EndRule } from '../solve/solver-run.js';
import type { Stage } from '../solve/staged-solver.js';
import { type SolverSettings, takesNewton } from './takes-newton.js';

/**
 * The relative rounding that L-BFGS goes down to in f64: its steps near that of the sums are many, and of no use. The excess
 * loss is about the square of it.
 */
const LBFGS_ROUNDING = 2 ** -36;

/** Properties of an evaluator that it does not know itself. */
interface EvaluatorTraits {
  /** Relative rounding of its sums. Default: that of f64. */
  rounding?: number | undefined;
  exampleCount?: number | undefined;
}

/** One minimization on an evaluator: by Newton's method or L-BFGS, for Huber's loss by thresholds that fall to δ. */
export function solverOn(
  evaluator: Evaluator,
  settings: SolverSettings,
  { rounding, exampleCount }: EvaluatorTraits = {},
): (parameters: Float64Array) => Solver {
  const { loss, huberDelta, l1, l2 } = settings;
  const size = { exampleCount, ...sizeOf(evaluator) };
  // A penalty of orthogonal features would be another one; with l2, nearly dependent features have a definite optimum.
  const isPlain = l1 === 0 && l2 === 0;
  const orthogonal = isPlain && evaluator instanceof HostEvaluator ? orthogonalFeatures(evaluator) : null;
  const areDependent = orthogonal && evaluator instanceof HostEvaluator ? dependenceOf(evaluator) : null;
  const begin = (start: Float64Array, delta: number): Solver => {
    const problem = { evaluator, start, l1, l2, rounding, huberDelta: delta };
    if (!takesNewton(settings, size)) return lbfgsOn({ ...problem, rounding: rounding ?? LBFGS_ROUNDING });
    const isCurvedAlike = loss === 'squared' || delta === Number.MAX_VALUE;
    const newtonOn = (on: Evaluator, from: Float64Array) => {
      const problemOn = { ...problem, evaluator: on, start: from };
      return loss === 'logistic' || isCurvedAlike ? newtonSolver(problemOn, isCurvedAlike) : huberOn(problemOn);
    };
    return orthogonal && evaluator instanceof HostEvaluator
      ? new ConditionedSolver(
          evaluator,
          start,
          orthogonal,
          loss === 'huber' && !isCurvedAlike ? areDependent : null,
          newtonOn,
        )
      : newtonOn(evaluator, start);
  };
  if (loss !== 'huber') return (parameters) => begin(parameters, 1);
  if (huberDelta !== 'auto') return (parameters) => begin(parameters, huberDelta);
  if (!(evaluator instanceof HostEvaluator)) throw new TypeError("huberDelta 'auto' needs the examples on the host");
  return (parameters) => new HuberScaleSolver(evaluator, parameters, begin);
}

/** The size of the examples, as far as an evaluator knows it. */
function sizeOf({ featureCount, exampleCount }: Evaluator & { exampleCount?: number }) {
  return exampleCount === undefined ? { featureCount } : { featureCount, exampleCount };
}

function lbfgsOn({ evaluator, huberDelta, ...problem }: SolverProblem): Solver {
  return new IterativeSolver('lbfgs', problem.start, (signalNow) => {
    const evaluate = (parameters: Float64Array) =>
      evaluator.evaluate(parameters, { withHessian: false, huberDelta, signal: signalNow() });
    return new Lbfgs({ ...problem, floor: evaluator.lossFloor, evaluate });
  });
}

/** The stages with wider thresholds are part of the first step: every state is one of the objective itself. */
function huberOn({ evaluator, ...problem }: SolverProblem): Solver {
  return new IterativeSolver(newtonName(problem), problem.start, (signalNow) => {
    const evaluate = (parameters: Float64Array, options: { withHessian: boolean; huberDelta: number }) =>
      evaluator.evaluate(parameters, { ...options, signal: signalNow() });
    const continuation = new HuberContinuation({ ...problem, floor: evaluator.lossFloor, evaluate, signalNow });
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

/**
 * The corrections of a minimum that sums in f32 found: first with their Hessian, so that each pass computes a gradient only;
 * where that does not come to rest, from there with Hessians in f64, as those are that `isForHost` leaves to the host.
 */
export function correctionsOn(
  evaluator: HostEvaluator,
  settings: SolverSettings,
  isForHost: (onDevice: Solver) => Promise<boolean> = () => Promise.resolve(false),
): Stage[] {
  const { huberDelta: asked, l1, l2 } = settings;
  const huberDelta = asked === 'auto' ? 1 : asked;
  const corrected: Stage = async (start, before) => {
    const hessian = before instanceof IterativeSolver ? before.iteration.hessian : null;
    if (!hessian || (before && (await isForHost(before)))) return null;
    return newtonSolver({ evaluator, start, huberDelta, l1, l2 }, true, hessian);
  };
  const onHost = solverOn(evaluator, { ...settings, huberDelta });
  const anew: Stage = async (parameters, before) => {
    const isSolved = before?.state.status === 'converged' && !(await isForHost(before));
    return isSolved ? null : onHost(parameters);
  };
  return takesNewton(settings, evaluator) ? [corrected, anew] : [(parameters) => Promise.resolve(onHost(parameters))];
}

/**
 * True if sums in f32 do not tell features of a problem apart that sums in f64 may, so that a solver by them would creep. With
 * a penalty there is a definite optimum. The first Hessian tells: which features depend on others, steps do not change.
 */
export function isForHostAlone(
  evaluator: HostEvaluator,
  { loss, l1, l2 }: SolverSettings,
): (onDevice: Solver) => Promise<boolean> {
  if (l1 > 0 || l2 > 0 || !isOrthogonalCheap(evaluator)) return () => Promise.resolve(false);
  // Where Huber's loss is curved at few examples, its Hessian does not tell.
  const areDependent = loss === 'huber' ? dependenceOf(evaluator, DEVICE_ROUNDING) : null;
  if (areDependent) return () => areDependent(undefined);
  let isDependent: Promise<boolean> | undefined;
  return (onDevice) => {
    const hessian = onDevice instanceof IterativeSolver ? onDevice.iteration.hessian : null;
    if (hessian) isDependent ??= inTurns(isNearlyDependent(hessian, DEVICE_ROUNDING));
    return isDependent ?? Promise.resolve(false);
  };
}

/** Ends a fit of the logistic loss whose classes are separable; undefined where a penalty makes the optimum finite. */
export function endRuleFor(evaluator: SeparationExamples, { loss, l1, l2 }: SolverSettings): EndRule | undefined {
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
  readonly #evaluator: SeparationExamples;
  #steps = 0;
  #before: Float64Array | undefined;

  constructor(evaluator: SeparationExamples) {
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
