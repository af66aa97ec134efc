// Small files of the kind that descent leaves far from their optimum, or of which nothing was said: their exact minima, found by
// numpy in f64, from the command line with its defaults.

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { withCommandLine } from '../support/command-line.js';
import type { Printed } from '../support/printed.js';

const FILES = fileURLToPath(new URL('../files/', import.meta.url));
const { folder, run } = withCommandLine();

/** The object that a fit without a browser prints, its exit code, and what it writes to stderr. */
async function fitted(file: string, words: string): Promise<{ code: number | null; stderr: string; printed: Printed }> {
  const all = ['--data', file, ...words.split(' '), '--json'];
  const { code, stdout, stderr } = await run(['fit', ...all]);
  return { code, stderr, printed: JSON.parse(stdout) as Printed };
}

async function textOf(file: string, words: string): Promise<string> {
  const { stdout } = await run(['fit', '--data', file, ...words.split(' ')]);
  return stdout.replace(/\s+/g, ' ');
}

async function fileOf(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

/** Expects numbers to as many digits as are given. */
function expectDigits(actual: readonly number[], expected: readonly number[], relative = 1e-8): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, j) => {
    const error = Math.abs((actual[j] as number) - value);
    expect(error, `${actual[j]} for ${value}`).toBeLessThanOrEqual(relative * Math.abs(value));
  });
}

interface Case {
  file: string;
  words: string;
  /** The weights, and the bias last. */
  right: number[];
  objective?: number;
  r2?: number;
  /** The digits of the parameters: by default seven. */
  relative?: number;
}

const REACHED: readonly Case[] = [
  {
    file: 'one-far-price.csv', // one price is far off; without it the slope is 9,296,489
    words: '--target won --loss huber --huber-delta 1.35',
    right: [9_322_340.43, 30_198_085.1],
    objective: 682_916_399,
  },
  {
    file: 'tiny-targets.csv', // no error comes near δ
    words: '--target y --loss huber --huber-delta 1.35',
    right: [3.39729493e-5, 2.74480958e-6],
  },
  {
    file: 'labels-near-copies.csv',
    words: '--target y --loss logistic',
    right: [6.401296, -5.238233, 0.287641],
    objective: 0.574877487,
  },
  {
    file: 'parabola-weights-of-one.csv', // as without weights
    words: '--target y --features x,x2 --weights w',
    right: [11.6541341, -0.04979566, -676.70579],
    r2: 0.997387,
  },
  {
    file: 'parabola-weights-of-one.csv',
    words: '--target y --features x,x2',
    right: [11.6541341, -0.04979566, -676.70579],
    r2: 0.997387,
  },
  {
    file: 'parabola-weights-of-one.csv',
    words: '--target y --features x,x2 --weights w --l1 0.001',
    right: [11.468562, -0.048989279, -666.093477],
    relative: 1e-6, // as far as the other method went along a direction that is nearly flat
    objective: 0.225896751,
  },
  {
    file: 'narrow-parabola.csv',
    words: '--target y',
    right: [242_693.0022, -299.6213318, -49_145_271.96],
    r2: 0.9994949,
  },
  {
    file: 'prices-by-year.csv',
    words: '--target price',
    right: [903.8875215, -0.03857183, -1_796_979.557],
    r2: 0.99784,
  },
];

describe('without an option of descent the command line gives the minimum', () => {
  test.concurrent.each(REACHED)(
    'of $file with $words',
    async ({ file, words, right, objective, r2, relative = 2e-7 }) => {
      const { code, stderr, printed } = await fitted(join(FILES, file), words);
      expect([code, stderr]).toEqual([0, '']);
      expect(printed).toMatchObject({ converged: true, stopReason: 'converged', optimum: { reached: true } });
      expectDigits([...printed.weights, printed.bias], right, relative);
      expect(printed.loss.history.every(Number.isFinite)).toBe(true);
      if (objective) expectDigits([printed.loss.history.at(-1) as number], [objective], 1e-8);
      if (r2) expect((printed as unknown as { r2: number }).r2).toBeCloseTo(r2, 5);
    },
  );

  test.concurrent.each([
    [
      'tiny-targets.csv',
      'y',
      /No error comes near δ = 1\.35: the largest is 0\.0000518, so that the result is that of least squares/,
    ],
    [
      'one-far-price.csv',
      'won',
      /96% of the errors are beyond δ = 1\.35, so that the result is nearly that of least absolute/,
    ],
  ])('of %s with a δ that does not fit its errors, and says so', async (file, target, words) => {
    const { printed } = await fitted(join(FILES, file), `--target ${target} --loss huber --huber-delta 1.35`);
    expect(printed.warnings).toMatchObject([{ code: 'HUBER_DELTA', message: expect.stringMatching(words) as string }]);
    const text = await textOf(join(FILES, file), `--target ${target} --loss huber --huber-delta 1.35`);
    expect(text).toContain("--huber-delta is in units of the targets; 'auto' chooses it from the errors.");
  });

  test.concurrent.each([
    ['tiny-targets.csv', 'y', 2e-6, 0.01],
    ['one-far-price.csv', 'won', 9_296_489, 0.005], // that of the prices without the far one
  ])('of %s with a δ by its errors, which the far ones do not move', async (file, target, slope, relative) => {
    const { code, stderr, printed } = await fitted(join(FILES, file), `--target ${target} --loss huber`);
    expect([code, stderr, printed.warnings]).toEqual([0, '', []]);
    expect(printed).toMatchObject({ converged: true, optimum: { reached: true } });
    expectDigits(printed.weights, [slope], relative);
  });
});

describe('a slope of 0 is an answer', () => {
  test.concurrent('of a peak, and the model is written', async () => {
    const file = await fileOf('peak.csv', 'x,y\n1,1\n2,2\n3,1\n');
    const { code, printed } = await fitted(file, '--target y --output peak.json');
    expect([code, printed.check, existsSync(join(folder, 'peak.json'))]).toEqual([0, null, true]);
    expect(printed).toMatchObject({
      weights: [0],
      bias: expect.closeTo(4 / 3, 12) as number,
      optimum: { reached: true },
    });
  });

  test.concurrent('of a parabola by a line, and of a constant target', async () => {
    const parabola = await fileOf('parabola.csv', 'x,y\n-3,9\n-2,4\n-1,1\n0,0\n1,1\n2,4\n3,9\n');
    const constant = await fileOf(
      'constant.csv',
      'x,z,y\n1,3,0.1\n2,1,0.1\n3,4,0.1\n4,1,0.1\n5,5,0.1\n6,9,0.1\n7,2,0.1\n',
    );
    const line = await fitted(parabola, '--target y');
    expect(line).toMatchObject({ code: 0, printed: { weights: [0], bias: expect.closeTo(4, 12) as number } });
    expect(line.printed.optimum).toMatchObject({ reached: true });
    const level = await fitted(constant, '--target y');
    expect(level).toMatchObject({
      code: 0,
      printed: { weights: [0, 0], bias: 0.1, optimum: { reached: true, maxDifference: 0 } },
    });
  });

  test.concurrent('of one of two targets', async () => {
    const file = await fileOf('flat.csv', 'x,y,flat\n1,3,1\n2,5,2\n3,7,3\n4,9,4\n5,11,4\n6,13,3\n7,15,2\n8,17,1\n');
    const { code, printed } = await fitted(file, '--target y,flat');
    expect(code).toBe(0);
    const [y, flat] = printed.models ?? [];
    expectDigits([...(y?.weights ?? []), y?.bias ?? 0], [2, 1], 1e-12);
    expect(flat).toMatchObject({ weights: [0], bias: 2.5, optimum: { reached: true }, converged: true });
  });

  test.concurrent('of descent, too, whose check measures it by the size of the target', async () => {
    const file = await fileOf('peak-descent.csv', 'x,y\n1,1\n2,2\n3,1\n');
    const { code, stderr, printed } = await fitted(file, '--target y --optimizer gradientDescent --backend cpu');
    expect([code, stderr]).toEqual([0, '']);
    expect(printed).toMatchObject({ converged: true, optimum: { reached: true } });
    expect(Math.abs(printed.weights[0] as number)).toBeLessThan(1e-6);
  });
});

test.concurrent(
  'labels that can be separated have no optimum, which is said, with the column and what gives one',
  async () => {
    const file = await fileOf('separable.csv', 'x,y\n1,0\n2,0\n3,0\n4,0\n5,1\n6,1\n7,1\n8,1\n');
    const { code, stderr, printed } = await fitted(file, '--target y --loss logistic');
    expect(code).toBe(0);
    expect(stderr).toMatch(/the classes are separable, .*--l2 0\.01, .* \[NOT_CONVERGED\]\n$/);
    expect(printed).toMatchObject({ converged: false, stopReason: 'separable', optimum: null });
    expect(printed.warnings.map((warning) => warning.code)).toEqual(['SEPARABLE_CLASSES', 'NOT_CONVERGED']);
    const text = await textOf(file, '--target y --loss logistic');
    expect(text).toMatch(
      / optimum none\. The features separate the classes, by 'x' alone too, with no example on the wrong side of a boundary: .* --l2 0\.01, /,
    );
    // Where some examples lie on the boundary itself, the accuracy is less than 1, and the same words are right.
    const ties = await fileOf('ties.csv', 'x,y\n1,0\n2,0\n3,0\n3,1\n4,1\n5,1\n');
    const tied = await textOf(ties, '--target y --loss logistic');
    expect(tied).toMatch(/ optimum none\. The features separate the classes, by 'x' alone too, .* accuracy 0\.833/);
    const penalized = await fitted(file, '--target y --loss logistic --l2 0.01');
    expect(penalized).toMatchObject({ code: 0, stderr: '', printed: { converged: true, optimum: { reached: true } } });
  },
);

test.concurrent('Adam comes to targets of thousands, and says what is left', async () => {
  const words = '--target price --optimizer adam --backend cpu';
  const { code, stderr, printed } = await fitted(join(FILES, 'prices-by-year.csv'), words);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^webgpu-descent: warning: The fit has not converged: .* use --optimizer auto\. \[NOT_CONVERGED\]\n$/,
  );
  expect(printed).toMatchObject({ optimizer: 'adam', converged: false, optimum: { reached: true } });
  expectDigits(printed.weights, [903.8875215, -0.03857183], 1e-3);
  expect((printed as unknown as { r2: number }).r2).toBeCloseTo(0.99784, 4);
});
