import { createContext, DescentError } from '../../src/index.js';
import { count } from '../../src/node/report/terminal.js';
import { copyBandwidth } from '../bandwidth.js';
import { adapterName } from '../report.js';
import type { Environment } from '../result.js';

/** What the banner says of the adapter: a sentence, and a warning where its numbers would mislead. */
export interface Banner {
  text: string;
  warning: string | null;
}

export async function describeAdapter(): Promise<Banner> {
  let context;
  try {
    context = await createContext();
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    return { text: error.message, warning: 'No WebGPU here: only the arms that run on the CPU will have results.' };
  }
  const { maxBufferSize, maxStorageBufferBindingSize } = context.device.limits;
  const mebibytes = Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize) / 2 ** 20);
  const { adapter } = context;
  context.dispose();
  return {
    text: `${adapterName(adapter) || 'An adapter that does not name itself'}. A buffer holds at most ${count(mebibytes)} MiB.`,
    warning: adapter.isSoftware
      ? 'This is a software or fallback adapter: its shaders run on the CPU. These numbers say nothing about a GPU.'
      : null,
  };
}

/** Where the numbers of a run are from. A page is not told which processor it runs on. */
export async function measureEnvironment(usesAdapter: boolean): Promise<Environment> {
  const context = usesAdapter ? await createContext().catch(() => null) : null;
  try {
    return {
      adapter: context?.adapter ?? null,
      runtime: 'browser',
      browser: browserName(navigator.userAgent),
      cpu: 'unknown',
      cores: navigator.hardwareConcurrency,
      date: new Date().toISOString(),
      copyGigabytesPerSecond: context ? await copyBandwidth(context).catch(() => null) : null,
      coldStartMs: null,
    };
  } finally {
    context?.dispose();
  }
}

/** 'Chrome/147.0.0.0': the most particular name that a browser gives itself, or the whole of what it says. */
export function browserName(userAgent: string): string {
  for (const name of ['Edg', 'OPR', 'Firefox', 'HeadlessChrome', 'Chrome']) {
    const found = new RegExp(`${name}/[\\d.]+`).exec(userAgent);
    if (found) return found[0];
  }
  const safari = /Version\/([\d.]+).* Safari\//.exec(userAgent);
  return safari ? `Safari/${safari[1]}` : userAgent;
}
