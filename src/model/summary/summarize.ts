import { DescentError } from '../../base/errors.js';
import { requireKnown } from '../../base/check-names.js';
import { requireObject } from '../../base/require-object.js';
import type { Dataset, FloatArray } from '../../data/checked-dataset.js';
import { type ExampleData, toDataset } from '../../data/inputs.js';
import { codesOf } from '../../data/labels.js';
import { columnOrder } from '../../data/match-columns.js';
import { ZERO_AND_ONE } from '../../data/table/encoding.js';
import { withParts } from '../../data/with-parts.js';
import { isMoments } from '../../moments/is-moments.js';
import type { Moments } from '../../moments/moments.js';
import { summarizeLeastSquares } from './least-squares.js';
import { summarizeLogistic } from './logistic.js';
import type { ModelSummary } from './model-summary.js';
import type { SummarizedModel, SummaryOptions } from './summary-options.js';
import { checkMeaning } from './weights-as.js';

/** The summary of a model on examples or their moments; see `LinearModel.summary`. */
export async function summarize(
  model: SummarizedModel,
  data: ExampleData | Moments,
  given: SummaryOptions,
): Promise<ModelSummary> {
  const fixes = { weights: "Did you mean 'weightsAs'?" };
  const options = requireKnown(given, ['fitIntercept', 'weightsAs'], { fixes });
  const { fitIntercept = model.objective?.fitIntercept ?? true, weightsAs = 'auto' } = options;
  checkMeaning(weightsAs);
  refuseOthers(model);
  requireObject(data);
  if (model.loss === 'logistic') {
    if (isMoments(data)) throw noLabels();
    const examples = withCodes(inOrder(model, await toDataset(data, { kept: model })), model);
    return summarizeLogistic(model, examples, { fitIntercept, weightsAs });
  }
  const examples = isMoments(data) ? data : inOrder(model, await toDataset(data, { kept: model }));
  return summarizeLeastSquares(model, examples, { fitIntercept, weightsAs });
}

/** The columns of the model's features, in its order. */
function inOrder({ featureNames }: SummarizedModel, given: Dataset): Dataset {
  const order = columnOrder(featureNames, given.featureNames);
  return withParts(given, { columns: order.map((at) => given.columns[at] as FloatArray), featureNames });
}

/** The examples with 0 and 1 for the classes of the model. */
function withCodes(examples: Dataset, { classes }: SummarizedModel): Dataset {
  const { targets, targetName, origin } = examples;
  const codes = codesOf({ name: targetName, values: targets, labels: origin?.labels }, classes ?? ZERO_AND_ONE);
  return withParts(examples, { targets: codes, origin: null });
}

function refuseOthers({ loss, objective }: SummarizedModel): void {
  if (loss === 'huber') {
    throw new DescentError('INVALID_OPTION', {
      got: "a summary of a model with loss 'huber'",
      expected:
        "a model with loss 'squared' or 'logistic', because the standard errors are those of maximum likelihood",
      fix: "Train with loss: 'squared' for standard errors.",
    });
  }
  const penalty = (['l1', 'l2'] as const).find((name) => (objective?.[name] ?? 0) > 0);
  if (!penalty) return;
  throw new DescentError('INVALID_OPTION', {
    got: `a summary of a model with ${penalty} ${objective?.[penalty]}`,
    expected: 'a model without regularization, because the standard errors do not hold for penalized weights',
    fix: 'Fit without l1 and l2 for standard errors.',
    where: { option: penalty },
  });
}

function noLabels(): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: "a summary of a model with loss 'logistic' on moments",
    expected: 'examples, because moments are enough for the squared loss only',
    fix: 'Pass the examples instead of their moments.',
  });
}
