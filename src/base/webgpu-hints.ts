import type { Host } from './host-kind.js';

/** An obstacle to WebGPU, in the order in which they are met. */
export type Obstacle = 'INSECURE_CONTEXT' | 'NO_WEBGPU' | 'NO_ADAPTER' | 'NO_DEVICE';

/** A problem, including those of a device that was opened; the last one is no obstacle to training. */
export type SupportCode = Obstacle | 'FIT_FAILED' | 'WRONG_RESULT' | 'SOFTWARE_ADAPTER';

/** True on a page without a secure context. Node has no such property, and no page. */
export function isInsecureHere(): boolean {
  return 'isSecureContext' in globalThis && !globalThis.isSecureContext;
}

const LINUX_FLAGS =
  'Start Chrome with --enable-unsafe-webgpu --ozone-platform=x11 --use-angle=vulkan --enable-features=Vulkan,VulkanFromANGLE';

/**
 * Instructions to enable WebGPU, by host, as of 2026: the implementation status that the WebGPU group keeps at
 * github.com/gpuweb/gpuweb/wiki/Implementation-Status, and MDN's browser-compat-data.
 */
const NO_WEBGPU: Record<Host, string> = {
  chromium: 'Update to Chrome or Edge 113 or later, on Android to 121 or later.',
  'chromium-linux': `Update to Chrome or Edge 147 or later. Where that has no WebGPU for this GPU: ${LINUX_FLAGS}.`,
  firefox:
    'Update to Firefox 141 or later on Windows, 147 or later on Apple silicon; elsewhere set dom.webgpu.enabled to true in about:config.',
  safari: 'Update to Safari 26 or later, which comes with macOS 26 and iOS 26.',
  deno: 'Start Deno with --unstable-webgpu.',
  node: 'Node has no WebGPU of its own: npm install webgpu, which brings Dawn, or use the command line, which starts a browser.',
  other: 'Use a recent Chrome, Edge, Firefox or Safari.',
};

const NO_ADAPTER: Record<Host, string> = {
  chromium: 'Switch graphics acceleration on in chrome://settings/system; chrome://gpu says why WebGPU is off.',
  'chromium-linux': `Install the GPU's Vulkan driver; chrome://gpu says why WebGPU is off. ${LINUX_FLAGS}.`,
  firefox:
    'Update the graphics driver; about:support says why WebGPU is off, and gfx.webgpu.ignore-blocklist in about:config overrules it.',
  safari: 'Update macOS or iOS; Safari has WebGPU on Apple silicon and on GPUs that Metal supports.',
  deno: "Install a Vulkan driver, such as Mesa's (mesa-vulkan-drivers in Debian), which has a software adapter too.",
  node: 'Install a Vulkan driver.',
  other: "Update the graphics driver, and look at the browser's GPU settings.",
};

const SOFTWARE_ADAPTER: Record<Host, string> = {
  ...NO_ADAPTER,
  chromium: 'Switch graphics acceleration on in chrome://settings/system, if there is a GPU.',
  'chromium-linux': `Install the GPU's Vulkan driver, if there is a GPU. ${LINUX_FLAGS}.`,
};

/** The remedy for a problem on this host. */
export function remedyFor(code: SupportCode, host: Host): string {
  switch (code) {
    case 'INSECURE_CONTEXT':
      return 'Serve the page over https, or from localhost.';
    case 'NO_WEBGPU':
      return NO_WEBGPU[host];
    case 'NO_ADAPTER':
      return NO_ADAPTER[host];
    case 'NO_DEVICE':
      return 'Restart the browser, which often restores a failed driver.';
    case 'SOFTWARE_ADAPTER':
      return SOFTWARE_ADAPTER[host];
    case 'FIT_FAILED':
    case 'WRONG_RESULT':
      return "Update browser and graphics driver, and meanwhile use backend: 'cpu'; please report it with the name of the adapter.";
  }
}
