import type { FitReport } from '../../descent/report.js';
import { bestLoss, nameOf, type Outcome } from './report-text.js';

/** The one object of --json; of several targets it has a list of models. */
export function outcomeJson(outcomes: readonly Outcome[]): object {
  const [first, ...otherOutcomes] = outcomes as [Outcome, ...Outcome[]];
  const { source, dataset, training, truth } = first;
  const { report } = training;
  const isOne = otherOutcomes.length === 0;
  return {
    ...ranJson(report),
    browser: training.browser,
    dataset: {
      source,
      rows: dataset.exampleCount,
      features: dataset.featureNames,
      ...(isOne ? { target: dataset.targetName } : { targets: outcomes.map(nameOf) }),
      ...(dataset.origin?.reading && { reading: dataset.origin.reading }),
      ...(report.source && { read: report.source.read, passes: report.source.passes }),
      ...(truth && { trueWeights: Array.from(truth.weights), trueBias: truth.bias }),
    },
    ...(isOne
      ? learnedJson(first)
      : {
          models: outcomes.map((each) => ({ target: nameOf(each), ...learnedJson(each) })),
          check: worstCheck(outcomes),
        }),
  };
}

/** The place and the way in which a fit ran, as JSON. */
export function ranJson(report: FitReport): object {
  const { backend, placement, adapter, settings, strategy, kernels, threads, learningRateLimit, timings } = report;
  const ran = { backend, placement, adapter, options: settings, strategy, kernels, threads };
  return { ...ran, learningRateLimit, timing: timings };
}

/** The outcome of a fit, as far as it is about one model. */
interface LearnedOutcome extends Pick<Outcome, 'model' | 'score' | 'check' | 'optimum' | 'statistics'> {
  training: Pick<Outcome['training'], 'report' | 'weights' | 'bias'>;
}

/** The trained model of one target and its checks, as JSON. */
export function learnedJson({
  model,
  training: { report, weights, bias },
  score,
  check,
  optimum,
  statistics,
}: LearnedOutcome): object {
  return {
    ...(model.classes && { classes: model.classes }),
    weights,
    bias,
    loss: {
      first: report.lossHistory[0] ?? null,
      last: report.lossHistory.at(-1) ?? null,
      history: report.lossHistory,
    },
    ...(report.validationHistory && {
      validation: { bestEpoch: report.bestEpoch, best: bestLoss(report), history: report.validationHistory },
    }),
    ...(report.path && { path: report.path }),
    epochsRun: report.epochsRun,
    stopReason: report.stopReason,
    converged: report.converged,
    optimizer: report.optimizer,
    ...(report.settings.loss === 'logistic' ? { accuracy: score } : { r2: score }),
    check,
    optimum,
    relativeGradient: report.relativeGradient,
    distanceToOptimum: report.distanceToOptimum,
    distanceBy: report.distanceBy,
    ...(statistics && { summary: statistics }),
    warnings: report.warnings,
  };
}

/** The check that is nearest to its tolerance, or farthest beyond: it has passed where all have. */
function worstCheck(outcomes: readonly Outcome[]): Outcome['check'] {
  const checks = outcomes.flatMap(({ check }) => (check ? [check] : []));
  const share = ({ maxRelativeDifference, tolerance }: (typeof checks)[number]) => maxRelativeDifference / tolerance;
  return checks.reduce<Outcome['check']>((worst, each) => (worst && share(worst) >= share(each) ? worst : each), null);
}
