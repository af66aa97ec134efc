// The texts of kernels as a build carries them: the same code on the same lines, without comments.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import updateWgsl from '../shaders/epoch/update.wgsl?raw';
import { withoutComments } from '../scripts/short-shaders.js';

const SHADERS = (await readdir('shaders', { recursive: true })).filter((path) => path.endsWith('.wgsl'));

/** The code of a line: what is left of it without its comment, and without blanks. */
const codeOf = (line: string) => line.replace(/\/\/.*$/, '').replace(/\s/g, '');

describe('the text of a shader in a build', () => {
  it.each(SHADERS)('%s has the same code on the same lines', async (path) => {
    const text = await readFile(join('shaders', path), 'utf8');
    const short = withoutComments(text);
    expect(short.split('\n').map(codeOf)).toEqual(text.split('\n').map(codeOf));
    const comments = short.split('\n').filter((line) => line.includes('//'));
    expect(comments.length).toBeLessThanOrEqual(2);
    expect(short.length).toBeLessThan(text.length);
    expect(short).not.toMatch(/^[ \t]+\S/m);
  });

  it('keeps the name of a kernel and its fragments', () => {
    expect(updateWgsl).toMatch(/^\/\/ update:\n\/\/ with: .*\n/);
    expect(updateWgsl.split('\n').filter((line) => line.includes('//'))).toHaveLength(2);
  });

  it('is without comments of several lines, too', () => {
    expect(withoutComments('a; /** b\n * c */ d; // e\n  f;')).toBe('a;\nd;\nf;');
  });
});
