import { expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { createDataset, Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { resume } from '../../src/resume.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { splitRows } from '../../src/data/split.js';
import { expectSameModel, throughJson } from './checkpoints.js';
import { normals, rowsOf } from './examples.js';
import { stepsOf } from './steps.js';
import { parametersOf, reportOf } from './models.js';

export const FRACTION = 0.3;

/**
 * Few examples, many features, of which one in four has an effect, and noise: a model learns the effects first and the
 * noise after, so that the validation loss falls and rises again.
 */
export function overfitted(seed: number, rows: number, features: number): Dataset {
  const columns = Array.from({ length: features }, (_, j) => normals(500 * seed + j, rows).map((x) => x + (j % 3)));
  const targets = normals(500 * seed + features, rows).map((noise, i) =>
    columns.reduce((sum, column, j) => sum + (j % 4 === 0 ? 1.5 : 0) * (column[i] as number), 1.2 * noise + 0.5),
  );
  return createDataset({ columns: Object.fromEntries(columns.map((column, j) => [`x${j}`, column])), targets });
}

/** The same with labels that the targets lean to. */
export function withLabels({ columns, targets, featureNames, targetName }: Dataset): Dataset {
  const middle = Float64Array.from(targets).sort()[targets.length >> 1] as number;
  return new Dataset(
    columns,
    Float64Array.from(targets, (y) => (y > middle ? 1 : 0)),
    featureNames,
    targetName,
  );
}

/** The same with weights of its examples, some of them 0. */
export function withWeights({ columns, targets, featureNames, targetName }: Dataset): Dataset {
  const weights = Float64Array.from(targets, (_, i) => (i % 5) / 2);
  return new Dataset(columns, targets, featureNames, targetName, weights);
}

/** The training and the validation examples, as datasets of their own. */
export function partsOf(data: Dataset, seed = 0): { training: Dataset; validation: Dataset } {
  const { training, validation } = atOnce(splitRows(data.exampleCount, { validationFraction: FRACTION, seed }));
  const part = (rows: Uint32Array) => {
    const { columns, targets, featureNames, targetName } = rowsOf(data, rows);
    const weights = data.exampleWeights && Float64Array.from(rows, (row) => data.exampleWeights?.[row] as number);
    return new Dataset(columns, targets, featureNames, targetName, weights);
  };
  return { training: part(training), validation: part(validation) };
}

/** Where the rule of early stopping ends a history; its length where it does not. */
export function stopIn(history: readonly number[], tolerance: number, patience: number): number {
  let smallest = history[0] as number;
  let quiet = 0;
  for (let t = 1; t < history.length; t++) {
    const loss = history[t] as number;
    quiet = smallest - loss <= tolerance * smallest ? quiet + 1 : 0;
    smallest = Math.min(smallest, loss);
    if (quiet === patience) return t + 1;
  }
  return history.length;
}

/** The epoch of the smallest loss, counted from 1. */
export function bestIn(history: readonly number[]): number {
  return 1 + history.indexOf(Math.min(...history));
}

/** Tests of validation that hold wherever training runs, bit for bit. */
export function describeValidation(data: Dataset, where: () => FitOptions): void {
  const base = () => ({ learningRate: 0.2, ...where(), validationFraction: FRACTION, epochs: 60, tolerance: 0 });
  const place = () => {
    const { context, backend } = where();
    return { ...(context && { context }), ...(backend && { backend }) };
  };

  it('the model is that of the best epoch, or of the last', async () => {
    const best = await fit(data, base());
    const last = await fit(data, { ...base(), restoreBest: false });
    const { validationHistory, bestEpoch, epochsRun } = reportOf(best);
    expect(validationHistory).toHaveLength(60);
    expect(epochsRun).toBe(60);
    expect(bestEpoch).toBe(bestIn(validationHistory ?? []));
    expect(bestEpoch).toBeGreaterThan(1);
    expect(bestEpoch).toBeLessThan(60);
    const there = await fit(data, { ...base(), restoreBest: false, epochs: bestEpoch as number });
    expect(parametersOf(best)).toEqual(parametersOf(there));
    expect(parametersOf(last)).not.toEqual(parametersOf(best));
    // Apart from where the model is, the two fits are one.
    const ofModel = { timings: null, settings: null, distanceToOptimum: null, relativeGradient: null, warnings: null };
    expect({ ...reportOf(last), ...ofModel }).toEqual({ ...reportOf(best), ...ofModel });
    for (const { warnings } of [reportOf(last), reportOf(best)]) {
      expect(warnings.map(({ code }) => code)).toEqual(['NOT_CONVERGED']);
    }
  });

  it('training stops by their loss, where the rule says', async () => {
    const { validationHistory } = reportOf(await fit(data, base()));
    const history = validationHistory ?? [];
    const stops = new Set<number>();
    for (const tolerance of [1e-9, 0.01, 0.1]) {
      for (const patience of [1, 4]) {
        const { report } = await fit(data, { ...base(), tolerance, patience });
        const expected = stopIn(history, tolerance, patience);
        stops.add(expected);
        expect(report.epochsRun).toBe(expected);
        expect(report.stopReason).toBe('earlyStopping');
        expect(report.validationHistory).toEqual(history.slice(0, expected));
        expect(report.bestEpoch).toBe(bestIn(history.slice(0, expected)));
      }
    }
    expect(stops.size).toBeGreaterThan(3);
  });

  it.each([1, 7, 64])('steps of %i epochs lead where one fit leads', async (epochsPerStep) => {
    const options = { ...base(), epochs: 100, tolerance: 1e-9, patience: 9 };
    const told: number[] = [];
    const onProgress = ({ validationLosses }: { validationLosses: number[] }) => void told.push(...validationLosses);
    const whole = await fit(data, { ...options, onProgress });
    expect(whole.report.stopReason).toBe('earlyStopping');
    expect(told).toEqual(whole.report.validationHistory);
    const { steps, model } = await stepsOf(data, { ...options, epochsPerStep });
    expectSameModel(model, whole);
    expect(steps.flatMap(({ validationLosses }) => validationLosses)).toEqual(whole.report.validationHistory);
    expect(steps.at(-1)).toMatchObject({ bestEpoch: whole.report.bestEpoch, stopReason: 'earlyStopping' });
  });

  it('a checkpoint keeps the best epoch and the patience', async () => {
    const most = 400; // more than any of these takes to its best epoch and the patience after it
    const options = { ...base(), epochs: most, tolerance: 1e-9, patience: 12, standardize: true };
    for (const more of [{}, { average: true, averageFrom: 2, optimizer: 'nesterov', momentum: 0.5 }] as const) {
      const whole = await fit(data, { ...options, ...more });
      expect(whole.report.stopReason).toBe('earlyStopping');
      const { bestEpoch, epochsRun } = whole.report;
      // Before the best epoch, at it, and with some of the patience gone.
      for (const epochs of [1, bestEpoch as number, epochsRun - 3]) {
        const part = await fit(data, { ...options, ...more, epochs });
        const checkpoint = throughJson(part.checkpoint());
        expect(checkpoint.best?.epoch).toBe(Math.min(epochs, bestEpoch as number));
        if (epochs > (bestEpoch as number)) expect(checkpoint.quietEpochs).toBeGreaterThan(0);
        expectSameModel(await resume(checkpoint, data, { ...place(), epochs: most }), whole);
      }
    }
  });

  it('a divergence ends with finite numbers, and goes on from its checkpoint', async () => {
    const options = { ...base(), learningRate: 1e9, epochs: 400 };
    const model = await fit(data, options);
    const { stopReason, validationHistory, state } = reportOf(model);
    expect(stopReason).toBe('diverged');
    expect(parametersOf(model).every(Number.isFinite)).toBe(true);
    expect(validationHistory?.every(Number.isFinite)).toBe(true);
    expect(state?.parameters.every(Number.isFinite)).toBe(true);
    const { learningRate, batchSize = 'full' } = base();
    // By batches the last finite parameters are within an epoch, and a checkpoint goes on at the beginning of one.
    if (batchSize === 'full') {
      expectSameModel(await resume(throughJson(model.checkpoint()), data, place()), model);
    }
    const saved = await resume(throughJson(model.checkpoint()), data, { ...place(), learningRate });
    expect(saved.report.stopReason).toBe('epochs');
    const part = await fit(data, { ...options, restoreBest: false });
    expect(parametersOf(part).every(Number.isFinite)).toBe(true);
  });

  it('a divergence that comes at once leaves the best epoch of before', async () => {
    const part = await fit(data, base());
    expect(part.report.bestEpoch).toBeLessThan(60);
    const wild = await resume(throughJson(part.checkpoint()), data, { ...place(), learningRate: 1e30, epochs: 100 });
    expect(wild.report).toMatchObject({ stopReason: 'diverged', bestEpoch: part.report.bestEpoch });
    expect(parametersOf(wild)).toEqual(parametersOf(part));
  });
}
