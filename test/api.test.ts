// Every export has a description, and an example in docs/api.md that compiles; test/doc-blocks.test.ts runs them.

import { beforeAll, describe, expect, it } from 'vitest';
import { READING } from '../src/options/reading.js';
import { SETTINGS } from '../src/options/settings.js';
import { type ApiExport, checkApi } from './support/api-names.js';
import { blocksOf, docBlocks } from './support/doc-blocks.js';

const BLOCKS = docBlocks().filter(({ page }) => page === 'docs/api.md');

/** The exports that no example names. */
function withoutExample(exports: readonly ApiExport[], codes: readonly string[]): string[] {
  const isUsed = ({ name }: ApiExport) => codes.some((code) => new RegExp(`\\b${name}\\b`).test(code));
  return exports.filter((each) => !isUsed(each)).map(({ entry, name }) => `${entry}: ${name}`);
}

describe('the API', () => {
  let exports: ApiExport[];
  let errors: string[];
  beforeAll(() => ({ exports, errors } = checkApi(BLOCKS)), 120_000);

  it('has a description for every export', () => {
    expect(exports.length).toBeGreaterThan(100);
    expect(exports.filter(({ description }) => description.trim().length < 10).map(({ name }) => name)).toEqual([]);
  });

  it('says what every function throws', () => {
    const functions = exports.filter(({ isFunction }) => isFunction);
    expect(functions.length).toBeGreaterThan(25);
    const silent = functions.filter(({ description }) => !/throw|reject/i.test(description));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('describes every member of every interface; plain options have their sentence in the tables', () => {
    const options: string[] = [...SETTINGS, ...READING].map(({ name }) => name);
    const bare = exports.flatMap(({ name, bareMembers }) => bareMembers.map((member) => `${name}.${member}`));
    expect(bare.filter((member) => !options.includes(member.replace(/^(?:Fit|Table)Settings\./, '')))).toEqual([]);
  });

  it('has an example for every export', () => {
    expect(
      withoutExample(
        exports,
        BLOCKS.map(({ code }) => code),
      ),
    ).toEqual([]);
    expect(withoutExample(exports, ['fit(data)'])).toContain('webgpu-descent: solveExact');
  });

  it('has examples that compile', () => expect(errors).toEqual([]));

  it('finds an example that does not compile, with its line', { timeout: 120_000 }, () => {
    const [wrong] = blocksOf('docs/api.md', "\n\n```ts\nimport { fit } from 'webgpu-descent';\nawait fit(7);\n```\n");
    expect(checkApi(wrong ? [wrong] : []).errors.join()).toMatch(/^docs\/api\.md:5: /);
  });
});
