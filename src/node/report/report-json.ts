import { bestLoss, nameOf, type Outcome } from './report-text.js';

/** The one object of --json; of several targets it has a list of models. */
export function outcomeJson(outcomes: readonly Outcome[]): object {
  const [first, ...otherOutcomes] = outcomes as [Outcome, ...Outcome[]];
  const { source, dataset, training, truth } = first;
  const { report } = training;
  const isOne = otherOutcomes.length === 0;
  return {
    backend: report.backend,
    placement: report.placement,
    adapter: report.adapter,
    browser: training.browser,
    dataset: {
      source,
      rows: dataset.exampleCount,
      features: dataset.featureNames,
      ...(isOne ? { target: dataset.targetName } : { targets: outcomes.map(nameOf) }),
      ...(dataset.origin?.reading && { reading: dataset.origin.reading }),
      ...(truth && { trueWeights: Array.from(truth.weights), trueBias: truth.bias }),
    },
    options: report.settings,
    strategy: report.strategy,
    kernels: report.kernels,
    threads: report.threads,
    learningRateLimit: report.learningRateLimit,
    timing: report.timings,
    ...(isOne
      ? learnedJson(first)
      : {
          models: outcomes.map((each) => ({ target: nameOf(each), ...learnedJson(each) })),
          check: worstCheck(outcomes),
        }),
  };
}

/** The trained model of one target and its checks, as JSON. */
function learnedJson({
  model,
  training: { report, weights, bias },
  score,
  check,
  optimum,
  statistics,
}: Outcome): object {
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
