// Runs in the page or the process that has the device.

import { trainToEnd } from '../../src/descent/run.js';
import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { LeastSquaresTrainer } from '../../src/fitting/least-squares-trainer.js';
import { openFit } from '../../src/fitting/open-fit.js';
import { SolverTrainer } from '../../src/fitting/solver-trainer.js';
import { createContext, type GpuContext } from '../../src/gpu/device/device.js';
import type { Dataset } from '../../src/data/dataset.js';
import { datasetOf } from '../arms/ours.js';
import type { BenchCase } from '../cases.js';
import { JOB_FITS } from './fits.js';
import type { JobName, JobSolution } from './job.js';
import { type JobProblem, makeJob } from './problems.js';

/** Does jobs by fits of the library, all on one device, as in an application. */
export class OurFits {
  #context: Promise<GpuContext> | undefined;
  #made: JobProblem | undefined;

  /** One whole fit on the clock; with `isCounted`, another one off it whose passes are counted. */
  async solve(name: string, job: JobName, size: BenchCase, isCounted: boolean): Promise<JobSolution> {
    const found = JOB_FITS.find((known) => known.name === name);
    if (!found)
      throw new RangeError(`no fit ${name}; expected one of ${JOB_FITS.map((known) => known.name).join(', ')}`);
    const problem = this.#problemOf(job, size);
    // Without a backend the fit chooses one, which a context would do for it.
    const context = found.options.backend === 'webgpu' ? await (this.#context ??= createContext()) : undefined;
    const options: FitOptions = { ...problem.options, ...found.options, ...(context && { context }) };
    const startMs = performance.now();
    const { weights, bias } = await fit(datasetOf(problem), options);
    const ms = performance.now() - startMs;
    const passes = isCounted ? await countPasses(datasetOf(problem), options) : null;
    return { weights: [...weights], bias, ms, passes };
  }

  #problemOf(job: JobName, size: BenchCase): JobProblem {
    const made = this.#made;
    if (made?.job === job && made.rows === size.rows && made.features === size.features) return made;
    return (this.#made = makeJob(job, size));
  }
}

/**
 * Passes over the examples that a fit takes to its end: epochs of descent, or sums of a solver on a device and on the host.
 * Those that lay the examples out, and those that judge the end, are not counted.
 */
export async function countPasses(data: Dataset, options: FitOptions): Promise<number | null> {
  const isDescent = options.optimizer === 'gradientDescent';
  if (isDescent && options.strategy === 'moments') return 1;
  if (isDescent) return options.epochs ?? null;
  const { trainer, from, settings, rate, rule, dispose } = await openFit(data, options, null);
  try {
    const watch = { signal: undefined, onProgress: undefined };
    const { losses } = await trainToEnd(trainer, from, { ...settings, ...rate, ...watch, rule });
    if (trainer instanceof SolverTrainer) return trainer.solved?.passes ?? null;
    // Moments, and a pass for each correction of their solution; QR goes through the examples in another order.
    if (trainer instanceof LeastSquaresTrainer && trainer.kernels === 'moments') return 1 + losses.length;
    return null;
  } finally {
    dispose();
  }
}
