// The package file as checkers see it, beside other packages, and in places that it is not made for.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { describe, expect, it } from 'vitest';
import { node, PACKED, run, TOOLS, WORK } from './support/run.js';

const FILE = join(PACKED, readdirSync(PACKED)[0] ?? '');

describe('the package file', () => {
  it('has no finding of publint', async () => {
    const bytes = readFileSync(FILE);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const { messages } = await publint({ pack: { tarball }, strict: true });
    expect(messages).toEqual([]);
  });

  // There is no CommonJS form by design: a second copy of the library in one process would have other classes of errors and
  // datasets. Node 20.19 and later load the modules by require.
  it('has no finding of attw but that it is of modules alone', async () => {
    const args = [join(TOOLS, '@arethetypeswrong/cli/dist/index.js'), FILE, '--ignore-rules', 'cjs-resolves-to-esm'];
    const output = await node('', [...args, '--format', 'ascii', '--no-color']);
    expect(output).toContain('No problems found');
  });

  it('names its parts without hashes', () => {
    const files = readdirSync(join(WORK, 'node_modules/webgpu-descent/dist'), { recursive: true, encoding: 'utf8' });
    const scripts = files.filter((file) => file.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(300);
    // Names are words joined by hyphens: a hash has capitals or figures among its letters.
    expect(scripts.filter((file) => /-(?=\w*[A-Z0-9])[\w-]{8}\.js$/.test(file))).toEqual([]);
  });
});

describe('an install', () => {
  it.each([
    { puppeteer: '^23.0.0', 'tar-fs': '^2.0.0' },
    { puppeteer: '^25.0.0', '@sparticuz/chromium': '^130.0.0' },
    { 'apache-arrow': '^21.0.0', papaparse: '^5.0.0' },
  ])('stands beside %o', async (others) => {
    const folder = join(WORK, 'beside');
    mkdirSync(folder, { recursive: true });
    const dependencies = { ...others, 'webgpu-descent': `file:${FILE}` };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    const args = ['install', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    const { code, stdout, stderr } = await run('beside', ['npm', ...args]);
    expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
    expect(stdout).toMatch(/added \d+ packages?/);
  });
});

describe('a place that it is not made for', () => {
  const alone = async (name: string, text: string, args: readonly string[] = []) => {
    writeFileSync(join(WORK, 'alone', name), text);
    return run('alone', [process.execPath, ...args, name]);
  };

  it('is an older Node, for the command: it says so in one line', async () => {
    const preload = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });";
    writeFileSync(join(WORK, 'alone/older.cjs'), preload);
    const bin = join('node_modules', 'webgpu-descent', 'dist', 'node', 'cli.js');
    const { code, stdout, stderr } = await run('alone', [process.execPath, '-r', './older.cjs', bin, '--version']);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'webgpu-descent: Node 18.20.4; expected 20.19 or later. Install it from nodejs.org.\n',
    });
  });

  it('is a target of old browsers, which esbuild refuses by name', async () => {
    const { build } = (await import(join(TOOLS, 'esbuild/lib/main.js'))) as {
      build: (options: object) => Promise<unknown>;
    };
    const entry = join(WORK, 'esbuild/main.js');
    const options = { entryPoints: [entry], bundle: true, write: false, format: 'esm', logLevel: 'silent' };
    const failed = build({ ...options, target: 'es5' }).then(
      () => '',
      (error: unknown) => String(error),
    );
    expect(await failed).toContain('to the configured target environment ("es5") is not supported');
    await build({ ...options, target: 'es2020' });
  });

  it('is a script without import(), where the worker says what it needs', async () => {
    const text =
      "globalThis.Worker = class { constructor() { throw new TypeError('Invalid URL') } };\nimport('webgpu-descent/worker').then(({ createWorker }) => createWorker()).catch((error) => console.log(error.code, error.fix));\n";
    const { stdout } = await alone('no-worker.mjs', text);
    expect(stdout).toMatch(/^WORKER_LOST Pass a worker of your own/);
  });
});
