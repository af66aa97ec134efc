import type { AdapterReport } from '../../src/descent/report.js';

/** A host in which the vectors of test/hosts gave the right answers. */
export interface HostRow {
  host: string;
  compiler: string;
  adapter: string;
  /** Number of vectors. */
  vectors: number;
  /** The largest difference from the reference in any vector, with one digit. */
  difference: string;
}

/** The row of a host, from what it said of itself. */
export function hostRow(run: {
  name: string;
  version: string;
  compiler: string;
  adapter: AdapterReport;
  vectors: number;
  /** [vectors] The largest relative difference from the reference in each. */
  differences: readonly number[];
}): HostRow {
  const { vendor, architecture, description } = run.adapter;
  return {
    host: `${run.name} ${run.version}`,
    compiler: run.compiler,
    adapter: description || [vendor, architecture].filter(Boolean).join(' ') || 'states no name',
    vectors: run.vectors,
    difference: Math.max(...run.differences).toExponential(0),
  };
}

/** The table of hosts, as Markdown and for a terminal. */
export function hostsTable(rows: readonly HostRow[]): string {
  const lines = rows.map(
    ({ host, compiler, adapter, vectors, difference }) =>
      `| ${host} | ${compiler} | ${adapter} | ${vectors} | ${difference} |`,
  );
  return [
    '| host | WGSL compiler | adapter | inputs with the right answer | largest difference from f64 |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

const BEGIN = '<!-- hosts: written by npm run docs -->\n\n';
const END = '\n\n<!-- end of hosts -->';

/** A page with the table between its two marks replaced. */
export function withHostsTable(page: string, rows: readonly HostRow[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page lacks the marks ${BEGIN.trim()} and ${END.trim()}`);
  return `${page.slice(0, begin + BEGIN.length)}${hostsTable(rows)}${page.slice(end)}`;
}
