// The published types in the compilers and resolutions of others, with skipLibCheck off.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { node, run, TOOLS, WORK } from './support/run.js';

const VERSIONS = ['5', '6', '7'] as const;

const STRICT = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: 'ES2022',
  rootDir: '.',
};

const DOM = { lib: ['ES2022', 'ESNext.Disposable', 'DOM'] };

/** The settings of projects, by name. */
const PROJECTS: Record<string, object> = {
  'bundler, a page': { ...DOM, module: 'ESNext', moduleResolution: 'bundler', types: [] },
  'bundler, without DOM': { lib: ['ES2022'], module: 'ESNext', moduleResolution: 'bundler', types: ['node'] },
  'NodeNext, a page': { ...DOM, module: 'NodeNext', types: [] },
  'node16, without DOM': { lib: ['ES2022'], module: 'Node16', types: ['node'] },
  node10: { ...DOM, module: 'ESNext', moduleResolution: 'node10', types: [] },
};

/** TypeScript 6 has node10 under protest, and 7 no more. With DOM, 6 and 7 have types of WebGPU that clash with @webgpu/types. */
const CASES = VERSIONS.flatMap((version) =>
  Object.entries(PROJECTS)
    .filter(([name]) => !(version === '7' && name === 'node10'))
    .map(([name, options]) => ({
      version,
      name,
      options: { ...STRICT, ...options, ...(version === '6' && name === 'node10' && { ignoreDeprecations: '6.0' }) },
    })),
);

async function errorsOf(version: string, options: object): Promise<string> {
  const config = { compilerOptions: options, files: ['use.ts'] };
  writeFileSync(join(WORK, 'types/tsconfig.json'), JSON.stringify(config));
  const tsc = join(TOOLS, `typescript-${version}/bin/tsc`);
  const { code, stdout, stderr } = await run('types', [process.execPath, tsc, '-p', '.', '--pretty', 'false']);
  return code === 0 ? '' : stdout + stderr;
}

describe('the published types', () => {
  it.each(CASES)('compile with TypeScript $version: $name', async ({ version, options }) => {
    expect(await errorsOf(version, options)).toBe('');
  });

  it('compile with TypeScript 5 and @webgpu/types, which it needs for the members of a device', async () => {
    const options = { ...STRICT, ...DOM, module: 'ESNext', moduleResolution: 'bundler', types: ['@webgpu/types'] };
    expect(await errorsOf('5', options)).toBe('');
  });

  it('are seen to be wrong where they are', async () => {
    const options = { ...STRICT, lib: ['ES5'], target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler' };
    expect(await errorsOf('5', options)).not.toBe('');
  });
});

describe('a step into the package', () => {
  const dist = join(WORK, 'node_modules/webgpu-descent/dist');

  it.each(['fit.js', 'model.js', 'worker/worker-fits.js', 'types/fit.d.ts'])('leads to its source: %s', (file) => {
    const { sources } = JSON.parse(readFileSync(join(dist, `${file}.map`), 'utf8')) as { sources: string[] };
    expect(sources.length).toBe(1);
    expect(existsSync(join(dist, dirname(file), sources[0] as string))).toBe(true);
  });

  it('shows the line of TypeScript where an error was thrown', async () => {
    const script =
      "import { createDataset } from 'webgpu-descent'; try { createDataset(3) } catch (e) { console.log(e.stack) }";
    writeFileSync(join(WORK, 'node/stack.mjs'), script);
    expect(await node('node', ['--enable-source-maps', 'stack.mjs'])).toMatch(/src\/base\/require-object\.ts:\d+/);
  });
});
