import { describe, expect, it } from 'vitest';
import { remedyFor, type SupportCode } from '../src/base/webgpu-hints.js';
import { type Host, hostOf } from '../src/base/host-kind.js';

const LIKE_GECKO = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const USER_AGENTS: [Host, string][] = [
  ['chromium', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${LIKE_GECKO} Chrome/150.0.0.0 Safari/537.36`],
  [
    'chromium',
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${LIKE_GECKO} Chrome/150.0.0.0 Safari/537.36 Edg/150.0`,
  ],
  ['chromium', `Mozilla/5.0 (Linux; Android 10; K) ${LIKE_GECKO} Chrome/150.0.0.0 Mobile Safari/537.36`],
  ['chromium-linux', `Mozilla/5.0 (X11; Linux x86_64) ${LIKE_GECKO} HeadlessChrome/150.0.0.0 Safari/537.36`],
  ['firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
  [
    'safari',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  ],
  ['deno', 'Deno/2.9.6'],
  ['node', 'Node.js/22'],
  ['other', 'Servo/0.1'],
];
const CODES: SupportCode[] = [
  'INSECURE_CONTEXT',
  'NO_WEBGPU',
  'NO_ADAPTER',
  'NO_DEVICE',
  'FIT_FAILED',
  'WRONG_RESULT',
  'SOFTWARE_ADAPTER',
];

describe('the host', () => {
  it.each(USER_AGENTS)('is found: %s: %s', (host, userAgent) => expect(hostOf(userAgent)).toBe(host));
});

describe('a remedy', () => {
  it.each(USER_AGENTS)('is a sentence for every code on %s', (host) => {
    for (const code of CODES) expect(remedyFor(code, host), code).toMatch(/^[A-Z][^]+\.$/);
  });

  it.each([
    ['NO_WEBGPU', 'chromium', '113'],
    ['NO_WEBGPU', 'chromium-linux', '--enable-unsafe-webgpu'],
    ['NO_WEBGPU', 'firefox', 'dom.webgpu.enabled'],
    ['NO_WEBGPU', 'safari', 'Safari 26'],
    ['NO_WEBGPU', 'deno', '--unstable-webgpu'],
    ['NO_ADAPTER', 'chromium', 'chrome://gpu'],
    ['NO_ADAPTER', 'chromium-linux', 'Vulkan'],
    ['NO_ADAPTER', 'firefox', 'gfx.webgpu.ignore-blocklist'],
    ['INSECURE_CONTEXT', 'safari', 'https'],
  ] as const)('says for %s on %s: %s', (code, host, words) => expect(remedyFor(code, host)).toContain(words));
});
