// Newton's method: against least squares by QR, reweighted least squares, the optimality conditions and hard problems.

import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../src/reference/qr.js';
import { expectClose } from '../support/close.js';
import { normals } from '../support/examples.js';
import { reweighted } from '../support/newton.js';
import { datasetOf, drawProblem, evaluateOf, newtonOf, runSteps } from '../support/solver-problems.js';

const because = 'both stop where the gradient is at its rounding, times the condition of the Hessian';

describe("Newton's method", () => {
  it.each([
    [1, 1],
    [5, 2],
    [65, 7],
    [257, 16],
  ])('is at least squares after one step: %i × %i', async (m, d) => {
    const data = drawProblem(m, { loss: 'squared', m, d });
    const state = await runSteps(newtonOf(data));
    const { weights, bias } = leastSquares(datasetOf(data));
    expectClose(state.parameters, [...weights, bias], { relative: 1e-11, absolute: 1e-12, because });
    expect(state).toMatchObject({ status: 'converged' });
    expect(state.passes).toBeLessThanOrEqual(4);
  });

  it.each(
    (['logistic', 'huber'] as const).flatMap((loss) =>
      [
        { m: 31, d: 1 },
        { m: 65, d: 3 },
        { m: 257, d: 8, rho: 0.9 },
        { m: 300, d: 17, rho: 0.5 },
      ].flatMap((size) => [
        { loss, ...size, weighted: false, fitIntercept: true },
        { loss, ...size, weighted: true, fitIntercept: false },
      ]),
    ),
  )(
    'is at the optimum of reweighted least squares within 10 passes: %o',
    async ({ weighted, fitIntercept, ...size }) => {
      const { loss, m } = size;
      const exampleWeights = normals(5, m).map((value) => Math.max(0, 1 + value / 2));
      const drawn = drawProblem(3, { ...size, effect: 0.5 });
      const data = { ...drawn, fitIntercept, ...(weighted && { exampleWeights }) };
      const state = await runSteps(newtonOf(data));
      const expected = reweighted(datasetOf(data), { loss, huberDelta: 1, fitIntercept });
      expectClose(state.parameters, expected, { relative: 1e-10, absolute: 1e-11, because });
      expect(state.status).toBe('converged');
      expect(state.violation).toBeLessThan(1e-13);
      expect(state.decrement).toBeLessThan(1e-25);
      expect(state.passes).toBeLessThanOrEqual(10);
    },
  );

  it.each((['squared', 'logistic', 'huber'] as const).flatMap((loss) => [0.3, 0.01].map((l1) => ({ loss, l1 }))))(
    'meets the optimality conditions of l1 and l2: $loss, l1 $l1',
    async ({ loss, l1 }) => {
      for (const [seed, rho] of [
        [1, 0],
        [2, 0.99],
        [3, 0.9999],
      ] as const) {
        const data = drawProblem(seed, { loss, m: 150, d: 12, rho, effect: 0.5 });
        for (const l2 of [0, 0.05]) {
          const state = await runSteps(newtonOf(data, { l1, l2 }));
          expect(state.status).toBe('converged');
          expect(state.violation).toBeLessThan(1e-13);
          expect(state.passes).toBeLessThanOrEqual(14);
        }
      }
    },
  );

  it('has weights of exactly 0 with a great l1', async () => {
    for (const loss of ['squared', 'logistic', 'huber'] as const) {
      const data = drawProblem(4, { loss, m: 50, d: 6 });
      const start = Float64Array.of(1, -1, 2, 0, 0, 0.5, 0.1);
      const state = await runSteps(newtonOf(data, { start, l1: 1e3 }));
      expect(Array.from(state.parameters.subarray(0, 6))).toEqual([0, 0, 0, 0, 0, 0]);
      expect(state.status).toBe('converged');
      expect(Math.abs(state.gradient[6] as number)).toBeLessThan(1e-14);
    }
  });

  it('is blind to units from 1e-12 to 1e12: of features, of targets, of both', async () => {
    for (const loss of ['squared', 'logistic', 'huber'] as const) {
      const data = drawProblem(6, { loss, m: 80, d: 3, rho: 0.9, effect: 0.5 });
      const expected = await runSteps(newtonOf(data));
      for (const [xs, ys] of [
        [[1e12, 1e-12, 1], 1],
        [[1e-12, 1e-12, 1e-12], 1e12],
        [[1e6, 1, 1e-9], 1e-12],
      ] as const) {
        const factor = loss === 'logistic' ? 1 : ys;
        const columns = data.columns.map((column, j) => column.map((x) => x * (xs[j] as number)));
        const scaled = { ...data, columns, targets: data.targets.map((y) => y * factor) };
        const state = await runSteps(newtonOf(scaled, { evaluate: evaluateOf(scaled, factor) }));
        const back = state.parameters.map((value, j) => (value * ((xs as readonly number[])[j] ?? 1)) / factor);
        expectClose(back, expected.parameters, { relative: 1e-9, absolute: 1e-11, because });
        expect(state.status).toBe('converged');
        expect(state.passes).toBeLessThanOrEqual(expected.passes + 3);
      }
    }
  });

  it('finds the weights of near copies under the logistic loss', async () => {
    for (const away of [1e-2, 1e-4]) {
      const data = drawProblem(8, { loss: 'logistic', m: 200, d: 2 });
      const [x, noise] = data.columns as [Float64Array, Float64Array];
      const near = { ...data, columns: [x, x.map((value, i) => value + away * (noise[i] as number))] };
      const state = await runSteps(newtonOf(near));
      const apart = await runSteps(newtonOf(data));
      // w·x + v·(x + a·n) = p·x + q·n
      const [p, q, b] = apart.parameters as unknown as [number, number, number];
      expectClose(state.parameters, [p - q / away, q / away, b], { relative: 1e-10, because });
      expect(state).toMatchObject({ status: 'converged' });
      expect(state.passes).toBeLessThanOrEqual(12);
    }
  });

  it('goes on as long as it is asked to where classes are separable, and stays finite', async () => {
    const x = Float64Array.of(-3, -2, -1.5, 1, 2, 2.5);
    const newton = newtonOf({ loss: 'logistic', columns: [x], targets: x.map((value) => Number(value > 0)) });
    let state = await newton.step();
    for (let k = 0; k < 60; k++) {
      const before = state;
      state = await newton.step();
      expect(state.status).toBe('running');
      expect(state.objective).toBeLessThan(before.objective);
      expect(state.parameters[0] as number).toBeGreaterThan(before.parameters[0] as number);
      expect(state.parameters.every(Number.isFinite)).toBe(true);
    }
    const penalized = await runSteps(
      newtonOf({ loss: 'logistic', columns: [x], targets: x.map((value) => Number(value > 0)) }, { l2: 0.1 }),
    );
    expect(penalized.status).toBe('converged');
  });

  it('ends at a perfect fit, a constant target and a start at the optimum', async () => {
    const { columns } = drawProblem(2, { loss: 'squared', m: 40, d: 3 });
    const [a] = columns as [Float64Array];
    for (const loss of ['squared', 'huber'] as const) {
      for (const targets of [a.map((value) => 3 * value + 1e6), a.map(() => 0.1), a.map(() => 0)]) {
        const evaluate = evaluateOf({ loss, columns, targets }, 1e7);
        const state = await runSteps(newtonOf({ loss, columns, targets }, { evaluate }));
        expect(state.status).toBe('converged');
        expect(state.passes).toBeLessThanOrEqual(6);
        const again = await runSteps(newtonOf({ loss, columns, targets }, { evaluate, start: state.parameters }));
        expect(again.status).toBe('converged');
        expectClose(again.parameters, state.parameters, { relative: 1e-12, absolute: 1e-9, because: 'it is there' });
      }
    }
  });

  it('has the least weights where features depend on one another', async () => {
    const data = drawProblem(3, { loss: 'logistic', m: 80, d: 2 });
    const [x, y] = data.columns as [Float64Array, Float64Array];
    const alone = await runSteps(newtonOf(data));
    const [p, q, b] = alone.parameters as unknown as [number, number, number];
    for (const constant of [0, 1e-3, 1e3]) {
      const columns = [x, x.map((value) => 2 * value - 5 * constant), y, x.map(() => constant)];
      const state = await runSteps(newtonOf({ ...data, columns }));
      expect(state.status).toBe('converged');
      expectClose(state.parameters.subarray(0, 4), [p / 5, (2 * p) / 5, q, 0], { absolute: 1e-9, because });
      expectClose([state.parameters[4] as number], [b + 2 * p * constant], { relative: 1e-9, because });
    }
    // More features than examples: every residual is 0, by the shortest weights.
    const wide = drawProblem(5, { loss: 'squared', m: 6, d: 15 });
    const { loss, parameters, status } = await runSteps(newtonOf({ ...wide, fitIntercept: false }));
    expect([status, parameters[15]]).toEqual(['converged', 0]);
    expect(loss).toBeLessThan(1e-26);
    const across = normals(99, 15);
    // Shortest: at right angles to whatever the rows do not span.
    const span = Array.from(wide.targets.keys(), (i) => wide.columns.map((column) => column[i] as number));
    for (const row of orthogonal(span)) along(across, row);
    expect(Math.abs(across.reduce((sum, value, j) => sum + value * (parameters[j] as number), 0))).toBeLessThan(1e-12);
  });

  it('starts where all residuals are beyond δ, and no second derivative is left', async () => {
    const data = drawProblem(7, { loss: 'huber', m: 60, d: 3, effect: 0.5 });
    const far = { ...data, targets: data.targets.map((y) => y + 500) };
    const state = await runSteps(newtonOf(far), 150);
    const expected = reweighted(datasetOf(far), { loss: 'huber', huberDelta: 1 });
    expectClose(state.parameters, expected, { relative: 1e-9, absolute: 1e-9, because });
    expect(state.status).toBe('converged');
  });
});

/** The rows made orthonormal (Gram and Schmidt, twice). */
function orthogonal(rows: readonly number[][]): number[][] {
  const done: number[][] = [];
  for (const row of rows) {
    const next = Float64Array.from(row);
    for (let k = 0; k < 2; k++) for (const before of done) along(next, before);
    const length = Math.hypot(...next);
    done.push(Array.from(next, (value) => value / length));
  }
  return done;
}

/** Takes what lies along a unit vector off. */
function along(vector: Float64Array, unit: readonly number[]): void {
  const product = vector.reduce((sum, value, j) => sum + value * (unit[j] as number), 0);
  vector.forEach((value, j) => (vector[j] = value - product * (unit[j] as number)));
}
