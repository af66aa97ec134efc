// A folder of examples/ as its reader has it after npm install: a copy, with the built package under node_modules.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { buildIfChanged } from '../../scripts/build-if-changed.js';

const ROOT = join(import.meta.dirname, '../..');

export interface ExampleFolder {
  folder: string;
  remove(): void;
}

/** `packages` are places to look for the packages that the example names, beside those of this project. */
export async function copyExample(name: string, packages: readonly string[] = []): Promise<ExampleFolder> {
  const folder = mkdtempSync(join(tmpdir(), `webgpu-descent-example-${name}-`));
  cpSync(join(ROOT, 'examples', name), folder, { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const places = [...packages, join(ROOT, 'node_modules')];
  for (const dependency of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    if (dependency === 'webgpu-descent') cpSync(await buildIfChanged(), link, { recursive: true });
    else symlinkSync(placeOf(dependency, places), link);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function placeOf(dependency: string, places: readonly string[]): string {
  for (const place of places) {
    try {
      readFileSync(join(place, dependency, 'package.json'));
      return join(place, dependency);
    } catch {
      // the next place
    }
  }
  throw new Error(`${dependency} is not installed`);
}

/** Bundles the page of an example as `npm run build` in its folder does, and returns the folder with the files. */
export async function bundleExample({ folder }: ExampleFolder): Promise<string> {
  const outDir = join(folder, 'dist');
  await build({ root: folder, base: './', configFile: false, logLevel: 'error', build: { outDir, target: 'es2022' } });
  return outDir;
}
