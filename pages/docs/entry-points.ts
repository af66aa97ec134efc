// The entry points of the package, as its exports name them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A script for workers, which exports nothing. */
const WITHOUT_EXPORTS = 'webgpu-descent/worker-entry';

/** The source of each entry point by the name that a program imports. */
export function entryPoints(): Map<string, string> {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, { types?: string } | string>;
  };
  const entries = Object.entries(exports).flatMap(([path, target]): [string, string][] => {
    const types = typeof target === 'string' ? undefined : target.types;
    const name = path.replace(/^\./, 'webgpu-descent');
    if (types === undefined || name === WITHOUT_EXPORTS) return [];
    return [[name, join(ROOT, types.replace('./dist/types/', 'src/').replace(/\.d\.ts$/, '.ts'))]];
  });
  return new Map(entries);
}
