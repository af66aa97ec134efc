// The random numbers of the shaders by themselves, in small kernels of these tests.

import { describe, expect, it } from 'vitest';
import randomNumbers from '../../shaders/shared/random_numbers.wgsl?raw';
import philox from '../../shaders/shared/philox.wgsl?raw';
import type { Kernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { philox4x32 } from '../../src/base/random.js';
import { expectClose } from '../support/close.js';
import { IS_CHROME, runKernel, withContext } from '../support/kernel.js';

const gpu = withContext();

/** A kernel `f` of one u32 list in and some lists out, all of four numbers per invocation. */
const kernelOf = (outputs: string[], body: string): Kernel => ({
  name: 'f',
  wgsl: `
override workgroup_size: u32 = 64;
@group(0) @binding(0) var<uniform> first: vec4u;
@group(0) @binding(1) var<storage, read> given: array<vec4u>;
${outputs.map((output, i) => `@group(0) @binding(${i + 2}) var<storage, read_write> ${output};`).join('\n')}
@compute @workgroup_size(workgroup_size)
fn f(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var i = id.x; i < arrayLength(&out0); i += workgroups.x * workgroup_size) {
${body}
  }
}
${philox}${randomNumbers}`,
  bindings: ['uniform', 'read', ...outputs.map(() => 'readWrite' as const)],
  workgroupSize: 64,
  constants: {},
});

async function run(kernel: Kernel, given: Uint32Array<ArrayBuffer>, outputCount: number, count: number, first = 0) {
  return runKernel(gpu.context, kernel, {
    config: new Uint32Array([first, 0, 0, 0]).buffer,
    reads: [given.buffer],
    writes: new Array<number>(outputCount).fill(4 * count),
    workgroups: [8],
  });
}

const EDGES = [0, 1, 2, 0xff, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff];

describe('philox.wgsl', () => {
  const TOP = 0x80000000;

  it('has the upper half of every product, at the edges of both halves and in between', async () => {
    const kernel = kernelOf(
      ['out0: array<vec4u>', 'out1: array<vec4u>'],
      `    let a = given[i] ^ vec4u(TOP);
    out0[i] = upper_halves(a, a * FIRST.factor, FIRST);
    out1[i] = upper_halves(a, a * SECOND.factor, SECOND);`,
    );
    const edges = EDGES.flatMap((high) => EDGES.map((low) => high * 0x10000 + low));
    const count = 2 ** 16;
    const factors = Uint32Array.from({ length: count }, (_, i) => edges[i] ?? Math.imul(i, 0x9e3779b1));
    const outputs = await run(kernel, factors, 2, count);
    [0xd2511f53n, 0xcd9e8d57n].forEach((multiplier, which) => {
      const expected = Array.from(factors, (factor) => Number((BigInt(factor) * multiplier) >> 32n));
      expectClose(new Uint32Array(outputs[which] as ArrayBuffer), expected, { because: 'whole numbers' });
    });
  });

  it('gives the words of src/base/random.ts, to any counter and key, and so the published ones', async () => {
    const kernel = kernelOf(
      ['out0: array<vec4u>', 'out1: array<vec4u>', 'out2: array<vec4u>', 'out3: array<vec4u>'],
      `    let c = given[2 * i];
    let words = philox(c.x + vec4u(0, 1, 2, 3), c.y, c.z, c.w, given[2 * i + 1].xy);
    out0[i] = words.w0; out1[i] = words.w1; out2[i] = words.w2; out3[i] = words.w3;`,
    );
    const all = 0xffffffff;
    const published = [
      [0, 0, 0, 0, 0, 0],
      [all, all, all, all, all, all],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0],
    ];
    const others = Array.from({ length: 61 }, (_, i) => {
      return Array.from({ length: 6 }, (_, k) => Math.imul(6 * i + k + 1, 0x9e3779b1) >>> 0);
    });
    const cases = [...published, ...others];
    const outputs = await run(kernel, Uint32Array.from(cases.flatMap((c) => [...c, 0, 0])), 4, 4 * cases.length);
    const words = outputs.map((output) => new Uint32Array(output));
    cases.forEach(([low = 0, ...rest], i) => {
      for (let e = 0; e < 4; e++) {
        const expected = new Uint32Array(4);
        philox4x32(expected, [(low + e) >>> 0, ...rest.slice(0, 3)], rest.slice(3));
        expect(words.map((word) => ((word[4 * i + e] as number) ^ TOP) >>> 0)).toEqual([...expected]);
      }
    });
  });
});

describe('random_numbers.wgsl', () => {
  // Every word that differs in its upper 24 bits, in four parts.
  const COUNT = 2 ** 22;
  const kernel = kernelOf(
    ['out0: array<vec4f>', 'out1: array<vec4f>', 'out2: array<vec4f>', 'out3: array<vec4f>'],
    `    let word = ((first.x + 4 * i + vec4u(0, 1, 2, 3)) * 256) ^ vec4u(TOP) ^ given[0];
    out0[i] = radius(word); out1[i] = cosine(word); out2[i] = sine(word); out3[i] = unsigned_uniform(word);`,
  );

  // Two for the one compiler, and two for the other.
  it.each(IS_CHROME ? [0, 2] : [1, 3])(
    'has every uniform exactly, every radius to five ulp, every angle to two: quarter %i',
    async (part) => {
      const outputs = await run(kernel, new Uint32Array(4), 4, COUNT, part * COUNT);
      const [radii, cosines, sines, uniforms] = outputs.map((output) => new Float32Array(output));
      const u = Float64Array.from({ length: COUNT }, (_, i) => (part * COUNT + i) * 2 ** -24);
      expectClose(uniforms as Float32Array, u, { because: '24 bits are exact' });
      const root = {
        relative: 5 * 2 ** -23,
        because: 'a polynomial to 2^-24, whose last operations round; WGSL allows sqrt 4.5 ulp of its own',
      };
      const turn = {
        relative: 2 * 2 ** -23,
        absolute: 1e-15,
        because: 'a polynomial to 2^-25, whose last operations round; and cos(π/2) is not 0 in f64',
      };
      const twins = [
        { found: radii, twin: (u: number) => Math.sqrt(-2 * Math.log(1 - u)), tolerance: root },
        { found: cosines, twin: (u: number) => Math.cos(2 * Math.PI * u), tolerance: turn },
        { found: sines, twin: (u: number) => Math.sin(2 * Math.PI * u), tolerance: turn },
      ];
      for (const { found, twin, tolerance } of twins) expectClose(found as Float32Array, u.map(twin), tolerance);
    },
  );
});
