import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { build } from 'vite';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { serveFolder } from './serve-folder.js';

/** The teaching page as it is published, in a folder that is served, and a browser to open it in. */
export interface BuiltSite {
  /** The files of the site. */
  folder: string;
  url: string;
  browser: Browser;
  /** Ends it, and removes the files. */
  close(): Promise<void>;
}

export async function buildSite(): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-site-'));
  await build({ mode: 'site', logLevel: 'error', build: { outDir: folder } });
  const { url, close } = await serveFolder(folder);
  const { browser } = await launchBrowser({ prefer: 'bundled' });
  return {
    folder,
    url,
    browser,
    close: async () => {
      await browser.close();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Has a page be one of a browser without WebGPU; before any of its scripts. */
export function withoutWebGpu(page: Page): Promise<unknown> {
  return page.evaluateOnNewDocument(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
}

/** Has a page keep the devices that it asks for; before any of its scripts. */
export function keepDevices(page: Page): Promise<unknown> {
  return page.evaluateOnNewDocument(() => {
    const devices: GPUDevice[] = [];
    Object.assign(globalThis, { devices });
    if (!('GPUAdapter' in globalThis)) return;
    const { prototype } = GPUAdapter;
    const request = Object.getOwnPropertyDescriptor(prototype, 'requestDevice')?.value as GPUAdapter['requestDevice'];
    prototype.requestDevice = async function (...options) {
      const device = await request.apply(this, options);
      devices.push(device);
      return device;
    };
  });
}

/** Destroys the last of them. */
export function destroyDevice(page: Page): Promise<void> {
  return page.evaluate(() => (globalThis as unknown as { devices: GPUDevice[] }).devices.at(-1)?.destroy());
}
