import { inTurns } from '../base/turns.js';
import { Dataset } from '../data/dataset.js';
import type { Backend, ManyData, ManyTrainer, Trainer, UploadOptions } from '../descent/backend.js';
import { dealBatches } from '../descent/batches.js';
import { objectiveOf } from '../descent/loss.js';
import { largestSquare, Standardization } from '../descent/standardization.js';
import { storeExamples } from './store.js';
import type { RowRange } from './threads/threads.js';
import { CpuTrainer } from './trainer.js';

/** Options of the engine itself. */
export interface CpuOptions {
  /** The number of threads. Default: as many as pay. */
  threads?: number;
}

/** The engine on the CPU. */
export function openCpuBackend({ threads }: CpuOptions = {}): Backend {
  return {
    name: 'cpu',
    adapter: null,
    upload: (examples, options) => upload(datasetOf(examples), options, threads),
    uploadMany: (data, options) => uploadMany(data, options, threads),
    openBatchSums: async (plan) => (await import('./batch-sums.js')).openBatchSums(plan),
    moments: async (data, signal) => (await import('./moments.js')).addUpMoments(data, signal),
    dispose: () => undefined,
  };
}

async function upload(dataset: Dataset, options: UploadOptions, threads: number | undefined): Promise<Trainer> {
  const { signal, validation } = options;
  const objective = objectiveOf(options);
  const standardization = await inTurns(Standardization.measure(dataset, options.standardize, objective), signal);
  const batches = await inTurns(dealBatches(dataset.exampleCount, dataset.exampleWeights, options), signal);
  const plan = { standardization, epochs: options.epochs ?? 1 };
  const examples = await storeExamples(
    // A batch is too little for several threads.
    { ...plan, dataset, targets: [dataset.targets], order: batches?.rows, threads: batches ? 1 : threads },
    signal,
  );
  try {
    const others = validation && datasetOf(validation);
    const measured =
      batches && (await inTurns(largestSquare(dataset, standardization, objective, batches.rows), signal));
    return new CpuTrainer({
      examples,
      objective,
      folds: [],
      mini: batches && { batches, largestSquare: measured as number },
      validation: others
        ? await storeExamples({ ...plan, dataset: others, targets: [others.targets], threads: 1 }, signal)
        : null,
    });
  } catch (error) {
    examples.threads.dispose();
    throw error;
  }
}

/** Examples of one fold lie together, so that those of all others are two ranges. */
async function uploadMany(
  { dataset, targets, folds }: ManyData,
  options: UploadOptions,
  threads: number | undefined,
): Promise<ManyTrainer> {
  const objective = objectiveOf(options);
  const columns = targets.map(({ values }) => values);
  const measuring = Standardization.measure(dataset, options.standardize, objective, columns);
  const standardization = await inTurns(measuring, options.signal);
  const epochs = options.epochs ?? 1;
  const order = folds.length > 0 ? joined(folds, dataset.exampleCount) : undefined;
  const examples = await storeExamples(
    { dataset, targets: columns, standardization, order, epochs, threads },
    options.signal,
  );
  return new CpuTrainer({ examples, objective, folds: rangesOf(folds), mini: null, validation: null });
}

/** All rows, those of one fold after those of another. */
function joined(folds: readonly Uint32Array[], count: number): Uint32Array {
  const rows = new Uint32Array(count);
  let at = 0;
  for (const fold of folds) {
    rows.set(fold, at);
    at += fold.length;
  }
  return rows;
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
