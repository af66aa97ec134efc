// What the README says is what the code does.

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';
import readme from '../README.md?raw';
import { SETTINGS } from '../src/options.js';

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
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    const built = pathToFileURL('dist/index.js');
    await readFile(built); // the build comes before the tests
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      const runnable = outputText.replace("'webgpu-descent'", `'${built.href}'`);
      await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(runnable)}`);
      const [weights, bias] = log.mock.calls[0] as [Float64Array, number];
      expect([...weights, bias].map((value) => Number(value.toFixed(2)))).toEqual([3, -2, 0.5]);
      expect(Number((log.mock.calls[2]?.[0] as Float32Array)[0]?.toFixed(2))).toBe(3.25);
      expect(log.mock.calls[3]).toEqual([100]);
    } finally {
      log.mockRestore();
    }
  });
});
