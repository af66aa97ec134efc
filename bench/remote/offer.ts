import type { Arm, ArmSession, Problem } from '../arm.js';
import { type BenchCase, caseName } from '../cases.js';
import type { OurFits } from '../jobs/our-fits.js';
import type { RemoteBench } from './protocol.js';

/**
 * The side that runs the arms: what a page or a process of the benchmark offers to the process that drives it.
 * Everything heavy is imported when it is asked for, so that a cold start is cold.
 */
export function offerBench(armsOf: (library: string) => Promise<Arm[]>): RemoteBench {
  let arms: Arm[] = [];
  const sessions: ArmSession[] = [];
  let fits: OurFits | undefined;
  let made: { name: string; problem: Problem } | undefined;
  const problemOf = async (size: BenchCase): Promise<Problem> => {
    const name = caseName(size);
    if (made?.name !== name) {
      const { makeProblem } = await import('../problem.js');
      made = { name, problem: makeProblem(size) };
    }
    return made.problem;
  };
  return {
    async arms(name) {
      arms = await armsOf(name);
      return arms.map(({ name: armName, kind, describe, isOnCpu = false, isJobOnly = false }) => {
        return { name: armName, kind, describe, isOnCpu, isJobOnly };
      });
    },
    async open(arm, size) {
      return sessions.push(await at(arms, arm).open(await problemOf(size))) - 1;
    },
    async train(session, epochs) {
      const startMs = performance.now();
      await at(sessions, session).train(epochs);
      return performance.now() - startMs;
    },
    async parameters(session) {
      const { weights, bias } = await at(sessions, session).parameters();
      return { weights: [...weights], bias };
    },
    reset: (session) => at(sessions, session).reset(),
    close: (session) => at(sessions, session).close(),
    async job(arm, size, epochs) {
      const problem = await problemOf(size);
      const chosen = at(arms, arm);
      if (chosen.timeJob) return chosen.timeJob(problem, epochs);
      const startMs = performance.now();
      const session = await chosen.open(problem);
      try {
        await session.train(epochs);
        await session.parameters();
        return performance.now() - startMs;
      } finally {
        await session.close();
      }
    },
    async adapter() {
      const { createContext } = await import('../../src/index.js');
      const context = await createContext();
      try {
        return context.adapter;
      } finally {
        context.dispose();
      }
    },
    async copyBandwidth() {
      const [{ createContext }, { copyBandwidth }] = await Promise.all([
        import('../../src/index.js'),
        import('../bandwidth.js'),
      ]);
      const context = await createContext();
      try {
        return await copyBandwidth(context);
      } finally {
        context.dispose();
      }
    },
    async kernels(size) {
      const { timeKernels } = await import('../kernels.js');
      return timeKernels(await problemOf(size));
    },
    async many(size) {
      const { timeMany } = await import('../many.js');
      return timeMany(await problemOf(size));
    },
    async solve(name, job, size, isCounted) {
      if (!fits) {
        const { OurFits } = await import('../jobs/our-fits.js');
        fits = new OurFits();
      }
      return fits.solve(name, job, size, isCounted);
    },
    async tune() {
      const { tuneAdapter } = await import('../tuning-row.js');
      return tuneAdapter();
    },
    async coldStart() {
      const features = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i));
      const targets = Float32Array.from({ length: 1000 }, (_, i) => Math.cos(i));
      const startMs = performance.now();
      const { fit } = await import('../../src/index.js');
      await fit({ features, targets, featureCount: 2 }, { epochs: 1, learningRate: 0.1, backend: 'webgpu' });
      return performance.now() - startMs;
    },
  };
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no number ${index}`);
  return item;
}
