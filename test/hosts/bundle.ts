import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { shortShaders } from '../../scripts/short-shaders.js';

/** Where Node finds the package `webgpu`, and where git does not look. */
const PARENT = join(import.meta.dirname, 'node_modules/.cache');

/** The vectors and the library as scripts that need nothing else: the same bytes for every host. */
export interface Bundle {
  folder: string;
  remove: () => Promise<void>;
}

/** Names of the scripts in the folder, without `.js`. */
export type Script = 'answer-all' | 'print-answers';

export async function bundleVectors(): Promise<Bundle> {
  await mkdir(PARENT, { recursive: true });
  const folder = await mkdtemp(join(PARENT, 'webgpu-descent-hosts-'));
  for (const script of ['answer-all', 'print-answers'] satisfies Script[]) {
    await build({
      configFile: false,
      logLevel: 'error',
      plugins: [shortShaders()],
      build: {
        outDir: folder,
        emptyOutDir: false,
        target: 'es2022',
        minify: false,
        lib: { entry: join(import.meta.dirname, `${script}.ts`), formats: ['es'], fileName: () => `${script}.js` },
        rolldownOptions: { external: [/^node:/, 'webgpu'], output: { codeSplitting: false } },
      },
    });
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
