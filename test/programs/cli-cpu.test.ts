// The command line without any browser: models that are written, and what the text says of a fit.

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LinearModel } from '../../src/model/linear-model.js';
import { DATA, NOWHERE, withCommandLine } from '../support/command-line.js';
import type { Printed } from '../support/printed.js';

const { folder, start, run } = withCommandLine();

describe('on the CPU, without any browser', () => {
  test('a model is written that parses; a constant feature has weight 0, and is named', async () => {
    const words = ['--data', 'good.csv', '--target', 'y', '--backend', 'cpu', '--output', 'model.json', '--json'];
    const { code, stdout } = await run(['fit', ...words]);
    expect(code).toBe(0);
    const printed = JSON.parse(stdout) as Printed;
    expect([printed.check, printed.optimum.reached]).toEqual([null, true]); // a solver takes no steps to repeat
    expect(printed.warnings).toMatchObject([
      { code: 'CONSTANT_FEATURE', message: expect.stringContaining("'b'") as string },
    ]);
    const model = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as unknown;
    expect(model).toEqual({
      format: 'webgpu-descent/linear-model',
      loss: 'squared',
      version: 3,
      objective: { fitIntercept: true, l1: 0, l2: 0 },
      featureNames: ['a', 'b'],
      targetName: 'y',
      weights: [expect.closeTo(2, 6), 0],
      bias: expect.closeTo(1, 6) as number,
      classes: null,
      encoder: null,
    });
  });

  test('a fit that diverged says so first, on stderr too, with the rate to choose', async () => {
    const { code, stdout, stderr } = await run(['fit', '--rows', '200', '--learning-rate', '50', '--backend', 'cpu']);
    expect(code).toBe(1);
    const advice = 'Use a smaller learning rate than 50, or --learning-rate auto, which is chosen below the limit.';
    expect(stdout.replace(/\s+/g, ' ')).toContain(`optimum NOT reached. The fit diverged: the loss became infinite or NaN. ${advice} data`); // prettier-ignore
    expect(stdout.match(/The fit diverged/g)).toHaveLength(1);
    expect(stderr).toMatch(/^webgpu-descent: warning: The fit diverged: .*--learning-rate auto.* \[DIVERGED\]$/m);
  });

  test('several targets have a row each, their parameters side by side, and a list of models', async () => {
    const table = 'a,"b, net",w,y,z\n1,7,1,3,-1\n2,6,1,5,0\n3,7,2,7,2\n5,6,1,11,-5\n';
    await writeFile(join(folder, 'targets.csv'), table);
    const words = ['--data', 'targets.csv', '--target', 'z,y', '--weights', 'w', '--features', 'a,"b, net"'];
    const { code, stdout, stderr } = await run(['fit', ...words, '--backend', 'cpu', '--output', 'models.json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^optimum {4}reached for all 2 targets$/m);
    expect(stdout).toContain('2 features (a, "b, net"), targets z, y, weights w\n');
    const line = (name: string) => stdout.split('\n').find((each) => each.startsWith(name)) ?? '';
    expect(line('target ').split(/  +/)).toEqual(['target', 'R²', 'loss', 'steps', 'stopped']);
    expect(line('z ').split(/  +/)).toHaveLength(5);
    expect(line('y ').split(/  +/).slice(0, 2)).toEqual(['y', '1']);
    expect(line('parameter ').split(/  +/)).toEqual(['parameter', 'z', 'y']);
    expect(line('a ').split(/  +/)[2]).toBe('2'); // y is 2a + 1
    expect(stdout).toMatch(/models {5}models\.json\n$/);
    const models = JSON.parse(await readFile(join(folder, 'models.json'), 'utf8')) as unknown[];
    const [z, y] = models.map((json) => LinearModel.fromJSON(json));
    expect([z?.targetName, y?.targetName]).toEqual(['z', 'y']);
    expect((await y?.predict({ a: [4], 'b, net': [6] }))?.[0]).toBeCloseTo(9, 4);

    // Each is what it is by itself.
    const alone = [...words.with(3, 'z'), '--backend', 'cpu', '--output', 'z.json'];
    expect((await run(['fit', ...alone])).code).toBe(0);
    const single = LinearModel.fromJSON(JSON.parse(await readFile(join(folder, 'z.json'), 'utf8')));
    expect([...single.weights, single.bias]).toEqual([...(z?.weights ?? []), z?.bias]);
  });

  test('a saved model is where the next fit begins', async () => {
    const words = [
      '--data',
      'good.csv',
      '--target',
      'y',
      '--backend',
      'cpu',
      '--epochs',
      '3',
      '--learning-rate',
      '0.3',
    ];
    const json = async (...more: string[]) =>
      JSON.parse((await run(['fit', ...words, '--json', ...more])).stdout) as Printed;
    const first = await json('--output', 'three.json');
    const second = await json('--warm-start', 'three.json', '--output', 'three.json'); // read before it is written
    const six = await json('--epochs', '6');
    expect([...first.loss.history, ...second.loss.history].map((loss) => loss.toPrecision(10))).toEqual(
      six.loss.history.map((loss) => loss.toPrecision(10)), // through the units of the file and back
    );
    expect(LinearModel.fromJSON(JSON.parse(await readFile(join(folder, 'three.json'), 'utf8'))).weights[0]).toBeCloseTo(
      six.weights[0] as number,
      10,
    );
  });

  test('one of several targets that diverges is no success, and no model is written', async () => {
    const words = ['--data', 'good.csv', '--target', 'y,b', '--learning-rate', '9', '--epochs', '3000'];
    const { code, stdout } = await run(['fit', ...words, '--backend', 'cpu', '--output', 'none.json']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^y .* DIVERGED .* passed$/m);
    expect(stdout).toMatch(/^warning +y: Learning rate 9 is not below the stability limit/m);
    expect(stdout).toContain('models     not written to none.json, because the fit failed');
    expect(existsSync(join(folder, 'none.json'))).toBe(false);
  });

  test('--summary adds standard errors, as a table and as data', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss', '--backend', 'cpu', '--summary'];
    const { stdout } = await run(['fit', ...words]);
    expect(stdout).toContain('stack_loss: 21 examples, 17 degrees of freedom');
    expect(stdout).toMatch(/^air_flow +0\.7156\d* +0\.13485\d +5\.30\d +5\.8e-5$/m);
    const printed = JSON.parse((await run(['fit', ...words, '--json'])).stdout) as {
      summary: { rows: { name: string; standardError: number }[]; residualStandardError: number };
    };
    expect(printed.summary.rows.map(({ name }) => name)).toEqual(['air_flow', 'water_temp', 'acid_conc', 'bias']);
    expect(printed.summary.residualStandardError).toBeCloseTo(3.24336, 4); // 3.243 is published
  });

  test('--summary takes fractional weights as precisions, and says so; as counts it refuses them before training', async () => {
    const rows = [[1, 0.25, 3.1], [2, 0.5, 4.8], [3, 0.25, 7.2], [4, 0.125, 8.9], [5, 0, 99]]; // prettier-ignore
    await writeFile(join(folder, 'precisions.csv'), `x,w,y\n${rows.join('\n')}\n`);
    const words = ['--data', 'precisions.csv', '--target', 'y', '--weights', 'w', '--backend', 'cpu', '--summary'];
    const { stdout } = await run(['fit', ...words]);
    expect(stdout).toContain('y: 4 examples (weights as precisions), 2 degrees of freedom');
    expect(stdout).not.toContain('for 2 parameters');
    const done = await run(['fit', ...words, '--weights-as', 'counts']);
    expect([done.code, done.stdout]).toEqual([2, '']);
    expect(done.stderr).toContain('weight 0.25 of example 0, with weights as counts; expected whole numbers');
    expect(done.stderr).toContain("Use --weights-as 'precisions'");
  });

  test('--summary of a logistic model has z values and the deviance', async () => {
    const words = ['--data', join(DATA, 'challenger.csv'), '--target', 'distress', '--loss', 'logistic'];
    const more = ['--backend', 'cpu', '--summary', '--epochs', '2000', '--tolerance', '0'];
    const { stdout } = await run(['fit', ...words, ...more]);
    expect(stdout).toMatch(/^temperature +-0\.232163 +0\.108237 +-2\.145 +0\.0320$/m);
    expect(stdout).toContain('null deviance 28.2672 on 22 degrees of freedom');
    const printed = JSON.parse((await run(['fit', ...words, ...more, '--json'])).stdout) as {
      summary: { deviance: number; degreesOfFreedom: number; residualStandardError: null };
    };
    expect(printed.summary).toMatchObject({ degreesOfFreedom: 21, residualStandardError: null });
    expect(printed.summary.deviance).toBeCloseTo(20.3152, 4);
  });

  test('with a penalty the optimum is that of the penalized objective; and there is a path where one is asked for', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss', '--backend', 'cpu', '--l2', '0.1'];
    const done = await run(['fit', ...words, '--path-every', '20', '--json']);
    const printed = JSON.parse(done.stdout) as Printed & { path: { epoch: number }[]; distanceToOptimum: number };
    expect(printed).toMatchObject({ optimizer: 'gradientDescent', loss: { history: { length: printed.epochsRun } } });
    expect(printed).toMatchObject({ optimum: { solver: 'newton-f64', reached: true }, converged: false });
    expect(printed.distanceToOptimum).toBeLessThan(1e-5);
    expect(printed.path.slice(0, 2).map(({ epoch }) => epoch)).toEqual([0, 20]);
    const { stdout, stderr } = await run(['fit', ...words]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^optimum {4}reached$/m);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /check answer confirmed by a step of Newton's method in f64: effects w·sd\(x\) differ by at most \d\S* of sd\(stack_loss\), tolerance 1\.0e-3 $/,
    );
    expect(stdout).toContain('L = 1/(2m) Σ (h(x) − y)² + 0.1/2·Σw²\n');
  });

  test('fewer examples than parameters are allowed, and said', async () => {
    const words = ['--rows', '2', '--feature-count', '3', '--learning-rate', 'auto', '--backend', 'cpu'];
    const { code, stdout } = await run(['fit', ...words]);
    expect(code).toBe(0);
    expect(stdout).toContain('warning    2 examples for 4 parameters: the best model is not unique');
  });

  test('features that depend on others have no one optimum, and that is said', async () => {
    await writeFile(join(folder, 'dependent.csv'), 'a,twice,y\n1,2,1\n2,4,2\n4,8,3\n5,10,5\n');
    const { code, stdout } = await run(['fit', '--data', 'dependent.csv', '--target', 'y', '--backend', 'cpu']);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('optimum reached; others are as good data');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/warning Some features are linearly dependent \('twice' on 'a'\)/);
  });

  test('a small file is descended here, whether there is a browser or not, and the text says why', async () => {
    const words = ['--data', 'good.csv', '--target', 'y', '--epochs', '20'];
    const { code, stdout, stderr } = await run(['fit', ...words, '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { backend: 'cpu', kernels: 'wasm', options: { backend: 'auto' } }]); // prettier-ignore
    expect(stderr).not.toContain('browser');
    const text = (await run(['fit', ...words])).stdout;
    expect(text).toMatch(
      /^ran on {5}the CPU\n {11}Predicted to take less than 1 ms on the CPU, less than starting a browser\.$/m,
    );
  });

  test('the reference trains where it is asked for', async () => {
    const { code, stdout } = await run(['fit', '--rows', '100', '--backend', 'reference']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ran on {5}the CPU, by the reference\n {11}Backend 'reference' was requested\.$/m);
  });

  test('the CPU stands in where no browser is found, and says so', async () => {
    const { code, stdout, stderr } = await run(['fit', '--rows', '100', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      backend: 'cpu',
      placement: 'No browser with WebGPU was found.',
      warnings: [{ code: 'BACKEND_FALLBACK' }],
    });
  });

  test('--backend webgpu does not accept that: exit code 1 and one line', async () => {
    const { code, stdout, stderr } = await run(['fit', '--rows', '100', '--backend', 'webgpu']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^webgpu-descent: no browser with a WebGPU adapter \(tried .*\n$/);
  });

  test('a reader that goes away early is no failure', async () => {
    const { child, ended } = start(['--rows', '100', '--backend', 'cpu'], NOWHERE);
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });
});
