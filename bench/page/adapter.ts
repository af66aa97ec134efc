import { createContext, DescentError } from '../../src/index.js';
import { count } from '../../src/node/report/terminal.js';
import { copyBandwidth } from '../bandwidth.js';
import { adapterName } from '../report.js';
import type { Environment } from '../result.js';
import { browserName } from './browser-name.js';
import { text } from './text.js';

/** The words of the banner about the adapter: a sentence, and a warning where its numbers would mislead. */
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
    return { text: error.message, warning: text.noWebGpu };
  }
  const { maxBufferSize, maxStorageBufferBindingSize } = context.device.limits;
  const mebibytes = Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize) / 2 ** 20);
  const { adapter } = context;
  context.dispose();
  return {
    text: text.adapterSentence(adapterName(adapter) || text.namelessAdapter, count(mebibytes)),
    warning: adapter.isSoftware ? text.softwareWarning : null,
  };
}

/** The machine that the numbers of a run are from. A page is not told which processor it runs on. */
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
