import { createDataset, type Dataset } from '../../src/data/dataset.js';
import type { Loss } from '../../src/options/names.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { mean, normals, uniforms } from '../support/examples.js';

/** The objectives: each loss, Huber's with δ given and found, with each penalty. */
export const OBJECTIVES = (['squared', 'huber', 'huberAuto', 'logistic'] as const).flatMap((loss) =>
  (['none', 'l2', 'l1', 'both'] as const).map((penalty) => ({ loss, penalty })),
);

export type ObjectiveCase = (typeof OBJECTIVES)[number];

/** A drawn problem: examples, the options of its objective, and what it is hard by. */
export interface DrawnProblem {
  dataset: Dataset;
  options: FitOptions & { loss: Loss };
}

/**
 * Draws a problem: 60 to 259 examples of 1 to 7 features, each with a scale of 1e-9 to 1e9 and an offset of up to 1e6 standard
 * deviations, correlated up to a condition number of about `condition`; targets of a scale of their own, or labels; weights in
 * one of two problems, and no intercept in one of four.
 */
export function drawProblem(seed: number, { loss, penalty }: ObjectiveCase, condition: number): DrawnProblem {
  const chance = uniforms(9000 + seed, 64).map((value) => (value + 1) / 2);
  const draw = (k: number) => chance[k] as number;
  const exampleCount = 60 + Math.floor(200 * draw(0));
  const featureCount = 1 + Math.floor(7 * draw(1));
  const fitIntercept = draw(2) > 0.25;
  const common = normals(seed, exampleCount);
  const share = 1 / (1 + condition ** (-2 * draw(3))); // of the common part: from half to nearly all
  const standard = Array.from({ length: featureCount }, (_, j) => {
    const own = normals(100 * seed + j + 1, exampleCount);
    return common.map((part, i) => Math.sqrt(share) * part + Math.sqrt(1 - share) * (own[i] as number));
  });
  const noise = normals(7000 + seed, exampleCount);
  const scores = noise.map((part, i) => {
    const signal = standard.reduce((sum, column, j) => sum + (j % 2 === 0 ? 1 : -0.6) * (column[i] as number), 0.4);
    return signal + (i % 17 === 0 ? 12 : 1) * 0.7 * part; // some errors are large
  });
  const scaleOf = (k: number, most: number) => 10 ** (most * (2 * draw(k) - 1));
  const columns = standard.map((column, j) => {
    const scale = scaleOf(10 + j, 9);
    const offset = fitIntercept ? 10 ** (6 * draw(20 + j)) : 0;
    return column.map((value) => (value + offset) * scale);
  });
  const isLogistic = loss === 'logistic';
  const targetScale = isLogistic ? 1 : scaleOf(4, 9);
  const middle = mean(scores);
  const targets = isLogistic
    ? scores.map((score, i) => Number(score > middle !== (i % 11 === 0))) // some labels are wrong: never separable
    : scores.map((score) => score * targetScale + (fitIntercept ? targetScale * 100 * draw(5) : 0));
  const weights = draw(6) > 0.5 ? uniforms(8000 + seed, exampleCount).map((value) => Math.max(0, value) * scaleOf(7, 6)) : null; // prettier-ignore
  const strength = isLogistic ? 0.01 : 0.05;
  return {
    dataset: createDataset({
      columns: Object.fromEntries(columns.map((column, j) => [`x${j + 1}`, column])),
      targets,
      ...(weights && { exampleWeights: weights }),
    }),
    options: {
      loss: loss === 'huberAuto' ? 'huber' : loss,
      fitIntercept,
      ...(loss === 'huber' && { huberDelta: targetScale }),
      ...((penalty === 'l1' || penalty === 'both') && { l1: strength * targetScale }),
      ...((penalty === 'l2' || penalty === 'both') && { l2: 0.1 }),
    },
  };
}
