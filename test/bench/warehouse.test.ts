// The oracles of npm run bench:warehouse: QR and Newton's method of rows that come in blocks.

import { describe, expect, it } from 'vitest';
import machines from '../../docs/many-machines.md?raw';
import warehouse from '../../docs/warehouse.md?raw';
import { withTable } from '../../bench/readme-table.js';
import { type EngineResult, brokenIn, boundOf, parseWarehouseResult } from '../../bench/warehouse/result.js';
import { paperMarkdown, warehouseMarkdown } from '../../bench/warehouse/markdown.js';
import { RowNewton } from '../../bench/warehouse/row-newton.js';
import { StreamQr } from '../../bench/warehouse/stream-qr.js';
import { createDataset } from '../../src/index.js';
import { leastSquares } from '../../src/reference/qr.js';
import { expectClose } from '../support/close.js';
import { numbers } from '../support/data.js';
import { reweighted } from '../support/newton.js';

const ROWS = 301;
const offsets = [2000, -3];
const x = offsets.map((offset, j) => Array.from(numbers(1 + j, ROWS, 1 + j, offset)));
const y = Array.from(numbers(3, ROWS, 1, 0), (noise, i) => 2 * (x[0]?.[i] as number) - (x[1]?.[i] as number) + noise);
const label = y.map((value) => Number(value > 4003));

/** The rows in blocks of other sizes. */
function* blocks(last: readonly number[]) {
  for (const [from, to] of [
    [0, 1],
    [1, 1],
    [1, 130],
    [130, ROWS],
  ] as const)
    // prettier-ignore
    yield [...x, last].map((column) => column.slice(from, to));
}

describe('QR of a stream', () => {
  it('gives what QR of all rows at once gives, however they are divided', () => {
    const qr = new StreamQr(2);
    for (const block of blocks(y)) qr.add(block);
    const { weights, bias } = qr.solve();
    const exact = leastSquares(createDataset({ columns: { a: x[0] as number[], b: x[1] as number[] }, targets: y }));
    const because = 'two factorizations in f64 of features whose condition number is below 10';
    expectClose(weights, exact.weights, { relative: 1e-12, because });
    expectClose([bias], [exact.bias], { relative: 1e-9, because: `${because}, 2000 spreads away from 0` });
  });
});

describe('a step on the rows', () => {
  it('ends at the model of Newton’s method', () => {
    let parameters = [0, 0, 0];
    for (let k = 0; k < 12; k++) {
      const newton = new RowNewton(offsets, parameters);
      for (const block of blocks(label)) newton.add(block);
      parameters = newton.next();
    }
    const about = x.map((column, j) => column.map((value) => value - (offsets[j] as number)));
    const dataset = createDataset({ columns: { a: about[0] as number[], b: about[1] as number[] }, targets: label });
    const because = 'two of Newton’s methods in f64';
    expectClose(parameters, reweighted(dataset, { loss: 'logistic' }), { relative: 1e-9, because });
  });
});

const SAVED = import.meta.glob<string>('../../bench/results/*-warehouse.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

describe('a result', () => {
  const engine: EngineResult = {
    ...{ name: 'DuckDB', version: 'v1', rows: 1e8, features: 10, bytes: 5e9 },
    seconds: { plain: 2, products: 10, moments: 13, statistics: 2 },
    ...{
      difference: 1e-12,
      withoutCenters: 1e-3,
      logistic: { rows: 1e6, statements: 8, seconds: 90, difference: 1e-15 },
    },
  };
  const environment = {
    runtime: 'Node',
    cpu: 'a CPU',
    cores: 2,
    memory: '4GB',
    repeats: 3,
    date: '2026-11-29T00:00:00Z',
  };
  const merges = [100, 10_000].map((parts) => ({ parts, bytes: 2000 * parts, seconds: 0.1 }));

  it('keeps its promises, or says which it breaks', () => {
    expect(boundOf(engine.seconds)).toBe(14);
    expect(brokenIn({ engines: [engine] })).toEqual([]);
    for (const wrong of [
      { difference: 2e-9 },
      { difference: Number.NaN },
      { withoutCenters: 1e-12 },
      { logistic: { ...engine.logistic, statements: 11 } },
      { logistic: { ...engine.logistic, difference: 1e-7 } },
    ])
      expect(brokenIn({ engines: [{ ...engine, ...wrong }] })).toHaveLength(1);
  });

  it('that was saved last keeps its promises, and is what both pages quote', () => {
    const [, json = ''] = Object.entries(SAVED).toSorted(([a], [b]) => a.localeCompare(b)).at(-1) ?? []; // prettier-ignore
    const result = parseWarehouseResult(json);
    expect(brokenIn(result)).toEqual([]);
    expect(result.engines[0]?.rows).toBe(1e8);
    expect(warehouse).toBe(withTable(warehouse, warehouseMarkdown(result), { mark: 'warehouse', name: 'warehouse' }));
    expect(machines).toBe(withTable(machines, paperMarkdown(result), { mark: 'warehouse', name: 'many-machines' }));
  });

  it('is written in words', () => {
    const result = parseWarehouseResult(JSON.stringify({ environment, engines: [engine], merges }));
    expect(warehouseMarkdown(result)).toContain('| moments, both statements | 13 s |');
    expect(warehouseMarkdown(result)).toContain('| over twice the first and once the second | 0.93 |');
    // 10¹⁰ rows on 100 workers are 10⁸ rows each: what was measured.
    expect(paperMarkdown(result)).toContain(
      '| moments: checks, centres and sums, both statements | 13 s | 13 s a worker',
    );
    expect(paperMarkdown(result)).toContain('500 GB, 5.0 GB a worker');
    expect(() => parseWarehouseResult('{}')).toThrow(RangeError);
    expect(() => parseWarehouseResult('{')).toThrow(RangeError);
  });
});
