import { isStreamed } from '../data/inputs.js';
import { Dataset } from '../data/dataset.js';
import type { Parameters } from '../descent/backend.js';
import type { FitWarning } from '../descent/report.js';
import type { FitSettings } from '../options/specs.js';
import { eachBlock, type Parts, partsOf } from '../solve/residual-sums.js';
import type { TrainingData } from './prepare-data.js';

/** Errors of no more than this share of δ do not come near it. */
const NEAR = 0.5;

/** From this share of errors beyond δ on, the loss is nearly that of least absolute deviations. */
const MOST = 0.9;

/** Rows between two looks at the clock. */
const BLOCK_ROWS = 1024;

/** The warning that a given δ does not fit the size of the errors; none where δ is chosen from them. */
export async function huberWarnings(
  data: TrainingData,
  { loss, huberDelta }: Pick<FitSettings, 'loss' | 'huberDelta'>,
  model: Parameters,
): Promise<FitWarning[]> {
  if (loss !== 'huber' || huberDelta === 'auto') return [];
  const parts = data instanceof Dataset ? partsOf(data) : isStreamed(data) ? data.examples() : null;
  if (!parts) return [];
  const { largest, share } = await errorsBeyond(parts, model, huberDelta);
  const how = "huberDelta is in units of the targets; 'auto' chooses it from the errors.";
  const δ = short(huberDelta);
  if (largest <= NEAR * huberDelta) {
    const message = `No error comes near δ = ${δ}: the largest is ${short(largest)}, so that the result is that of least squares. ${how}`;
    return [{ code: 'HUBER_DELTA', message }];
  }
  if (share < MOST) return [];
  const message = `${short(100 * share)}% of the errors are beyond δ = ${δ}, so that the result is nearly that of least absolute deviations. ${how}`;
  return [{ code: 'HUBER_DELTA', message }];
}

/** The largest error, and the share of the errors beyond δ, of the examples with a weight above 0. */
async function errorsBeyond(parts: Parts, { weights, bias }: Parameters, delta: number) {
  let [largest, beyond, count] = [0, 0, 0];
  await eachBlock(parts, BLOCK_ROWS, undefined, ({ features, targets, exampleWeights }, from) => {
    const to = Math.min(targets.length, from + BLOCK_ROWS);
    for (let i = from; i < to; i++) {
      if (exampleWeights?.[i] === 0) continue;
      let error = bias - (targets[i] as number);
      for (let j = 0; j < features.length; j++) error += (weights[j] as number) * (features[j]?.[i] as number);
      largest = Math.max(largest, Math.abs(error));
      beyond += Number(Math.abs(error) > delta);
      count++;
    }
  });
  return { largest, share: beyond / count };
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
