// Features that are all but copies of one another: right answers under every loss, and nothing claimed where there is none.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { HostEvaluator } from '../../src/solve/host-evaluator.js';
import { OrthogonalFeatures } from '../../src/solve/orthogonal-features.js';
import { expectClose } from '../support/close.js';
import { normals, uniforms } from '../support/examples.js';

const ROWS = 300;
const CPU = { backend: 'cpu' } as const;

const x1 = normals(1, ROWS);
const z = normals(2, ROWS);
const noise = normals(3, ROWS);
const targets = x1.map((x, i) => x + 2 * (z[i] as number) + (noise[i] as number));
const labels = targets.map((y) => Number(y > 0.3 * Math.sin(9 * y)));

/** x1 and a copy of it that is off by `apart` times z; and the same models with x1 and z themselves. */
const pairs = (apart: number, of: Float64Array) => ({
  near: new Dataset([x1, x1.map((x, i) => x + apart * (z[i] as number))], of, ['x1', 'x2'], 'y'),
  plain: new Dataset([x1, z], of, ['x1', 'z'], 'y'),
});

const LOSSES = [
  { loss: 'logistic', l2: 0 },
  { loss: 'huber', huberDelta: 1.5 },
  { loss: 'huber', huberDelta: 0.01 },
  { loss: 'huber' },
  { loss: 'squared', optimizer: 'newton' },
] as const;

describe.each(LOSSES)('with %o', (options) => {
  it.each([1e-5, 1e-7, 1e-8, 1e-9])(
    'copies that are %d apart have the optimum of what tells them apart',
    async (apart) => {
      const { near, plain } = pairs(apart, options.loss === 'logistic' ? labels : targets);
      const [found, expected] = [await fit(near, { ...CPU, ...options }), await fit(plain, { ...CPU, ...options })];
      expect(found.report).toMatchObject({ converged: true, stopReason: 'converged' });
      const last = [found, expected].map(({ report }) => report.lossHistory.at(-1) as number);
      // The copy is rounded to 2^-53 of x, which is 2^-53/apart of z.
      expectClose([last[0] as number], [last[1] as number], { relative: 1e-6, because: 'z is rounded to 1e-7 of it' });
      expect(found.report.lossHistory.length).toBeLessThan(60);
    },
  );
});

/** Few rows: where δ is small, Huber's loss is curved at one of them, or at none. */
const FEW = [
  { huberDelta: 0.1, x: [-4, -10, 5, -8, 7], z: [-3, -7, -1, -9, 8], y: [-8, 0, 2, -14, 10] },
  {
    huberDelta: 1,
    x: [-7, 1, 3, 4, 9, 8, -4, -1],
    z: [-3, 3, 2, 10, 6, -2, -7, -2],
    y: [4, -14, 8, -9, 15, 14, 4, -13],
  },
];

it.each([1e-6, 1e-7, 1e-8, 1e-9])("few rows that are %d apart have the optimum under Huber's loss", async (apart) => {
  for (const { huberDelta, x, z, y } of FEW) {
    const options = { ...CPU, loss: 'huber', huberDelta } as const;
    const found = await fit({ columns: { x, near: x.map((value, i) => value + apart * (z[i] as number)) }, targets: y }, options); // prettier-ignore
    const expected = await fit({ columns: { x, z }, targets: y }, options);
    expect(found.report.converged).toBe(true);
    const last = [found, expected].map(({ report }) => report.lossHistory.at(-1) as number);
    const because = 'z is rounded to 1e-6 of it';
    expectClose([last[0] as number], [last[1] as number], { relative: 1e-5, because });
  }
});

it('powers of a year are told apart under the logistic loss', async () => {
  const year = uniforms(4, 200).map((u) => 1950 + Math.floor(61 * u));
  const chance = uniforms(5, 200);
  const y = year.map((v, i) => Number((chance[i] as number) < 1 / (1 + Math.exp((1980 - v) / 10))));
  const centred = year.map((v) => (v - 1980) / 30);
  const powers = (of: Float64Array) =>
    new Dataset(
      [1, 2, 3, 4].map((k) => of.map((v) => v ** k)),
      y,
      ['a', 'b', 'c', 'd'],
      'y',
    );
  const [raw, expected] = [
    await fit(powers(year), { ...CPU, loss: 'logistic' }),
    await fit(powers(centred), { ...CPU, loss: 'logistic' }),
  ];
  expect([raw.report.converged, expected.report.converged]).toEqual([true, true]);
  const last = [raw, expected].map(({ report }) => report.lossHistory.at(-1) as number);
  expectClose([last[0] as number], [last[1] as number], { relative: 1e-7, because: 'year⁴ is exact to 2^-53' });
});

it('a solver that creeps along them until its steps are used up has not converged, however small the gradient', async () => {
  const { near } = pairs(1e-8, labels);
  const { report } = await fit(near, { ...CPU, loss: 'logistic', l1: 1e-9 });
  expect(report).toMatchObject({ stopReason: 'epochs', converged: false });
  expect(report.warnings.map(({ code }) => code)).toEqual(['NOT_CONVERGED']);
  expect(report.warnings[0]?.message).toContain('had not come to its end');
});

it.each([
  { fitIntercept: true, weighted: false },
  { fitIntercept: true, weighted: true },
  { fitIntercept: false, weighted: true },
])(
  'orthogonal features have the loss of the features, and lead back to them: %o',
  async ({ fitIntercept, weighted }) => {
    const exampleWeights = weighted ? uniforms(6, ROWS).map((u, i) => (i % 7 === 0 ? 0 : 1 + u)) : undefined;
    const data = new Dataset([x1, z, x1.map((x, i) => x - (z[i] as number) + 0.1 * (noise[i] as number))], labels, ['a', 'b', 'c'], 'y', exampleWeights); // prettier-ignore
    const host = await HostEvaluator.of(data, { loss: 'logistic', fitIntercept, standardize: true });
    const orthogonal = await OrthogonalFeatures.of(host);
    const parameters = Float64Array.of(0.3, -0.7, 0.2, fitIntercept ? 0.4 : 0);
    const inQ = orthogonal.fromTraining(parameters);
    const because = 'roundings of 2^-53 in some hundred terms';
    expectClose(orthogonal.toTraining(inQ), parameters, { absolute: 1e-12, because });
    const options = { withHessian: true, huberDelta: 1 };
    const [here, there] = [await host.evaluate(parameters, options), await orthogonal.evaluator.evaluate(inQ, options)];
    expectClose([there.loss], [here.loss], { relative: 1e-13, because });
    expectClose(orthogonal.gradientOf(there.gradient), here.gradient, { absolute: 1e-12, because });
  },
);
