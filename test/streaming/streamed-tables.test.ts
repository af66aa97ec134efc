// Tables and labels that are streamed: encoded, and learned as they are in memory.

import { describe, expect, it } from 'vitest';
import { csvSource } from '../../src/data/csv.js';
import type { ExampleSource } from '../../src/data/source.js';
import { fit, type FitOptions } from '../../src/index.js';
import { normals } from '../support/examples.js';
import { expectRefusal } from '../support/refusal.js';
import { streamOf } from '../support/streams.js';

/** So few that a pass is short; the budget leaves a batch 11,264 of them. */
const ROWS = 40_000;
const noise = normals(4, 2 * ROWS);
const CITIES = ['Oslo', 'Paris', 'Rome'];
const lines = Array.from({ length: ROWS }, (_, i) => {
  const x = (noise[i] as number).toFixed(4);
  const effect = Number(x) + (i % 3) + (noise[ROWS + i] as number);
  return `${x},${CITIES[i % 3]},${effect.toFixed(4)},${effect > 1 ? 'yes' : 'no'}\n`;
});
const csv = `x,city,y,answer\n${lines.join('')}`;

/** Two batches of three features and a target, of three batches and a half. */
const BUDGET = 2 * 11_264 * 4 * 8;

async function bothFits(target: string, options: FitOptions) {
  const source = () => csvSource(csv, { target, features: ['x', 'city'], categories: ['city'] });
  const held = await fit(source(), { backend: 'cpu', ...options });
  const streamed = await fit(source(), { backend: 'cpu', ...options, memoryBudget: BUDGET });
  expect([held, streamed].map(({ report }) => report.source?.read)).toEqual(['gathered', 'streamed']);
  // In memory the first steps are sums of examples in f32, and a logistic fit may end at a gradient of 3e-8 of the first; streamed, of 1e-15.
  expect(streamed.report.relativeGradient).toBeLessThan(1e-12);
  held.weights.forEach((weight, j) => expect(streamed.weights[j]).toBeCloseTo(weight, 6));
  return { held, streamed };
}

describe('a table that is streamed', () => {
  it.each<[string, FitOptions]>([
    ['y', {}],
    ['y', { loss: 'huber' }],
    ['answer', { loss: 'logistic' }],
  ])('is encoded as in memory, with target %s and %j', async (target, options) => {
    const { held, streamed } = await bothFits(target, options);
    expect(streamed.featureNames).toEqual(['x', 'city=Paris', 'city=Rome']);
    expect(streamed.classes).toEqual(held.classes);
    expect(streamed.report.reading?.rowsRead).toBe(ROWS);
    const rows = [
      { x: 1, city: 'Rome' },
      { x: -2, city: 'Oslo' },
    ];
    const [right, found] = [await held.predict(rows), await streamed.predict(rows)];
    expect(found[0]).toBeCloseTo(right[0] as number, 6);
    expect(found[1]).toBeCloseTo(right[1] as number, 6);
  });
});

describe('labels of a source that is streamed', () => {
  const options = { loss: 'logistic', backend: 'cpu', memoryBudget: 2 * 200 * 5 * 8 } as const;

  /** The source with other labels for 0 and 1. */
  function withLabels(change: (label: number, row: number) => number): ExampleSource {
    const source = streamOf({ rows: 2000, batch: 200, loss: 'logistic' });
    return {
      name: 'labels',
      columns: () => source.columns(),
      async *batches() {
        let row = 0;
        for await (const batch of source.batches()) {
          yield { ...batch, targets: batch.targets.map((label) => change(label, row++)) };
        }
      },
    };
  }

  it('may be any two numbers, in rising order', async () => {
    const plain = await fit(
      withLabels((label) => label),
      options,
    );
    const other = await fit(
      withLabels((label) => 3 - 2 * label),
      options,
    );
    expect(plain.classes ?? [0, 1]).toEqual([0, 1]);
    expect(other.classes).toEqual([1, 3]);
    other.weights.forEach((weight, j) => expect(weight).toBeCloseTo(-(plain.weights[j] as number), 8));
  });

  it('are refused where there are three, or one', async () => {
    const third = withLabels((label, row) => (row === 1234 ? 7 : label));
    await expectRefusal(() => fit(third, options), 'INVALID_LABEL', "7 in row 1234 of 'y'");
    await expectRefusal(
      () =>
        fit(
          withLabels(() => 1),
          options,
        ),
      'INVALID_LABEL',
      "only label 1 in 'y'",
    );
  });
});
