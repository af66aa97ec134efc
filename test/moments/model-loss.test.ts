// The loss and R² of a model by moments: those of its predictions, example by example.

import { expect, it } from 'vitest';
import { createDataset } from '../../src/data/dataset.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { explainedShareOf, squaredLossOf } from '../../src/moments/model-loss.js';
import { expectClose } from '../support/close.js';
import { mean, uniforms } from '../support/examples.js';

const because = 'moments lose some 2e-15 of the mean square of targets and predictions, which is under 2000';

it('the loss and R² of a model by moments are those over its predictions', () => {
  const columns = { a: uniforms(1, 200).map((value) => 30 * value + 5), b: uniforms(2, 200) };
  const targets = uniforms(3, 200).map((noise, i) => 2 * (columns.a[i] as number) - (columns.b[i] as number) + noise);
  const moments = momentsOfDataset(createDataset({ columns, targets }));
  for (const { weights, bias } of [
    { weights: [2, -1], bias: 0 },
    { weights: [-1, 40], bias: 7 },
  ]) {
    // prettier-ignore
    const [w, v] = weights as [number, number];
    const squares = targets.map((y, i) => (w * (columns.a[i] as number) + v * (columns.b[i] as number) + bias - y) ** 2); // prettier-ignore
    const total = mean(targets.map((y) => (y - mean(targets)) ** 2));
    expectClose([squaredLossOf({ weights, bias }, moments)], [mean(squares) / 2], { absolute: 1e-11, because });
    expectClose([explainedShareOf({ weights, bias }, moments)], [1 - mean(squares) / total], { absolute: 1e-11, because }); // prettier-ignore
  }
});

it('of targets of one value R² is 1 where all are met, and else 0', () => {
  const moments = momentsOfDataset(createDataset({ columns: { a: [1, 2, 4] }, targets: [3, 3, 3] }));
  expect(explainedShareOf({ weights: [0], bias: 3 }, moments)).toBe(1);
  expect(explainedShareOf({ weights: [0], bias: 2 }, moments)).toBe(0);
  expect(explainedShareOf({ weights: [1], bias: 0 }, moments)).toBe(0);
});
