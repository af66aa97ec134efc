import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Everything that `npm start` needs; vite.config.ts imports parts of demo and test/support. */
const COPIED = ['src', 'shaders', 'scripts', 'pages', 'demo', 'test/support', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts']; // prettier-ignore

/** A build takes half a second, or ten times that while other tests keep the cores busy. */
const BUILD_TIMEOUT_MS = 120_000;

/** A copy of the project, whose builds are its own, and whose sources may change. */
let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'webgpu-descent-start-'));
  for (const path of COPIED) await cp(path, join(copy, path), { recursive: true });
  // On a busy machine bundlers tell of the time that they take.
  await appendFile(join(copy, 'vite.config.ts'), "\nconsole.warn('a slow build');\n");
  await mkdir(join(copy, 'node_modules'));
  for (const name of await readdir('node_modules')) {
    if (name !== '.cache') await symlink(resolve('node_modules', name), join(copy, 'node_modules', name));
  }
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** Runs the script of `npm start` in the copy. */
function start(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((ended) => {
    execFile(process.execPath, ['scripts/start.js', ...words], { cwd: copy }, (error, stdout, stderr) => {
      ended({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** The folders of builds, finished or not, by name. */
async function builds(): Promise<string[]> {
  const names = await readdir(join(copy, 'node_modules/.cache/webgpu-descent'));
  return names.sort();
}

describe('npm start', { timeout: BUILD_TIMEOUT_MS }, () => {
  test('builds once for two that start side by side, and both run', async () => {
    const runs = await Promise.all([start('--help'), start('--help')]);
    for (const run of runs) expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(runs[0].stdout).toContain('webgpu-descent COMMAND [options]');
    expect(runs[1].stdout).toBe(runs[0].stdout);
    expect(await builds()).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  });

  test('does not build again while the sources stay the same', async () => {
    const [folder] = await builds();
    const cli = join(copy, 'node_modules/.cache/webgpu-descent', folder ?? '', 'dist/node/cli.js');
    await appendFile(cli, '\n// kept\n');
    expect(await start('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
    expect(await builds()).toEqual([folder]);
    expect(await readFile(cli, 'utf8')).toMatch(/\/\/ kept\n$/);
  });

  test('builds a changed source, beside the earlier build, which may still be running', async () => {
    const before = await builds();
    const source = join(copy, 'src/node/cli/cli.ts');
    const text = await readFile(source, 'utf8');
    await appendFile(source, "\nconsole.error('edited');\n");
    expect(await start('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: 'edited\n' });
    const after = await builds();
    expect(after).toHaveLength(2);
    expect(after).toEqual(expect.arrayContaining(before));

    await writeFile(source, text);
    expect(await start('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
    expect(await builds()).toEqual(after); // back to what was built before
  });

  test('says what is wrong with a source that cannot be built, and leaves nothing behind', async () => {
    const before = await builds();
    await writeFile(join(copy, 'src/index.ts'), 'const = 1;\n');
    const { code, stdout, stderr } = await start('--help');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('src/index.ts');
    expect(await builds()).toEqual(before);
  });
});
