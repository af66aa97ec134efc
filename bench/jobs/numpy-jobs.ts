import { type Answer, bytesOf, Python } from '../arms/numpy.js';
import script from '../peers/numpy_jobs.py?raw';
import type { JobSolution } from './job.js';
import type { JobProblem } from './problems.js';

/** numpy in a process of its own, with the arrays of one job. */
export class NumpyJob {
  readonly #python = new Python(script);
  /** The method, and the versions. */
  describe = 'numpy';

  private constructor() {}

  static async open({ options, rows, features, columns, targets }: JobProblem): Promise<NumpyJob> {
    const opened = new NumpyJob();
    const python = opened.#python;
    const header = { loss: 'squared', huberDelta: 1, l1: 0, ...options, rows, features };
    await python.write(Buffer.from(`${JSON.stringify(header)}\n`));
    for (const values of [...columns, targets]) await python.write(bytesOf(values));
    const greeting: Answer & { method?: string } = await python.answer();
    opened.describe = `${greeting.method}; numpy ${greeting.numpy}, ${greeting.blas}, Python ${greeting.python}`;
    return opened;
  }

  async solve(): Promise<JobSolution> {
    const { weights, bias, ms } = await this.#python.ask({ solve: true });
    return { weights: weights!, bias: bias!, ms: ms!, passes: null };
  }

  close(): Promise<void> {
    return this.#python.end();
  }
}
