// Quadratic models with penalties: against trial of all signs, closed forms and the optimality conditions.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { minimizeByCoordinates } from '../../src/solve/coordinate-descent.js';
import { kktViolation, lassoGap, leastSubgradient } from '../../src/solve/optimality.js';
import type { QuadraticModel } from '../../src/solve/unit-model.js';
import { expectClose } from '../support/close.js';
import { uniforms } from '../support/examples.js';
import { gradientAfter, leastSquaresModel, minimumOverSigns, modelValue } from '../support/quadratic-models.js';

const because = 'both solve the equations of the same signs, to 16 digits less those of their condition';

/** The model in other units: feature j times scales[j], the objective times `factor`. */
function rescaled(model: QuadraticModel, scales: readonly number[], factor: number): QuadraticModel {
  const width = model.gradient.length;
  return {
    gradient: model.gradient.map((slope, j) => slope * (scales[j] as number) * factor),
    hessian: model.hessian.map((value, at) => {
      return value * (scales[Math.floor(at / width)] as number) * (scales[at % width] as number) * factor;
    }),
    parameters: model.parameters.map((value, j) => value / (scales[j] as number)),
    l1: model.l1 * factor,
    l2: model.l2 * factor,
  };
}

/** The largest violation of the optimality conditions as a share of the largest slope at 0. */
function violationAt(model: QuadraticModel, change: Float64Array): number {
  const parameters = model.parameters.map((value, j) => value + (change[j] as number));
  const start = Math.max(...model.gradient.map(Math.abs));
  return kktViolation(gradientAfter(model, change), parameters, model.l1, model.l2) / start;
}

describe('the minimum of a quadratic model', () => {
  it.each([1, 2, 3, 4, 5].flatMap((d) => [1, 2, 3, 4, 5, 6].map((seed) => ({ d, seed }))))(
    'is the one among all signs: $d weights, problem $seed',
    ({ d, seed }) => {
      const l1Share = [0.5, 0.1, 0.01][seed % 3] as number;
      const rho = [0, 0.9, 0.999][seed % 3] as number;
      const plain = leastSquaresModel(1000 * seed + d, { m: 20, d, rho, l1Share, l2: seed % 2 ? 0 : 0.1 });
      const start = uniforms(seed, d + 1).map((value) => (value > -0.3 ? value : 0));
      for (const parameters of [plain.parameters, start]) {
        const model = { ...plain, parameters };
        const { change } = atOnce(minimizeByCoordinates(model));
        const expected = minimumOverSigns(model);
        expectClose(change, expected, { absolute: 1e-10, because });
        expect(modelValue(model, change)).toBeLessThanOrEqual(modelValue(model, expected) + 1e-14);
        const isZero = (by: number, j: number) => (parameters[j] as number) + by === 0;
        expect(Array.from(change, isZero).slice(0, d)).toEqual(
          expected.map((by, j) => Math.abs((parameters[j] as number) + by) < 1e-12).slice(0, d),
        );
      }
    },
  );

  it('of independent features is the slope, shrunk', () => {
    const gradient = Float64Array.of(-3, 2, 0.5, -0.2, 0.75);
    const hessian = new Float64Array(25);
    for (let j = 0; j < 5; j++) hessian[6 * j] = j + 1;
    const { change } = atOnce(
      minimizeByCoordinates({ gradient, hessian, parameters: new Float64Array(5), l1: 0.5, l2: 1 }),
    );
    expectClose(change, [2.5 / 2, -1.5 / 3, 0, 0, -0.75 / 5], { relative: 1e-15, because: 'one division each' });
  });

  it.each([
    { m: 300, d: 120, rho: 0.9999, l1Share: 1e-2 },
    { m: 300, d: 120, rho: 0.9999, l1Share: 1e-6 },
    { m: 300, d: 120, rho: 1 - 1e-8, l1Share: 1e-3 },
    { m: 60, d: 100, rho: 0.5, l1Share: 1e-4 }, // more features than examples
    { m: 60, d: 100, rho: 0.9999, l1Share: 1e-6 },
  ])('meets the optimality conditions in few solutions: %o', (sizes) => {
    const model = leastSquaresModel(7, sizes);
    const { change, violation, solves, sweeps } = atOnce(minimizeByCoordinates(model));
    expect(violation).toBeLessThan(2 ** -44);
    expect(violationAt(model, change)).toBeLessThan(1e-12);
    expect(solves).toBeLessThan(400);
    expect(sweeps).toBeLessThan(2000);
  });

  it('has weights of exactly 0 from the steepest slope on, from any start', () => {
    for (const l1Share of [1, 1.5, 1e12]) {
      const model = leastSquaresModel(3, { m: 30, d: 6, rho: 0.5, l1Share: l1Share * (1 + 1e-12) });
      const parameters = uniforms(1, 7);
      const { change } = atOnce(
        minimizeByCoordinates({ ...model, gradient: gradientAfter(model, parameters), parameters }),
      );
      expect(Array.from(change.subarray(0, 6), (by, j) => (parameters[j] as number) + by)).toEqual([0, 0, 0, 0, 0, 0]);
      const mean = model.targets.reduce((sum, y) => sum + y, 0) / 30;
      expectClose([(parameters[6] as number) + (change[6] as number)], [mean], { relative: 1e-14, because });
    }
  });

  it('is blind to the units of features and objective, from 1e-12 to 1e12', () => {
    const model = { ...leastSquaresModel(11, { m: 40, d: 6, rho: 0.9, l1Share: 0.05 }), parameters: uniforms(4, 7) };
    const free = { ...model, l1: 0, l2: 0 };
    for (const [kind, exponents] of [
      [free, [12, -12, 6, 0, -3, 9]],
      [free, [-12, -12, -12, -12, 12, 12]],
    ] as const) {
      const scales = [...exponents.map((exponent) => 10 ** exponent), 1];
      const expected = atOnce(minimizeByCoordinates(kind)).change.map((by, j) => by / (scales[j] as number));
      const { change } = atOnce(minimizeByCoordinates(rescaled(kind, scales, 1)));
      expectClose(change, expected, { relative: 1e-11, because });
    }
    for (const factor of [1e-12, 1e12]) {
      const { change } = atOnce(minimizeByCoordinates(rescaled(model, [1, 1, 1, 1, 1, 1, 1], factor)));
      expectClose(change, atOnce(minimizeByCoordinates(model)).change, { relative: 1e-12, because });
      // All features alike: w/s for features times s, with l1 times s.
      const scales = [factor, factor, factor, factor, factor, factor, 1];
      const wider = { ...rescaled(model, scales, 1), l1: model.l1 * factor };
      const expected = atOnce(minimizeByCoordinates(model)).change.map((by, j) => by / (scales[j] as number));
      expectClose(atOnce(minimizeByCoordinates(wider)).change, expected, { relative: 1e-12, because });
    }
  });

  it('leaves out rows of zeros, and has no bias where the last row is zero', () => {
    const { gradient, hessian, l1 } = leastSquaresModel(5, { m: 30, d: 4, l1Share: 0.1 });
    const cleared = (row: number) => {
      gradient[row] = 0;
      for (let j = 0; j < 5; j++) hessian[5 * row + j] = hessian[5 * j + row] = 0;
    };
    cleared(1);
    cleared(4);
    for (const penalties of [
      { l1: 0, l2: 0 },
      { l1, l2: 0 },
      { l1, l2: 0.1 },
    ]) {
      const model = { gradient, hessian, parameters: new Float64Array(5), ...penalties };
      const { change } = atOnce(minimizeByCoordinates(model));
      expect([change[1], change[4]]).toEqual([0, 0]);
      expect(violationAt(model, change)).toBeLessThan(1e-14);
    }
  });

  it('of copies has the least weights without l1, and is a minimum with it', () => {
    const model = leastSquaresModel(9, { m: 30, d: 4, l1Share: 0.05 });
    const width = 5;
    const source = (j: number) => (j === 3 ? 0 : j); // the last feature becomes a copy of the first
    model.gradient[3] = model.gradient[0] as number;
    const hessian = model.hessian.map((_, at) => {
      return model.hessian[source(Math.floor(at / width)) * width + source(at % width)] as number;
    });
    const least = atOnce(minimizeByCoordinates({ ...model, hessian, l1: 0 }));
    expectClose([least.change[3] as number], [least.change[0] as number], { relative: 1e-12, because });
    for (const parameters of [new Float64Array(5), Float64Array.of(3, 0, 0, -2, 0), Float64Array.of(1, 1, 1, 1, 0)]) {
      const copies = { ...model, hessian, parameters };
      const { change, violation } = atOnce(minimizeByCoordinates(copies));
      expect(violation).toBeLessThan(2 ** -44);
      expect(violationAt(copies, change)).toBeLessThan(1e-13);
    }
  });

  it('ends with numbers that are none, and with a model that is concave', () => {
    const model = leastSquaresModel(5, { m: 30, d: 4, l1Share: 0.1 });
    const bad = { ...model, gradient: model.gradient.map((slope, j) => (j === 1 ? NaN : slope)) };
    expect(atOnce(minimizeByCoordinates(bad)).violation).toBe(Infinity);
    const concave = { ...model, hessian: model.hessian.map((value, at) => (at % 6 === 0 ? value : 3 * value)) };
    expect(atOnce(minimizeByCoordinates(concave)).change.every(Number.isFinite)).toBe(true);
  });

  it('is 0 for an objective that is flat', () => {
    const flat = { gradient: new Float64Array(3), hessian: new Float64Array(9), parameters: new Float64Array(3) };
    for (const l1 of [0, 1])
      expect(atOnce(minimizeByCoordinates({ ...flat, l1, l2: 0 })).change).toEqual(new Float64Array(3));
  });
});

describe('the optimality conditions', () => {
  it('subtract what l1 takes up', () => {
    const gradient = Float64Array.of(1, -1, 0.4, -0.6, 0.3);
    const parameters = Float64Array.of(2, -2, 0, 0, 5);
    const penalties = { l1: 0.5, l2: 0.25 };
    const expected = [1 + 0.5 + 0.5, -1 - 0.5 - 0.5, 0, -0.6 + 0.5, 0.3];
    expectClose(leastSubgradient(gradient, parameters, penalties), expected, { absolute: 1e-16, because: 'two sums' });
    expect(kktViolation(gradient, parameters, 0.5, 0.25)).toBe(2);
    expect(kktViolation(Float64Array.of(Number.NaN, 1), Float64Array.of(0, 0), 0.5, 0)).toBeNaN();
  });

  it('and the duality gap bounds the excess, down to 0 at the minimum', () => {
    for (const l2 of [0, 0.2]) {
      const model = leastSquaresModel(21, { m: 50, d: 5, rho: 0.7, l1Share: 0.2, l2 });
      const half = model.targets.reduce((sum, y) => sum + y * y, 0) / 100;
      const { change } = atOnce(minimizeByCoordinates(model));
      const least = modelValue(model, change);
      for (const share of [0, 0.2, 0.9, 1]) {
        const parameters = change.map((by) => share * by);
        const { l1 } = model;
        // The best bias for these weights.
        parameters[5] = 0;
        parameters[5] = -(gradientAfter(model, parameters)[5] as number);
        const loss = half + modelValue({ ...model, l1: 0, l2: 0 }, parameters);
        const gap = lassoGap({ loss, gradient: gradientAfter(model, parameters) }, parameters, { l1, l2 });
        const excess = modelValue(model, parameters) - least;
        expect(gap).toBeGreaterThanOrEqual(excess - 1e-15);
        expect(gap).toBeLessThan(share === 1 ? 1e-14 : 20 * excess);
      }
    }
  });
});
