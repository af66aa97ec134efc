import { describe, expect, it } from 'vitest';
import { manySentence } from '../../bench/report.js';
import { parseBenchResult } from '../../bench/validate.js';
import { arm, benchResult, missing, sized } from './sample.js';

const good = benchResult(
  sized(1000, 2, arm('webgpu-descent', 'ours', 1), missing('tfjs WebGPU', 'peer-webgpu', 'no adapter')),
);

/** The good file with one member replaced. */
function broken(path: readonly (string | number)[], value: unknown): string {
  const copy = structuredClone(good) as unknown;
  let parent = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  parent[path.at(-1) as string] = value;
  return JSON.stringify(copy);
}

describe('a result file', () => {
  it('comes back as it was written', () => {
    expect(parseBenchResult(JSON.stringify(good))).toEqual(good);
    expect(parseBenchResult(broken(['later'], 'version'))).toEqual({ ...good, later: 'version' });
    expect(parseBenchResult(broken(['environment', 'adapter'], null)).environment.adapter).toBeNull();
  });

  it('may say how long several models at a time take', () => {
    const fitMany = {
      rows: 1000,
      features: 2,
      models: 16,
      msPerEpoch: { median: 3.5, q1: 3, q3: 4 },
      oneMsPerEpoch: { median: 1, q1: 0.9, q3: 1.1 },
      ratioToOne: 3.5,
      correct: true,
    };
    expect(parseBenchResult(broken(['fitMany'], fitMany))).toEqual({ ...good, fitMany });
    const wrong = broken(['fitMany'], { ...fitMany, ratioToOne: 'much' });
    expect(() => parseBenchResult(wrong)).toThrow('fitMany.ratioToOne is "much"; expected a number above 0');
    expect(manySentence(fitMany)).toBe(
      '16 models at a time on 1,000 × 2: 3.50 ms per epoch, 3.50 times as long as one (1.00 ms)',
    );
    expect(manySentence({ ...fitMany, correct: false })).toContain('WRONG');
  });

  it.each([
    [[], 'x', /^not JSON: /],
    [['environment'], undefined, 'environment is missing; expected an object with adapter, runtime'],
    [['environment', 'date'], 'soon', 'environment.date is "soon"; expected a date as in ISO 8601'],
    [['environment', 'cores'], 0.5, 'environment.cores is 0.5; expected a whole number from 1 up'],
    [['cases'], {}, 'cases is {}; expected a list'],
    [['cases', 0, 'rows'], '1000', 'cases[0].rows is "1000"; expected a whole number from 1 up'],
    [['cases', 0, 'results', 0, 'kind'], 'mine', 'cases[0].results[0].kind is "mine"; expected one of ours'],
    [['cases', 0, 'results', 0, 'correct'], 'yes', 'cases[0].results[0].correct is "yes"; expected true or false'],
    [['cases', 0, 'results', 1, 'msPerEpoch'], undefined, 'cases[0].results[1].msPerEpoch is missing'],
    [
      ['cases', 0, 'results', 0, 'msPerEpoch', 'q1'],
      0,
      'cases[0].results[0].msPerEpoch.q1 is 0; expected a number above 0',
    ],
    [
      ['cases', 0, 'results', 0, 'name'],
      ['long'.repeat(99)],
      /^cases\[0\]\.results\[0\]\.name is \["long.{34}…; expected a text$/,
    ],
  ])('is refused for a wrong %j, with its place', (path, value, message) => {
    expect(() => parseBenchResult(path.length === 0 ? (value as string) : broken(path, value))).toThrow(message);
  });

  it('is an object', () => {
    expect(() => parseBenchResult('[1]')).toThrow('the file is [1]; expected an object with environment, cases');
    expect(() => parseBenchResult('null')).toThrow('the file is null');
  });
});
