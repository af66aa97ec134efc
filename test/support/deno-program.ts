import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { unpackBundledChrome } from '../../src/node/browser/bundled-chrome.js';

/**
 * The program inside the npm package for this system. The command of the package `deno` is no use here: it starts the
 * program as a child of its own, which would outlive it.
 */
export function denoExecutable(): string {
  const { platform, arch } = process;
  const system = `${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;
  const deno = createRequire(createRequire(import.meta.url).resolve('deno/package.json'));
  const folder = dirname(deno.resolve(`@deno/${system}/package.json`));
  return join(folder, platform === 'win32' ? 'deno.exe' : 'deno');
}

/**
 * Environment variables with which wgpu and Dawn find an adapter on a machine that has no GPU: the Vulkan loader and the
 * software driver, SwiftShader, of the Chrome that comes with the lock file. Elsewhere the system must have an adapter.
 */
export async function softwareAdapter(): Promise<NodeJS.ProcessEnv> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return {};
  const folder = await unpackBundledChrome();
  return {
    LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
    VK_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'),
    DENO_WEBGPU_BACKEND: 'vulkan', // and not OpenGL, whose libraries lie in that folder too
  };
}
