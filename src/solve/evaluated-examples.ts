import { mapInParts, type WorkInParts } from '../base/turns.js';
import { spreadOf } from '../data/column-layout.js';
import { Dataset } from '../data/dataset.js';
import { totalWeight } from '../data/example-weights.js';
import { withRelativeWeights } from '../data/relative-weights.js';
import type { SourceSurvey } from '../data/source-survey.js';
import type { StreamedSource } from '../data/streamed-source.js';
import { type Parts, partsOf } from './residual-sums.js';

/** Examples of which an evaluator reads all in each pass, on the host or streamed from a source. */
export interface EvaluatedExamples {
  /** d */
  readonly featureCount: number;
  readonly exampleCount: number;
  /** The number of examples, or the sum of the weights that `read` gives. */
  readonly totalWeight: number;
  /** The root mean square of the targets; 0 if all of them are. */
  readonly targetSize: number;
  /** The examples themselves, with the weights that `read` gives, if they are in memory. */
  readonly dataset?: Dataset;
  /** One pass, in the order of the rows. */
  read(signal: AbortSignal | undefined): Parts;
  /** [d] The largest size of each feature, of the examples that count; of one in a part of the work. */
  largest(): WorkInParts<readonly number[]>;
}

/** The examples of a dataset, with weights relative to the largest. */
export function examplesOf(given: Dataset): EvaluatedExamples {
  const dataset = withRelativeWeights(given);
  const { columns, targets, exampleWeights, featureCount, exampleCount } = dataset;
  return {
    featureCount,
    exampleCount,
    totalWeight: totalWeight(exampleCount, exampleWeights),
    get targetSize() {
      const { deviation, isConstant } = spreadOf(targets, exampleWeights, false);
      return isConstant ? 0 : deviation;
    },
    dataset,
    read: () => partsOf(dataset),
    largest: () =>
      mapInParts(columns, (column) => {
        let largest = 0;
        for (let i = 0; i < column.length; i++) {
          if (exampleWeights?.[i] !== 0) largest = Math.max(largest, Math.abs(column[i] as number));
        }
        return largest;
      }),
  };
}

/** The examples of a source that has been surveyed. */
export function examplesOfSource(source: StreamedSource, survey: SourceSurvey): EvaluatedExamples {
  const { columns, targets, totalWeight } = survey;
  const { deviation, isConstant } = targets.spread(false);
  return {
    featureCount: columns.length,
    exampleCount: source.exampleCount,
    totalWeight,
    targetSize: isConstant ? 0 : deviation,
    read: (signal) => source.examples(signal),
    largest: () => mapInParts(columns, ({ size }) => size),
  };
}
