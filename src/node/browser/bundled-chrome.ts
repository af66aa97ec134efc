/**
 * The headless Chrome that comes with the lock file: npm's `@sparticuz/chromium`, for Linux on x64.
 *
 * The package carries brotli files. Its own unpacking writes straight to the final place, so that a second process may
 * start half a browser, and it leaves out the shared libraries that a minimal system lacks. Hence the unpacking here.
 */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';

/** A browser that can be started: its executable, and the environment that it needs. */
export interface StartableBrowser {
  executablePath: string;
  env: NodeJS.ProcessEnv;
}

/** One file per archive of the package: a folder that has them all was unpacked whole, and nobody has cleaned parts of it away. */
const EXPECTED_FILES = ['chromium', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json', 'lib/libnss3.so', 'fonts.conf'];

/** Fontconfig's settings for a system that has none. The ones in the package name the folders of one hosting service. */
const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="relative">fonts-cache</cachedir></fontconfig>
`;

/** A sibling folder this old belongs to an unpacking that was killed, not to one that is under way. */
const ABANDONED_AFTER_MS = 3_600_000;

/** The folder of the brotli files, and the package's version. Throws where the package is not installed. */
async function findPackage(): Promise<{ folder: string; version: string }> {
  const root = resolve(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../..');
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { folder: join(root, 'bin'), version: manifest.version };
}

/** True if the browser is completely unpacked. A folder of another user is refused: it would be run as ours. */
async function isUnpacked(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (found.uid !== userInfo().uid) throw new Error(`${folder} belongs to another user`);
  const checks = await Promise.allSettled(EXPECTED_FILES.map((file) => access(join(folder, file))));
  return checks.every((check) => check.status === 'fulfilled');
}

async function unpackInto(target: string, packageFolder: string): Promise<void> {
  const { extract } = await import('tar-fs');
  const read = (name: string) => createReadStream(join(packageFolder, name));
  const executable = join(target, 'chromium');
  await Promise.all([
    pipeline(read('chromium.br'), createBrotliDecompress(), createWriteStream(executable)),
    ...['swiftshader', 'fonts', 'al2023'].map((name) =>
      pipeline(read(`${name}.tar.br`), createBrotliDecompress(), extract(target)),
    ),
  ]);
  await chmod(executable, 0o755);
  await writeFile(join(target, 'fonts.conf'), FONTS_CONF);
}

async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(folder)}-`)) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.uid === userInfo().uid && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}

/**
 * Unpacks the bundled Chrome, once per machine, user and package version, and returns its folder. Any number of
 * processes may do so at once: each unpacks beside the final place and renames, the first rename wins, and the others
 * use the winner's.
 *
 * @param parent where the folder is made; the system's temporary folder unless told
 */
export async function unpackBundledChrome(parent = tmpdir()): Promise<string> {
  const { folder: packageFolder, version } = await findPackage();
  const folder = join(parent, `webgpu-descent-chromium-${version}-${userInfo().uid}`);
  if (await isUnpacked(folder)) return folder;
  await removeAbandoned(folder);
  const fresh = await mkdtemp(`${folder}-`);
  try {
    await unpackInto(fresh, packageFolder);
    // What is in the way now is another process's whole browser, or one that lost some of its files to a cleaning of
    // the temporary folder. Only the latter goes.
    if (!(await isUnpacked(folder))) await rename(folder, join(fresh, 'incomplete')).catch(ignoreMissing);
    await rename(fresh, folder).catch(async (error: unknown) => {
      if (!(await isUnpacked(folder))) throw error;
    });
    await rm(join(folder, 'incomplete'), { recursive: true, force: true });
  } finally {
    await rm(fresh, { recursive: true, force: true }); // gone already, unless this process lost the race or failed
  }
  return folder;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Runs `--version`. Rejects, with what the system said, when the file is no browser or lacks a shared library. */
export async function checkVersion({ executablePath, env }: StartableBrowser): Promise<void> {
  const { stdout } = await promisify(execFile)(executablePath, ['--version'], { env, timeout: 20_000 });
  if (!/\d\.\d+\.\d+\.\d/.test(stdout)) throw new Error('its --version output contains no version of Chrome');
}

/** The bundled Chrome, unpacked, with the libraries and the fonts that this system lacks. */
export async function bundledChrome(): Promise<StartableBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`made for linux x64, this is ${process.platform} ${process.arch}`);
  const folder = await unpackBundledChrome();
  const browser: StartableBrowser = { executablePath: join(folder, 'chromium'), env: { ...process.env } };
  const hasFonts = await access('/etc/fonts').then(
    () => true,
    () => false,
  );
  if (!hasFonts) browser.env.FONTCONFIG_PATH = folder;
  try {
    await checkVersion(browser);
  } catch {
    // The system's own libraries come first, since its drivers and its C library fit them; ours fill in on a bare one.
    browser.env.LD_LIBRARY_PATH = [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
    await checkVersion(browser);
  }
  return browser;
}
