// Runs in the browser: fetches the columns from the local server, fits them on the GPU, and hands the result back.

import { checkSupport, Dataset, DescentError, fit } from '../index.js';
import type { Job, JobOutcome, JobPage } from './job.js';

const page = globalThis as unknown as JobPage;

page.runJob = async (job: Job): Promise<JobOutcome> => {
  try {
    const columns = await Promise.all([...job.featureNames, job.targetName].map((_, j) => fetchColumn(job, j)));
    const targets = columns.pop() as Float32Array | Float64Array;
    const weights = job.isWeighted ? await fetchColumn(job, columns.length + 1) : undefined;
    const dataset = new Dataset(columns, targets, job.featureNames, job.targetName, weights);
    const model = await fit(dataset, {
      ...job.settings,
      backend: 'webgpu',
      onProgress: (progress) => void page.reportProgress(progress),
    });
    if (!model.report) throw new TypeError('a fitted model has a report');
    return { result: { weights: [...model.weights], bias: model.bias, report: model.report } };
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    const { code, got, expected, fix, where } = error;
    return { error: { code, got, expected, fix, where } };
  }
};

page.checkSupport = checkSupport;

async function fetchColumn({ precision }: Job, column: number): Promise<Float32Array | Float64Array> {
  const response = await fetch(`/columns/${column}`);
  if (!response.ok) throw new TypeError(`column ${column}: HTTP ${response.status}`);
  const contents = await response.arrayBuffer();
  return precision === 'f32' ? new Float32Array(contents) : new Float64Array(contents);
}
