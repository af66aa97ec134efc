import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const projectRoot = join(import.meta.dirname, '../..');

/** Starting Vitest takes a second or two, and more beside the other tests on few cores. */
export const INNER_RUN_TIMEOUT_MS = 60_000;

export interface InnerRuns {
  /** Runs the test file of that name, with that body unless told that there is none. Closes with `N passed, N failed`. */
  run: (name: string, body?: string) => Promise<{ exitCode: number; lastLine: string | undefined; output: string }>;
  close: () => Promise<void>;
}

/**
 * Runs of Vitest inside a test, for what a whole run says and ends on.
 *
 * @param imports lines before the body of each test file, and before the configuration
 * @param settings what `test` in the configuration has beside the reporters
 */
export async function openInnerRuns(label: string, imports = '', settings = ''): Promise<InnerRuns> {
  const parent = join(projectRoot, 'node_modules/.vitest'); // below the project, where its packages are found
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `${label}-`));
  const reporter = JSON.stringify(join(projectRoot, 'test/support/plain-reporter.ts'));
  const config = `import { plainReporter } from ${reporter};\n${imports}
    export default { test: { reporters: ['default', plainReporter()], ${settings} } };\n`;
  await writeFile(join(folder, 'vitest.config.ts'), config);
  return {
    async run(name, body) {
      if (body !== undefined) await writeFile(join(folder, `${name}.test.ts`), body);
      const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
      const args = [vitest, 'run', name, '--root', folder];
      return new Promise((resolve) => {
        const child = execFile(process.execPath, args, { cwd: folder }, (_error, stdout, stderr) => {
          const lastLine = stdout.trimEnd().split('\n').at(-1);
          resolve({ exitCode: child.exitCode ?? NaN, lastLine, output: stdout + stderr });
        });
      });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
