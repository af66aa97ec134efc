// The examples of README.md and of the pages in docs/, and how they are run.

import { vi } from 'vitest';
import type * as Arrow from '../../src/data/arrow.js';
import type * as Csv from '../../src/data/csv.js';
import type * as Parquet from '../../src/data/parquet.js';
import type * as Library from '../../src/index.js';
import type * as LoadModel from '../../src/load-model.js';
import type * as Sql from '../../src/sql.js';
import type * as WorkerModule from '../../src/create-worker.js';

/** The text of each page by its path from the root. A page added to docs/ is among them. */
export const PAGES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>(['../../README.md', '../../docs/*.md'], { query: '?raw', import: 'default', eager: true }),
  ).map(([path, text]) => [path.replace('../../', ''), text]),
);

export interface DocBlock {
  /** Path from the root. */
  page: string;
  /** The line of the page on which it begins, counted from 1. */
  line: number;
  /** The heading above it, without its marks. */
  heading: string;
  code: string;
  /** True if it works with a context or a device, so that it runs in a browser; all others run in Node. */
  needsDevice: boolean;
}

/** All `ts` blocks of all pages. */
export function docBlocks(): DocBlock[] {
  return Object.entries(PAGES).flatMap(([page, text]) => blocksOf(page, text));
}

export function blocksOf(page: string, text: string): DocBlock[] {
  return Array.from(text.matchAll(/^```ts(?: run)?\n([\s\S]*?)^```/gm), ({ 1: code = '', index }) => {
    const before = text.slice(0, index);
    const heading = Array.from(before.matchAll(/^#+ (.*)$/gm), ([, title]) => title ?? '').at(-1) ?? '';
    const needsDevice = /\b(?:context|device)\b/.test(code);
    return { page, line: before.split('\n').length, heading, code, needsDevice };
  });
}

/** What a block may import. */
export interface Modules {
  'webgpu-descent': typeof Library;
  'webgpu-descent/arrow': typeof Arrow;
  'webgpu-descent/csv': typeof Csv;
  'webgpu-descent/parquet': typeof Parquet;
  'webgpu-descent/model': typeof LoadModel;
  'webgpu-descent/sql': typeof Sql;
  'webgpu-descent/worker': typeof WorkerModule;
}

type AsyncFunctionMaker = new (...parameters: string[]) => (...values: unknown[]) => Promise<void>;
const AsyncFunction = (async () => undefined).constructor as unknown as AsyncFunctionMaker;

/**
 * Runs the JavaScript of a block and returns the arguments of each `console.log`. `names` are the values that stand for
 * the reader's own data; a block may declare variables of the same names.
 */
export async function runBlock(
  code: string,
  modules: Partial<Modules>,
  names: Record<string, unknown>,
): Promise<unknown[][]> {
  const body = code.replace(/^import ({[^}]*}) from ('[^']*');$/gm, 'const $1 = modules[$2];');
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const block = new AsyncFunction('modules', ...Object.keys(names), `{\n${body}\n}`);
    await block(modules, ...Object.values(names));
    return log.mock.calls;
  } finally {
    log.mockRestore();
  }
}

/** What stands for the reader's own data in blocks that run on the host. */
export async function hostNames({ computeMoments, createDataset }: typeof Library): Promise<Record<string, unknown>> {
  const features = new Float32Array(2000).map((_, i) => Math.sin(i * i));
  const at = (i: number) => features[i] as number;
  const targets = new Float32Array(1000).map((_, i) => 3 * at(2 * i) - 2 * at(2 * i + 1) + 0.5);
  const area = Float64Array.from({ length: 50 }, (_, i) => 60 + 30 * Math.sin(i));
  const rooms = Float64Array.from({ length: 50 }, (_, i) => 1 + (i % 4));
  const prices = area.map((value, i) => 2 * value + 10 * (rooms[i] as number) + Math.cos(7 * i));
  const { arrowBytes, parquetFile } = await homes(area, rooms, prices);
  const data = { features, targets, featureCount: 2 };
  const source = createDataset(data);
  const others = [await computeMoments(source)];
  return { data, features, targets, area, rooms, prices, source, others, arrowBytes, parquetFile };
}

/** The columns of the reader's own data as files of Arrow and Parquet. */
async function homes(area: Float64Array, rooms: Float64Array, price: Float64Array) {
  const { tableFromArrays, tableToIPC } = await import('apache-arrow');
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columns = Object.entries({ area, rooms, price });
  const columnData = columns.map(([name, data]) => ({ name, data: Array.from(data), type: 'DOUBLE' as const }));
  return {
    arrowBytes: tableToIPC(tableFromArrays({ area, rooms, price })),
    parquetFile: new Blob([parquetWriteBuffer({ columnData })]),
  };
}
