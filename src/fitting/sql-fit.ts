import type { Parameters } from '../descent/backend.js';
import { initialState, trainToEnd } from '../descent/run.js';
import type { Standardization } from '../descent/standardization.js';
import { PLAIN_RULE } from '../descent/optimizers.js';
import { constantWarnings, sizeWarnings } from '../descent/warnings.js';
import type { Origin } from '../data/origin.js';
import type { Moments } from '../moments/moments.js';
import type { FitSettings } from '../options/specs.js';
import { constantLogistic, sqlUnits } from '../sql/column-sums.js';
import { featureNamesOf, type Source } from '../sql/query.js';
import type { Statements } from '../sql/run-statement.js';
import { SqlEvaluator } from '../sql/sql-evaluator.js';
import { SquaredLoss } from '../moments/squared-loss.js';
import { newtonSolver } from '../solve/newton-solver.js';
import { buildModel } from './build-model.js';
import type { OpenFit } from './open-fit.js';
import { endRuleFor, solverOn } from './solver-stages.js';
import { SolverTrainer } from './solver-trainer.js';
import type { FittedModel } from '../model/fitted-model.js';

/** A problem whose rows stay where they are, with the sums that are known of them. */
export interface SqlProblem {
  source: Source;
  /** [d + 1] */
  centers: readonly number[];
  rowCount: number;
  moments: Moments;
  /** True if the moments hold the products of different features. */
  isWhole: boolean;
  settings: FitSettings & { huberDelta: number };
  dialect: string;
  statements: Statements;
  origin: Origin | null;
  startMs: number;
}

/** A step of a fit by statements. */
export interface SqlProgress {
  /** Steps finished. */
  step: number;
  /** The loss with penalties at the model. */
  loss: number;
  /** Statements so far. */
  statements: number;
  /** The model so far, from which `warmStart` goes on. */
  model: { weights: Float64Array; bias: number };
}

/**
 * The relative rounding that solvers go down to: engines add up in an order of their own, of many terms to about 1e-11. The
 * rest of the way is the square of it.
 */
const SQL_ROUNDING = 2 ** -36;

/** Minimizes the objective by statements that sum up its derivatives, from a model or from the best constant. */
export async function fitBySql(
  problem: SqlProblem,
  start: { weights: ArrayLike<number>; bias: number } | null,
  watch: { signal: AbortSignal | undefined; onProgress: ((progress: SqlProgress) => void) | undefined },
): Promise<FittedModel> {
  const { settings, statements } = problem;
  const trainer = openTrainer(problem);
  const from = initialState(start ? trainer.toTrainingUnits(start) : constantStart(problem));
  const fit = openFit(problem, trainer, from);
  const uploadMs = performance.now() - problem.startMs;
  const onProgress = (step: number, loss: number) => {
    const model = trainer.toCallerUnits(trainer.solved?.parameters ?? from.parameters);
    watch.onProgress?.({ step, loss, statements: statements.count, model });
  };
  const run = await trainToEnd(trainer, from, {
    ...settings,
    ...fit.rate,
    rule: fit.rule,
    signal: watch.signal,
    onProgress,
  });
  const timings = { deviceMs: 0, uploadMs, startMs: problem.startMs };
  return buildModel({ ...fit, timings }, run, watch.signal?.aborted !== true);
}

function openTrainer(problem: SqlProblem): SolverTrainer {
  const { source, centers, moments, isWhole, settings, statements } = problem;
  const units = sqlUnits(moments, settings);
  const known = (bias: number, withHessian: boolean) =>
    settings.loss !== 'logistic' || (withHessian && !isWhole)
      ? null
      : constantLogistic(moments, settings, bias, isWhole);
  const evaluator = new SqlEvaluator({ source, centers, units, objective: settings, statements, known });
  const { loss, l1, l2, huberDelta } = settings;
  const begin =
    loss === 'squared' && isWhole
      ? (parameters: Float64Array) => {
          const hessian = new SquaredLoss(moments, settings, 0).hessian();
          return newtonSolver(
            { evaluator, start: parameters, l1, l2, huberDelta, rounding: SQL_ROUNDING },
            true,
            hessian,
          );
        }
      : solverOn(evaluator, settings, settings.optimizer === 'lbfgs' ? {} : { rounding: SQL_ROUNDING });
  const endRule = endRuleFor(evaluator, settings);
  const parts = { units: unitsOf(units), evaluator, kernels: 'sql' as const, warnings: [], begin, endRule };
  return new SolverTrainer({ ...parts, huberDelta, dispose: () => undefined });
}

/** The units of a trainer that has no trainer of a backend. */
function unitsOf(units: Standardization) {
  return {
    constantFeatures: units.columns.flatMap(({ isConstant }, j) => (isConstant ? [j] : [])),
    toCallerUnits: (parameters: Float64Array) => units.toCallerUnits(parameters),
    toTrainingUnits: (parameters: Parameters) => units.toTrainingUnits(parameters),
  };
}

/** [d + 1] The best constant model, as far as moments know it: its first step costs no statement. */
function constantStart({ moments, settings: { loss, fitIntercept } }: SqlProblem): Float64Array {
  const start = new Float64Array(moments.featureCount + 1);
  const mean = moments.targetMeans[0] as number;
  if (loss === 'logistic' && fitIntercept) start[moments.featureCount] = Math.log(mean / (1 - mean));
  return start;
}

/** The fit as every other is built and judged. */
function openFit(problem: SqlProblem, trainer: SolverTrainer, from: OpenFit['from']): Omit<OpenFit, 'timings'> {
  const { source, rowCount, moments, isWhole, settings, dialect, origin } = problem;
  const featureNames = featureNamesOf(source);
  return {
    trainer,
    settings,
    from,
    initial: from.parameters,
    strategy: 'streaming',
    exampleCount: rowCount,
    data: isWhole ? moments : null,
    backend: 'sql',
    placement: `The rows stay in the engine of dialect '${dialect}', which adds them up.`,
    adapter: null,
    limit: null,
    rate: { learningRate: 1, tolerance: settings.tolerance },
    rule: PLAIN_RULE,
    startScale: 1,
    rateWarnings: [],
    isDeltaChosen: true,
    warnings: [...sizeWarnings(rowCount, featureNames.length, settings), ...constantWarnings(featureNames, trainer)],
    earlier: null,
    featureNames,
    targetName: source.columns.at(-1)?.name as string,
    origin: () => origin,
    source: null,
    signal: undefined,
    dispose: () => undefined,
  };
}
