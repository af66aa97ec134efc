// What runs everywhere: the command line, the built file, and its processes for the CPU. Dawn needs a Vulkan driver.

import { execFile, fork } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBenchCommand } from '../../bench/arguments.js';
import { plainLoop } from '../../bench/arms/plain-loop.js';
import { CASES } from '../../bench/cases.js';
import { runCase } from '../../bench/harness.js';
import { makeProblem } from '../../bench/problem.js';
import { caseTable } from '../../bench/report.js';

const ARMS = ['webgpu-descent', 'plain JS loop'];

const run = promisify(execFile);

/** Rejections of execFile carry what the process wrote. */
interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

describe('bench command line', () => {
  it('runs in a browser unless told otherwise', () => {
    expect(parseBenchCommand([], ARMS)).toMatchObject({ runtime: 'browser', kernels: false, save: true, cases: CASES });
    expect(parseBenchCommand(['--runtime', 'node'], ARMS)).toMatchObject({ runtime: 'node' });
    expect(parseBenchCommand([], ARMS, 'node')).toMatchObject({ runtime: 'node' });
  });

  it('refuses a runtime and an arm that it does not know', () => {
    expect(() => parseBenchCommand(['--runtime', 'deno'], ARMS)).toThrow(
      "unknown runtime 'deno'; expected browser or node",
    );
    expect(() => parseBenchCommand(['--arms', 'plain loop'], ARMS)).toThrow("Did you mean 'plain JS loop'?");
  });

  it('neither times nor saves what it only checks', () => {
    const command = parseBenchCommand(['--check-only', '--quick', '--kernels'], ARMS);
    expect(command).toMatchObject({ effort: { repeats: 0, jobRepeats: 0 }, save: false, kernels: true });
  });
});

describe('a check without timing', () => {
  it('gives the verdict and no time', async () => {
    const library = { name: 'plain JS loop', kind: 'cpu', arms: plainLoop } as const;
    const result = await runCase(makeProblem({ rows: 65, features: 3 }), [library], {
      checkedEpochs: 5,
      repeats: 0,
      repeatMs: 0,
      jobRepeats: 0,
      copyGigabytesPerSecond: null,
      onProgress: () => undefined,
    });
    expect(result.results).toMatchObject([{ correct: true, msPerEpoch: null, gigabytesPerSecond: null, jobMs: null }]);
    expect(caseTable(result)[1]).toMatch(/^plain JS loop: correct, loss [\d.]+ after 5 epochs, [\d.e-]+ from/);
  });
});

describe('the built runner', () => {
  let folder = '';
  let file = '';

  beforeAll(async () => {
    await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--mode', 'bench', '--logLevel', 'error']);
    // Away from the project, as on another machine.
    folder = await mkdtemp(join(tmpdir(), 'bench-node-'));
    file = join(folder, 'bench-node.mjs');
    await copyFile('bench/dist/bench-node.mjs', file);
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const fail = async (words: string[], env: Record<string, string>): Promise<Ended> => {
    const ended = run(process.execPath, [file, ...words], { env: { PATH: process.env.PATH, ...env } });
    return ended.then(
      () => expect.fail('it ended well'),
      (error: unknown) => error as Ended,
    );
  };

  it('imports nothing but what Node has', async () => {
    const { importedFiles } = ts.preProcessFile(await readFile(file, 'utf8'), true, true);
    const names = importedFiles.map(({ fileName }) => fileName);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  it('says in one line that there is no binding', async () => {
    const { code, stdout, stderr } = await fail([], {});
    expect(stderr).toMatch(/^bench: no Dawn in .*DAWN_NODE\.\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('says in one line that the named binding is missing', async () => {
    const { code, stderr } = await fail(['--quick'], { DAWN_NODE: '/nowhere/dawn.node' });
    expect(stderr).toMatch(/^bench: DAWN_NODE=\/nowhere\/dawn\.node, which does not exist.*\n$/);
    expect(code).toBe(1);
  });

  it('refuses what it cannot run', async () => {
    const { code, stderr } = await fail(['--arms', 'tfjs WebGPU'], {});
    expect(stderr).toMatch(/^bench: unknown arm 'tfjs WebGPU'; expected some of webgpu-descent, .*\n$/);
    expect(code).toBe(2);
  });

  it('answers for the arms on the CPU, and ends when it is let go', async () => {
    const child = fork(file, ['arm-process'], { serialization: 'advanced' });
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    const ask = (method: string, ...parameters: unknown[]) =>
      new Promise<Record<string, unknown>>((resolve) => {
        child.once('message', (reply) => resolve(reply as Record<string, unknown>));
        child.send({ id: 7, method, parameters });
      });
    try {
      expect(await ask('arms', 'plain JS loop')).toMatchObject({ id: 7, value: [{ kind: 'cpu' }] });
      expect(await ask('open', 0, { rows: 5, features: 2 })).toEqual({ id: 7, value: 0 });
      expect(await ask('train', 0, 3)).toEqual({ id: 7, value: expect.any(Number) as number });
      const { weights } = (await ask('parameters', 0)).value as { weights: number[] };
      expect(weights.every(Number.isFinite)).toBe(true);
      expect(weights).toHaveLength(2);
      expect(await ask('train', 1, 3)).toEqual({ id: 7, error: { name: 'RangeError', message: 'no number 1' } });
    } finally {
      child.disconnect();
    }
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});
