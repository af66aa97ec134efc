// The one setting of the public address, in copies of the two files that it is written to.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutKeys } from '../src/base/without-keys.js';

const ROOT = join(import.meta.dirname, '..');
const ADDRESS = 'https://example.org/owner/webgpu-descent';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'address-'));
  for (const name of ['package.json', 'README.md']) copyFileSync(join(ROOT, name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

const set = (...args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, 'scripts/public-address.js'), ...args], { cwd: folder, encoding: 'utf8' });
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const manifest = () => JSON.parse(read('package.json')) as Record<string, unknown>;

describe('the public address', () => {
  it('is in no file before there is one', () => {
    for (const name of ['repository', 'homepage', 'bugs']) expect(manifest()).not.toHaveProperty(name);
    expect(read('README.md')).toContain('<!-- address --><!-- /address -->');
  });

  it('fills package.json and the links of README.md', () => {
    expect(set(`${ADDRESS}.git/`).stderr).toBe('');
    expect(manifest()).toMatchObject({
      homepage: ADDRESS,
      repository: { type: 'git', url: `git+${ADDRESS}.git` },
      bugs: { url: `${ADDRESS}/issues` },
    });
    expect(read('README.md')).toContain(`[Source](${ADDRESS})`);
    expect(set(ADDRESS, 'https://example.org/site').status).toBe(0);
    expect(manifest()).toMatchObject({ homepage: 'https://example.org/site', bugs: { url: `${ADDRESS}/issues` } });
    expect(read('README.md').match(/example\.org/g)?.length).toBe(2); // the links of the second call alone
  });

  it('leaves everything else as it is, and goes without a trace', () => {
    set(ADDRESS);
    const rest = withoutKeys(manifest(), 'homepage', 'repository', 'bugs');
    expect(rest).toEqual(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
    expect(set('--none').status).toBe(0);
    for (const name of ['package.json', 'README.md']) expect(read(name)).toBe(readFileSync(join(ROOT, name), 'utf8'));
  });

  it.each([[], ['example.org'], ['http://example.org/a'], ['https://example.org/a?b'], ['git@example.org:a/b']])(
    'is refused if it is none: %s',
    (...args: string[]) => {
      const { status, stderr } = set(...args);
      expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
      expect(stderr).toContain('expected https://');
      expect(read('package.json')).toBe(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    },
  );
});
