import { DescentError } from '../base/errors.js';
import type { LinearModel } from '../model/linear-model.js';
import { inWords } from '../fitting/open-backend.js';
import { descentWork, predictedCpuMs, solverWork } from '../fitting/placement.js';
import { isDescent } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import type { FitReport, FitWarning } from '../descent/report.js';
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
  /** A model for each dataset to start from; none where they start by chance. */
  warmStarts: readonly LinearModel[];
  settings: FitSettings;
  /** True if backend 'auto' means WebGPU wherever a browser has it, as for the examples of `npm start`. */
  prefersWebgpu: boolean;
  watch: TargetsWatch;
}

/**
 * A model for each dataset, of the same features: in a headless browser or in this process, as `backend` says. With 'auto', this
 * process trains what it is predicted to finish before a browser has started, and all when no browser with WebGPU can be had.
 */
export async function trainTargets(request: TrainingRequest): Promise<Training[]> {
  const { settings } = request;
  if (settings.backend === 'cpu' || settings.backend === 'reference') return trainHere(request);
  const isForGpu = request.prefersWebgpu || settings.kernels !== 'auto' || settings.storage !== 'f32';
  if (settings.backend === 'auto' && !isForGpu) {
    const cpuMs = predictedMs(request);
    if (cpuMs <= BROWSER_MS) {
      const placement = `Predicted to take ${inWords(cpuMs)} on the CPU, less than starting a browser.`;
      return trainHere(request, placement);
    }
  }
  try {
    return await trainOnPage(request);
  } catch (error) {
    const isMissing = error instanceof DescentError && error.code === 'BROWSER_UNAVAILABLE';
    if (settings.backend === 'webgpu' || !isMissing) throw error;
    const local = await trainHere(request, 'No browser with WebGPU was found.');
    const fallback: FitWarning = { code: 'BACKEND_FALLBACK', message: `Trained on the CPU: ${error.message}` };
    return local.map(({ report, ...rest }) => ({
      ...rest,
      report: { ...report, warnings: [fallback, ...report.warnings] },
    }));
  }
}

/** Milliseconds in which a browser starts and finds its adapter: usually a second or two. */
const BROWSER_MS = 1500;

/** Milliseconds that the models are predicted to take on the CPU: solvers find one after another. */
function predictedMs({ datasets, settings }: TrainingRequest): number {
  const [dataset] = datasets;
  if (isDescent(settings)) return predictedCpuMs(descentWork(dataset, settings, datasets.length));
  return datasets.length * predictedCpuMs(solverWork(dataset, settings));
}

/** Trains in this process. The options stay as the caller gave them where the place was chosen here, for this reason. */
async function trainHere(
  { datasets, warmStarts, settings, watch }: TrainingRequest,
  placement?: string,
): Promise<Training[]> {
  const backend = settings.backend === 'reference' ? 'reference' : 'cpu';
  const results = await fitTargets(datasets, warmStarts, { ...settings, backend, ...watch });
  return results.map(({ report, ...result }) => ({
    ...result,
    report: inOptionsOf(settings, { ...report, ...(placement !== undefined && { placement }) }),
    browser: null,
  }));
}

/** The report with the backend that the caller asked for among its options. */
function inOptionsOf({ backend }: FitSettings, report: FitReport): FitReport {
  return { ...report, settings: { ...report.settings, backend } };
}

/** The reason why examples that are made here go to WebGPU, where nothing else was asked for. */
const MADE_FOR_WEBGPU = 'Synthetic examples are for WebGPU, unless --backend is cpu.';

async function trainOnPage(request: TrainingRequest): Promise<Training[]> {
  const { datasets, warmStarts, settings, watch } = request;
  const isMadeForGpu = request.prefersWebgpu && settings.backend === 'auto';
  const [{ columns: features, featureNames, exampleWeights }] = datasets;
  const targets = datasets.map((dataset) => dataset.targets);
  const columns = [...features, ...targets, ...(exampleWeights ? [exampleWeights] : [])];
  return onPage(columns, async (page, { browser }) => {
    await page.exposeFunction('reportProgress', watch.onProgress);
    await page.exposeFunction('reportWarning', watch.onWarning);
    const job: PageJob = {
      featureNames: [...featureNames],
      targetNames: datasets.map(({ targetName }) => targetName),
      precision: targets[0] instanceof Float32Array ? 'f32' : 'f64',
      isWeighted: exampleWeights !== undefined,
      settings: { ...settings, ...(isMadeForGpu && { backend: 'webgpu' as const }) },
      warmStarts: warmStarts.map((model) => model.toJSON()),
    };
    const outcome = await page.evaluate((pageJob) => (globalThis as unknown as JobPage).runJob(pageJob), job);
    if ('error' in outcome) throw new DescentError(outcome.error.code, outcome.error);
    const version = await browser.version();
    return outcome.results.map(({ report, ...result }) => {
      const placed = isMadeForGpu ? { ...report, placement: MADE_FOR_WEBGPU } : report;
      return { ...result, report: inOptionsOf(settings, placed), browser: version };
    });
  });
}
