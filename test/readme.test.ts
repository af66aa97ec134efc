// What the README says is what the code does.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';
import readme from '../README.md?raw';
import { SETTINGS } from '../src/options/specs.js';
import { BUILT } from './support/built.js';

/** The example that has this word. */
function exampleWith(word: string): string {
  const examples = Array.from(readme.matchAll(/```ts\n([\s\S]*?)```/g), ([, code]) => code ?? '');
  return examples.find((code) => code.includes(word)) ?? '';
}

/** Runs TypeScript against the built library. */
async function run(code: string): Promise<void> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const built = pathToFileURL(join(BUILT, 'index.js'));
  const runnable = outputText.replaceAll("'webgpu-descent'", `'${built.href}'`);
  await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(runnable)}`);
}

/** What the first example makes is there for the others. */
const DATA = `
  const features = new Float32Array(2000).map((_, i) => Math.sin(i * i));
  const targets = new Float32Array(1000).map((_, i) => 3 * features[2 * i] - 2 * features[2 * i + 1] + 0.5);
`;

describe('README', () => {
  it('lists every option as the code has it', () => {
    const shown = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value));
    const rows = SETTINGS.map(({ name, default: value, sentence, range }) => {
      return `| \`${name}\` | \`${shown(value)}\` | ${sentence} ${range.charAt(0).toUpperCase()}${range.slice(1)}. |`;
    });
    const table = readme.split('\n').filter((line) => line.startsWith('| `'));
    expect(table).toEqual(rows);
  });

  it('has an example that runs', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await run(exampleWith('SEED_PROGRAM'));
      const [weights, bias] = log.mock.calls[0] as [Float64Array, number];
      expect([...weights, bias].map((value) => Number(value.toFixed(2)))).toEqual([3, -2, 0.5]);
      expect(Number((log.mock.calls[2]?.[0] as Float32Array)[0]?.toFixed(2))).toBe(3.25);
      expect(log.mock.calls[3]).toEqual([100]);
    } finally {
      log.mockRestore();
    }
  });

  it('has an example of labels, penalties and weights that runs', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await run(DATA + exampleWith('predictClass'));
      const [[probability, label], [weights, bias, score]] = log.mock.calls as [
        [Float64Array, Uint8Array],
        [Float64Array, number, number],
      ];
      expect(probability[0]).toBeGreaterThan(0.9);
      expect([...label, bias]).toEqual([1, 0]);
      expect(weights[0]).toBeGreaterThan(2);
      expect(weights[0]).toBeLessThan(2.9);
      expect(score).toBeGreaterThan(0.9);
    } finally {
      log.mockRestore();
    }
  });

  it('has an example of optimizers that runs', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await run(DATA + exampleWith('conjugateGradient'));
      const weights = log.mock.calls.map(([found]) => Array.from(found as Float64Array, (w) => Number(w.toFixed(2))));
      expect(weights).toEqual(Array.from({ length: 4 }, () => [3, -2]));
      expect(log.mock.calls[2]?.[1]).toBeLessThan(log.mock.calls[0]?.[1] as number); // exact steps, and the end by roundings
    } finally {
      log.mockRestore();
    }
  });

  it('has an example of live training that runs', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await run(DATA + exampleWith('fitSteps'));
      const [weights, bias, stopReason] = log.mock.calls.at(-1)?.slice(2) as [number[], number, string];
      expect([...weights, bias].map((value) => Number(value.toFixed(2)))).toEqual([3, -2, 0.5]);
      expect(stopReason).toBe('converged');
      expect(log.mock.calls.map(([epoch]) => epoch as number).slice(0, 3)).toEqual([10, 20, 30]);
    } finally {
      log.mockRestore();
    }
  });

  it('has an example of held-out examples that runs', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await run(DATA + exampleWith('validationFraction'));
      const [epochs, bestEpoch, stopReason] = log.mock.calls[0] as [number, number, string];
      expect(stopReason).toBe('earlyStopping');
      expect(bestEpoch).toBeGreaterThan(1);
      expect(epochs).toBeGreaterThanOrEqual(bestEpoch);
    } finally {
      log.mockRestore();
    }
  });

  it('has an example of a checkpoint that runs', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await run(DATA + exampleWith('resume'));
      const [before, after, stopReason] = log.mock.calls[0] as [number, number, string];
      expect([before, stopReason]).toEqual([10, 'converged']);
      expect(after).toBeGreaterThan(10);
    } finally {
      log.mockRestore();
    }
  });

  it('has an example of the exact answer that runs', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      const data = `
        const area = Float64Array.from({ length: 50 }, (_, i) => 60 + 30 * Math.sin(i));
        const rooms = Float64Array.from({ length: 50 }, (_, i) => 1 + (i % 4));
        const prices = area.map((value, i) => 2 * value + 10 * rooms[i] + Math.cos(7 * i));
      `;
      await run(data + exampleWith('solveExact'));
      const [[solver], [table], [predictions]] = log.mock.calls as [[{ rank: number }], [string], [Float64Array]];
      expect(solver.rank).toBe(2);
      expect(table).toMatch(/^area +2\.0\d* /m);
      expect(Math.round((predictions[0] as number) / 10)).toBe(19);
    } finally {
      log.mockRestore();
    }
  });

  it('has an example of many models that runs', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await run(DATA + exampleWith('fitMany'));
      const [[stopReasons], [losses], [points]] = log.mock.calls as [[string[]], [number[][]], [number]];
      expect(stopReasons).toEqual(['converged', 'converged', 'converged']);
      expect(losses.map(([mean = 0]) => mean)).toEqual(losses.map(([mean = 0]) => mean).toSorted((a, b) => a - b));
      expect(points).toBe(4096);
    } finally {
      log.mockRestore();
    }
  });
});
