import type { Dataset } from '../../data/checked-dataset.js';
import { collectWithin } from '../../data/collect-dataset.js';
import { forLoss } from '../../data/labels.js';
import type { StreamedSource } from '../../data/streamed-source.js';
import { checkDataKind } from '../../options/check-combinations.js';
import type { FitSettings } from '../../options/specs.js';

/** A source as training reads it: all examples if they fit the memory budget, and otherwise the source itself, to be streamed. */
export async function readSource(
  source: StreamedSource,
  settings: FitSettings,
  signal: AbortSignal | undefined,
): Promise<Dataset | StreamedSource> {
  const { memoryBudget, loss, strategy, validationFraction } = settings;
  // One pass is all that moments take: nothing is gained by holding the examples.
  if (strategy === 'moments' && validationFraction === 0) return source;
  const dataset = await collectWithin(source, memoryBudget, signal);
  if (dataset) return forLoss(dataset, loss);
  checkDataKind('a source larger than memoryBudget', settings);
  return source;
}
