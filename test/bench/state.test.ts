import { describe, expect, it } from 'vitest';
import { browserName } from '../../bench/page/browser-name.js';
import { DEFAULT_STATE, fromHash, listedCases, toHash } from '../../bench/page/state.js';

const LIBRARIES = ['webgpu-descent', 'tfjs WebGPU', 'plain JS loop'];

describe('the address', () => {
  it('brings every state back', () => {
    const states = [
      DEFAULT_STATE,
      { cases: [{ rows: 7, features: 3 }], arms: ['tfjs WebGPU'], effort: 'quick' as const, chartFeatures: 64 },
      { ...DEFAULT_STATE, cases: [], arms: [] },
    ];
    for (const state of states) expect(fromHash(toHash(state), LIBRARIES)).toEqual({ state, problems: [] });
  });

  it('may be empty or name what is not here', () => {
    expect(fromHash('', LIBRARIES)).toEqual({ state: DEFAULT_STATE, problems: [] });
    const { state, problems } = fromHash(
      '#cases=1000x2,none&arms=plain+JS+loop,rust&effort=more&features=x',
      LIBRARIES,
    );
    expect(state).toEqual({
      cases: [{ rows: 1000, features: 2 }],
      arms: ['plain JS loop'],
      effort: 'full',
      chartFeatures: null,
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).toContain("unknown library 'rust'; expected some of webgpu-descent, ");
  });
});

it('lists every case once, narrow before wide', () => {
  const names = listedCases([
    { rows: 1000, features: 2 },
    { rows: 5, features: 3 },
  ]).map(({ rows, features }) => `${rows}x${features}`);
  expect(names.slice(0, 6)).toEqual(['1000x2', '10000x2', '100000x2', '1000000x2', '5x3', '1000000x8']);
});

it('finds the name of a browser in what it says of itself', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
  expect(browserName(chrome)).toBe('Chrome/147.0.0.0');
  expect(browserName(`${chrome} Edg/147.0.1.2`)).toBe('Edg/147.0.1.2');
  expect(browserName('Mozilla/5.0 (X11; rv:142.0) Gecko/20100101 Firefox/142.0')).toBe('Firefox/142.0');
  expect(browserName('Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15')).toBe('Safari/26.0');
  expect(browserName('something else')).toBe('something else');
});
