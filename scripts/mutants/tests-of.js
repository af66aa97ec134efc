// @ts-check
// The tests that a mutant of a file has to meet, the nearest first.

import { dirname, join, normalize } from 'node:path';
import { filesBelow, textOf } from './mutant.js';

/** Whole fits, for what no nearer test has noticed. */
const WHOLE = {
  shaders: ['fit', 'losses', 'batches', 'validation', 'fit-many', 'fit-moments', 'evaluate'],
  'src/gpu': ['fit', 'batches', 'validation', 'fit-many', 'trust/limits'],
};

/** Tests on a device that belong to a folder of src/gpu. */
const ON_DEVICE = {
  'src/gpu/device': ['lifetime', 'slices', 'error-scopes', 'adapter', 'placement', 'tune'],
  'src/gpu/evaluate': ['evaluate', 'evaluate-memory', 'loss-surface', 'buffer-model', 'buffer-losses'],
  'src/gpu/examples': ['generate-examples', 'generate', 'buffer-fit', 'buffer-refusals', 'survey', 'batches'],
  'src/gpu/kernels': ['trust/limits', 'fit'],
  'src/gpu/moments': ['moments', 'fit-moments', 'moments-memory'],
  'src/gpu/training': ['checkpoint', 'fit-steps', 'warm-start', 'cross-validate', 'accuracy'],
  'src/gpu/tune': ['tune'],
};

/** Folders of tests in Node that belong to a folder of src, and single files. */
const FOLDERS = {
  'src/cpu': {
    folders: ['test/cpu', 'test/moments', 'test/streaming'],
    files: ['fit-cpu', 'losses', 'batches', 'fit-many-cpu', 'many-features'],
  },
  'src/solve': {
    folders: ['test/solve', 'test/optimum', 'test/streaming'],
    files: [
      'distance',
      'solver-rounding',
      'scale-free',
      'weight-zero',
      'converged',
      'solve-exact',
      'summary',
      'losses',
    ],
  },
  'src/moments': { folders: ['test/moments'], files: ['fit-moments', 'folds-of-moments', 'curvature', 'losses'] },
};

const tests = filesBelow('test', /\.test\.ts$/).filter((file) => !/^test\/(?:page|firefox|naga|engines|hosts|node|programs|examples|consumers|trust\/long)\//.test(file)); // prettier-ignore

/** @param {string} name */
const named = (name) => tests.filter((file) => file === `test/${name}.test.ts` || file === `test/${name}.gpu.test.ts`);

/** The tests of kernels, as the last table of shaders/README.md has them. */
function testsOfKernels() {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const line of textOf('shaders/README.md').split('\n')) {
    const [, kernel] = /^\| \[\w+\]\(([\w/]+\.wgsl)\)/.exec(line) ?? [];
    if (kernel === undefined) continue;
    found.set(
      kernel,
      Array.from(line.matchAll(/\.\.\/(test\/kernels\/[\w-]+\.gpu\.test\.ts)/g), ([, test = '']) => test),
    );
  }
  return found;
}

const ofKernels = testsOfKernels();

/** The tests of a kernel, or of all kernels that a fragment is part of, those with most of such kernels first. */
function testsOfShader(/** @type {string} */ file) {
  const path = file.replace('shaders/', '');
  const own = ofKernels.get(path);
  if (own) return own;
  const [folder, rest = ''] = path.replace(/\.wgsl$/, '').split(/\/(.*)/);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [kernel, kernelTests] of ofKernels) {
    const names = (/^\/\/ with: (.*)$/m.exec(textOf(`shaders/${kernel}`))?.[1] ?? '').split(' ');
    const isPart = names.some((name) =>
      folder === 'shared' ? name === rest : rest.startsWith(name.split('*')[0] ?? '') && name.includes('/'),
    );
    if (isPart) for (const test of kernelTests) counts.set(test, (counts.get(test) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([test]) => test);
}

/** The modules of this project that a module imports, also those that it loads later. */
function importsOf(/** @type {string} */ file) {
  return Array.from(textOf(file).matchAll(/(?:from|import\() ?'(\.[^']+)\.js'/g), ([, path = '']) =>
    normalize(join(dirname(file), `${path}.ts`)),
  );
}

/** The modules that import a module. @type {Map<string, string[]>} */
const importers = new Map();
for (const file of [...filesBelow('src', /\.ts$/), ...filesBelow('test', /\.ts$/)])
  for (const imported of importsOf(file)) importers.set(imported, [...(importers.get(imported) ?? []), file]);

/** Numbers of imports from tests to a module, by tests: 1 for those that import the module themselves. */
function distancesTo(/** @type {string} */ file) {
  /** @type {Map<string, number>} */
  const distances = new Map([[file, 0]]);
  for (const [module, distance] of distances)
    for (const importer of importers.get(module) ?? [])
      if (!distances.has(importer)) distances.set(importer, distance + 1);
  return distances;
}

const isGpu = (/** @type {string} */ test) => test.includes('.gpu.');

/** The tests of a file that is no shader: those that import it, then those of its folder, at last whole fits. */
function stagesOfModule(/** @type {string} */ file, /** @type {Map<string, number>} */ distances) {
  const near = tests.filter((test) => distances.get(test) === 1);
  const part = file.split('/').slice(0, 2).join('/');
  const { folders = [], files = [] } = FOLDERS[/** @type {keyof typeof FOLDERS} */ (part)] ?? {};
  const isOfFolder = (/** @type {string} */ test) => folders.some((folder) => test.startsWith(`${folder}/`));
  const inFolders = tests.filter((test) => (isOfFolder(test) || distances.get(test) === 2) && !isGpu(test));
  const onDevice = (ON_DEVICE[/** @type {keyof typeof ON_DEVICE} */ (dirname(file))] ?? []).flatMap(named).filter(isGpu); // prettier-ignore
  const whole = (WHOLE[/** @type {keyof typeof WHOLE} */ (part)] ?? []).flatMap(named).filter(isGpu);
  const wholeInNode = files.flatMap(named).filter((test) => !isGpu(test));
  return [near.filter((test) => !isGpu(test)), inFolders, near.filter(isGpu), onDevice, wholeInNode, whole];
}

/**
 * Lists of tests: the next is run where no test of the one before has failed. Each begins with the tests that are nearest by
 * their imports, and among those with the shortest.
 *
 * @param {string} file
 * @param {(test: string) => number | undefined} [msOf] the time of a test file, if it is known
 * @returns {string[][]}
 */
export function testsOf(file, msOf = () => undefined) {
  const isShader = file.startsWith('shaders/');
  const distances = distancesTo(file);
  const stages = isShader
    ? [testsOfShader(file), WHOLE.shaders.flatMap(named).filter(isGpu)]
    : stagesOfModule(file, distances);
  const far = distances.size; // of tests that reach the file by no import that can be read, as all do for shaders
  const distanceOf = (/** @type {string} */ test) => distances.get(test) ?? far;
  const order = (/** @type {string} */ a, /** @type {string} */ b) =>
    distanceOf(a) - distanceOf(b) || (msOf(a) ?? 0) - (msOf(b) ?? 0);
  return stages
    .map((stage, k) => stage.filter((test) => !stages.slice(0, k).flat().includes(test)).sort(order))
    .filter((stage) => stage.length > 0);
}
