// The mutants of `npm run test:mutants`: what is changed, and that its list of survivors is one of mutants that exist.

import { describe, expect, it } from 'vitest';
import { filesBelow, mutantsOf, PARTS, sampleOf } from '../scripts/mutants/mutant.js';
import { testsOf } from '../scripts/mutants/tests-of.js';
import { mutantsOfTypeScript } from '../scripts/mutants/typescript.js';
import { mutantsOfWgsl } from '../scripts/mutants/wgsl.js';
import survivors from './mutants/survivors.json';

interface Change {
  at: number;
  from: string;
  to: string;
}

/** The text with each change made, one by one. */
const textsOf = (text: string, changes: readonly Change[]) =>
  changes.map(({ at, from, to }) => text.slice(0, at) + to + text.slice(at + from.length));

describe('mutants', () => {
  it('of WGSL are operators, constants, bounds, barriers, calls and the next element', () => {
    const text = '@compute @workgroup_size(4) fn f(a: array<f32, 8>) { x[i] = a + 1u; // 2 < 3\n workgroupBarrier(); }';
    expect(textsOf(text, mutantsOfWgsl(text)).map((mutant) => mutant.slice(53))).toEqual([
      'x[i + 1] = a + 1u; // 2 < 3\n workgroupBarrier(); }',
      'x[i] = a - 1u; // 2 < 3\n workgroupBarrier(); }',
      'x[i] = a + 2u; // 2 < 3\n workgroupBarrier(); }',
      'x[i] = a + 1u; // 2 < 3\n  }',
    ]);
    const calls = '; f(a, b); let c = g(a, b, 1) + min(a, b); if (a) { h(&a); }';
    expect(textsOf(calls, mutantsOfWgsl(calls)).map((mutant) => mutant.slice(2).trim())).toEqual([
      'let c = g(a, b, 1) + min(a, b); if (a) { h(&a); }',
      'f(a, b); let c = g(b, a, 1) + min(a, b); if (a) { h(&a); }',
      'f(a, b); let c = g(a, b, 2) + min(a, b); if (a) { h(&a); }',
      'f(a, b); let c = g(a, b, 1) - min(a, b); if (a) { h(&a); }',
      'f(a, b); let c = g(a, b, 1) + max(a, b); if (a) { h(&a); }',
      'f(a, b); let c = g(a, b, 1) + min(a, b); if (a) {  }',
    ]);
    expect(mutantsOfWgsl('override workgroup_size: u32 = 64;\n')).toEqual([]);
    expect(mutantsOfWgsl('{ return (a); }')).toEqual([]);
    expect(mutantsOfWgsl('const MAX = 0x1.fffffep+127f;')).toEqual([]);
    const minus = 'let a = -b - min(c, 0.5) * d;';
    expect(textsOf(minus, mutantsOfWgsl(minus))).toEqual([
      'let a = b - min(c, 0.5) * d;',
      'let a = -b + min(c, 0.5) * d;',
      'let a = -b - max(c, 0.5) * d;',
      'let a = -b - min(c, 1.5) * d;',
      'let a = -b - min(c, 0.5) / d;',
    ]);
  });

  it('of TypeScript are operators, constants and truth values, not types, imports or the words of errors', () => {
    const text = "const a: Map<1, 2> = !b && c <= 1 ? Math.min(d) : true; throw new TypeError(1 + 'x');";
    expect(textsOf(text, mutantsOfTypeScript(text)).map((mutant) => mutant.slice(21, 54).trim())).toEqual([
      '!b || c <= 1 ? Math.min(d) : true',
      'b && c <= 1 ? Math.min(d) : true;',
      '!b && c < 1 ? Math.min(d) : true;',
      '!b && c <= 2 ? Math.min(d) : true',
      '!b && c <= 1 ? Math.max(d) : true',
      '!b && c <= 1 ? Math.min(d) : fals',
    ]);
  });

  it('of TypeScript are also conditions, signs, fractions, calls and the order of arguments', () => {
    const text = 'if (a) b.c(d, e); else f = g ? -1e-9 : Math.max(h, i);';
    expect(textsOf(text, mutantsOfTypeScript(text))).toEqual([
      'if (!a) b.c(d, e); else f = g ? -1e-9 : Math.max(h, i);',
      'if (a) ; else f = g ? -1e-9 : Math.max(h, i);',
      'if (a) b.c(e, d); else f = g ? -1e-9 : Math.max(h, i);',
      'if (a) b.c(d, e); else f = !g ? -1e-9 : Math.max(h, i);',
      'if (a) b.c(d, e); else f = g ? 1e-9 : Math.max(h, i);',
      'if (a) b.c(d, e); else f = g ? -1.000000001 : Math.max(h, i);',
      'if (a) b.c(d, e); else f = g ? -1e-9 : Math.min(h, i);',
    ]);
  });

  it('that survive are mutants of the present files, each with a reason', () => {
    const files = new Set(Object.keys(survivors).map((name) => name.split(': ', 1)[0] as string));
    const names = new Set([...files].flatMap((file) => mutantsOf(file).map(({ name }) => name)));
    for (const [name, reason] of Object.entries(survivors)) {
      expect(names.has(name), name).toBe(true);
      expect(reason, name).toMatch(/^equivalent: .{20}/);
    }
  });

  it('have tests to meet, in every file, and a sample by a seed is the same again', () => {
    for (const folder of PARTS) {
      const files = filesBelow(folder, /\.(?:ts|wgsl)$/);
      for (const file of files) expect(testsOf(file).flat().length, file).toBeGreaterThan(0);
      expect(sampleOf(files, 5, 7)).toEqual(sampleOf(files, 5, 7));
    }
  });

  it('are drawn from every file before a second of any', () => {
    const files = ['src/moments/merge.ts', 'src/moments/merge-tree.ts', 'src/moments/level-constants.ts'];
    const drawn = sampleOf(files, 7, 3).map(({ file }) => file);
    expect(new Set(drawn.slice(0, 3))).toEqual(new Set(files));
    expect(drawn.slice(3, 6)).toEqual(drawn.slice(0, 3));
    expect(sampleOf(files, Infinity, 3)).toHaveLength(files.flatMap(mutantsOf).length);
    expect(sampleOf(files, 4, 3, ({ to }) => to === ';').every(({ to }) => to === ';')).toBe(true);
    expect(sampleOf(files, 7, 4)).not.toEqual(sampleOf(files, 7, 3));
  });

  it('meet the tests that are nearest by their imports first, and the shortest of those', () => {
    const ms = new Map([['test/solve/median.test.ts', 9], ['test/solve/streamed-median.test.ts', 5]]); // prettier-ignore
    expect(testsOf('src/solve/median.ts', (test) => ms.get(test))[0]).toEqual([...ms.keys()].reverse());
    expect(testsOf('src/cpu/kernels/loss.ts')[0]?.[0]).toBe('test/cpu/kernels.test.ts');
    const lists = testsOf('src/gpu/device/pace.ts').flat();
    expect(new Set(lists).size).toBe(lists.length);
  });
});
