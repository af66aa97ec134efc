// The order of the folders of src: an import, of a type too, goes down this list or stays in its folder.
import ts from 'typescript';
import { expect, it } from 'vitest';

/** The text of each module of src, by its path below src. */
const MODULES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true })).map(
    ([path, text]) => [path.replace('../src/', ''), text],
  ),
);

/**
 * Layers from the top down; folders in one layer never import one another. A file belongs to the longest of these paths
 * that it begins with, and a file at the top of src is a public function.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['node/'],
  ['browser.ts'],
  ['index.ts', 'sql.ts', 'create-worker.ts'],
  ['warehouse/', 'worker/'],
  [''], // public functions
  ['fitting/'],
  ['model/'],
  ['sql/'],
  ['solve/'],
  ['gpu/', 'cpu/', 'reference/'],
  ['moments/descent/'],
  ['descent/'],
  ['moments/'],
  ['data/'],
  ['options/'],
  ['base/'],
];

/** Files that may import one another in a circle: a circle over more of them is a knot. */
const MOST_IN_A_CIRCLE = 3;

/** The paths below src that a module imports, types included. */
function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.') && name.endsWith('.js'))
    .map((name) => new URL(name, `file:///${path}`).pathname.slice(1).replace(/\.js$/, '.ts'));
}

type Graph = ReadonlyMap<string, readonly string[]>;

const graphOf = (modules: Readonly<Record<string, string>>): Graph =>
  new Map(Object.entries(modules).map(([path, text]) => [path, importsOf(path, text)]));

/** The place of a file in LAYERS: layer and folder. */
function placeOf(path: string): { layer: number; folder: string } {
  const places = LAYERS.flatMap((folders, layer) => folders.map((folder) => ({ layer, folder })));
  const isIn = ({ folder }: { folder: string }): boolean =>
    folder === '' ? !path.includes('/') : path.startsWith(folder);
  const [place] = places.filter(isIn).sort((a, b) => b.folder.length - a.folder.length);
  if (!place) throw new Error(`src/${path} is in no layer: add its folder to LAYERS`);
  return place;
}

/** The imports that go up, or across a layer from one folder to another. */
function againstTheOrder(graph: Graph): string[] {
  const isAllowed = (from: string, to: string): boolean => {
    const [a, b] = [placeOf(from), placeOf(to)];
    return a.folder === b.folder || a.layer < b.layer;
  };
  return [...graph].flatMap(([from, targets]) =>
    targets.filter((to) => !isAllowed(from, to)).map((to) => `${from} imports ${to}`),
  );
}

/** The strongly connected components of more than one file (Tarjan 1972). */
function circlesOf(graph: Graph): string[][] {
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (path: string): number => {
    let low = order.size;
    order.set(path, low);
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, lowest.get(next) ?? (order.get(next) as number));
    }
    lowest.set(path, low);
    if (low === order.get(path)) {
      const circle = stack.splice(stack.indexOf(path));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return low;
  };
  for (const path of graph.keys()) if (!order.has(path)) visit(path);
  return circles;
}

/** The names that a module defines and exports; overloads of a function count once. */
function namesOf(path: string, text: string): Set<string> {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const isExported = (statement: ts.Statement) =>
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const defined = statements.filter(isExported).flatMap((statement) => {
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name);
    return [(statement as ts.Statement & { name?: ts.Identifier }).name];
  });
  return new Set(defined.flatMap((name) => (name && ts.isIdentifier(name) ? [name.text] : [])));
}

/** The names that more than one module exports, with those modules. */
function exportedTwice(modules: Readonly<Record<string, string>>): string[] {
  const places = new Map<string, string[]>();
  for (const [path, text] of Object.entries(modules)) {
    for (const name of namesOf(path, text)) places.set(name, [...(places.get(name) ?? []), path]);
  }
  return [...places].filter(([, paths]) => paths.length > 1).map(([name, paths]) => `${name}: ${paths.join(', ')}`);
}

it('no name is exported by two modules of src', () => {
  expect(exportedTwice(MODULES)).toEqual([]);
});

it('a name that is exported twice is found', () => {
  const modules = {
    'base/a.ts': 'export interface Table {}\nexport { b } from "./b.js";',
    'base/b.ts': 'export const b = 1;\nexport class Table {}',
    'base/c.ts': 'export function c(x: number): void;\nexport function c(x: string): void;\nexport function c() {}',
  };
  expect(exportedTwice(modules)).toEqual(['Table: base/a.ts, base/b.ts']);
});

it('imports of src go down the order of its folders', () => {
  expect(againstTheOrder(graphOf(MODULES))).toEqual([]);
});

it('no more than three files of src import one another in a circle', () => {
  expect(circlesOf(graphOf(MODULES)).filter(({ length }) => length > MOST_IN_A_CIRCLE)).toEqual([]);
});

/** The command line checks its results, and backend 'reference' loads it where it is asked for. */
const REFERENCE_USERS = ['node/cli/', 'fitting/load-engines.ts'];

it('production never imports the reference, but for the check of the command line', () => {
  const isCheck = (path: string): boolean => path.startsWith('reference/');
  const importers = [...graphOf(MODULES)].filter(
    ([from, targets]) =>
      !isCheck(from) && !REFERENCE_USERS.some((user) => from.startsWith(user)) && targets.some(isCheck),
  );
  expect(importers.map(([from]) => from)).toEqual([]);
});

it('an import against the order, of a type too, is found', () => {
  const added = { 'data/dataset.ts': "import type { FitOptions } from '../fitting/fit-options.js';" };
  expect(againstTheOrder(graphOf({ ...MODULES, ...added }))).toContain(
    'data/dataset.ts imports fitting/fit-options.ts',
  );
  const across = { 'gpu/backend.ts': "export * from '../reference/backend.js';" };
  expect(againstTheOrder(graphOf(across))).toEqual(['gpu/backend.ts imports reference/backend.ts']);
});

it('a circle over four files, through types too, is found', () => {
  const circle = {
    'base/a.ts': "import type { B } from './b.js';",
    'base/b.ts': "import { c } from './c.js';",
    'base/c.ts': "export const d = () => import('./d.js');",
    'base/d.ts': "export { a } from './a.js';",
  };
  expect(circlesOf(graphOf(circle))).toEqual([['base/a.ts', 'base/b.ts', 'base/c.ts', 'base/d.ts']]);
});
