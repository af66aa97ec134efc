// The one file for pages without a bundler: everything that needs no package, and CSV with the package that reads it.

export * from './index.js';
export * from './data/csv.js';
export { loadModel, type LoadedModel } from './load-model.js';
