// What the library makes of the reader's own columns.

import { type Dataset, fit, type LinearModel, type ModelSummary } from '../../src/index.js';
import type { SharedDevice } from '../page/device.js';
import type { PageState } from '../page/state.js';

export interface OwnResult {
  fileName: string;
  data: Dataset;
  model: LinearModel;
  /** R², or the accuracy of a model of labels. */
  score: number;
  /** Of the squared loss alone. */
  summary: ModelSummary | null;
  /** The target is 0 and 1, so that it can be learned as labels. */
  areLabels: boolean;
}

export interface Fitting {
  signal: AbortSignal;
  onProgress: (share: number) => void;
}

/** Fits, and rejects with the signal's reason when that comes before the end. */
export async function fitOwn(
  data: Dataset,
  { fileName, fitLoss }: { fileName: string; fitLoss: PageState['fitLoss'] },
  { signal, onProgress }: Fitting,
  device: SharedDevice,
): Promise<OwnResult> {
  const areLabels = data.targets.every((y) => y === 0 || y === 1) && new Set(data.targets).size === 2;
  const loss = areLabels ? fitLoss : 'squared';
  const options = { loss, signal };
  const model = await device.run((place) =>
    fit(data, { ...options, ...place, onProgress: ({ epoch, epochs }) => onProgress(epoch / epochs) }),
  );
  signal.throwIfAborted();
  const score = await model.score(data);
  const summary = loss === 'squared' ? await model.summary(data) : null;
  return { fileName, data, model, score, summary, areLabels };
}

/** Rows of a saved file made between two turns of the page. */
const ROWS_AT_A_TIME = 20_000;

/** Rows of features, target and prediction, every row of the file, some at a time. */
export async function* predictedRows({ data, model }: OwnResult): AsyncGenerator<number[][], void, undefined> {
  for (let from = 0; from < data.exampleCount; from += ROWS_AT_A_TIME) {
    const columns = data.columns.map((column) => column.subarray(from, from + ROWS_AT_A_TIME));
    const targets = data.targets.subarray(from, from + ROWS_AT_A_TIME);
    const rows = Array.from(targets, (_, i) => columns.map((column) => column[i] as number));
    const predictions = await model.predict(rows);
    yield rows.map((row, i) => [...row, targets[i] as number, predictions[i] as number]);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
