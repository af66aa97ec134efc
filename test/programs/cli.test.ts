// The command line on the seed program, in a browser, to its end and interrupted.

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manual from '../../docs/command-line.md?raw';
import { browserBelow } from '../support/browser-below.js';
import { BROWSER_TIMEOUT_MS, withCommandLine } from '../support/command-line.js';
import { DEFAULTS } from '../support/defaults.js';
import { eventually } from '../support/eventually.js';
import type { Printed } from '../support/printed.js';
import { bestIn, overfitted } from '../support/validation.js';

const { folder, start, fitToJson } = withCommandLine();

describe('the seed program', { timeout: BROWSER_TIMEOUT_MS }, () => {
  test('prints the object of the contract, and finds the truth', async () => {
    const printed = await fitToJson('--rows', '100000', '--seed', '3', '--backend', 'webgpu');
    const [number, text, list] = [Number, String, Array].map((type) => expect.any(type) as unknown);
    expect(printed).toEqual({
      code: 0,
      backend: 'webgpu',
      placement: "Backend 'webgpu' was requested.",
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
        optimizer: 'gradientDescent',
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
      threads: 1,
      weights: [number, number],
      bias: number,
      loss: { first: printed.loss.history[0], last: printed.loss.history[99], history: list },
      epochsRun: 100,
      stopReason: 'epochs',
      converged: true,
      optimizer: 'gradientDescent',
      relativeGradient: number,
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
      check: {
        reference: 'cpu-f64',
        compared: 'parameters',
        maxRelativeDifference: number,
        tolerance: 1e-4,
        passed: true,
      },
      optimum: {
        solver: 'qr-f64',
        weights: [number, number],
        bias: number,
        conditionNumber: number,
        isDeficient: false,
        maxDifference: number,
        tolerance: 1e-3,
        reached: true,
      },
      distanceToOptimum: number,
      distanceBy: 'optimum',
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

  test('finds the truth by mini-batches, Adam and validation, and is checked to its best update', async () => {
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

  test('stops by validation examples at the best epoch, which the check follows', async () => {
    const { columns, targets } = overfitted(1, 120, 12);
    const names = columns.map((_, j) => `x${j}`);
    const lines = Array.from(targets, (y, i) => [...columns.map((column) => column[i]), y].join(','));
    await writeFile(join(folder, 'noisy.csv'), [[...names, 'y'].join(','), ...lines].join('\n'));
    const words = ['--data', 'noisy.csv', '--target', 'y', '--validation-fraction', '0.25', '--patience', '4'];
    const printed = await fitToJson(...words, '--strategy', 'streaming');
    const { history, bestEpoch, best } = printed.validation as NonNullable<Printed['validation']>;
    expect(printed).toMatchObject({ code: 0, stopReason: 'earlyStopping', check: { passed: true }, converged: false });
    expect(printed).toMatchObject({ optimum: { reached: false }, warnings: [{ code: 'NOT_CONVERGED' }] });
    expect(history).toHaveLength(printed.epochsRun);
    expect([bestEpoch, best]).toEqual([bestIn(history), Math.min(...history)]);
    expect(printed.epochsRun).toBe(bestEpoch + 4);

    const { code, stdout } = await start([...words, '--backend', 'cpu']).ended;
    expect(code).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain(
      'Early stopping ended it: to reach the optimum, use --optimizer auto without --patience 4 and --validation-fraction 0.25. data',
    );
    expect(text).toContain(`stopped early, after ${printed.epochsRun} of 1,000 epochs: the validation loss`);
    expect(text).toMatch(
      new RegExp(`best epoch ${bestEpoch}, whose parameters the model has: loss [0-9.]+ on 30 validation examples`),
    );
    const last = await start([...words, '--backend', 'cpu', '--no-restore-best']).ended;
    expect(last.stdout.replace(/\s+/g, ' ')).toContain('but the model has those of the last epoch: loss');
  });

  test('diverges over the limit: exit code 1, the limit named, the last finite parameters kept, no model', async () => {
    const words = ['--rows', '2000', '--learning-rate', '4', '--epochs', '1000', '--output', 'diverged.json'];
    const printed = await fitToJson(...words);
    expect(printed).toMatchObject({ code: 1, stopReason: 'diverged', check: { passed: true } });
    expect(printed.learningRateLimit).toBeCloseTo(2, 1);
    expect(printed.warnings[0]?.message).toMatch(/^Learning rate 4 is not below the stability limit (2\.0|1\.9)/);
    expect(printed.loss.history).toHaveLength(printed.epochsRun);
    expect(printed.epochsRun).toBeGreaterThan(1);
    expect([...printed.loss.history, ...printed.weights, printed.bias].every(Number.isFinite)).toBe(true);
    expect(printed.warnings.at(-1)).toMatchObject({ code: 'DIVERGED' });
    expect(existsSync(join(folder, 'diverged.json'))).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('an interruption', { timeout: BROWSER_TIMEOUT_MS }, () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('ends the browser and removes its profile: %s', async (signal) => {
    const words = ['--rows', '100000', '--epochs', '100000', '--output', 'never.json', '--backend', 'webgpu'];
    const { child, ended } = start(words);
    let browser: Awaited<ReturnType<typeof browserBelow>>; // the one that was seen, which may be gone at a second look
    const findBrowser = async () => (browser = await browserBelow(child.pid as number));
    await expect.poll(findBrowser, { timeout: BROWSER_TIMEOUT_MS, interval: 50 }).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, signal === 'SIGINT' ? 2500 : 0)); // in training, and at the start
    child.kill(signal);
    expect(await ended).toEqual({ code: null, stdout: '', stderr: '' });
    expect(child.signalCode).toBe(signal);
    const seen = browser;
    if (!seen) throw new TypeError('no browser was seen');
    // A browser that was still starting ends with the pipe to it, and its guard removes the profile.
    await eventually(() => expect(existsSync(`/proc/${seen.processId}`)).toBe(false));
    await eventually(() => expect(existsSync(seen.profile)).toBe(false));
    expect(existsSync(join(folder, 'never.json'))).toBe(false);
  });
});
