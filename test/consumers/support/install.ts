// The package file, as `npm pack` writes it, installed by npm into a copy of the projects.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfChanged } from '../../../scripts/build-if-changed.js';
import { PACKED, ROOT, WORK } from './run.js';

/** Parts of the package that no build writes. */
const AS_THEY_ARE = ['README.md', 'LICENSE', 'CHANGELOG.md', 'docs', 'shaders', 'src'];

/** What the compiler of types needs, and the package has not. */
const CONFIG = 'tsconfig.json';

export default async function install(): Promise<void> {
  const built = await buildIfChanged();
  rmSync(WORK, { recursive: true, force: true });
  const staged = join(WORK, 'package');
  mkdirSync(PACKED, { recursive: true });
  cpSync(built, staged, { recursive: true });
  for (const name of [...AS_THEY_ARE, CONFIG]) cpSync(join(ROOT, name), join(staged, name), { recursive: true });
  execFileSync(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'src', '--outDir', 'dist/types'],
    { cwd: staged }, // maps lead from there to the sources beside
  );
  rmSync(join(staged, CONFIG));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', PACKED], { cwd: staged, stdio: 'ignore' });
  rmSync(staged, { recursive: true });
  const [file = ''] = readdirSync(PACKED);
  for (const folder of [WORK, join(WORK, 'alone')]) {
    mkdirSync(folder, { recursive: true });
    const manifest = {
      private: true,
      type: 'module',
      dependencies: { 'webgpu-descent': `file:${join(PACKED, file)}` },
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    const args = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  cpSync(join(import.meta.dirname, '../projects'), WORK, { recursive: true });
  // A page without a bundler finds packages by their paths below the folder that is served.
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(WORK, 'tools'));
}
