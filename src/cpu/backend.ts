import { Dataset } from '../data/dataset.js';
import type { ExampleSource } from '../data/source.js';
import type { Backend, ManyData, ManyTrainer, Trainer, UploadOptions } from '../descent/backend.js';
import { batchesOf } from '../descent/batches.js';
import { objectiveOf } from '../descent/loss.js';
import { largestSquare, Standardization } from '../descent/standardization.js';
import { collectMoments } from '../moments/collect.js';
import { momentsOfColumns, momentsOfDataset } from '../moments/columns.js';
import type { Moments } from '../moments/moments.js';
import { storeExamples } from './store.js';
import { OneThread, type RowRange } from './threads.js';
import { CpuTrainer } from './trainer.js';

/** The engine on the CPU. */
export function openCpuBackend(): Backend {
  return {
    name: 'cpu',
    adapter: null,
    upload,
    uploadMany,
    moments: addUpMoments,
    dispose: () => undefined,
  };
}

async function upload(examples: Parameters<Backend['upload']>[0], options: UploadOptions): Promise<Trainer> {
  const dataset = datasetOf(examples);
  const objective = objectiveOf(options);
  const standardization = Standardization.of(dataset, options.standardize, objective);
  const batches = batchesOf(dataset.exampleCount, dataset.exampleWeights, options);
  const targets = [dataset.targets];
  const { signal } = options;
  const stored = await storeExamples({ dataset, targets, standardization, order: batches?.rows }, signal);
  const others = options.validation && datasetOf(options.validation);
  const validation =
    others && (await storeExamples({ dataset: others, targets: [others.targets], standardization }, signal));
  return new CpuTrainer({
    examples: stored,
    threads: new OneThread(stored.rows),
    objective,
    folds: [],
    mini: batches && { batches, largestSquare: largestSquare(dataset, standardization, objective, batches.rows) },
    validation: validation ? { examples: validation, threads: new OneThread(validation.rows) } : null,
  });
}

/** Examples of one fold lie together, so that those of all others are two ranges. */
async function uploadMany({ dataset, targets, folds }: ManyData, options: UploadOptions): Promise<ManyTrainer> {
  const objective = objectiveOf(options);
  const columns = targets.map(({ values }) => values);
  const standardization = Standardization.of(dataset, options.standardize, objective, columns);
  const order = folds.length > 0 ? Uint32Array.from(folds.flatMap((rows) => Array.from(rows))) : undefined;
  const stored = await storeExamples({ dataset, targets: columns, standardization, order }, options.signal);
  return new CpuTrainer({
    examples: stored,
    threads: new OneThread(stored.rows),
    objective,
    folds: rangesOf(folds),
    mini: null,
    validation: null,
  });
}

function rangesOf(folds: readonly Uint32Array[]): RowRange[] {
  let end = 0;
  return folds.map(({ length }) => {
    const first = end;
    end += length;
    return { first, end };
  });
}

function datasetOf(examples: { dataset: Dataset } | Dataset): Dataset {
  return examples instanceof Dataset ? examples : examples.dataset;
}

async function addUpMoments(data: Dataset | ExampleSource, signal?: AbortSignal): Promise<Moments> {
  if (data instanceof Dataset) return momentsOfDataset(data);
  return collectMoments(data, (batch, firstRow) => momentsOfColumns(batch, batch.exampleWeights, firstRow), signal);
}
