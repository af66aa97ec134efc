import { afterEach, describe, expect, it, vi } from 'vitest';
import documentation from '../docs/errors.md?raw';
import { computeMoments, DESCENT_ERROR_CODES, DescentError, type ExampleSource } from '../src/index.js';
import { PROVOCATIONS, provocationsInNode } from './support/provocations.js';
import { refusalOf } from './support/refusal.js';

const PARTS = { got: 'a cat', expected: 'a dog', fix: 'Bring a dog.' };

describe('a DescentError', () => {
  it('says what came, what was expected and what to do, in one line', () => {
    const error = new DescentError('SHAPE_MISMATCH', PARTS);
    expect(error.message).toBe('a cat; expected a dog. Bring a dog.');
    expect(error).toMatchObject({ ...PARTS, name: 'DescentError', code: 'SHAPE_MISMATCH' });
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('DescentError: a cat; expected a dog. Bring a dog.');
  });

  it('stays on one line when what it quotes does not', () => {
    const error = new DescentError('SHADER_COMPILATION', { ...PARTS, got: 'line 1\n  line 2\r\nline 3' });
    expect(error.message).toBe('line 1 line 2 line 3; expected a dog. Bring a dog.');
  });

  it('says where, as far as there is a place', () => {
    expect(new DescentError('NON_FINITE_VALUE', { ...PARTS, where: { row: 0, column: 'x' } }).where).toEqual({
      row: 0,
      column: 'x',
    });
    expect(new DescentError('DEVICE_LOST', PARTS).where).toEqual({});
  });

  it('holds the error below it, and nothing when there is none', () => {
    const cause = new Error('below');
    expect(new DescentError('DEVICE_LOST', { ...PARTS, cause }).cause).toBe(cause);
    expect('cause' in new DescentError('DEVICE_LOST', PARTS)).toBe(false);
  });
});

describe('the list of codes is closed', () => {
  it('holds each code once', () => expect(new Set(DESCENT_ERROR_CODES).size).toBe(DESCENT_ERROR_CODES.length));

  it('has every code provoked by a test', () => {
    expect(Object.keys(PROVOCATIONS).toSorted()).toEqual([...DESCENT_ERROR_CODES].toSorted());
  });
});

describe('a provocation without a GPU', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each(provocationsInNode())('ends with $code', async ({ code, provoke, where }) => {
    const { where: told, code: said, message } = await refusalOf(provoke);
    expect({ code: said, where: told }, message).toEqual({ code, where });
    expect(message).not.toMatch(/[\r\n]/);
  });
});

it('the row of a batch is reported as a row of all data', async () => {
  const batch = (...x: number[]) => ({ features: [Float64Array.from(x)], targets: new Float64Array(x.length) });
  const source: ExampleSource = {
    name: 'two batches',
    columns: () => Promise.resolve({ features: ['x'], target: 'y' }),
    async *batches() {
      yield batch(1, 2, 3);
      yield batch(4, Number.NaN);
    },
  };
  const { code, where } = await refusalOf(() => computeMoments(source, { backend: 'cpu' }));
  expect({ code, where }).toEqual({ code: 'NON_FINITE_VALUE', where: { row: 4, column: 'x' } });
});

describe('docs/errors.md', () => {
  const [, ...sections] = documentation.split(/^## /m);
  const byCode = new Map(sections.map((section) => [section.split('\n', 1)[0] ?? '', section]));

  it('has a section for each code, in the order of the list, and no other', () => {
    expect(sections).toHaveLength(byCode.size);
    expect([...byCode.keys()]).toEqual([...DESCENT_ERROR_CODES]);
  });

  it.each([...DESCENT_ERROR_CODES])('says for %s what it means, an example and what to do', (code) => {
    const section = byCode.get(code) ?? '';
    const [meaning = '', rest = ''] = section.replace(code, '').split(/\n(?:```ts\n| {4}(?=\S))/);
    expect(meaning.trim()).toMatch(/^[A-Z][^]*\.$/);
    expect(rest).toMatch(/\w[^]*\n\nWhat to do: \S[^]*\.$/m);
  });
});
