// The worker of section 6 where there is no WebGPU, and for batches: it makes the examples, trains on them and counts their points.

import { DescentError, fitSteps, type FitSteps } from '../../src/index.js';
import { countPoints } from '../page/count-points.js';
import type { CpuAnswer, CpuQuestion, CpuReply } from './scale-cpu-run.js';
import { hypothesisOf, scaleData, WATCHED } from './scale-data.js';

/** The examples and the descent that are open. */
let open:
  { steps: FitSteps; columns: readonly ArrayLike<number>[]; targets: ArrayLike<number>; seed: number } | undefined;

addEventListener('message', ({ data }: MessageEvent<{ id: number; question: CpuQuestion }>) => {
  void answer(data.question).then(
    (reply) => postMessage({ id: data.id, answer: reply } satisfies CpuReply),
    (error: unknown) => {
      const message = error instanceof DescentError ? error.message : String(error);
      postMessage({ id: data.id, message } satisfies CpuReply);
    },
  );
});

async function answer(question: CpuQuestion): Promise<CpuAnswer> {
  switch (question.kind) {
    case 'open': {
      const made = scaleData(question.settings);
      const { dataset } = made;
      const { seed, rate, batch } = question.settings;
      const batchSize = batch === 'all' ? 'full' : Number(batch);
      const steps = fitSteps(dataset, { ...WATCHED, learningRate: rate, seed, batchSize, backend: 'cpu' });
      open = { steps, columns: dataset.columns, targets: dataset.targets, seed };
      const model = await steps.model();
      const limit = model.report.learningRateLimit;
      return { hypothesis: hypothesisOf(model), truth: hypothesisOf(made), limit, losses: [], stopReason: null };
    }
    case 'step': {
      const { steps } = opened();
      steps.epochsPerStep = question.epochs;
      steps.learningRate = question.rate;
      const { value, done } = await steps.next();
      if (done) return { losses: [], stopReason: 'epochs' };
      return { hypothesis: hypothesisOf(value), losses: value.losses, stopReason: value.stopReason };
    }
    case 'restart': {
      const { steps, seed } = opened();
      await steps.reset({ seed });
      return { hypothesis: hypothesisOf(await steps.model()), losses: [], stopReason: null };
    }
    case 'count':
      return { counts: countPoints(opened(), question.slice), losses: [], stopReason: null };
  }
}

function opened() {
  if (!open) throw new TypeError('nothing is open');
  return open;
}
