import { type SourceSurvey, surveySource } from '../../data/source-survey.js';
import type { StreamedSource } from '../../data/streamed-source.js';
import type { Backend } from '../../descent/backend.js';
import type { BatchSumsPlan } from '../../descent/batch-sums.js';
import type { EvaluateOptions, Evaluation } from '../../descent/evaluation.js';
import { centersTargets } from '../../descent/loss.js';
import { type ColumnLayout, layoutOf, PLAIN_COLUMN, Standardization } from '../../descent/standardization.js';
import type { Objective } from '../../options/objective.js';
import type { FitSettings } from '../../options/specs.js';
import { examplesOfSource } from '../../solve/evaluated-examples.js';
import { type EvaluatedProblem, HostEvaluator, unitsOf } from '../../solve/host-evaluator.js';
import { StreamedTrainer } from './streamed-trainer.js';
import { UploadedSums } from './uploaded-sums.js';

/** The objective and the units of training on a source. */
export interface StreamedProblem extends Objective, Pick<FitSettings, 'standardize' | 'storage'> {
  /**
   * True to take the means off features and targets without `standardize` too, as solvers do. Gradient descent would take another
   * way then.
   */
  isCentered: boolean;
}

/** Surveys a source, and makes it ready for passes on a backend. */
export async function openStreamed(
  source: StreamedSource,
  backend: Backend,
  problem: StreamedProblem,
  signal: AbortSignal | undefined,
): Promise<StreamedTrainer> {
  const survey = await source.surveyBy((given) => surveySource(given, problem.loss, signal));
  const { loss, huberDelta, fitIntercept } = problem;
  const objective = { loss, huberDelta, fitIntercept };
  const standardization = standardizationOf(survey, problem);
  const { totalWeight, isWeighted } = survey;
  const plan: BatchSumsPlan = { standardization, objective, totalWeight, isWeighted };
  const sums = backend.openBatchSums
    ? await backend.openBatchSums(plan)
    : new UploadedSums(backend, plan, await source.columns(), problem.storage);
  const isCentered = standardization.targetCenters[0] !== 0;
  const targetSquare = survey.targets.spread(isCentered).deviation ** 2;
  return new StreamedTrainer({ source, sums, standardization, objective, targetSquare, signal });
}

function standardizationOf(survey: SourceSurvey, problem: StreamedProblem): Standardization {
  const { standardize, fitIntercept, isCentered } = problem;
  const columns = survey.columns.map((column): ColumnLayout => {
    const spread = column.spread(fitIntercept);
    if (standardize) return layoutOf(spread);
    return isCentered ? { ...PLAIN_COLUMN, center: spread.center, isConstant: spread.isConstant } : PLAIN_COLUMN;
  });
  const takesMean = centersTargets(problem, isCentered ? fitIntercept : standardize);
  return new Standardization(columns, [takesMean ? survey.targets.mean : 0], fitIntercept);
}

/** The host's evaluator of a source, of which the kernels of an engine add up loss and derivatives in f64. */
export class StreamedEvaluator extends HostEvaluator {
  readonly #trainer: StreamedTrainer;

  private constructor(trainer: StreamedTrainer, ...parts: ConstructorParameters<typeof HostEvaluator>) {
    super(...parts);
    this.#trainer = trainer;
  }

  /** An evaluator on a source that has been surveyed, in the units of `trainer`, which adds up in f64. */
  static on(
    trainer: StreamedTrainer,
    { source, survey }: { source: StreamedSource; survey: SourceSurvey },
    { loss, fitIntercept }: Pick<EvaluatedProblem, 'loss' | 'fitIntercept'>,
  ): StreamedEvaluator {
    const { columns, target } = unitsOf(trainer, trainer.featureCount);
    const problem = { loss, fitIntercept, standardize: true };
    return new StreamedEvaluator(trainer, examplesOfSource(source, survey), problem, columns, target);
  }

  override evaluate(parameters: Float64Array, options: EvaluateOptions): Promise<Evaluation> {
    return this.#trainer.evaluate(parameters, options);
  }
}
