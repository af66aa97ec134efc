import type { AdapterReport } from '../src/descent/report.js';
import { createContext } from '../src/gpu/device/device.js';
import { type Tuning, tuningFor } from '../src/gpu/device/tuning.js';
import { tune } from '../src/tune.js';
import { adapterName } from './report.js';

/** Time enough to measure every candidate on a slow adapter, too. */
const BUDGET_MS = 3000;

/** The outcome of tuning an adapter. */
export interface TunedAdapter {
  adapter: AdapterReport;
  /** The numbers in which the fastest tuning differs from that of the library. */
  changes: Partial<Tuning>;
}

/** Tunes the adapter of this page or process, on a device for this alone. */
export async function tuneAdapter(): Promise<TunedAdapter> {
  const context = await createContext();
  try {
    const { adapter } = context;
    const usual = tuningFor(adapter);
    const found = Object.entries(await tune(context, { budgetMs: BUDGET_MS }));
    const changes = Object.fromEntries(found.filter(([name, value]) => usual[name as keyof Tuning] !== value));
    return { adapter, changes };
  } finally {
    context.dispose();
  }
}

/** A row for src/gpu/device/tuning.ts: where the numbers are from, and the numbers. */
export function tuningRow({ adapter, changes }: TunedAdapter, runsIn: string, date = new Date()): string {
  const { vendor, architecture } = adapter;
  const names = JSON.stringify({ vendor, architecture });
  const found = Object.keys(changes).length > 0 ? JSON.stringify(changes) : '{} // nothing is faster by 5 %';
  return `// ${adapterName(adapter) || 'an adapter without a name'}, ${runsIn}, ${date.toISOString().slice(0, 10)}\n${names}: ${found}`;
}
