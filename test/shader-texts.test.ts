// The text of every shader is in a list: neither data nor numbers of options enter it. `npx vitest run --project node
// test/shader-texts.test.ts --update` writes the list anew.

import { describe, expect, it } from 'vitest';
import { residualKernel } from '../src/gpu/kernels/epoch-kernels.js';
import { SOFTWARE } from '../src/gpu/device/tuning.js';
import { allKernels } from './support/all-kernels.js';
import { Chance } from './support/mutations.js';
import { randomKernels } from './support/random-kernels.js';
import { listOf, ShaderList } from './support/shader-texts.js';

/** Sets of options that are drawn. */
const DRAWS = 10_000;

const list = await listOf(allKernels());

describe('the list of shader texts', { timeout: 120_000 }, () => {
  it('is up to date: if not, run this with --update', () => expect(list).toMatchFileSnapshot('shader-texts.txt'));

  it(`has the texts of all kernels for ${DRAWS} random sets of options, data and adapters`, async () => {
    const known = new ShaderList(list);
    const names = new Set<string>();
    for (let seed = 1; seed <= DRAWS; seed++) {
      const kernels = randomKernels(new Chance(seed));
      expect(await known.missing(kernels), `seed ${seed}`).toEqual([]);
      for (const { name } of kernels) names.add(name);
    }
    const all = new Set([...allKernels()].map(({ kernel }) => kernel.name));
    expect(
      [...all].filter((name) => !names.has(name)),
      'kernels that no draw asked for',
    ).toEqual([]);
  });

  it('lacks a text with a number in it, and one with a constant beyond its range', async () => {
    const known = new ShaderList(list);
    const { wgsl } = residualKernel(SOFTWARE);
    expect(await known.has(wgsl)).toBe(true);
    expect(await known.has(wgsl.replace('KEEPS_LOSSES = false', 'KEEPS_LOSSES = true'))).toBe(false);
    expect(await known.has(wgsl.replace('0u', '7u'))).toBe(false);
    expect(await known.has(`${wgsl}\nconst RATE = 3u;\n`)).toBe(false);
  });
});
