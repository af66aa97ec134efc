import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostRow } from './hosts-table.js';

/** The folder in which tests put the figures that docs/trust.md shows; `npm run docs` reads them. */
export const FIGURES = join(import.meta.dirname, '../trust/figures');

/** Figures by their names. */
export type Figures = Record<string, number | string>;

/** Keeps the figures of a promise, if `FIGURES=1` asks for it: most runs leave the files of the repository alone. */
export async function recordFigures(promise: string, figures: Figures): Promise<void> {
  if (process.env['FIGURES'] === undefined) return;
  await mkdir(FIGURES, { recursive: true });
  await writeFile(join(FIGURES, `${promise}.json`), `${JSON.stringify(figures, null, 2)}\n`);
}

/** The figures of a promise. */
export async function readFigures(promise: string): Promise<Figures> {
  return JSON.parse(await readFile(join(FIGURES, `${promise}.json`), 'utf8')) as Figures;
}

/** The file of the hosts that `npm run test:hosts` last ran in. */
const HOSTS = join(import.meta.dirname, '../hosts/figures.json');

/** Keeps the table of hosts, if `FIGURES=1` asks for it. */
export async function recordHosts(rows: readonly HostRow[]): Promise<void> {
  if (process.env['FIGURES'] !== undefined) await writeFile(HOSTS, `${JSON.stringify(rows, null, 2)}\n`);
}

/** The table of hosts, as it was kept. */
export async function readHosts(): Promise<HostRow[]> {
  return JSON.parse(await readFile(HOSTS, 'utf8')) as HostRow[];
}
