// The exact solver against the certified values of NIST, with the digits that it reaches.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { createDataset, Dataset } from '../../src/data/dataset.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { normalEquations, refineOnExamples, solveNormalEquations } from '../../src/solve/by-moments.js';
import { solveByQr } from '../../src/solve/by-qr.js';
import { solveExact } from '../../src/solve-exact.js';
import { partsOf } from '../../src/solve/residual-sums.js';
import { expectClose } from '../support/close.js';
import {
  decimalOf,
  exactLeastSquares,
  powerOf,
  type RationalColumn,
  rationalOf,
} from '../support/exact-least-squares.js';
import { published } from '../support/published.js';
import { NIST_PROBLEMS, type NistProblem } from '../support/nist.js';

const problemNamed = (name: string) => NIST_PROBLEMS.find((problem) => problem.name === name) as NistProblem;

/** The powers of x as features, rounded to f64. */
function datasetOf({ x, y, degree }: NistProblem): Dataset {
  const powers = Array.from({ length: degree }, (_, k) => x.map((value) => value ** (k + 1)));
  const columns = Object.fromEntries(powers.map((column, k) => [`x^${k + 1}`, column]));
  return createDataset({ columns, targets: y });
}

const ones = (count: number) => ({ values: new Array<bigint>(count).fill(1n), scale: 1n });

/** The exact solution for numbers as they are printed. */
function exactOf({ x, y, degree, hasIntercept }: NistProblem) {
  const powers = Array.from({ length: degree }, (_, k) => powerOf(decimalOf(x), k + 1));
  const columns = hasIntercept ? [ones(x.length), ...powers] : powers;
  return exactLeastSquares(columns, decimalOf(y), hasIntercept ? 'mean' : 'zero');
}

/** The exact solution for numbers as f64 has them: what a solver in f64 is asked for. */
function exactInF64(problem: NistProblem) {
  const dataset = datasetOf(problem);
  const features = dataset.columns.map(rationalOf);
  const columns = problem.hasIntercept ? [ones(problem.x.length), ...features] : features;
  return exactLeastSquares(columns, rationalOf(dataset.targets), problem.hasIntercept ? 'mean' : 'zero');
}

/** Relative errors that come of rounding x^k before anything is solved: 8 digits of filip are left. */
const CERTIFIED_ERROR: Readonly<Record<string, number>> = { pontius: 5e-14, filip: 2e-8, wampler2: 1e-13 };

/** Two to eight times what is seen. */
const MOMENTS_ERROR: Readonly<Record<string, number>> = {
  pontius: 1e-12,
  noint1: 1e-15,
  noint2: 1e-15,
  wampler1: 1e-10,
  wampler2: 1e-13,
  wampler3: 5e-10,
  wampler4: 5e-8,
  wampler5: 1e-7,
};

const problemOf = (hasIntercept: boolean) => ({ l2: 0, standardize: true, fitIntercept: hasIntercept });

function byQr(problem: NistProblem): number[] {
  const { weights, bias } = atOnce(solveByQr(datasetOf(problem), problemOf(problem.hasIntercept)));
  return problem.hasIntercept ? [bias, ...weights] : [...weights];
}

async function byMoments(problem: NistProblem): Promise<number[]> {
  const dataset = datasetOf(problem);
  const asked = problemOf(problem.hasIntercept);
  const equations = normalEquations(momentsOfDataset(dataset), asked);
  const read = () => partsOf(dataset);
  const { weights, atCenter } = await refineOnExamples(equations, solveNormalEquations(equations), read, asked, undefined); // prettier-ignore
  const bias = weights.reduce((sum, weight, j) => sum - weight * (equations.means[j] as number), atCenter);
  return problem.hasIntercept ? [bias, ...weights] : [...weights];
}

describe.each(NIST_PROBLEMS)('$name', (problem) => {
  const { coefficients, standardErrors, residualDeviation, rSquared } = problem.certified;

  it('has the certified values in exact arithmetic: data and values are copied without a slip', () => {
    const exact = exactOf(problem);
    const because = 'fifteen certified digits, rounded';
    expectClose(exact.coefficients, coefficients, { relative: 5e-15, because });
    expectClose(exact.standardErrors, standardErrors, { relative: 5e-15, because });
    expectClose([exact.residualDeviation, exact.rSquared], [residualDeviation, rSquared], { relative: 5e-15, because });
  });

  it('is solved by QR to the last digit of f64, for the numbers as f64 has them', () => {
    const because = 'the last bit: refinement in twofold precision rounds once';
    expectClose(byQr(problem), exactInF64(problem).coefficients, { relative: 2 ** -52, because });
  });

  it('has as many certified digits by QR as the rounding of the powers of x leaves', () => {
    expectClose(byQr(problem), coefficients, { relative: CERTIFIED_ERROR[problem.name] ?? 5e-15, because: 'measured' });
  });
});

it.each(Object.entries(MOMENTS_ERROR))(
  '%s has by moments the digits that the square of the condition number leaves',
  async (name, relative) => {
    const because = 'measured; the constant loses most, a small difference of large terms';
    const problem = problemNamed(name);
    expectClose(await byMoments(problem), exactInF64(problem).coefficients, { relative, because });
  },
);

it('examples with weights are solved by QR to the last digit, for rows times the root of their weight as f64 has it', () => {
  const { columns, targets, featureNames, targetName } = datasetOf(problemNamed('wampler3'));
  const weights = targets.map((_, i) => 0.3 + (i % 5));
  const roots = weights.map(Math.sqrt);
  const weighted = new Dataset(columns, targets, featureNames, targetName, weights);
  const times = ({ values, scale }: RationalColumn): RationalColumn => {
    const root = rationalOf(roots);
    return { values: values.map((value, i) => value * (root.values[i] as bigint)), scale: scale * root.scale };
  };
  const rows = [ones(21), ...columns.map(rationalOf)].map(times);
  const { coefficients } = exactLeastSquares(rows, times(rationalOf(targets)), 'zero');
  const { weights: found, bias } = atOnce(solveByQr(weighted, problemOf(true)));
  expectClose([bias, ...found], coefficients, { relative: 2 ** -52, because: 'the last bit' });
});

it('filip has dependent features as far as sums in f64 can tell, which moments say', async () => {
  const { report } = await solveExact(datasetOf(problemNamed('filip')), { method: 'moments', backend: 'cpu' });
  expect(report.warnings.map(({ code }) => code)).toEqual(['RANK_DEFICIENT']);
  expect(report.warnings[0]?.message).toContain("method 'qr'");
  expect(report.solver?.rank).toBeLessThan(10);
});

it.each([
  ['norris', 'y', [-0.262323073774029, 1.00211681802045], 1e-13], // a constant of a thousandth of the targets
  [
    'longley',
    'employed',
    [
      -3482258.63459582, 15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359,
      -0.0511041056535807, 1829.15146461355,
    ],
    5e-15,
  ],
] as const)('%s has every certified digit', async (name, target, certified, relative) => {
  const { weights, bias } = await solveExact(await published(name, target));
  expectClose([bias, ...weights], certified, { relative, because: 'fifteen certified digits of data in decimals' });
});
