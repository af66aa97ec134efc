// Runs in the browser: fetches the columns from the local server, fits them, and hands the result back.

import { checkSupport, Dataset, DescentError, LinearModel } from '../../index.js';
import type { PageJob, JobOutcome, JobPage } from './page-protocol.js';
import { fitTargets } from '../fit-targets.js';

const page = globalThis as unknown as JobPage;

page.runJob = async (job: PageJob): Promise<JobOutcome> => {
  try {
    const { featureNames, targetNames, isWeighted } = job;
    const count = featureNames.length + targetNames.length + Number(isWeighted);
    const columns = await Promise.all(Array.from({ length: count }, (_, j) => fetchColumn(job, j)));
    const features = columns.splice(0, featureNames.length);
    const weights = isWeighted ? columns.pop() : undefined;
    const datasets = columns.map(
      (targets, k) => new Dataset(features, targets, featureNames, targetNames[k] ?? '', weights),
    );
    const warmStarts = job.warmStarts.map((saved) => LinearModel.fromJSON(saved));
    const results = await fitTargets(datasets as [Dataset, ...Dataset[]], warmStarts, {
      ...job.settings,
      onProgress: (progress) => void page.reportProgress(progress),
      onWarning: (warning) => void page.reportWarning(warning),
    });
    return { results };
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    const { code, got, expected, fix, where } = error;
    return { error: { code, got, expected, fix, where } };
  }
};

page.checkSupport = checkSupport;

async function fetchColumn({ precision }: PageJob, column: number): Promise<Float32Array | Float64Array> {
  const response = await fetch(`/columns/${column}`);
  if (!response.ok) throw new TypeError(`column ${column}: HTTP ${response.status}`);
  const contents = await response.arrayBuffer();
  return precision === 'f32' ? new Float32Array(contents) : new Float64Array(contents);
}
