// Tables in memory whose categories would take more than the budget as columns: codes, and columns batch by batch.

import { describe, expect, it } from 'vitest';
import { encode } from '../../src/data/table/encode.js';
import { Encoder } from '../../src/data/table/encoder.js';
import { csvSource } from '../../src/data/csv.js';
import { tableBatches } from '../../src/data/table-batches.js';
import { fit, type FitOptions } from '../../src/index.js';
import { normals } from '../support/examples.js';
import { expectRefusal } from '../support/refusal.js';

const ROWS = 20_000;
const LEVELS = 50;
const noise = normals(9, 2 * ROWS);
const x = noise.slice(0, ROWS);
const city = Array.from(x, (_, i) => `c${(i * 7919) % LEVELS}`);
const effect = Array.from(x, (value, i) => 2 * value + ((i * 7919) % LEVELS) / 10 + (noise[ROWS + i] as number));
const table = { x, city, y: effect, answer: effect.map((value) => (value > 2 ? 'yes' : 'no')) };

/** A tenth of what the columns of the levels take. */
const BUDGET = (8 * ROWS * LEVELS) / 10;

describe('a table in memory with many levels', () => {
  it.each<[string, FitOptions]>([
    ['y', {}],
    ['y', { l1: 0.01 }],
    ['answer', { loss: 'logistic', l2: 0.01 }],
  ])('is streamed beyond the budget, with the answer of all columns at once: %s, %j', async (target, options) => {
    const data = { table, target, features: ['x', 'city'], categories: ['city'] };
    const held = await fit(data, { backend: 'cpu', tolerance: 1e-10, ...options });
    const streamed = await fit(data, { backend: 'cpu', tolerance: 1e-10, ...options, memoryBudget: BUDGET });
    expect([held, streamed].map(({ report }) => report.source?.read)).toEqual([undefined, 'streamed']);
    expect(streamed.featureNames).toEqual(held.featureNames);
    expect(streamed.featureNames).toHaveLength(LEVELS);
    expect(streamed.classes).toEqual(held.classes);
    held.weights.forEach((weight, j) => expect(streamed.weights[j]).toBeCloseTo(weight, 6));
    const score = await held.score(data);
    expect(await streamed.score(tableBatches(() => [table], { target, features: ['x', 'city'] }))).toBeCloseTo(
      score,
      6,
    );
  });

  it('is held within the budget, and where it has no categories', async () => {
    const plain = await fit({ table: { x, y: effect }, target: 'y' }, { memoryBudget: 1000 });
    expect(plain.report.source).toBeNull();
  });

  it('comes in batches that fit the budget, as files do', async () => {
    const sizes: number[] = [];
    const rows = (count: number) => Array.from({ length: count }, (_, i) => `${x[i]},${city[i]},${effect[i]}\n`);
    const text = csvSource(`x,city,y\n${rows(ROWS).join('')}`, { target: 'y', categories: ['city'] });
    for (const source of [
      text,
      tableBatches(() => [table], { target: 'y', features: ['x', 'city'], categories: ['city'] }),
    ]) {
      for await (const { features, targets } of source.batches({ mostBytes: 2e6 }))
        sizes.push(8 * targets.length * (features.length + 1));
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1e6);
    expect(Math.max(...sizes)).toBeGreaterThan(9e5);
  });
});

it('a thousand levels of a million rows are refused before they are made, with their size', async () => {
  const levels = Array.from({ length: 1000 }, (_, k) => `l${k}`);
  const encoder = new Encoder([{ name: 'city', kind: 'category', levels, dropped: 0, unseen: 'error' }]);
  await expectRefusal(() => encode(encoder, [new Float64Array(1e6)]), 'TOO_LARGE', '8.0 GB');
});
