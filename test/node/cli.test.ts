import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manual from '../../docs/command-line.md?raw';
import { LinearModel } from '../../src/model/linear-model.js';
import { BUILT } from '../support/built.js';
import { DEFAULTS } from '../support/defaults.js';
import type { Printed } from '../support/printed.js';
import { published } from '../support/published.js';
import { bestIn, overfitted } from '../support/validation.js';
import { browserBelow } from '../support/browser-below.js';

/** The built command line. */
const CLI = join(BUILT, 'node/cli.js');
const DATA = fileURLToPath(new URL('../data/', import.meta.url));

/** The same browser on every machine, where it is made for the machine. */
const BROWSER = process.platform === 'linux' && process.arch === 'x64' ? { WEBGPU_DESCENT_CHROME: 'bundled' } : {};

/** A start of Chrome takes some seconds on a busy machine, and its unpacking many more. */
const BROWSER_TIMEOUT_MS = 120_000;

const GOOD = 'a,b,y\n1,7,3\n2,7,5\n3,7,7\n5,7,11\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-test-'));
  await writeFile(join(folder, 'good.csv'), GOOD);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [CLI, 'fit', ...words], {
    cwd: folder,
    env: { ...process.env, ...BROWSER, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: Run = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (run.stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (run.stderr += text.toString()));
  const ended = new Promise<Run>((resolve) => child.once('close', (code) => resolve({ ...run, code })));
  return { child, ended };
}

async function fitToJson(...words: string[]): Promise<Printed & { code: number | null }> {
  const { code, stdout, stderr } = await start([...words, '--json']).ended;
  expect(stderr).toBe('');
  expect(stdout.trimEnd()).not.toContain('\n');
  return { ...(JSON.parse(stdout) as Printed), code };
}

/** |a − b| relative to b, the largest. */
function largestError(actual: readonly number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, j) => Math.abs((actual[j] as number) - value) / Math.abs(value)));
}

describe('the seed program', { timeout: BROWSER_TIMEOUT_MS }, () => {
  test('prints the object of the contract, and finds the truth', async () => {
    const printed = await fitToJson('--rows', '100000', '--seed', '3', '--backend', 'webgpu');
    const [number, text, list] = [Number, String, Array].map((type) => expect.any(type) as unknown);
    expect(printed).toEqual({
      code: 0,
      backend: 'webgpu',
      adapter: { vendor: text, architecture: text, description: text, isSoftware: expect.any(Boolean) as boolean },
      browser: text,
      dataset: {
        source: 'synthetic',
        rows: 100_000,
        features: ['x1', 'x2'],
        target: 'y',
        trueWeights: [number, number],
        trueBias: number,
      },
      options: {
        ...DEFAULTS,
        epochs: 100,
        learningRate: 1,
        tolerance: 0,
        standardize: false,
        seed: 3,
        strategy: 'streaming',
        backend: 'webgpu',
      },
      strategy: 'streaming',
      kernels: 'fused-narrow',
      weights: [number, number],
      bias: number,
      loss: { first: printed.loss.history[0], last: printed.loss.history[99], history: list },
      epochsRun: 100,
      stopReason: 'epochs',
      r2: number,
      learningRateLimit: number,
      timing: {
        deviceMs: number,
        uploadMs: number,
        trainMs: number,
        readbackMs: number,
        totalMs: number,
        msPerEpoch: number,
        gigabytesPerSecond: number,
        gpuMs: printed.timing.gpuMs === null ? null : number,
      },
      check: { reference: 'cpu-f64', maxRelativeDifference: number, tolerance: 1e-4, passed: true },
      optimum: {
        solver: 'qr-f64',
        weights: [number, number],
        bias: number,
        conditionNumber: number,
        maxRelativeDifference: number,
        tolerance: 1e-3,
        reached: true,
      },
      distanceToOptimum: number,
      warnings: [],
    });
    for (const name of Object.keys(printed)) if (name !== 'code') expect(manual).toContain(`\`${name}\``);
    const { history } = printed.loss;
    expect(history).toHaveLength(100);
    // A sum in f32 is right to some roundings of 6e-8.
    history.slice(1).forEach((loss, i) => expect(loss).toBeLessThanOrEqual((history[i] as number) * (1 + 1e-6)));
    // The noise of 0.1 leaves about 0.1 / √(100000 / 3) = 5e-4 in a weight.
    [...printed.weights, printed.bias].forEach((value, j) => {
      const truth = [...printed.dataset.trueWeights, printed.dataset.trueBias][j] as number;
      expect(Math.abs(value - truth)).toBeLessThan(3e-3);
    });
  });

  test('by mini-batches and adam, judged by held-out examples, is checked to its best update, and finds the truth', async () => {
    const printed = await fitToJson(
      ...['--rows', '20000', '--backend', 'webgpu', '--optimizer', 'adam', '--batch-size', '256'],
      ...['--validation-fraction', '0.2', '--tolerance', '0'],
    );
    const options = { batchSize: 256, shuffle: true, learningRate: 0.001, validationFraction: 0.2 };
    expect(printed).toMatchObject({ code: 0, options, kernels: 'short-batches', stopReason: 'epochs', epochsRun: 100 });
    const { history, bestEpoch, best } = printed.validation as NonNullable<Printed['validation']>;
    expect(history).toHaveLength(100);
    expect([bestEpoch, best]).toEqual([bestIn(history), Math.min(...history)]);
    expect(printed.check).toMatchObject({ passed: true, tolerance: 1e-4 });
    // The noise of 0.1 leaves about 0.1 / √(20000 / 3) = 1.2e-3 in a weight, and a constant rate as much again.
    [...printed.weights, printed.bias].forEach((value, j) => {
      const truth = [...printed.dataset.trueWeights, printed.dataset.trueBias][j] as number;
      expect(Math.abs(value - truth)).toBeLessThan(1e-2);
    });
  });

  test('held-out examples find the best epoch and the end, which the check follows', async () => {
    const { columns, targets } = overfitted(1, 120, 12);
    const names = columns.map((_, j) => `x${j}`);
    const lines = Array.from(targets, (y, i) => [...columns.map((column) => column[i]), y].join(','));
    await writeFile(join(folder, 'noisy.csv'), [[...names, 'y'].join(','), ...lines].join('\n'));
    const words = ['--data', 'noisy.csv', '--target', 'y', '--validation-fraction', '0.25', '--patience', '4'];
    const printed = await fitToJson(...words, '--strategy', 'streaming');
    const { history, bestEpoch, best } = printed.validation as NonNullable<Printed['validation']>;
    expect(printed).toMatchObject({ code: 0, stopReason: 'earlyStopping', check: { passed: true }, optimum: null });
    expect(history).toHaveLength(printed.epochsRun);
    expect([bestEpoch, best]).toEqual([bestIn(history), Math.min(...history)]);
    expect(printed.epochsRun).toBe(bestEpoch + 4);

    const { code, stdout } = await start([...words, '--backend', 'cpu']).ended;
    expect(code).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain(`stopped early, after ${printed.epochsRun} of 1,000 epochs: the validation loss`);
    expect(text).toMatch(
      new RegExp(`best epoch ${bestEpoch}, whose parameters the model has: loss [0-9.]+ on 30 validation examples`),
    );
    const last = await start([...words, '--backend', 'cpu', '--no-restore-best']).ended;
    expect(last.stdout.replace(/\s+/g, ' ')).toContain('but the model has those of the last epoch: loss');
  });

  test('over the limit diverges: exit code 1, the limit told, the last finite parameters kept, no model', async () => {
    const words = ['--rows', '2000', '--learning-rate', '4', '--epochs', '1000', '--output', 'diverged.json'];
    const printed = await fitToJson(...words);
    expect(printed).toMatchObject({ code: 1, stopReason: 'diverged', check: { passed: true } });
    expect(printed.learningRateLimit).toBeCloseTo(2, 1);
    expect(printed.warnings[0]?.message).toMatch(/^Learning rate 4 is not below the stability limit (2\.0|1\.9)/);
    expect(printed.loss.history).toHaveLength(printed.epochsRun);
    expect(printed.epochsRun).toBeGreaterThan(1);
    expect([...printed.loss.history, ...printed.weights, printed.bias].every(Number.isFinite)).toBe(true);
    expect(existsSync(join(folder, 'diverged.json'))).toBe(false);
  });
});

/** Predicts 0 for the features of stackloss.csv but its last. */
const NOTHING = {
  weights: new Float64Array(2),
  bias: 0,
  featureNames: ['air_flow', 'water_temp'],
  targetName: 'stack_loss',
  report: null,
};

describe('files with known answers', { timeout: BROWSER_TIMEOUT_MS }, () => {
  test.each([
    ['norris.csv', 'y', [1.00211681802045], -0.262323073774029],
    ['stackloss.csv', 'stack_loss', [0.715640200485283, 1.29528612438857, -0.152122519148652], -39.919674420124],
  ])('%s is reached', async (file, target, weights, bias) => {
    const printed = await fitToJson('--data', join(DATA, file), '--target', target);
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', check: { passed: true }, optimum: { reached: true } });
    expect(largestError([...printed.weights, printed.bias], [...weights, bias])).toBeLessThan(1e-3);
    expect(largestError([...printed.optimum.weights, printed.optimum.bias], [...weights, bias])).toBeLessThan(1e-9);
  });

  test('challenger.csv, of labels, by the logistic loss', async () => {
    const words = ['--data', join(DATA, 'challenger.csv'), '--target', 'distress', '--loss', 'logistic'];
    const printed = await fitToJson(...words, '--epochs', '2000', '--tolerance', '0');
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', check: { passed: true }, accuracy: 20 / 23 });
    expect(printed).toMatchObject({ options: { loss: 'logistic' }, optimum: null });
    expect(largestError([...printed.weights, printed.bias], [-0.2322, 15.0429])).toBeLessThan(1e-3);
  });

  test('stackloss.csv, with a column as the weights of its examples', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss', '--weights', 'acid_conc'];
    const printed = await fitToJson(...words, '--strategy', 'streaming', '--loss', 'huber', '--huber-delta', '2');
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', check: { passed: true } });
    expect(printed.weights).toHaveLength(2);
  });

  test('stackloss.csv with a penalty and a tolerance: a weight of 0, an end before the last epoch, no optimum of others', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss', '--strategy', 'streaming'];
    const printed = await fitToJson(...words, '--l1', '0.5', '--tolerance', '1e-6');
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', stopReason: 'converged', optimum: null });
    expect(printed.check).toMatchObject({ passed: true, tolerance: 1e-4 });
    expect(printed.weights[2]).toBe(0);
    expect(printed.epochsRun).toBeLessThan(1000);
  });

  test('longley.csv by conjugate gradient is reached, and passes within what its conditioning leaves', async () => {
    const words = ['--data', join(DATA, 'longley.csv'), '--target', 'employed', '--optimizer', 'conjugateGradient'];
    const printed = await fitToJson(...words);
    expect(printed).toMatchObject({ code: 0, backend: 'webgpu', optimum: { reached: true } });
    // 4 roundings of 2^-24 times the square of the condition number of the standardized features, 110.5.
    expect(printed.check).toMatchObject({ passed: true, tolerance: expect.closeTo(2.9e-3, 4) as number });
  });

  test('stackloss.csv, with two targets at once, each checked and each the plane that it is alone', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss,acid_conc'];
    // Not in the order of the targets, which go by their names.
    const begun = [new LinearModel({ ...NOTHING, targetName: 'acid_conc' }), new LinearModel({ ...NOTHING, bias: 2 })];
    await writeFile(join(folder, 'begun.json'), JSON.stringify(begun));
    const printed = await fitToJson(...words, '--backend', 'webgpu', '--warm-start', 'begun.json');
    expect(printed).toMatchObject({
      code: 0,
      dataset: { rows: 21, features: ['air_flow', 'water_temp'], targets: ['stack_loss', 'acid_conc'] },
      kernels: 'many-narrow',
      check: { passed: true, reference: 'cpu-f64' },
    });
    const { models, check } = printed as unknown as { models: (Printed & { target: string })[] } & Printed;
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
      expect(model).toMatchObject({ check: { passed: true }, optimum: { reached: true }, warnings: [] });
      expect(model.loss.history).toHaveLength(model.epochsRun);
      expect(model.check?.maxRelativeDifference).toBeLessThanOrEqual(check?.maxRelativeDifference as number);
      expect(Math.abs(model.bias / model.optimum.bias - 1)).toBeLessThan(1e-3); // as far as an optimum counts as reached
    }
  });

  test('longley is not reached, and that is said', async () => {
    const words = ['--data', join(DATA, 'longley.csv'), '--target', 'employed', '--epochs', '500'];
    const { code, stdout } = await start(words).ended;
    expect(code).toBe(0);
    const said = stdout.replace(/\s+/g, ' ');
    expect(said).toMatch(/optimum NOT reached: largest relative difference \S+ from the exact least-squares solution/);
    expect(said).toContain('The condition number of the standardized features is 111.');
    expect(said).toMatch(/needs about [\d,]+ epochs: --epochs \d+ --tolerance 0\./);
    expect(said).toContain('check passed');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe('on the CPU, without any browser', () => {
  const NOWHERE = { WEBGPU_DESCENT_CHROME: '/nowhere/chrome' };

  test('a model is written that parses; a constant feature has weight 0, and is named', async () => {
    const words = ['--data', 'good.csv', '--target', 'y', '--backend', 'cpu', '--output', 'model.json', '--json'];
    const { code, stdout } = await start(words, NOWHERE).ended;
    expect(code).toBe(0);
    const printed = JSON.parse(stdout) as Printed;
    expect(printed.check).toBeNull();
    expect(printed.warnings).toMatchObject([
      { code: 'CONSTANT_FEATURE', message: expect.stringContaining("'b'") as string },
    ]);
    const model = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as unknown;
    expect(model).toEqual({
      format: 'webgpu-descent/linear-model',
      loss: 'squared',
      version: 1,
      featureNames: ['a', 'b'],
      targetName: 'y',
      weights: [expect.closeTo(2, 6), 0],
      bias: expect.closeTo(1, 6) as number,
    });
  });

  test('of several targets: a row for each, their parameters side by side, a list of models', async () => {
    const table = 'a,"b, net",w,y,z\n1,7,1,3,-1\n2,6,1,5,0\n3,7,2,7,2\n5,6,1,11,-5\n';
    await writeFile(join(folder, 'targets.csv'), table);
    const words = ['--data', 'targets.csv', '--target', 'z,y', '--weights', 'w', '--features', 'a,"b, net"'];
    const { code, stdout, stderr } = await start(
      [...words, '--backend', 'cpu', '--output', 'models.json', '--epochs', '500'],
      NOWHERE,
    ).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('2 features (a, "b, net"), targets z, y, weights w\n');
    const line = (name: string) => stdout.split('\n').find((each) => each.startsWith(name)) ?? '';
    expect(line('target ').split(/  +/)).toEqual(['target', 'R²', 'loss', 'epochs', 'stopped', 'difference', 'check']);
    expect(line('z ').split(/  +/)).toHaveLength(7);
    expect(line('y ').split(/  +/).slice(0, 2)).toEqual(['y', '1']);
    expect(line('parameter ').split(/  +/)).toEqual(['parameter', 'z', 'y']);
    expect(line('a ').split(/  +/)[2]).toMatch(/^(2|2\.0000\d+|1\.9999\d+)$/); // y is 2a + 1
    expect(stdout).toMatch(/models {5}models\.json\n$/);
    const models = JSON.parse(await readFile(join(folder, 'models.json'), 'utf8')) as unknown[];
    const [z, y] = models.map((json) => LinearModel.fromJSON(json));
    expect([z?.targetName, y?.targetName]).toEqual(['z', 'y']);
    expect((await y?.predict({ a: [4], 'b, net': [6] }))?.[0]).toBeCloseTo(9, 4);

    // Each is what it is by itself.
    const alone = [...words.with(3, 'z'), '--backend', 'cpu', '--output', 'z.json', '--epochs', '500'];
    expect((await start([...alone, '--strategy', 'streaming'], NOWHERE).ended).code).toBe(0);
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
      JSON.parse((await start([...words, '--json', ...more], NOWHERE).ended).stdout) as Printed;
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

  test('of several targets one that diverges is no success, and no model is written', async () => {
    const words = ['--data', 'good.csv', '--target', 'y,b', '--learning-rate', '9', '--epochs', '3000'];
    const { code, stdout } = await start([...words, '--backend', 'cpu', '--output', 'none.json'], NOWHERE).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^y .* DIVERGED /m);
    expect(stdout).toMatch(/^warning +y: Learning rate 9 is not below the stability limit/m);
    expect(stdout).toContain('models     not written to none.json, because the fit failed');
    expect(existsSync(join(folder, 'none.json'))).toBe(false);
  });

  test('--summary adds standard errors, as a table and as data', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss', '--backend', 'cpu', '--summary'];
    const { stdout } = await start(words, NOWHERE).ended;
    expect(stdout).toContain('stack_loss: 21 examples, 17 degrees of freedom');
    expect(stdout).toMatch(/^air_flow +0\.7156\d* +0\.13485\d +5\.30\d +5\.8e-5$/m);
    const printed = JSON.parse((await start([...words, '--json'], NOWHERE).ended).stdout) as {
      summary: { rows: { name: string; standardError: number }[]; residualStandardError: number };
    };
    expect(printed.summary.rows.map(({ name }) => name)).toEqual(['air_flow', 'water_temp', 'acid_conc', 'bias']);
    expect(printed.summary.residualStandardError).toBeCloseTo(3.24336, 4); // 3.243 is published
  });

  test('with a penalty there is no plain least squares to reach, but a distance; and a path where one is asked for', async () => {
    const words = ['--data', join(DATA, 'stackloss.csv'), '--target', 'stack_loss', '--backend', 'cpu', '--l2', '0.1'];
    const run = await start([...words, '--path-every', '50', '--json'], NOWHERE).ended;
    const printed = JSON.parse(run.stdout) as Printed & { path: { epoch: number }[]; distanceToOptimum: number };
    expect(printed).toMatchObject({ optimum: null, loss: { history: { length: printed.epochsRun } } });
    expect(printed.distanceToOptimum).toBeLessThan(1e-9);
    expect(printed.path.slice(0, 2).map(({ epoch }) => epoch)).toEqual([0, 50]);
    const { stdout } = await start(words, NOWHERE).ended;
    expect(stdout).toMatch(/^optimum {4}\S+% of the excess loss remains$/m);
    expect(stdout).toContain('L = 1/(2m) Σ (h(x) − y)² + 0.1/2·Σw²\n');
  });

  test('fewer examples than parameters are allowed, and said', async () => {
    const words = ['--rows', '2', '--feature-count', '3', '--learning-rate', 'auto', '--backend', 'cpu'];
    const { code, stdout } = await start(words, NOWHERE).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('warning    2 examples for 4 parameters: the best model is not unique');
  });

  test('features that depend on others have no one optimum, and that is said', async () => {
    await writeFile(join(folder, 'dependent.csv'), 'a,twice,y\n1,2,1\n2,4,2\n4,8,3\n5,10,5\n');
    const { code, stdout } = await start(['--data', 'dependent.csv', '--target', 'y', '--backend', 'cpu'], NOWHERE)
      .ended;
    expect(code).toBe(0);
    expect(stdout).toContain('optimum    not unique: some features are linearly dependent');
  });

  test('the CPU stands in where no browser is found, and says so', async () => {
    const { code, stdout, stderr } = await start(['--rows', '100', '--json'], NOWHERE).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ backend: 'cpu', warnings: [{ code: 'BACKEND_FALLBACK' }] });
  });

  test('--backend webgpu does not accept that: exit code 1 and one line', async () => {
    const { code, stdout, stderr } = await start(['--rows', '100', '--backend', 'webgpu'], NOWHERE).ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^webgpu-descent: no browser with a WebGPU adapter \(tried .*\n$/);
  });

  test('a reader that goes away early is no failure', async () => {
    const { child, ended } = start(['--rows', '100', '--backend', 'cpu'], NOWHERE);
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('bad input: exit code 2, one line, nothing written', () => {
  const FILES = {
    'text.csv': 'a,b,y\n1,2,3\n2,many,5\n',
    'nan.csv': 'a,b,y\n1,2,3\n2,3,NaN\n',
    'infinite.csv': 'a,b,y\n1,2,3\n-Infinity,3,5\n',
    'ragged.csv': 'a,b,y\n1,2,3\n4,5\n',
    'empty.csv': '',
    'header.csv': 'a,b,y\n',
    'single.csv': 'y\n1\n2\n',
    'binary.csv': '\0\u0001\0\u0002',
    'model.json': JSON.stringify(new LinearModel(NOTHING)),
    'huge.csv': 'a,y\n1e39,1\n2e39,2\n',
  };
  const fromFile = (file: string, ...words: string[]) => ['--data', file, ...words];

  beforeAll(async () => {
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  });

  test.concurrent.each([
    ['a missing file', fromFile('none.csv', '--target', 'y'), 'no file none.csv'],
    ['a folder', fromFile('.', '--target', 'y'), 'a folder, .'],
    ['no target', fromFile('good.csv'), '--target NAME, one of a, b, y'],
    ['an unknown target', fromFile('good.csv', '--target', 'z'), 'column "z", which good.csv does not have'],
    ['an unknown feature', fromFile('good.csv', '--target', 'y', '--features', 'aa'), 'Did you mean "a"?'],
    ['a cell of text', fromFile('text.csv', '--target', 'y'), 'text.csv, row 3, column "b": "many"'],
    ['NaN', fromFile('nan.csv', '--target', 'y'), 'nan.csv, row 3, column "y": "NaN"'],
    ['infinity', fromFile('infinite.csv', '--target', 'y'), 'infinite.csv, row 3, column "a": "-Infinity"'],
    ['a ragged row', fromFile('ragged.csv', '--target', 'y'), 'ragged.csv, row 3: 2 cells; expected 3'],
    ['an empty file', fromFile('empty.csv', '--target', 'y'), 'empty.csv without any row'],
    ['a header alone', fromFile('header.csv', '--target', 'y'), 'header.csv without any row below its header'],
    ['one column', fromFile('single.csv', '--target', 'y'), 'single.csv with no column but the target'],
    ['targets that leave no feature', fromFile('good.csv', '--target', 'y,a,b'), 'with no column but the targets'],
    [
      'an unknown target of several',
      fromFile('good.csv', '--target', 'y,z'),
      'column "z", which good.csv does not have',
    ],
    [
      'a target that is a feature',
      fromFile('good.csv', '--target', 'y,b', '--features', 'a,b'),
      'feature "b", which is the target',
    ],
    [
      'a target that holds weights',
      fromFile('good.csv', '--target', 'y,b', '--weights', 'b'),
      'weights "b", which is the target',
    ],
    ['no text at all', fromFile('binary.csv', '--target', 'y'), 'binary.csv, row 1: a NUL character'],
    [
      'no label',
      fromFile('good.csv', '--target', 'y', '--loss', 'logistic'),
      'good.csv, row 2, column "y": 3; expected a label',
    ],
    [
      'a start of no file',
      fromFile('good.csv', '--target', 'y', '--warm-start', 'none.json'),
      'a file that cannot be read, none.json',
    ],
    ['a start of no JSON', fromFile('good.csv', '--target', 'y', '--warm-start', 'good.csv'), 'good.csv: not JSON'],
    [
      'a start of other features',
      fromFile('good.csv', '--target', 'y', '--warm-start', 'model.json', '--backend', 'cpu'),
      "a column 'a'",
    ],
    [
      'a start of other targets',
      fromFile('good.csv', '--target', 'y,b', '--warm-start', 'model.json'),
      "model.json without a model for target 'y'",
    ],
    ['contradicting flags', ['--no-restore-best'], '--restore-best false without validation examples'],
    ['zero epochs', ['--epochs', '0'], '--epochs 0; expected a whole number from 1'],
    ['a rate of zero', ['--learning-rate', '0'], '--learning-rate 0; expected a number above 0'],
    ['a negative rate', ['--learning-rate', '-1'], '--learning-rate -1; expected a number above 0'],
    ['an unknown flag', ['--epoch', '3'], 'Did you mean --epochs?'],
    ['output over the data', fromFile('good.csv', '--target', 'y', '--output', 'good.csv'), 'the data file itself'],
  ])('%s', async (_, words, part) => {
    const output = words.includes('--output') ? [] : ['--output', 'never.json'];
    const { code, stdout, stderr } = await start([...words, ...output]).ended;
    expect(stderr).toContain(part);
    expect(stderr).toMatch(/^webgpu-descent: [^\n]+\n$/);
    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(join(folder, 'never.json'))).toBe(false);
    expect(await readFile(join(folder, 'good.csv'), 'utf8')).toBe(GOOD);
  });

  test('numbers that f32 cannot hold', { timeout: BROWSER_TIMEOUT_MS }, async () => {
    const { code, stdout, stderr } = await start(
      fromFile('huge.csv', '--target', 'y', '--no-standardize', '--strategy', 'streaming'),
    ).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^webgpu-descent: 1e\+39 in .*'a', which f32 cannot hold;[^\n]+\n$/);
  });
});

describe.runIf(process.platform === 'linux')('an interruption', { timeout: BROWSER_TIMEOUT_MS }, () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s ends the browser and removes its profile', async (signal) => {
    const words = ['--rows', '100000', '--epochs', '100000', '--output', 'never.json', '--backend', 'webgpu'];
    const { child, ended } = start(words);
    const findBrowser = () => browserBelow(child.pid as number);
    await expect.poll(findBrowser, { timeout: BROWSER_TIMEOUT_MS, interval: 50 }).toBeDefined();
    const browser = await findBrowser();
    await new Promise((resolve) => setTimeout(resolve, signal === 'SIGINT' ? 2500 : 0)); // in training, and at the start
    child.kill(signal);
    expect(await ended).toEqual({ code: signal === 'SIGINT' ? 130 : 143, stdout: '', stderr: '' });
    if (!browser) throw new TypeError('the browser was seen a moment ago');
    expect(existsSync(`/proc/${browser.processId}`)).toBe(false);
    expect(existsSync(browser.profile)).toBe(false);
    expect(existsSync(join(folder, 'never.json'))).toBe(false);
  });
});
