// The published types compile in the projects of others: with and without the types of a page, and without those of WebGPU.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';

/** Below node_modules, where the types of Node and of WebGPU are found from. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache');
mkdirSync(CACHE, { recursive: true });
const TYPES = mkdtempSync(join(CACHE, 'types-'));
afterAll(() => rmSync(TYPES, { recursive: true }));

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src', '--outDir', TYPES], {
  cwd: join(import.meta.dirname, '../..'),
});

/** A program of a caller, with the strictest settings. */
const USE = `
import { contextFromDevice, createContext, DescentError, fit, fitSteps, type FitOptions } from './index.js';
import { csvSource } from './data/csv.js';
interface Table { area: number[]; rooms: Float32Array }
const table: Table = { area: [1, 2, 3], rooms: Float32Array.of(1, 1, 2) };
const options = { optimizer: 'adam', epochs: 5 } as const satisfies FitOptions;
declare const signal: AbortSignal | undefined;
const model = await fit({ columns: table, targets: [1, 2, 3] }, { ...options, signal });
export const loss: number | undefined = model.report.lossHistory.at(-1);
declare const x: Float32Array | Float64Array;
declare const rows: number[] | Float32Array;
export const predictions = [await model.predict(x), await model.predict(rows), await model.predict(table)];
using context = await createContext();
await using steps = fitSteps(csvSource('x,y', { target: 'y' }), { context: contextFromDevice(context.device) });
export const thrown: unknown = new DescentError('DISPOSED', { got: '', expected: '', fix: '' }).toJSON();
export const step = await steps.next();
`;

/** Errors of the caller's program and of all types that it reaches. */
function errorsWith(options: ts.CompilerOptions): string[] {
  const file = join(TYPES, 'use.ts');
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? ts.createSourceFile(name, USE, target) : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([file], options, host);
  const found = ts.getPreEmitDiagnostics(program);
  return found.map(
    ({ file: at, messageText }) => `${at?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  );
}

const STRICT: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  skipDefaultLibCheck: true, // the types of pages that come with TypeScript are not ours; what contradicts them is ours
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

describe('the published types', () => {
  it.each([
    ['a page', { lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'], types: [] }],
    [
      'a page with @webgpu/types',
      { lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'], types: ['@webgpu/types'] },
    ],
    ['Node', { lib: ['lib.es2022.d.ts'], types: ['node'] }],
  ])('compile in %s', (_, host) => {
    expect(errorsWith({ ...STRICT, ...host })).toEqual([]);
  });

  it('are seen to be wrong where they are', () => {
    expect(errorsWith({ ...STRICT, lib: ['lib.es5.d.ts'], types: [] }).length).toBeGreaterThan(0);
  });
});
