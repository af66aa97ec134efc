import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescentError } from '../../src/base/errors.js';

/** The exports of npm's `webgpu`, and its binding by itself. */
interface Dawn {
  create: (options: string[]) => GPU;
  /** GPUBufferUsage, GPUMapMode and the other names that a browser has in its global scope. */
  globals: object;
}

/** Dawn coarsens timestamps as browsers do, unless told otherwise. */
const OPTIONS = ['disable-dawn-features=timestamp_quantization'];

/** The package where the built file lies in bench/dist; a build for each platform, and one for all Macs. */
const PACKAGE = fileURLToPath(new URL('../peers/node_modules/webgpu', import.meta.url));
const PLATFORM = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`;

/** The file of the Dawn binding: the one that DAWN_NODE names, or the one of the benchmark's packages. */
export function findDawn(): string {
  const named = process.env.DAWN_NODE;
  const file = named ? resolve(named) : join(PACKAGE, 'dist', PLATFORM, 'dawn.node');
  if (existsSync(file)) return file;
  throw new DescentError('WEBGPU_UNAVAILABLE', {
    got: named ? `DAWN_NODE=${named}, which does not exist` : `no Dawn in ${PACKAGE}`,
    expected: "the binding of npm's package webgpu",
    fix: named ? 'Name its file dawn.node.' : 'Run "npm ci" in bench/peers, or name its file dawn.node in DAWN_NODE.',
  });
}

/** 'Dawn (webgpu 0.6.2)', as far as the package around the binding says so. */
export function describeDawn(file: string): string {
  try {
    const manifest = JSON.parse(readFileSync(join(dirname(file), '../../package.json'), 'utf8')) as Record<
      string,
      string
    >;
    if (manifest.name === 'webgpu') return `Dawn (webgpu ${manifest.version})`;
  } catch {
    // A binding by itself.
  }
  return 'Dawn';
}

/**
 * Gives this process what a browser gives a page: `navigator.gpu`, and the names of the API. Dawn's instance is held
 * until the process exits, which is to be told to: an instance that is released while work is pending on it is used
 * after it has been freed (https://github.com/dawn-gpu/node-webgpu/issues/18).
 */
export function openDawn(): void {
  const { create, globals } = createRequire(import.meta.url)(findDawn()) as Dawn;
  Object.assign(globalThis, globals);
  // Node has a navigator from version 21 on, with properties of its own.
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(navigator, 'gpu', { value: create(OPTIONS), configurable: true });
}
