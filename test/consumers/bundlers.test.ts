// The package in the bundlers of others, each with the options that it has by itself.

import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveFolder } from '../support/serve-folder.js';
import { outcomeAt, outcomeIn } from './support/page.js';
import {
  type Answer,
  expectAnswer,
  expectInWorker,
  expectOutcome,
  node,
  TOOLS,
  WORK,
  type WorkerAnswer,
} from './support/run.js';

/** The outcome of all.js, which the projects of Vite and webpack share. */
interface AllOfIt {
  answers: Answer[];
  worker: WorkerAnswer;
  prediction: number;
}

function expectAll({ answers, worker, prediction }: AllOfIt): void {
  expectOutcome(answers, 'webgpu');
  expectInWorker(worker);
  expect(prediction).toBeCloseTo(9, 9);
}

const VITE = join(TOOLS, 'vite/bin/vite.js');

/** Starts the development server of a project, and calls back with its address. */
async function served<Result>(project: string, body: (url: string) => Promise<Result>): Promise<Result> {
  const server = spawn(process.execPath, [VITE, '--host', '127.0.0.1', '--port', '0'], { cwd: join(WORK, project) });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let printed = '';
      const hear = (text: Buffer) => {
        printed += text.toString();
        const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed.replace(/\u001b\[\d+m/g, ''))?.[0];
        if (address) resolve(address);
      };
      server.stdout.on('data', hear);
      server.stderr.on('data', hear);
      server.once('exit', () => reject(new Error(printed)));
    });
    return await body(url);
  } finally {
    server.kill('SIGKILL');
  }
}

describe('Vite', () => {
  it('builds a page, a worker in its default form, CSV and a loaded model', async () => {
    await node('vite', [VITE, 'build', '--logLevel', 'error']);
    expectAll((await outcomeIn<AllOfIt>('vite/dist')).outcome);
  });

  it('serves the same in development', () =>
    served('vite', async (url) => expectAll((await outcomeAt<AllOfIt>(url)).outcome)));

  it('serves a worker of the project, which imports that of the package', async () => {
    cpSync(join(WORK, 'vite'), join(WORK, 'vite-own'), { recursive: true });
    writeFileSync(join(WORK, 'vite-own/own-worker.js'), "import 'webgpu-descent/worker-entry';\n");
    const own = `import { outcome } from '../outcome.js';
import { inWorker } from '../in-worker.js';
const worker = new Worker(new URL('./own-worker.js', import.meta.url), { type: 'module' });
globalThis.outcome = Promise.all([outcome(), inWorker({ worker })]).then(([answers, worker]) => ({ answers, worker }));\n`;
    writeFileSync(join(WORK, 'vite-own/main.js'), own);
    const { answers, worker } = await served('vite-own', async (url) => (await outcomeAt<AllOfIt>(url)).outcome);
    expectOutcome(answers, 'webgpu');
    expectInWorker(worker);
  });
});

describe('React', () => {
  it('draws a curve of losses under StrictMode, and loses no promise', async () => {
    await node('react', [VITE, 'build', '--logLevel', 'error']);
    interface Drawn {
      model: Answer;
      answers: Answer[];
      points: number;
      rejections: string[];
    }
    const { model, answers, points, rejections } = (await outcomeIn<Drawn>('react/dist')).outcome;
    expectAnswer(model);
    expectOutcome(answers, 'webgpu');
    expect(points).toBe(30); // 300 epochs, 10 to a step
    expect(rejections).toEqual([]);
  });
});

describe('webpack', () => {
  it('builds a page, a worker, CSV and a loaded model', async () => {
    await node('webpack', ['build.mjs']);
    writeFileSync(
      join(WORK, 'webpack/dist/index.html'),
      '<!doctype html><link rel="icon" href="data:," /><script src="main.js"></script>',
    );
    expectAll((await outcomeIn<AllOfIt>('webpack/dist')).outcome);
  });
});

describe('esbuild and Rollup', () => {
  interface Bundled {
    answers: Answer[];
    slope: number;
  }

  it.each(['esm', 'iife'])('esbuild builds one file: %s', async (format) => {
    const { build } = (await import(join(TOOLS, 'esbuild/lib/main.js'))) as {
      build: (options: object) => Promise<unknown>;
    };
    const folder = join(WORK, 'esbuild');
    const outfile = join(folder, format, 'main.js');
    await build({ entryPoints: [join(folder, 'main.js')], bundle: true, minify: true, format, outfile });
    const type = format === 'esm' ? ' type="module"' : '';
    writeFileSync(
      join(folder, format, 'index.html'),
      `<!doctype html><link rel="icon" href="data:," /><script${type} src="main.js"></script>`,
    );
    const { answers, slope } = (await outcomeIn<Bundled>(`esbuild/${format}`)).outcome;
    expectOutcome(answers, 'webgpu');
    expect(slope).toBeCloseTo(2, 9);
  });

  it('Rollup builds a page, which has papaparse by its own script', async () => {
    await node('rollup', [join(TOOLS, 'rollup/dist/bin/rollup'), '--config', 'rollup.config.js', '--silent']);
    cpSync(join(TOOLS, 'papaparse/papaparse.min.js'), join(WORK, 'rollup/dist/papaparse.min.js'));
    writeFileSync(
      join(WORK, 'rollup/dist/index.html'),
      '<!doctype html><link rel="icon" href="data:," /><script src="papaparse.min.js"></script><script type="module" src="main.js"></script>',
    );
    const { answers, slope } = (await outcomeIn<Bundled>('rollup/dist')).outcome;
    expectOutcome(answers, 'webgpu');
    expect(slope).toBeCloseTo(2, 9);
  });
});

describe('Next', () => {
  it('fits in a component of the server, and in one of the page', async () => {
    cpSync(join(WORK, 'outcome.js'), join(WORK, 'next/outcome.js'));
    await node('next', [join(TOOLS, 'next/dist/bin/next'), 'build'], { NEXT_TELEMETRY_DISABLED: '1' });
    const html = readFileSync(join(WORK, 'next/out/index.html'), 'utf8');
    const [, code = ''] = /<code id="server">(.*?)<\/code>/.exec(html) ?? [];
    expectAnswer(JSON.parse(code.replaceAll('&quot;', '"')) as Answer);
    const server = await serveFolder(join(WORK, 'next/out'), {}, '/');
    try {
      expectOutcome((await outcomeAt<Answer[]>(server.url)).outcome, 'webgpu');
    } finally {
      await server.close();
    }
  });
});
