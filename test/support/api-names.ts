// The exports of the entry points, and the program that the examples of docs/api.md are for the type checker.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { entryPoints } from '../../pages/docs/entry-points.js';
import type { DocBlock } from './doc-blocks.js';

const ROOT = join(import.meta.dirname, '../..');

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: [
    'lib.es2023.d.ts',
    'lib.esnext.disposable.d.ts',
    'lib.dom.d.ts',
    'lib.dom.iterable.d.ts',
    'lib.dom.asynciterable.d.ts',
  ],
  types: ['node', 'vite/client', '@webgpu/types'],
  skipLibCheck: true,
};

/** The names of the reader's own data in examples. */
const NAMES = `declare global {
  const features: Float32Array; const targets: Float32Array;
  const area: Float64Array; const rooms: Float64Array; const prices: Float64Array;
  const parquetFile: Blob; const arrowBytes: Uint8Array; const device: GPUDevice;
}
export {};`;

/** An export of the package. */
export interface ApiExport {
  /** The name by which a program imports the entry point. */
  entry: string;
  name: string;
  /** The description in the doc comment. */
  description: string;
  isFunction: boolean;
  /** Members of an interface whose doc comment is empty. */
  bareMembers: string[];
}

/** All exports, and the errors of blocks as programs of a caller. */
export function checkApi(blocks: readonly DocBlock[]): { exports: ApiExport[]; errors: string[] } {
  const entries = entryPoints();
  const folder = join(ROOT, 'test/support');
  const texts = new Map(blocks.map(({ line, code }) => [join(folder, `api-block-${line}.ts`), code]));
  texts.set(join(folder, 'api-names-declared.ts'), NAMES);
  const options = { ...OPTIONS, paths: Object.fromEntries([...entries].map(([name, file]) => [name, [file]])) };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? read(name, target, ...rest) : ts.createSourceFile(name, text, target);
  };
  host.fileExists = (name) => texts.has(name) || existsSync(name);
  const program = ts.createProgram([...entries.values(), ...texts.keys()], options, host);
  const checker = program.getTypeChecker();
  const exports = [...entries].flatMap(([entry, file]) => exportsOf(checker, entry, program.getSourceFile(file)));
  const errors = [...texts.keys()].flatMap((name) => errorsOf(program, name));
  return { exports, errors };
}

function exportsOf(checker: ts.TypeChecker, entry: string, file: ts.SourceFile | undefined): ApiExport[] {
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) throw new Error(`${entry} exports nothing`);
  return checker.getExportsOfModule(module).map((symbol) => {
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    const wordsOf = (each: ts.Symbol) => ts.displayPartsToString(each.getDocumentationComment(checker));
    const declaration = target.declarations?.[0];
    const members = declaration && ts.isInterfaceDeclaration(declaration) ? [...declaration.members] : [];
    const named = members.flatMap(({ name }) => (name && checker.getSymbolAtLocation(name)) ?? []);
    return {
      entry,
      name: symbol.name,
      description: wordsOf(target),
      isFunction: declaration !== undefined && ts.isFunctionDeclaration(declaration),
      bareMembers: named.filter((member) => wordsOf(member).trim() === '').map(({ name }) => name),
    };
  });
}

function errorsOf(program: ts.Program, name: string): string[] {
  const file = program.getSourceFile(name);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ messageText, start = 0 }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
      const path = name.replace(
        /^.*api-block-(\d+)\.ts$/,
        (_, begin: string) => `docs/api.md:${Number(begin) + line + 1}`,
      );
      return `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    },
  );
}
