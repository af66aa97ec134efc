import type { Dataset } from '../dataset.js';
import { DescentError } from '../errors.js';
import { fit } from '../fit.js';
import type { FitProgress, FitSettings } from '../options.js';
import type { FitWarning } from '../report.js';
import type { Job, JobPage, JobResult } from './job.js';
import { onPage } from './open-page.js';

/** What trained, and where: the browser's own words for itself, or null when it was this process, on the CPU. */
export interface Training extends JobResult {
  browser: string | null;
}

/**
 * Fits on WebGPU in a headless browser, or on the CPU in this process: as `backend` says, and with 'auto' when no
 * browser with WebGPU can be had, which the report then says.
 */
export async function train(
  dataset: Dataset,
  settings: FitSettings,
  onProgress: (progress: FitProgress) => void,
  signal: AbortSignal,
): Promise<Training> {
  if (settings.backend === 'cpu') return trainHere(dataset, settings, onProgress, signal);
  try {
    return await trainInBrowser(dataset, settings, onProgress, signal);
  } catch (error) {
    const isMissing = error instanceof DescentError && error.code === 'BROWSER_UNAVAILABLE';
    if (settings.backend === 'webgpu' || !isMissing) throw error;
    const here = await trainHere(dataset, settings, onProgress, signal);
    const fallback: FitWarning = { code: 'BACKEND_FALLBACK', message: `Trained on the CPU: ${error.message}` };
    return { ...here, report: { ...here.report, warnings: [fallback, ...here.report.warnings] } };
  }
}

async function trainHere(
  dataset: Dataset,
  settings: FitSettings,
  onProgress: (progress: FitProgress) => void,
  signal: AbortSignal,
): Promise<Training> {
  const model = await fit(dataset, { ...settings, backend: 'cpu', onProgress, signal });
  if (!model.report) throw new TypeError('a fitted model has a report');
  return { weights: [...model.weights], bias: model.bias, report: model.report, browser: null };
}

async function trainInBrowser(
  dataset: Dataset,
  settings: FitSettings,
  onProgress: (progress: FitProgress) => void,
  signal: AbortSignal,
): Promise<Training> {
  const columns = [...dataset.columns, dataset.targets, ...(dataset.exampleWeights ? [dataset.exampleWeights] : [])];
  return onPage(columns, signal, async (page, { browser }) => {
    await page.exposeFunction('reportProgress', onProgress);
    const job: Job = {
      featureNames: [...dataset.featureNames],
      targetName: dataset.targetName,
      precision: dataset.targets instanceof Float32Array ? 'f32' : 'f64',
      isWeighted: dataset.exampleWeights !== undefined,
      settings,
    };
    const outcome = await page.evaluate((given) => (globalThis as unknown as JobPage).runJob(given), job);
    if ('error' in outcome) throw new DescentError(outcome.error.code, outcome.error);
    return { ...outcome.result, browser: await browser.version() };
  });
}
