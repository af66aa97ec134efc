// Columns that are linear combinations of others, and the words for them.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { createDataset } from '../../src/data/dataset.js';
import { solveExact } from '../../src/solve-exact.js';
import { coefficientsOf, dependentColumns, describeDependence, freeColumns } from '../../src/solve/dependence.js';
import { PivotedQr } from '../../src/solve/pivoted-qr.js';
import { expectClose } from '../support/close.js';
import { normals, uniforms } from '../support/examples.js';

const [a, b, c] = [uniforms(1, 50), uniforms(2, 50), normals(3, 50)] as [Float64Array, Float64Array, Float64Array];
const ones = new Float64Array(50).fill(1);
const combined = (...terms: [number, Float64Array][]) =>
  a.map((_, i) => terms.reduce((sum, [factor, column]) => sum + factor * (column[i] as number), 0));
/** The factor of the columns, the first `fixed` of which come first. */
const factorOf = (columns: Float64Array[], fixed = 0) => atOnce(PivotedQr.of(columns.map((column) => column.slice()), fixed)).upper; // prettier-ignore

/** Column j as the combination of the others that its factor names. */
function expectCombination(columns: Float64Array[], fixed = 0): void {
  const factor = factorOf(columns, fixed);
  for (const { column, on } of dependentColumns(factor)) {
    const coefficients = coefficientsOf(factor, column);
    const sum = combined(...factor.pivots.map((pivot, k) => [coefficients[k] as number, columns[pivot] as Float64Array] as [number, Float64Array])); // prettier-ignore
    expectClose(sum, columns[column] as Float64Array, { absolute: 1e-12, because: 'a combination in f64 of numbers near 1' }); // prettier-ignore
    expect(on).not.toContain(column);
  }
}

describe('dependent columns', () => {
  it('are none of independent columns', () => {
    expect(dependentColumns(factorOf([a, b, c]))).toEqual([]);
    expect(freeColumns(factorOf([a, b, c]))).toEqual([]);
  });

  it('are one of each pair or combination, with those that it is a combination of', () => {
    const columns = [a, b, combined([2, a], [-3, b]), c];
    const found = dependentColumns(factorOf(columns));
    expect(found).toHaveLength(1);
    expect([found[0]?.column as number, ...(found[0]?.on ?? [])].sort()).toEqual([0, 1, 2]); // and never c
    expectCombination(columns);
  });

  it('depend on the column that they are a small share of', () => {
    expect(dependentColumns(factorOf([a, combined([1e-9, a]), b]))).toEqual([{ column: 1, on: [0] }]);
  });

  it('are named with columns of their own only, where two dependences are apart', () => {
    const d = normals(4, 50);
    const columns = [a, combined([5, a]), c, d, combined([1, c], [1, d])];
    const found = dependentColumns(factorOf(columns));
    expect(found.map(({ column, on }) => [column, ...on].sort())).toEqual([[0, 1], [2, 3, 4]]); // prettier-ignore
    expectCombination(columns);
  });

  it('leave out columns of zeros, which depend on nothing', () => {
    const columns = [a, new Float64Array(50), b];
    expect(dependentColumns(factorOf(columns))).toEqual([]);
    expect(freeColumns(factorOf(columns))).toEqual([]);
  });

  it('include those of a fixed first column: all indicators of a category add up to the intercept', () => {
    const isOf = (kind: number) => Float64Array.from(a, (_, i) => Number(i % 3 === kind));
    const columns = [ones, isOf(0), isOf(1), isOf(2)];
    const found = dependentColumns(factorOf(columns, 1));
    expect(found).toHaveLength(1);
    expect(found[0]?.on).toContain(0);
    expectCombination(columns, 1);
    const text = describeDependence(factorOf(columns, 1), 1, ['red', 'green', 'blue']);
    expect(text).toMatch(/^'(red|green|blue)' on '(red|green)', '(green|blue)'$/); // the intercept goes without saying
  });
});

describe('the words for them', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

  it("name a column and those that it is a combination of, and 'the intercept' where there are none", () => {
    expect(describeDependence(factorOf([a, b, combined([1e-3, a])]), 0, names)).toBe("'c' on 'a'");
    expect(describeDependence(factorOf([ones, a, ones], 1), 1, names)).toBe("'b' on the intercept");
  });

  it('name three at most, and count the others', () => {
    const columns = [a, ...[2, 3, 4, 5].map((factor) => combined([1 / factor, a]))];
    expect(describeDependence(factorOf(columns), 0, names)).toBe("'b' on 'a'; 'c' on 'a'; 'd' on 'a'; and 1 more");
    const many = Array.from({ length: 5 }, (_, k) => normals(10 + k, 50));
    const sum = combined(...many.map((column) => [0.1, column] as [number, Float64Array]));
    expect(describeDependence(factorOf([...many, sum]), 0, names)).toBe("'f' on 'a', 'b', 'c', …");
  });

  it('come with the minimum-norm solution', async () => {
    const data = createDataset({ columns: { area: a, rooms: b, copy: combined([1, a]), sum: combined([1, a], [1, b]) }, targets: c }); // prettier-ignore
    const { report } = await solveExact(data);
    const message = report.warnings.find(({ code }) => code === 'RANK_DEFICIENT')?.message ?? '';
    expect(message).toMatch(/'(area|copy)' on '/);
    expect(report.solver?.rank).toBe(2);
  });
});
