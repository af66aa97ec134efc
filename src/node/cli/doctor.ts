import type { SupportReason, SupportReport } from '../../check-support.js';
import { DescentError } from '../../base/errors.js';
import type { BrowserMode, BrowserOrigin } from '../browser/browser.js';
import type { JobPage } from '../browser/page-protocol.js';
import { onPage } from '../browser/open-page.js';
import { difference, plural, printable, wrap } from '../report/terminal.js';

/** The environment for training, as found by the command line. Plain data: the one object of --json. */
export interface Diagnosis {
  /** True if `fit` trains on WebGPU here. */
  ok: boolean;
  /** null where none starts. */
  browser: { version: string; path: string; origin: BrowserOrigin; mode: BrowserMode } | null;
  /** The report from a page in the browser; null without a browser. */
  support: SupportReport | null;
  /** The missing parts, and what to do about each. */
  reasons: (Omit<SupportReason, 'code'> & { code: SupportReason['code'] | 'BROWSER_UNAVAILABLE' })[];
}

/** Starts the browser that `fit` would start, and has it look at itself. */
export async function diagnose(): Promise<Diagnosis> {
  try {
    return await onPage([], async (page, { browser, executablePath, origin, mode }) => {
      const support = await page.evaluate(() => (globalThis as unknown as JobPage).checkSupport());
      const { supported, reasons } = support;
      return {
        ok: supported,
        browser: { version: await browser.version(), path: executablePath, origin, mode },
        support,
        reasons,
      };
    });
  } catch (error) {
    if (!(error instanceof DescentError) || error.code !== 'BROWSER_UNAVAILABLE') throw error;
    const message = `There is ${error.got}.`;
    return { ok: false, browser: null, support: null, reasons: [{ code: error.code, message, remedy: error.fix }] };
  }
}

const MEBIBYTE = 2 ** 20;

/** The same for people. */
export function diagnosisText({ ok, browser, support, reasons }: Diagnosis, width: number): string {
  const line = (label: string, text: string) => wrap(label.padEnd(11), printable(text), width);
  const lines: string[] = [];
  if (browser) lines.push(...line('browser', `${browser.version}, ${browser.origin}: ${browser.path}`));
  if (support?.adapter) {
    const { vendor, architecture, description, isSoftware } = support.adapter;
    const kind = isSoftware ? 'a software adapter: its shaders run on the CPU' : 'a GPU';
    lines.push(...line('adapter', `${[vendor, architecture, description].filter(Boolean).join(' ')}, ${kind}`));
  }
  if (support?.limits) {
    const { maxBufferSize, maxStorageBufferBindingSize } = support.limits;
    const [buffer, binding] = [maxBufferSize, maxStorageBufferBindingSize].map((bytes) => bytes / MEBIBYTE);
    lines.push(...line('limits', `buffers up to ${buffer} MiB, bindings up to ${binding} MiB`));
  }
  if (support?.features) {
    const { subgroupSize, timestamps } = support.features;
    const subgroups = subgroupSize === null ? 'no subgroups of a fixed size' : `subgroups of ${subgroupSize}`;
    lines.push(...line('features', `${subgroups}, ${timestamps ? 'timestamp queries' : 'no timestamp queries'}`));
  }
  if (support?.check) {
    const { kernels, maxRelativeDifference, tolerance, passed } = support.check;
    const verdict = passed ? 'passed' : 'FAILED';
    const found = `largest relative difference ${difference(maxRelativeDifference)}, tolerance ${difference(tolerance)}`;
    lines.push(...line('check', `${verdict}: ${plural(kernels.length, 'fit')} (${kernels.join(', ')}), ${found}`));
  }
  for (const { message, remedy } of support?.warnings ?? []) lines.push(...line('warning', `${message} ${remedy}`));
  for (const { message, remedy } of reasons) lines.push(...line('missing', `${message} ${remedy}`));
  const verdict = ok ? 'fit trains on WebGPU here.' : 'fit trains on the CPU here; with --backend webgpu it fails.';
  return [...lines, ...line('result', verdict)].join('\n');
}
