import type PapaParse from 'papaparse';
import { DescentError } from '../../base/errors.js';

export type Papa = typeof PapaParse;

/**
 * The parser of CSV: the package, or what its script left in the page. Its file is no module, so that a page without a bundler
 * loads it by a script of its own. Throws `FILE_UNREADABLE` where there is neither.
 */
export async function loadPapaparse(): Promise<Papa> {
  const inPage = () => (globalThis as { Papa?: Papa }).Papa;
  try {
    const { default: papa } = (await import('papaparse')) as { default?: Papa };
    const found = papa ?? inPage();
    if (found) return found;
  } catch (cause) {
    const found = inPage();
    if (found) return found;
    throw missing(cause);
  }
  throw missing();
}

function missing(cause?: unknown): DescentError {
  return new DescentError('FILE_UNREADABLE', {
    got: 'a CSV file without the package papaparse, which reads it',
    expected: 'papaparse beside webgpu-descent',
    fix: 'Run npm install papaparse; or in a page without a bundler load papaparse.min.js by a script before.',
    cause,
  });
}
