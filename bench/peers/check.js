// Checks every form of every peer against an f64 reference, and times it:
//   node bench/peers/check.js [ROWSxFEATURESxEPOCHS …] [--peer NAME]      CHROME=/path/to/chrome names the browser
// Needs `npm ci` in the root and in bench/peers. Exit code 1 when a form ran and was wrong.
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer';
import { createServer } from 'vite';

const TOLERANCE = 1e-4;
const PEERS = ['tfjs WebGPU', 'jax-js WebGPU', 'jax-js wasm', 'plain JS loop', 'numpy'];
const args = process.argv.slice(2);
const only = args.includes('--peer') ? args.splice(args.indexOf('--peer'), 2)[1] : undefined;
const cases = (args.length ? args : ['1000x2x50', '100003x3x5', '1000000x2x5']).map((text) =>
  text.split('x').map(Number),
);

const root = fileURLToPath(new URL('../..', import.meta.url));
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  optimizeDeps: { entries: ['bench/peers/check.html'] },
  server: {
    // Isolation gives the page SharedArrayBuffer, which jax-js wants for its wasm threads.
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
});
await server.listen();
const browser = await puppeteer.launch({
  executablePath: process.env.CHROME ?? '/usr/bin/chromium',
  protocolTimeout: 600_000,
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
});
let wrong = 0;
try {
  for (const [rows, features, epochs] of cases) {
    for (const peer of PEERS.filter((name) => only === undefined || name === only)) {
      try {
        for (const result of await run(peer, rows, features, epochs)) report(rows, features, result);
      } catch (error) {
        console.log(`${rows}x${features}  ${peer}: cannot run: ${error.message.split('\n')[0]}`);
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
}
process.exitCode = wrong > 0 ? 1 : 0;

/** A fresh page for each peer: no library shares a device, a heap or a worker pool with another. */
async function run(peer, rows, features, epochs) {
  if (peer === 'numpy') {
    const { checkArms } = await server.ssrLoadModule('/bench/peers/check-arms.ts');
    const { numpy } = await server.ssrLoadModule('/bench/arms/numpy.ts');
    return checkArms(numpy, rows, features, epochs);
  }
  const page = await browser.newPage();
  try {
    await page.goto(`${server.resolvedUrls.local[0]}bench/peers/check.html`);
    await page.waitForFunction('window.checkPeer !== undefined');
    return await page.evaluate((...call) => window.checkPeer(...call), peer, rows, features, epochs);
  } finally {
    await page.close();
  }
}

function report(rows, features, { name, describe, msPerEpoch, relativeDifference, failure }) {
  const isWrong = failure === undefined && !(relativeDifference <= TOLERANCE);
  if (isWrong) wrong++;
  const verdict =
    failure ?? `${msPerEpoch?.toFixed(3)} ms/epoch, difference ${Number(relativeDifference).toExponential(1)}`;
  console.log(`${rows}x${features}  ${name} (${describe}): ${verdict}${isWrong ? '  WRONG' : ''}`);
}
