// scripts/release.js, on repositories of its own: what it refuses, and what it does when all is well.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemsOfChangelog } from '../../scripts/changelog.js';

const SCRIPT = join(import.meta.dirname, '../../scripts/release.js');
const ENTRY = '- **It broke.** Size: all fits. Cause: a sign. Effect: it works.';

let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
const commit = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  git('add', '-A');
  git('commit', '--quiet', '-m', 'a');
};
const packageOf = (version: string, check = 'node --version') =>
  JSON.stringify({ name: 'some-package', version, scripts: { check } });
const release = (...args: string[]) => {
  const env = { ...process.env, GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.org' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-release-'));
  git('init', '--quiet');
  commit({ 'package.json': packageOf('1.2.3'), 'CHANGELOG.md': `# Changelog\n\n## 1.2.3\n\n### Fixed\n\n${ENTRY}\n` });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a release', { timeout: 60_000 }, () => {
  it('is tried without a tag, and made with one', () => {
    const tried = release('--dry-run');
    expect(tried).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/some-package-1\.2\.3\.tgz: .* is ready\.\n$/s) as string,
    });
    expect(git('tag')).toBe('');
    expect(release()).toMatchObject({ status: 0, stdout: expect.stringContaining('git push origin v1.2.3') as string });
    expect(git('tag').trim()).toBe('v1.2.3');
    expect(git('cat-file', '-t', 'v1.2.3').trim()).toBe('tag'); // with a date and a name
    expect(release('--verify-tag', 'v1.2.3').status).toBe(0);
  });

  it.each<[string, () => void, RegExp, string[]?]>([
    ['changes that are not committed', () => writeFileSync(join(folder, 'a.txt'), ''), /has changes:\n\?\? a\.txt/],
    ['a check that fails', () => commit({ 'package.json': packageOf('1.2.3', 'node -e "process.exit(3)"') }), /check/],
    ['a check that changes files', () => commit({ 'package.json': packageOf('1.2.3', 'touch b') }), /\?\? b/],
    ['a version without a section', () => commit({ 'package.json': packageOf('1.2.4') }), /no section "## 1\.2\.4"/],
    [
      'a version that is none',
      () => commit({ 'package.json': packageOf('next') }),
      /"next" in package\.json is no version/,
    ],
    ['a tag that exists', () => git('tag', 'v1.2.3'), /the tag v1\.2\.3 exists/],
    [
      'a tag of another version',
      () => undefined,
      /the tag v1\.2\.2 is not that of version 1\.2\.3/,
      ['--verify-tag', 'v1.2.2'],
    ],
  ])('is refused for %s', (_, spoil, reason, args = []) => {
    spoil();
    const before = git('tag');
    const refused = release(...args);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^Not released: |\nNot released: /);
    expect(refused.stderr).toMatch(reason);
    expect(git('tag')).toBe(before);
  });
});

describe('CHANGELOG.md', () => {
  const problems = (body: string) => problemsOfChangelog(`# Changelog\n\n## 1.0.0\n\n${body}`, '1.0.0');

  it('has the form of a release already', () => {
    expect(problemsOfChangelog(readFileSync('CHANGELOG.md', 'utf8'), 'Unreleased')).toEqual([]);
  });

  it('states symptom, size, cause and effect of what was mended', () => {
    expect(problems(`### Fixed\n\n${ENTRY}\n`)).toEqual([]);
    expect(problems('### Fixed\n\n- It works now.\n')).toEqual([expect.stringContaining('does not state symptom')]);
    expect(problems(`### Fixed\n\n${ENTRY.replace('Size: all fits. ', '')}\n`)).toHaveLength(1);
  });

  it('has parts of known names with entries', () => {
    expect(problems('### News\n\n- A thing.\n')).toEqual([expect.stringContaining('"### News" is none of')]);
    expect(problems('### Added\n\n')).toEqual(['"### Added" has no entry.']);
    expect(problems('Some text.\n')).toHaveLength(1);
  });
});
