import { DescentError } from '../base/errors.js';
import type { LinearModel } from '../model/linear-model.js';
import { hostWork } from '../fitting/solver-stages.js';
import { isDescent } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import type { FitWarning } from '../descent/report.js';
import type { PageJob, JobPage, JobResult } from './browser/page-protocol.js';
import { fitTargets, type TargetsWatch } from './fit-targets.js';
import { onPage } from './browser/open-page.js';

/** The result of training, and the browser's own name and version; null if this process trained, on the CPU. */
export interface Training extends JobResult {
  browser: string | null;
}

/** The models to train: one for each dataset, all of the same features. */
export interface TrainingRequest {
  datasets: Parameters<typeof fitTargets>[0];
  warmStarts: readonly LinearModel[];
  settings: FitSettings;
  watch: TargetsWatch;
  signal: AbortSignal;
}

/**
 * A model for each dataset, of the same features: on WebGPU in a headless browser, or on the CPU in this process, as `backend`
 * says, and with 'auto' when no browser with WebGPU can be had, which the reports then say.
 */
export async function trainTargets(request: TrainingRequest): Promise<Training[]> {
  const { backend } = request.settings;
  if (isSoonerHere(request)) return trainHere(request);
  try {
    return await trainOnPage(request);
  } catch (error) {
    const isMissing = error instanceof DescentError && error.code === 'BROWSER_UNAVAILABLE';
    if (backend === 'webgpu' || !isMissing) throw error;
    const local = await trainHere(request);
    const fallback: FitWarning = { code: 'BACKEND_FALLBACK', message: `Trained on the CPU: ${error.message}` };
    return local.map(({ report, ...rest }) => ({
      ...rest,
      report: { ...report, warnings: [fallback, ...report.warnings] },
    }));
  }
}

/**
 * True if this process solves sooner than a browser starts and takes the data: for solvers, which a device cannot speed up
 * until the data are large. Gradient descent is for WebGPU unless the CPU is asked for.
 */
function isSoonerHere({ datasets, settings }: TrainingRequest): boolean {
  if (settings.backend !== 'auto') return settings.backend === 'cpu';
  return !isDescent(settings) && datasets.length * hostWork(datasets[0], settings) <= MOST_WORK_HERE;
}

/** Multiply-adds of some seconds on one core, about as long as a browser takes to start and to take so many data. */
const MOST_WORK_HERE = 4e9;

async function trainHere({ settings, watch, signal, ...request }: TrainingRequest): Promise<Training[]> {
  const results = await fitTargets(request.datasets, request.warmStarts, {
    ...settings,
    backend: 'cpu',
    ...watch,
    signal,
  });
  // The place was chosen here: the options stay as the caller gave them.
  return results.map(({ report, ...result }) => ({
    ...result,
    report: { ...report, settings: { ...report.settings, backend: settings.backend } },
    browser: null,
  }));
}

async function trainOnPage({ datasets, warmStarts, settings, watch, signal }: TrainingRequest): Promise<Training[]> {
  const [{ columns: features, featureNames, exampleWeights }] = datasets;
  const targets = datasets.map((dataset) => dataset.targets);
  const columns = [...features, ...targets, ...(exampleWeights ? [exampleWeights] : [])];
  return onPage(columns, signal, async (page, { browser }) => {
    await page.exposeFunction('reportProgress', watch.onProgress);
    await page.exposeFunction('reportWarning', watch.onWarning);
    const job: PageJob = {
      featureNames: [...featureNames],
      targetNames: datasets.map(({ targetName }) => targetName),
      precision: targets[0] instanceof Float32Array ? 'f32' : 'f64',
      isWeighted: exampleWeights !== undefined,
      settings,
      warmStarts: warmStarts.map((model) => model.toJSON()),
    };
    const outcome = await page.evaluate((pageJob) => (globalThis as unknown as JobPage).runJob(pageJob), job);
    if ('error' in outcome) throw new DescentError(outcome.error.code, outcome.error);
    const version = await browser.version();
    return outcome.results.map((result) => ({ ...result, browser: version }));
  });
}
