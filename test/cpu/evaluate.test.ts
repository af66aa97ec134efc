// Loss, gradient and Hessian of the CPU engine against loops in f64 that share no code with it.

import { afterEach, describe, expect, it } from 'vitest';
import { StoredEvaluator } from '../../src/cpu/evaluate.js';
import { storeExamples, type StoredExamples } from '../../src/cpu/store.js';
import { Dataset } from '../../src/data/dataset.js';
import type { EvaluateOptions } from '../../src/descent/evaluation.js';
import { Standardization } from '../../src/descent/standardization.js';
import { LOSSES } from '../../src/options/names.js';
import type { Objective } from '../../src/options/objective.js';
import { HostEvaluator } from '../../src/solve/host-evaluator.js';
import { expectClose } from '../support/close.js';
import { examples, uniforms } from '../support/examples.js';

/** Examples with a constant feature, labels for the logistic loss, and weights of which some are 0. */
function dataFor(
  m: number,
  d: number,
  { loss, isWeighted }: { loss: Objective['loss']; isWeighted: boolean },
): Dataset {
  const { columns, targets, featureNames, targetName } = examples(m + d, m, d);
  const withConstant = [...columns.slice(0, -1), new Float64Array(m).fill(0.3)];
  const labels = targets.map((y) => (y > 0.2 ? 1 : 0));
  const weights = uniforms(9, m).map((value) => Math.max(0, 3 * value + 1));
  const y = loss === 'logistic' ? labels : targets;
  return new Dataset(withConstant, y, featureNames, targetName, isWeighted ? weights : undefined);
}

const opened: StoredExamples[] = [];
afterEach(() => opened.splice(0).forEach(({ threads }) => threads.dispose()));

async function evaluatorOf(dataset: Dataset, objective: Objective, threads = 1): Promise<StoredEvaluator> {
  const standardization = Standardization.of(dataset, true, objective);
  const stored = await storeExamples({ dataset, targets: [dataset.targets], standardization, epochs: 1, threads });
  opened.push(stored);
  return new StoredEvaluator(stored, objective.loss);
}

const FORMS = LOSSES.flatMap((loss) =>
  [false, true].flatMap((isWeighted) => [true, false].map((fitIntercept) => ({ loss, isWeighted, fitIntercept }))),
);

const OPTIONS: EvaluateOptions = { withHessian: true, huberDelta: 0.8 };

describe.each(FORMS)('$loss, weights $isWeighted, with a bias $fitIntercept', ({ loss, isWeighted, fitIntercept }) => {
  const objective = { loss, fitIntercept, huberDelta: 1 };
  it.each([
    { m: 5, d: 2, digits: 1e-14, because: 'stored in f64: roundings of sums of few terms' },
    { m: 333, d: 7, digits: 1e-14, because: 'stored in f64: roundings of sums of few terms' },
    { m: 6000, d: 6, digits: 1e-7, because: 'stored in f32: each number is rounded by up to 6e-8 of its spread' },
  ])('$m × $d: as the evaluator on the host', async ({ m, d, digits, because }) => {
    const dataset = dataFor(m, d, { loss, isWeighted });
    const expected = await HostEvaluator.of(dataset, { loss, fitIntercept, standardize: true });
    const evaluator = await evaluatorOf(dataset, objective);
    const point = uniforms(4, d + 1);
    if (!fitIntercept) point[d] = 0;
    const found = await evaluator.evaluate(point, OPTIONS);
    const known = await expected.evaluate(point, OPTIONS);
    const tolerance = { absolute: digits, relative: digits, because };
    expectClose([found.loss], [known.loss], tolerance);
    expectClose(found.gradient, known.gradient, tolerance);
    expectClose(found.hessian ?? [], known.hessian ?? [], tolerance);
    const alone = await evaluator.evaluate(point, { ...OPTIONS, withHessian: false });
    expect(alone).toEqual({ ...found, hessian: null });
  });

  it('has zeros for what is not learned', async () => {
    const evaluator = await evaluatorOf(dataFor(40, 3, { loss, isWeighted }), objective);
    const { gradient, hessian } = await evaluator.evaluate(uniforms(4, 4), OPTIONS);
    const left = [...(fitIntercept ? [2] : []), ...(fitIntercept ? [] : [3])];
    for (const j of left) {
      const row = hessian?.subarray(4 * j, 4 * j + 4) ?? [];
      expect([gradient[j], ...row].every((value) => value === 0)).toBe(true);
    }
  });
});

it.each([2, 3])('on %i threads as on one', async (threads) => {
  const dataset = dataFor(4000, 3, { loss: 'logistic', isWeighted: true });
  const objective = { loss: 'logistic', fitIntercept: true, huberDelta: 1 } as const;
  const [one, several] = [await evaluatorOf(dataset, objective), await evaluatorOf(dataset, objective, threads)];
  const [expected, found] = [
    await one.evaluate(uniforms(4, 4), OPTIONS),
    await several.evaluate(uniforms(4, 4), OPTIONS),
  ];
  const tolerance = { absolute: 1e-14, relative: 1e-14, because: 'the same terms in f64, in sums of other lengths' };
  expectClose([found.loss, ...found.gradient], [expected.loss, ...expected.gradient], tolerance);
  expectClose(found.hessian ?? [], expected.hessian ?? [], tolerance);
});

it("takes huber's δ of each call", async () => {
  const dataset = dataFor(50, 2, { loss: 'squared', isWeighted: false });
  const evaluator = await evaluatorOf(dataset, { loss: 'huber', fitIntercept: true, huberDelta: 1 });
  const squared = await evaluatorOf(dataset, { loss: 'squared', fitIntercept: true, huberDelta: 1 });
  const [point, wide] = [uniforms(4, 3), { withHessian: true, huberDelta: 1e9 }];
  const before = await evaluator.evaluate(point, OPTIONS);
  const [loose, exact] = [await evaluator.evaluate(point, wide), await squared.evaluate(point, wide)];
  const because = 's·(r − s/2) is r²/2 but for a rounding';
  expectClose([loose.loss, ...loose.gradient], [exact.loss, ...exact.gradient], {
    relative: 1e-14,
    absolute: 1e-16,
    because,
  });
  expect(await evaluator.evaluate(point, OPTIONS)).toEqual(before);
});

it('keeps the page alive and rejects with the reason of a signal in between', async () => {
  const dataset = dataFor(300_000, 3, { loss: 'logistic', isWeighted: false });
  const evaluator = await evaluatorOf(dataset, { loss: 'logistic', fitIntercept: true, huberDelta: 1 });
  const controller = new AbortController();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 1);
  const many = async () => {
    for (let k = 0; k < 1000; k++) await evaluator.evaluate(uniforms(4, 4), { ...OPTIONS, signal: controller.signal });
  };
  await expect(many()).rejects.toBe(reason);
  const options = { ...OPTIONS, signal: AbortSignal.abort(reason) };
  await expect(evaluator.evaluate(uniforms(4, 4), options)).rejects.toBe(reason);
});
