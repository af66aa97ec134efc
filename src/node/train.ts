import { DescentError } from '../base/errors.js';
import type { LinearModel } from '../model/linear-model.js';
import { hostWork } from '../fitting/solver-stages.js';
import { isDescent } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import type { FitWarning } from '../descent/report.js';
import type { PageJob, JobPage, JobResult } from './browser/page-protocol.js';
import { learn, type TargetsWatch } from './fit-targets.js';
import { onPage } from './browser/open-page.js';

/** The result of training, and the browser's own name and version; null if this process trained, on the CPU. */
export interface Training extends JobResult {
  browser: string | null;
}

type Datasets = Parameters<typeof learn>[0];

/**
 * A model for each dataset, of the same features: on WebGPU in a headless browser, or on the CPU in this process, as `backend`
 * says, and with 'auto' when no browser with WebGPU can be had, which the reports then say.
 */
export async function trainTargets(
  datasets: Datasets,
  warmStarts: readonly LinearModel[],
  settings: FitSettings,
  watch: TargetsWatch,
  signal: AbortSignal,
): Promise<Training[]> {
  if (isSoonerHere(datasets, settings)) return trainHere(datasets, warmStarts, settings, watch, signal);
  try {
    return await trainOnPage(datasets, warmStarts, settings, watch, signal);
  } catch (error) {
    const isMissing = error instanceof DescentError && error.code === 'BROWSER_UNAVAILABLE';
    if (settings.backend === 'webgpu' || !isMissing) throw error;
    const local = await trainHere(datasets, warmStarts, settings, watch, signal);
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
function isSoonerHere(datasets: Datasets, settings: FitSettings): boolean {
  if (settings.backend !== 'auto') return settings.backend === 'cpu';
  return !isDescent(settings) && datasets.length * hostWork(datasets[0], settings) <= MOST_WORK_HERE;
}

/** Multiply-adds of some seconds on one core, about as long as a browser takes to start and to take so many data. */
const MOST_WORK_HERE = 4e9;

async function trainHere(
  datasets: Datasets,
  warmStarts: readonly LinearModel[],
  settings: FitSettings,
  watch: TargetsWatch,
  signal: AbortSignal,
): Promise<Training[]> {
  const results = await learn(datasets, warmStarts, { ...settings, backend: 'cpu', ...watch, signal });
  // The place was chosen here: the options stay as the caller gave them.
  return results.map(({ report, ...result }) => ({
    ...result,
    report: { ...report, settings: { ...report.settings, backend: settings.backend } },
    browser: null,
  }));
}

async function trainOnPage(
  datasets: Datasets,
  warmStarts: readonly LinearModel[],
  settings: FitSettings,
  watch: TargetsWatch,
  signal: AbortSignal,
): Promise<Training[]> {
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
