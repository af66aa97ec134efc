// What the library makes of the reader's own columns.

import { type Dataset, fit, type LinearModel, lossSurface, type ModelSummary } from '../../src/index.js';
import type { OwnDataset } from './own-file.js';
import { plain } from './own-picture.js';
import type { PageState } from '../page/state.js';

export interface OwnResult {
  fileName: string;
  data: Dataset;
  model: LinearModel;
  /** R², or the accuracy of a model of labels. */
  score: number;
  /** The summary; of the squared loss alone. */
  summary: ModelSummary | null;
  /** L of the model. */
  least: number;
  /** The target is 0 and 1, or two words, so that it can be learned as labels. */
  areLabels: boolean;
  /** Rows that had gaps, and were left out. */
  rowsDropped: number;
}

export interface Fitting {
  signal: AbortSignal;
  onProgress: (share: number) => void;
}

/** Fits, and rejects with the signal's reason when that comes before the end. Words as a target are labels. */
export async function fitOwn(
  { data, rowsDropped }: OwnDataset,
  { fileName, fitLoss, isLabelled }: { fileName: string; fitLoss: PageState['fitLoss']; isLabelled: boolean },
  { signal, onProgress }: Fitting,
): Promise<OwnResult> {
  const areCodes = data.targets.every((y) => y === 0 || y === 1) && new Set(data.targets).size === 2;
  const loss = isLabelled || (areCodes && fitLoss === 'logistic') ? 'logistic' : 'squared';
  const telling = ({ epoch, epochs }: { epoch: number; epochs: number }) => onProgress(epoch / epochs);
  const model = await fit(data, { loss, signal, onProgress: telling });
  signal.throwIfAborted();
  const score = await model.score(data);
  const summary = loss === 'squared' ? await model.summary(data) : null;
  const points = Float64Array.of(...model.weights, model.bias);
  const [least = Number.NaN] = await lossSurface(data, { points }, { loss, backend: 'cpu', signal });
  return { fileName, data, model, score, summary, least, areLabels: isLabelled || areCodes, rowsDropped };
}

/** Rows of a saved file made between two turns of the page. */
const ROWS_AT_A_TIME = 20_000;

/** Rows of features, target and prediction, every row of the file, some at a time. */
export async function* predictedRows({ data, model: fitted }: OwnResult): AsyncGenerator<number[][], void, undefined> {
  const model = plain(fitted);
  for (let from = 0; from < data.exampleCount; from += ROWS_AT_A_TIME) {
    const columns = data.columns.map((column) => column.subarray(from, from + ROWS_AT_A_TIME));
    const targets = data.targets.subarray(from, from + ROWS_AT_A_TIME);
    const rows = Array.from(targets, (_, i) => columns.map((column) => column[i] as number));
    const predictions = await model.predict(rows);
    yield rows.map((row, i) => [...row, targets[i] as number, predictions[i] as number]);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
