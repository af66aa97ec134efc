// The same vectors in four hosts: each against the right answers and the reference in f64, and all against one another.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../support/close.js';
import { recordFigures, recordHosts } from '../support/figures.js';
import { hostRow, hostsTable } from '../support/hosts-table.js';
import { answerByReference, type HostAnswers } from './answer-all.js';
import { type Bundle, bundleVectors } from './bundle.js';
import { HOST_TIMEOUT_MS, HOSTS, type HostRun } from './hosts.js';
import { largestDifference } from './largest-difference.js';
import type { Answer } from './vector.js';
import { VECTORS } from './vectors.js';

let bundle: Bundle;
let reference: HostAnswers['answers'];
const runs = new Map<string, HostRun>();

const BY_NAME = VECTORS.map((vector) => [vector.name, vector] as const);

beforeAll(async () => {
  bundle = await bundleVectors();
  reference = await answerByReference();
}, HOST_TIMEOUT_MS);
afterAll(() => bundle.remove());

/** The answer to a vector. Throws the words of the error that came in its place. */
function answerOf(answers: HostAnswers['answers'] | undefined, name: string): Required<Answer> {
  const answer = answers?.[name];
  if (!answer) throw new Error('no answer: the host is missing, or did not come to it');
  if ('error' in answer) throw new Error(answer.error);
  return { words: [], ...answer };
}

it.each(BY_NAME)('the reference gives the right answer: %s', (name, { right, words }) => {
  const answer = answerOf(reference, name);
  if (right) expectClose(answer.numbers, right.numbers, right.tolerance);
  if (words) expect(answer.words).toEqual(words);
});

describe.each(HOSTS.map((host) => [host.name, host] as const))('%s', (host, { run }) => {
  it('is there, and supported', { timeout: HOST_TIMEOUT_MS }, async () => {
    const answered = await run(bundle.folder);
    runs.set(host, answered);
    expect(answered.support).toEqual({ supported: true, reasons: [] });
    expect(Object.keys(answered.answers)).toEqual(VECTORS.map(({ name }) => name));
  });

  it.each(BY_NAME)('%s', (name, { tolerance, right }) => {
    const answer = answerOf(runs.get(host)?.answers, name);
    const expected = answerOf(reference, name);
    expectClose(answer.numbers, expected.numbers, tolerance);
    if (name !== 'the CPU engine') expect(answer.words).toEqual(expected.words);
    if (right) expectClose(answer.numbers, right.numbers, right.tolerance);
  });
});

const PAIRS = HOSTS.flatMap((one, i) => HOSTS.slice(i + 1).map((other) => [one.name, other.name] as const));

describe.each(PAIRS)('%s and %s', (one, other) => {
  it.each(BY_NAME)('agree: %s', (name, { tolerance }) => {
    const [first, second] = [one, other].map((host) => answerOf(runs.get(host)?.answers, name));
    expectClose(first?.numbers ?? [], second?.numbers ?? [], tolerance);
    expect(first?.words).toEqual(second?.words);
  });
});

it('are all in a table', async () => {
  const rows = HOSTS.flatMap(({ name, compiler }) => {
    const answered = runs.get(name);
    if (!answered) return [];
    const differences = VECTORS.map((vector) =>
      largestDifference(answerOf(answered.answers, vector.name), answerOf(reference, vector.name)),
    );
    const { version, adapter } = answered;
    return [hostRow({ name, version, compiler, adapter, vectors: VECTORS.length, differences })];
  });
  console.log(`\n${hostsTable(rows)}\n`);
  expect(rows).toHaveLength(HOSTS.length);
  await recordHosts(rows);
  const difference = Math.max(...rows.map((row) => Number(row.difference)));
  await recordFigures('hosts', { hosts: rows.length, inputs: VECTORS.length, difference });
});
