// A page and a worker under the strict policy of docs/support.md, trusted types among it: everything works, and nothing is violated.

import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../src/node/browser/browser.js';
import support from '../../docs/support.md?raw';
import { BUILT } from '../support/built.js';
import { START_TIMEOUT_MS } from '../support/pages.js';
import { serveFolder } from '../support/serve-folder.js';

/** What a page or a worker did under its policy. */
interface Outcome {
  violations: string[];
  /** Kernels and threads of a fit on the CPU, and the places of others. */
  threads: number;
  places: string[];
}

/** Every part of the library that starts or compiles something. A text, so that nothing rewrites its import. */
const PROGRAM = `(async () => {
  const violations = [];
  (globalThis.document ?? globalThis).addEventListener('securitypolicyviolation', (event) =>
    violations.push(event.effectiveDirective + ': ' + (event.sample || event.blockedURI)));
  const { fit, fitMany, lossSurface, computeMoments, syntheticRegression, checkSupport } = await import('LIBRARY');
  const { dataset } = syntheticRegression({ rows: 700_000, features: 2, seed: 1 });
  const options = { strategy: 'streaming', epochs: 200, tolerance: 0, learningRate: 0.5, seed: 2 };
  const { report } = await fit(dataset, { ...options, backend: 'cpu' });
  const small = syntheticRegression({ rows: 500, features: 3, seed: 1 }).dataset;
  const gpu = { backend: 'webgpu' };
  const models = [await fit(small, { ...gpu, epochs: 20, strategy: 'streaming' }), ...(await fitMany(small, [{}, { l2: 0.1 }], gpu))];
  await computeMoments(small, gpu);
  const x = { parameter: 0, from: -1, to: 1, steps: 5 };
  await lossSurface(small, { x, y: { ...x, parameter: 1 }, at: { weights: [1, 1, 1], bias: 0 } }, gpu);
  const { supported } = await checkSupport();
  await new Promise((resolve) => setTimeout(resolve, 100)); // violations come as events
  return { violations, threads: report.threads, places: [report.kernels, ...models.map((model) => model.report.backend), String(supported)] };
})()`;

/** The same in a worker, which inherits the policy of its page. */
const IN_WORKER = `(async () => {
  const policy = trustedTypes.createPolicy('page', { createScriptURL: (url) => url });
  const text = \`BODY.then((outcome) => postMessage(outcome), (error) => postMessage({ violations: [String(error)], threads: 0, places: [] }))\`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const violations = [];
  document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
  const worker = new Worker(policy.createScriptURL(url), { type: 'module' });
  const outcome = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.terminate();
  return { ...outcome, violations: [...violations, ...outcome.violations] };
})()`;

/** A fit by createWorker, in the worker of the package or in one that the policy of the page has started. */
const BY_CREATE_WORKER = `(async () => {
  const violations = [];
  const heard = new Promise((resolve) =>
    document.addEventListener('securitypolicyviolation', (event) => resolve(violations.push(event.effectiveDirective))));
  const { createWorker } = await import('LIBRARY');
  try {
    const policy = OWN && trustedTypes.createPolicy('page', { createScriptURL: (url) => url });
    const url = policy && policy.createScriptURL('ENTRY');
    const worker = createWorker(url ? { worker: new Worker(url, { type: 'module' }) } : {});
    const { weights, bias } = await worker.fit({ features: [[0], [1], [2]], targets: [1, 3, 5] });
    worker.close();
    return { violations, parameters: [...weights, bias] };
  } catch ({ code, fix }) {
    await heard; // it comes as an event
    return { violations, code, fix };
  }
})()`;

/** Isolated, for threads that share memory. */
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/** The policy that the documentation gives. */
const DOCUMENTED = /```http\nContent-Security-Policy: ([^`]*)\n```/.exec(support)?.[1]?.replaceAll('\n', ' ') ?? '';

describe('a policy with trusted types', { timeout: START_TIMEOUT_MS }, () => {
  let browser: Browser;
  beforeAll(async () => void ({ browser } = await launchBrowser({ prefer: 'bundled' })), START_TIMEOUT_MS);
  afterAll(() => browser.close());

  async function outcomeUnder<Found = Outcome>(policy: string, program: (url: string) => string): Promise<Found> {
    const { url, close } = await serveFolder(BUILT, { ...ISOLATED, 'content-security-policy': policy });
    const page = await browser.newPage();
    try {
      await page.goto(`${url}index.js`); // any document of this policy
      return (await page.evaluate(program(`${url}index.js`))) as Found;
    } finally {
      await page.close();
      await close();
    }
  }

  const inPage = (url: string) => PROGRAM.replace('LIBRARY', url);
  const places = ['wasm', 'webgpu', 'webgpu', 'webgpu', 'true'];

  it('is not violated by a page, which trains on several threads and on WebGPU', async () => {
    expect(DOCUMENTED).toContain("require-trusted-types-for 'script'");
    const outcome = await outcomeUnder(DOCUMENTED, inPage);
    expect(outcome).toMatchObject({ violations: [], places });
    expect(outcome.threads).toBeGreaterThan(1);
  });

  it('is not violated by a worker', async () => {
    const policy = DOCUMENTED.replace('trusted-types webgpu-descent', 'trusted-types webgpu-descent page');
    const body = (url: string) => inPage(url).replaceAll('\\', '\\\\').replaceAll('`', '\\`');
    const outcome = await outcomeUnder(policy, (url) => IN_WORKER.replace('BODY', () => body(url)));
    expect(outcome).toMatchObject({ violations: [], places });
    expect(outcome.threads).toBeGreaterThan(1);
  });

  it('needs a worker of its own for createWorker, which says so', async () => {
    const policy = DOCUMENTED.replace('trusted-types webgpu-descent', 'trusted-types webgpu-descent page').replace('worker-src', "worker-src 'self'"); // prettier-ignore
    const created = (isOwn: boolean) =>
      outcomeUnder<object>(policy, (url) =>
        BY_CREATE_WORKER.replace('LIBRARY', url.replace('index.js', 'worker.js'))
          .replace('OWN', String(isOwn))
          .replace('ENTRY', url.replace('index.js', 'browser/worker-entry.js')),
      );
    const parameters = [2, 1].map((value) => expect.closeTo(value, 6) as number);
    expect(await created(true)).toEqual({ violations: [], parameters });
    expect(await created(false)).toEqual({
      violations: ['require-trusted-types-for'],
      code: 'WORKER_LOST',
      fix: expect.stringContaining('createWorker({ worker })') as string,
    });
  });

  it('that takes no policy of the library is told, and has one thread', async () => {
    const policy = DOCUMENTED.replace('trusted-types webgpu-descent', "trusted-types 'none'");
    const outcome = await outcomeUnder(policy, inPage);
    expect(outcome).toMatchObject({ threads: 1, places });
    expect(outcome.violations.length).toBeGreaterThan(0);
    expect(outcome.violations.every((violation) => violation.startsWith('trusted-types'))).toBe(true);
  });
});
