// Classes that can be told apart without error: complete, quasi-complete and nearly, by one feature or by several.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../../src/data/dataset.js';
import type { FitReport } from '../../src/descent/report.js';
import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { HostEvaluator } from '../../src/solve/host-evaluator.js';
import { separatingColumns } from '../../src/solve/separating-columns.js';
import { findSeparation } from '../../src/solve/separation.js';
import { normals, uniforms } from '../support/examples.js';
import { relativeSlope } from '../support/objective.js';

const LOGISTIC = { loss: 'logistic', backend: 'cpu' } as const;

async function run(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
  return (await fit(data, { ...LOGISTIC, ...options })).report;
}

const codesOf = ({ warnings }: FitReport) => warnings.map(({ code }) => code);
const messageOf = ({ warnings }: FitReport) => warnings.find(({ code }) => code === 'SEPARABLE_CLASSES')?.message ?? '';

/** Examples at some distance on either side of 2·a − b = 0.3. */
function byPlane(rows: number, gap: number): Dataset {
  const [a, b] = [uniforms(1, rows), uniforms(2, rows)];
  const side = a.map((value, i) => 2 * value - (b[i] as number) - 0.3);
  side.forEach((value, i) => (a[i] = (a[i] as number) + (value > 0 ? gap : -gap) / 2));
  return createDataset({ columns: { a, b }, targets: side.map((value) => (value > 0 ? 1 : 0)) });
}

/** The same with two examples of class 1 on the plane, and one of class 0 between them, `wrong` beyond it. */
function nearlyByPlane(rows: number, gap: number, wrong: number): Dataset {
  const { columns, targets } = byPlane(rows, gap);
  const [a, b] = columns as [Float64Array, Float64Array];
  const more = [[-0.9, 0], [0.9, 0], [0.1, wrong]] as const; // prettier-ignore
  return createDataset({
    columns: { a: [...a, ...more.map(([t, off]) => (t + 0.3 + off) / 2)], b: [...b, ...more.map(([t]) => t)] },
    targets: [...targets, 1, 1, 0],
  });
}

describe('complete separation', () => {
  it.each([0.5, 0.01, 0])('by a plane through two features is found: a gap of %d', async (gap) => {
    for (const scale of [1, 1e-6, 1e6]) {
      const { columns, targets, featureNames } = byPlane(200, gap);
      const scaled = new Dataset(columns.map((column) => column.map((value) => scale * value + 3 * scale)), targets, featureNames, 'y'); // prettier-ignore
      const report = await run(scaled);
      expect([report.stopReason, report.converged, codesOf(report)]).toEqual([
        'separable',
        false,
        ['SEPARABLE_CLASSES', 'NOT_CONVERGED'],
      ]);
      expect(messageOf(report)).not.toContain('alone');
      expect(messageOf(report)).toContain('A penalty, such as l2: 0.01, makes them finite');
    }
  });

  it('by one feature names it', async () => {
    const x = uniforms(4, 60);
    const report = await run(createDataset({ columns: { noise: normals(5, 60), size: x }, targets: x.map((value) => (value > 0.2 ? 1 : 0)) })); // prettier-ignore
    expect(messageOf(report)).toContain("by 'size' alone too");
  });

  it('of fewer examples than features is found', async () => {
    const columns = Object.fromEntries(Array.from({ length: 8 }, (_, j) => [`x${j}`, normals(10 + j, 6)]));
    const report = await run(createDataset({ columns, targets: [0, 1, 0, 1, 1, 0] }));
    expect([report.stopReason, report.converged]).toEqual(['separable', false]);
  });

  it('without an intercept is found, too, and a penalty makes the optimum finite', async () => {
    const data = byPlane(80, 1);
    const centered = new Dataset(data.columns, data.targets, data.featureNames, 'y');
    const report = await run(centered, { fitIntercept: false });
    // Through the origin the plane with an offset of 0.3 parts them only because of the gap.
    expect([report.stopReason, report.converged]).toEqual(['separable', false]);
    for (const options of [{ l2: 0.01 }, { l1: 0.01 }, { l1: 1e-3, l2: 1e-3 }]) {
      const penalized = await run(data, options);
      expect([penalized.stopReason, penalized.converged, codesOf(penalized)]).toEqual(['converged', true, []]);
    }
  });
});

describe('quasi-complete separation', () => {
  it('by a feature whose boundary holds both classes is found', async () => {
    const x = [1, 2, 3, 4, 4, 4, 5, 6, 7];
    const y = [0, 0, 0, 0, 1, 0, 1, 1, 1];
    const noise = normals(3, 9);
    for (const columns of [{ x }, { x, noise }]) {
      const report = await run(createDataset({ columns, targets: y }));
      expect([report.stopReason, report.converged]).toEqual(['separable', false]);
      expect(messageOf(report)).toContain("by 'x' alone too");
    }
  });

  it('by an indicator under which all labels are the same is found', async () => {
    const [x, e] = [uniforms(7, 120), normals(8, 120)];
    const isOne = Array.from(x, (_, i) => (i % 6 === 0 ? 1 : 0));
    const targets = x.map((value, i) => (isOne[i] === 1 || value + 0.7 * (e[i] as number) > 0 ? 1 : 0));
    const report = await run(createDataset({ columns: { x, isOne }, targets }));
    expect([report.stopReason, report.converged]).toEqual(['separable', false]);
    expect(messageOf(report)).toContain("by 'isOne' alone too");
  });

  it('along a plane that no feature is alone is found', async () => {
    const [a, b] = [Array.from(uniforms(1, 90)), Array.from(uniforms(2, 90))];
    const targets: number[] = a.map((value, i) => (value - 0.5 * (b[i] as number) > 0 ? 1 : 0));
    // On the plane itself lie both classes.
    for (const [k, label] of [0, 1, 1, 0, 1].entries()) {
      b.push(k / 4 - 0.5);
      a.push((k / 4 - 0.5) / 2);
      targets.push(label);
    }
    const report = await run(createDataset({ columns: { a, b }, targets }));
    expect([report.stopReason, report.converged]).toEqual(['separable', false]);
    expect(messageOf(report)).not.toContain('alone');
  });
});

describe('no separation', () => {
  it('is not found in classes that overlap', async () => {
    const [x, e] = [uniforms(1, 150), normals(2, 150)];
    const data = createDataset({ columns: { x }, targets: x.map((value, i) => (value + 0.5 * (e[i] as number) > 0 ? 1 : 0)) }); // prettier-ignore
    expect(await run(data)).toMatchObject({ stopReason: 'converged', converged: true, warnings: [] });
  });

  // The optimum is finite, and further out the less the example is on the wrong side.
  it.each([0.1, 1e-2, 1e-4, 1e-6, 1e-9])(
    'with one example on the wrong side by %d, nor a false claim',
    async (wrong) => {
      for (const gap of [0, 0.1]) {
        const data = nearlyByPlane(60, gap, wrong);
        const model = await fit(data, LOGISTIC);
        const report = model.report;
        expect(report.stopReason, `gap ${gap}`).not.toBe('separable');
        expect(codesOf(report)).not.toContain('SEPARABLE_CLASSES');
        const problem = { ...report.settings, huberDelta: 1 };
        if (report.converged) expect(relativeSlope(data, problem, model)).toBeLessThan(1.1e-6);
        else expect(codesOf(report)).toContain('NOT_CONVERGED');
        if (wrong >= 1e-4) expect(report.converged).toBe(true);
      }
    },
  );

  it('is not found for an example of weight 0 only, nor hidden by one', async () => {
    const { columns, targets, featureNames } = nearlyByPlane(60, 0.1, 0.5);
    const weights = Float64Array.from(targets, (_, i) => (i === 62 ? 0 : 1 + (i % 3)));
    const separable = new Dataset(columns, targets, featureNames, 'y', weights);
    expect((await run(separable)).stopReason).toBe('separable');
    const light = new Dataset(columns, targets, featureNames, 'y', weights.map((weight) => weight || 1e-3)); // prettier-ignore
    expect(await run(light)).toMatchObject({ stopReason: 'converged', converged: true });
  });
});

describe('the search along a direction', async () => {
  const data = byPlane(40, 0.4);
  const evaluator = await HostEvaluator.of(data, { loss: 'logistic', fitIntercept: true, standardize: false });
  const apart = evaluator.toTrainingUnits({ weights: [2, -1], bias: -0.3 });
  const zeros = new Float64Array(3);

  it('takes the parameters themselves, or their last change', async () => {
    expect(await findSeparation(evaluator, apart, zeros, undefined)).toEqual({ kind: 'complete' });
    expect(await findSeparation(evaluator, zeros, apart, undefined)).toEqual({ kind: 'complete' });
    const away = apart.map((value) => -value);
    expect(await findSeparation(evaluator, zeros, away, undefined)).toBeNull();
    expect(await findSeparation(evaluator, zeros, zeros, undefined)).toBeNull();
  });

  it('proves quasi-complete separation by projection onto the boundary', async () => {
    const quasi = createDataset({ columns: { x: [1, 2, 3, 3, 4, 5] }, targets: [0, 0, 0, 1, 1, 1] });
    const own = await HostEvaluator.of(quasi, { loss: 'logistic', fitIntercept: true, standardize: true });
    const nearly = own.toTrainingUnits({ weights: [1], bias: -3 - 1e-5 });
    expect(await findSeparation(own, new Float64Array(2), nearly, undefined)).toEqual({ kind: 'quasi' });
    const not = createDataset({ columns: { x: [1, 2, 3 + 1e-6, 3, 4, 5] }, targets: [0, 0, 0, 1, 1, 1] });
    const other = await HostEvaluator.of(not, { loss: 'logistic', fitIntercept: true, standardize: true });
    const same = other.toTrainingUnits({ weights: [1], bias: -3 - 1e-5 });
    expect(await findSeparation(other, new Float64Array(2), same, undefined)).toBeNull();
  });
});

describe('the columns that separate by themselves', () => {
  const targets = [0, 0, 1, 1];
  const of = (columns: Record<string, number[]>, exampleWeights?: number[]) =>
    separatingColumns(createDataset({ columns, targets, ...(exampleWeights && { exampleWeights }) }));

  it('are those of which all values of one class are at most those of the other', () => {
    expect(of({ up: [1, 2, 3, 4], down: [4, 3, 2, 1], touching: [1, 2, 2, 3], mixed: [1, 3, 2, 4], same: [5, 5, 5, 5] })).toEqual([0, 1, 2]); // prettier-ignore
  });

  it('do not depend on examples of weight 0', () => {
    expect(of({ x: [1, 9, 3, 4] }, [1, 0, 1, 1])).toEqual([0]);
    expect(of({ x: [1, 9, 3, 4] }, [1, 0.1, 1, 1])).toEqual([]);
  });
});

describe('descent far out along separable classes', () => {
  const x = [1, 2, 3, 4, 4, 4, 5, 6, 7];
  const quasi = createDataset({ columns: { x }, targets: [0, 0, 0, 0, 1, 0, 1, 1, 1] });
  const cases = [
    { what: 'complete', data: byPlane(40, 0.5) },
    { what: 'quasi-complete', data: quasi },
  ];
  it.each(
    cases.flatMap((one) => (['momentum', 'nesterov', 'adam'] as const).map((optimizer) => ({ ...one, optimizer }))),
  )(
    // prettier-ignore
    'has a small gradient, but no optimum: $what, by $optimizer',
    async ({ data, optimizer }) => {
      const options: FitOptions = { optimizer, learningRate: optimizer === 'adam' ? 1 : 5, epochs: 20_000, patience: 20_000, tolerance: 1e-3 }; // prettier-ignore
      const report = await run(data, options);
      expect([report.stopReason, report.converged, codesOf(report)]).toEqual([
        'separable',
        false,
        ['SEPARABLE_CLASSES', 'NOT_CONVERGED'],
      ]);
      expect(report.distanceToOptimum).toBeNull();
      const penalized = await run(data, { ...options, l2: 0.1, learningRate: 'auto' });
      expect(codesOf(penalized)).not.toContain('SEPARABLE_CLASSES');
    },
  );
});
