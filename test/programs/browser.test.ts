import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DescentError } from '../../src/base/errors.js';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { unpackBundledChrome } from '../../src/node/browser/bundled-chrome.js';
import { eventually } from '../support/eventually.js';

/** The bundled Chrome is made for this platform alone. */
const hasBundledChrome = process.platform === 'linux' && process.arch === 'x64';

/** Starting Chrome takes a second or two, and many more where it has to be unpacked on a busy machine. */
const BROWSER_TIMEOUT_MS = 120_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-test-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function launchFailure(): Promise<DescentError> {
  const error: unknown = await launchBrowser({ prefer: 'bundled' }).then(
    ({ browser }) => browser.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DescentError);
  return error as DescentError;
}

describe('a browser named by WEBGPU_DESCENT_CHROME', () => {
  test('is an error of one line when it does not exist, and nothing else is tried', async () => {
    const path = join(folder, 'no-such-chrome');
    vi.stubEnv('WEBGPU_DESCENT_CHROME', path);
    const error = await launchFailure();
    expect(error.code).toBe('BROWSER_UNAVAILABLE');
    expect(error.message).toContain(path);
    expect(error.message).toContain('ENOENT');
    expect(error.message).toContain('WEBGPU_DESCENT_CHROME');
    expect(error.message).not.toContain('\n');
    expect(error.message).not.toContain('bundled');
  });

  test.skipIf(process.platform === 'win32')('that is no browser is the same error', async () => {
    const path = join(folder, 'chrome');
    await writeFile(path, '#!/bin/sh\necho something else\necho and more >&2\nexit 1\n', { mode: 0o755 });
    vi.stubEnv('WEBGPU_DESCENT_CHROME', path);
    const error = await launchFailure();
    expect(error.code).toBe('BROWSER_UNAVAILABLE');
    expect(error.message).not.toContain('\n');
  });

  test.skipIf(process.platform === 'win32')(
    'that ends at once is the same error, and leaves no profile',
    async () => {
      const path = join(folder, 'chrome');
      await writeFile(path, '#!/bin/sh\n[ "$1" = --version ] && echo Chrome 1.2.3.4\n', { mode: 0o755 });
      vi.stubEnv('WEBGPU_DESCENT_CHROME', path);
      vi.stubEnv('TMPDIR', folder);
      const error = await launchFailure();
      expect(error.code).toBe('BROWSER_UNAVAILABLE');
      expect(error.message).toContain('(software)');
      await eventually(async () => expect(await readdir(folder)).toEqual(['chrome']));
    },
    20_000,
  );
});

describe.runIf(hasBundledChrome)('the bundled Chrome', () => {
  test(
    'is unpacked once by any number of processes at once, and again when parts of it were cleaned away',
    async () => {
      const [first, second] = await Promise.all([unpackBundledChrome(folder), unpackBundledChrome(folder)]);
      expect(second).toBe(first);
      expect(await readdir(folder)).toHaveLength(1); // no unpacking is left half done
      const executable = join(first, 'chromium');
      const { ino } = await stat(executable);

      expect(await unpackBundledChrome(folder)).toBe(first);
      expect((await stat(executable)).ino).toBe(ino);

      await unlink(join(first, 'libvk_swiftshader.so'));
      expect(await unpackBundledChrome(folder)).toBe(first);
      expect((await stat(executable)).ino).not.toBe(ino);
      expect(await readdir(folder)).toHaveLength(1);
      expect(await readdir(first)).not.toContain('incomplete');
    },
    BROWSER_TIMEOUT_MS,
  );

  test(
    'gives an adapter, and leaves neither process nor profile when it is closed',
    async () => {
      vi.stubEnv('WEBGPU_DESCENT_CHROME', undefined);
      const { browser, origin, mode, executablePath } = await launchBrowser({ prefer: 'bundled' });
      const browserProcess = browser.process();
      const profile = browserProcess?.spawnargs.find((arg) => arg.startsWith('--user-data-dir='))?.split('=')[1];
      try {
        expect({ origin, mode }).toEqual({ origin: 'bundled', mode: 'software' });
        expect((await stat(executablePath)).isFile()).toBe(true);
        expect((await stat(String(profile))).isDirectory()).toBe(true);
      } finally {
        await browser.close();
      }
      // Of itself, or by the signal that puppeteer sends to one that takes longer than some seconds.
      expect(browserProcess?.exitCode ?? browserProcess?.signalCode).toSatisfy((end) => end === 0 || end === 'SIGKILL');
      await expect(stat(String(profile))).rejects.toThrow('ENOENT');
      // Its children end after it, each as it finds the pipe closed. `ps` is not on every machine.
      const processes = () => promisify(execFile)('ps', ['-eo', 'args']).catch(() => ({ stdout: '' }));
      await eventually(async () => expect((await processes()).stdout).not.toContain(profile));
    },
    BROWSER_TIMEOUT_MS,
  );
});
