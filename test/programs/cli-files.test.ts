// The command line on files with known answers.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LinearModel } from '../../src/model/linear-model.js';
import { BROWSER_TIMEOUT_MS, DATA, withCommandLine, ZERO_MODEL } from '../support/command-line.js';
import { published } from '../support/published.js';

const { folder, start, fitToJson } = withCommandLine();

/** Files so small stay on the CPU otherwise. */
const ON_GPU = ['--backend', 'webgpu'];

/** |a − b| relative to b, the largest. */
function largestError(actual: readonly number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, j) => Math.abs((actual[j] as number) - value) / Math.abs(value)));
}

/** Predicts 0 for the features of stackloss.csv but its last. */
describe('files with known answers', { timeout: BROWSER_TIMEOUT_MS }, () => {
  test.each([
    ['norris.csv', 'y', [1.00211681802045], -0.262323073774029],
    ['stackloss.csv', 'stack_loss', [0.715640200485283, 1.29528612438857, -0.152122519148652], -39.919674420124],
  ])(
    '%s is reached, by a solver to the digits that are published, and by descent to three',
    async (file, target, weights, bias) => {
      const words = ['--data', join(DATA, file), '--target', target];
      const solved = await fitToJson(...words);
      expect(solved).toMatchObject({ code: 0, backend: 'cpu', browser: null, strategy: 'exact', optimizer: 'qr' });
      expect(solved).toMatchObject({
        converged: true,
        distanceToOptimum: 0,
        check: null,
        optimum: { reached: true },
        warnings: [],
      });
      expect(largestError([...solved.weights, solved.bias], [...weights, bias])).toBeLessThan(1e-9);
      expect(largestError([...solved.optimum.weights, solved.optimum.bias], [...weights, bias])).toBeLessThan(1e-9);

      const descended = await fitToJson(...words, ...ON_GPU, '--epochs', '2000', '--tolerance', '0');
      expect(descended).toMatchObject({ code: 0, backend: 'webgpu', optimizer: 'gradientDescent', epochsRun: 2000 });
      expect(descended).toMatchObject({ check: { passed: true }, optimum: { reached: true } });
      expect(largestError([...descended.weights, descended.bias], [...weights, bias])).toBeLessThan(1e-3);
    },
  );

  test('longley.csv is solved to the published digits without any option', async () => {
    const words = ['--data', join(DATA, 'longley.csv'), '--target', 'employed'];
    const printed = await fitToJson(...words);
    // The published weights of this file (NIST, Longley), the intercept last.
    const published = [15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359, -0.0511041056535807, 1829.15146461355, -3482258.63459582]; // prettier-ignore
    expect(largestError([...printed.weights, printed.bias], published)).toBeLessThan(1e-9);
    expect(printed).toMatchObject({
      converged: true,
      optimum: { reached: true, conditionNumber: expect.closeTo(110.5, 0) as number },
    });
  });

  test('challenger.csv is fitted by the logistic loss', async () => {
    const words = ['--data', join(DATA, 'challenger.csv'), '--target', 'distress', '--loss', 'logistic'];
    const printed = await fitToJson(...words, ...ON_GPU, '--epochs', '2000', '--tolerance', '0');
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', check: { passed: true }, accuracy: 20 / 23 });
    expect(printed).toMatchObject({ options: { loss: 'logistic' }, optimum: { solver: 'newton-f64', reached: true } });
    expect(largestError([...printed.weights, printed.bias], [-0.2322, 15.0429])).toBeLessThan(1e-3);
    const solved = await fitToJson(...words);
    expect(solved).toMatchObject({ code: 0, backend: 'cpu', optimizer: 'newton', converged: true, accuracy: 20 / 23 });
    expect(largestError([...solved.weights, solved.bias], [-0.23216274, 15.0429017])).toBeLessThan(3e-8); // half of their last digit
  });

  test('stackloss.csv is fitted with a column as the weights of its examples', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss', '--weights', 'acid_conc'];
    const printed = await fitToJson(...words, ...ON_GPU, '--strategy', 'streaming', '--loss', 'huber', '--huber-delta', '2'); // prettier-ignore
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', check: { passed: true } });
    expect(printed.weights).toHaveLength(2);
  });

  test('stackloss.csv with a penalty and a tolerance has a weight of 0, ends before the last epoch, and is told what is left', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss', '--strategy', 'streaming'];
    const printed = await fitToJson(...words, ...ON_GPU, '--l1', '0.5', '--tolerance', '1e-6');
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', stopReason: 'plateau', converged: false });
    expect(printed).toMatchObject({
      optimum: { solver: 'newton-f64', reached: true },
      warnings: [{ code: 'NOT_CONVERGED' }],
    });
    expect(printed.distanceToOptimum).toBeLessThan(1e-5);
    expect(printed.check).toMatchObject({ passed: true, tolerance: 1e-4 });
    expect(printed.weights[2]).toBe(0);
    expect(printed.epochsRun).toBeLessThan(1000);
  });

  test('longley.csv by conjugate gradient is reached, and passes within what its conditioning leaves', async () => {
    const words = [
      '--data',
      join(DATA, 'longley.csv'),
      '--target',
      'employed',
      '--optimizer',
      'conjugateGradient',
      '--strategy',
      'streaming',
      '--backend',
      'webgpu',
    ];
    const printed = await fitToJson(...words, ...ON_GPU, '--tolerance', '1e-8', '--seed', '5');
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', optimum: { reached: true } });
    // 4 roundings of 2^-24 times the square of the condition number of the standardized features, 110.5.
    expect(printed.check).toMatchObject({ passed: true, tolerance: expect.closeTo(2.9e-3, 4) as number });
    // At a plateau, where weights have lost two digits of their eight to the condition number, and predictions none.
    const plateau = await fitToJson(...words);
    expect(plateau).toMatchObject({ code: 0, check: { passed: true, compared: 'predictions' }, converged: false });
  });

  test('stackloss.csv with two targets at once gives each the plane that it has alone, checked', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss,acid_conc'];
    // Not in the order of the targets, which go by their names.
    const begun = [
      new LinearModel({ ...ZERO_MODEL, targetName: 'acid_conc' }),
      new LinearModel({ ...ZERO_MODEL, bias: 2 }),
    ];
    await writeFile(join(folder, 'begun.json'), JSON.stringify(begun));
    const descent = ['--optimizer', 'gradientDescent', '--tolerance', '0'];
    const printed = await fitToJson(...words, ...descent, ...ON_GPU, '--warm-start', 'begun.json');
    expect(printed).toMatchObject({
      code: 0,
      dataset: { rows: 21, features: ['air_flow', 'water_temp'], targets: ['stack_loss', 'acid_conc'] },
      kernels: 'many-narrow',
      check: { passed: true, reference: 'cpu-f64' },
    });
    const { models = [], check } = printed;
    expect(models.map(({ target }) => target)).toEqual(['stack_loss', 'acid_conc']);
    const data = await published('stackloss', 'stack_loss');
    const lossAt = (h: number, column: ArrayLike<number> = []) =>
      Array.from(column, (y) => (h - y) ** 2 / 42).reduce((sum, each) => sum + each, 0); // 1/2m of 21 examples
    const began = [lossAt(2, data.targets), lossAt(0, data.columns[2])];
    expect(
      largestError(
        models.map(({ loss }) => loss.history[0] as number),
        began,
      ),
    ).toBeLessThan(1e-6);
    for (const model of models) {
      expect(model).toMatchObject({ check: { passed: true }, optimum: { reached: true } });
      expect(model.loss.history).toHaveLength(model.epochsRun);
      expect(model.check?.maxRelativeDifference).toBeLessThanOrEqual(check?.maxRelativeDifference as number);
      expect(Math.abs(model.bias / model.optimum.bias - 1)).toBeLessThan(1e-3); // as far as an optimum counts as reached
    }
  });

  test('longley is not reached, and that is said', async () => {
    const words = ['--data', join(DATA, 'longley.csv'), '--target', 'employed', '--epochs', '500'];
    const { code, stdout, stderr } = await start(words).ended;
    expect(code).toBe(0);
    const said = stdout.replace(/\s+/g, ' ');
    const left =
      /: [\d.]+% of the excess loss is left \(compared with the optimum\)\. All epochs were used: allow more, or use --optimizer auto without --epochs 500\./;
    expect(said).toMatch(new RegExp(`² optimum NOT reached${left.source} data`)); // before all else
    expect(stderr).toMatch(
      new RegExp(`^webgpu-descent: warning: The fit has not converged${left.source} \\[NOT_CONVERGED\\]\n$`),
    );
    expect(said).toMatch(
      /check steps passed: the same 500 epochs on the CPU in f64, largest relative difference of a parameter \S+, tolerance/,
    );
    expect(said).toMatch(
      / answer not yet that of QR in f64: effects w·sd\(x\) differ by at most [\d.]+ of sd\(employed\), tolerance 1\.0e-3 $/,
    );
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
