import { inTurns } from '../base/turns.js';
import type { Backend } from '../descent/backend.js';
import { dealBatches } from '../descent/batches.js';
import { Dataset } from '../data/dataset.js';
import { objectiveOf } from '../descent/loss.js';
import { collectMoments } from '../moments/collect.js';
import { momentsOfColumns, momentsOfDataset } from '../moments/columns.js';
import type { Moments } from '../moments/moments.js';
import type { ExampleSource } from '../data/source.js';
import { ReferenceTrainer } from './trainer.js';

/** The CPU reference: plain f64 loops over the same examples. */
export function openReferenceBackend(): Backend {
  return {
    name: 'reference',
    adapter: null,
    async upload(examples, options) {
      const dataset = datasetOf(examples);
      const validation = options.validation && datasetOf(options.validation);
      const targets = [{ name: dataset.targetName, values: dataset.targets }];
      const batches = await inTurns(dealBatches(dataset.exampleCount, dataset.exampleWeights, options), options.signal);
      return new ReferenceTrainer({ dataset, targets, folds: [] }, options.standardize, objectiveOf(options), {
        validation,
        batches,
      });
    },
    uploadMany: (data, options) =>
      Promise.resolve(new ReferenceTrainer(data, options.standardize, objectiveOf(options))),
    moments: addUpMoments,
    dispose: () => undefined,
  };
}

function datasetOf(examples: { dataset: Dataset } | Dataset): Dataset {
  return examples instanceof Dataset ? examples : examples.dataset;
}

async function addUpMoments(data: Dataset | ExampleSource, signal?: AbortSignal): Promise<Moments> {
  if (data instanceof Dataset) return momentsOfDataset(data);
  return collectMoments(data, (batch, firstRow) => momentsOfColumns(batch, batch.exampleWeights, firstRow), signal);
}
