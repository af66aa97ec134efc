// A fit in a worker of the package, with progress; and the end of one by a signal.

import { createWorker } from 'webgpu-descent/worker';
import { answerOf, data } from './outcome.js';

export async function inWorker(options) {
  const worker = createWorker(options);
  let epochs = 0;
  const onProgress = (progress) => (epochs = progress.epoch);
  const model = await worker.fit(data, { optimizer: 'gradientDescent', onProgress });
  const error = await worker.fit(data, { signal: AbortSignal.abort('stop') }).catch((reason) => reason);
  const refused = await worker.fit(data, { epoch: 1 }).catch(({ code }) => code);
  worker.close();
  return { ...answerOf(model), saidEpochs: epochs === model.report.epochsRun, error, refused };
}
