import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from '../../src/data/dataset.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { conditioningOf, conditionNumber } from '../../src/moments/condition.js';
import { leastSquares } from '../../src/reference/qr.js';
import { expectClose } from '../support/close.js';
import { correlation, covariance, examples, normals, uniforms } from '../support/examples.js';
import { symmetricEigenvalues } from '../support/jacobi.js';
import { hardColumns, hardTargets } from '../support/moments.js';
import { published } from '../support/published.js';

const conditionOf = (dataset: Dataset) => conditionNumber(momentsOfDataset(dataset));
const withTargets = (columns: Record<string, ArrayLike<number>>) =>
  createDataset({ columns, targets: uniforms(99, Object.values(columns)[0]?.length ?? 0) });
const because = 'six digits of either eigenvalue where it stands apart';

describe('the condition number', () => {
  it.each([
    ['longley', 'employed'],
    ['stackloss', 'stack_loss'],
  ] as const)('is that of QR for %s', async (name, target) => {
    const dataset = await published(name, target);
    const expected = leastSquares(dataset).conditionNumber;
    expectClose([await conditionOf(dataset)], [expected], { relative: 2e-6, because });
  });

  it('is over a hundred for longley, which is nearly collinear, as published', async () => {
    expect(await conditionOf(await published('longley', 'employed'))).toBeGreaterThan(100);
  });

  it.each([
    [5, 2],
    [40, 3],
    [60, 17],
    [300, 39],
    [300, 40],
    [300, 41],
    [200, 90],
  ])('is that of QR: %i examples of %i features', async (m, d) => {
    const dataset = examples(m, m, d);
    const expected = leastSquares(dataset).conditionNumber;
    // Past the 40 steps of Lanczos the ends are close together, and a thousandth of a condition changes nothing.
    const relative = d > 40 ? 1e-3 : 2e-6;
    expectClose([await conditionOf(dataset)], [expected], { relative, because });
  });

  it('is the root of the ratio of the eigenvalues of the correlations, whatever the offsets and sizes', async () => {
    const columns = hardColumns(100);
    const named = Object.fromEntries(columns.map((column, j) => [`x${j}`, column]));
    const eigenvalues = symmetricEigenvalues(columns.map((a) => columns.map((b) => correlation(a, b))));
    const expected = Math.sqrt((eigenvalues.at(-1) as number) / (eigenvalues[0] as number));
    const dataset = createDataset({ columns: named, targets: hardTargets(100) });
    expectClose([await conditionOf(dataset)], [expected], { relative: 2e-6, because });
  });

  it.each([1e-2, 1e-4, 1e-6])('sees a feature that is another one but for %d of it', async (share) => {
    const [a, e] = [normals(1, 500), normals(2, 500)];
    const dataset = withTargets({ a, b: a.map((value, i) => value + share * (e[i] as number)), c: normals(3, 500) });
    const expected = leastSquares(dataset).conditionNumber;
    // The smallest eigenvalue is share²/2, of which 2^-53 of a correlation takes this much.
    const relative = 2e-6 + (8 * 2 ** -53) / share ** 2;
    expectClose([await conditionOf(dataset)], [expected], { relative, because });
  });

  it('is infinite where a feature depends on others, as QR has it', async () => {
    const [a, b] = [uniforms(1, 50), uniforms(2, 50)];
    const sum = a.map((value, i) => value + 3 * (b[i] as number) - 7);
    const dependent = [
      withTargets({ a, again: a.map((v) => 3 * v + 0.5), b }),
      withTargets({ a, b, sum }),
      examples(1, 5, 5),
    ];
    for (const dataset of dependent) {
      expect(leastSquares(dataset).conditionNumber).toBe(Infinity);
      expect(await conditionOf(dataset)).toBe(Infinity);
    }
  });

  it('is 1 for one feature, and for one beside features of one value', async () => {
    expect(await conditionOf(withTargets({ a: uniforms(1, 9) }))).toBe(1);
    const same = new Float64Array(9).fill(0.1);
    expect(await conditionOf(withTargets({ same, a: uniforms(1, 9), zeros: new Float64Array(9) }))).toBe(1);
    expect(await conditionOf(withTargets({ same }))).toBe(1);
  });
});

describe('what the best model leaves unexplained', () => {
  const unexplainedBy = async (dataset: Dataset) => (await conditioningOf(momentsOfDataset(dataset))).unexplained;

  it.each([
    [6, 1],
    [40, 3],
    [300, 40],
  ])('is that of QR: %i examples of %i features', async (m, d) => {
    const dataset = examples(m, m, d);
    const { weights, bias } = leastSquares(dataset);
    const residuals = dataset.targets.map((target, i) =>
      dataset.columns.reduce((rest, column, j) => rest - (weights[j] as number) * (column[i] as number), target - bias),
    );
    const expected = covariance(residuals, residuals) / covariance(dataset.targets, dataset.targets);
    expectClose([await unexplainedBy(dataset)], [expected], {
      absolute: 1e-12,
      because: 'a few 2^-53 of the variance',
    });
  });

  it('is all of a target that hangs on nothing, and of one that has one value', async () => {
    const x = uniforms(1, 5000);
    expect(await unexplainedBy(createDataset({ columns: { x }, targets: uniforms(2, 5000) }))).toBeGreaterThan(0.99);
    expect(await unexplainedBy(createDataset({ columns: { x }, targets: new Float64Array(5000).fill(3) }))).toBe(1);
    const same = new Float64Array(50).fill(0.1);
    expect(await unexplainedBy(createDataset({ columns: { same }, targets: uniforms(2, 50) }))).toBe(1);
  });

  it('is nothing of an exact target, and nothing that could be said of features that depend on one another', async () => {
    const x = uniforms(1, 50);
    expect(await unexplainedBy(createDataset({ columns: { x }, targets: x.map((u) => 2 * u + 1) }))).toBeLessThan(
      1e-15,
    );
    expect(await unexplainedBy(createDataset({ columns: { x, twice: x.map((u) => 2 * u) }, targets: uniforms(2, 50) }))).toBe(0); // prettier-ignore
  });
});
