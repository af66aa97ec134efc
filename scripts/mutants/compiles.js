// @ts-check
// Mutants that no compiler lets through are none: `npm run check` and the compiler of shaders notice them before any test.

import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow, mutated, ROOT } from './mutant.js';

/** @typedef {import('./mutant.js').Mutant} Mutant */

/** The failure of a test whose shader is refused. */
const REFUSED_SHADER = /does not compile on this adapter/;

/** @param {string} failure */
export const isRefusedShader = (failure) => REFUSED_SHADER.test(failure);

/** The types of a module with a mutant in place. */
export class TypeCheck {
  /** @type {Mutant | undefined} */
  #mutant;
  #version = 0;
  #service = ts.createLanguageService(this.#host());

  /** True if the mutant is no error of types; always for a shader. @param {Mutant} mutant */
  accepts(mutant) {
    if (!mutant.file.endsWith('.ts')) return true;
    this.#mutant = mutant;
    this.#version += 1;
    const path = join(ROOT, mutant.file);
    const errors = [...this.#service.getSyntacticDiagnostics(path), ...this.#service.getSemanticDiagnostics(path)];
    this.#mutant = undefined;
    return errors.length === 0;
  }

  /** @returns {ts.LanguageServiceHost} */
  #host() {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
    // A call that is left out may have been the only use of an import.
    const more = { noUnusedLocals: false, noUnusedParameters: false };
    const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, ...more }, ROOT);
    const files = filesBelow('src', /\.ts$/).map((file) => join(ROOT, file));
    const isMutated = (/** @type {string} */ path) => this.#mutant && path === join(ROOT, this.#mutant.file);
    return {
      getCompilationSettings: () => options,
      getScriptFileNames: () => files,
      getScriptVersion: (path) => (isMutated(path) ? String(this.#version) : '0'),
      getScriptSnapshot: (path) => {
        const text = this.#mutant && isMutated(path) ? mutated(this.#mutant) : ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => ROOT,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    };
  }
}
