import { describe, expect, it } from 'vitest';
import configWgsl from '../shaders/shared/config.wgsl?raw';
import { type Config, PROGRESS_BYTES, readProgress, writeConfig } from '../src/gpu/config.js';
import { fusedNarrow, GRADIENT, GRADIENT_WIDE, RESIDUAL, RESIDUAL_WIDE, UPDATE } from '../src/gpu/kernels.js';
import { HARDWARE, SOFTWARE } from '../src/gpu/tuning.js';

/** The fields of a WGSL struct of four-byte scalars, in order: their offsets are 0, 4, 8, … */
function fieldsOf(wgsl: string, struct: string): { name: string; type: string }[] {
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(wgsl)?.[1] ?? '';
  return Array.from(body.matchAll(/^\s*(\w+): (u32|f32),/gm), ([, name = '', type = '']) => ({ name, type }));
}

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

describe('the host lays out what the shaders read', () => {
  it('in Config', () => {
    const values: Config = {
      exampleCount: 11,
      quadCount: 12,
      featureCount: 13,
      partialCount: 14,
      patience: 15,
      learningRate: 0.5,
      tolerance: 0.25,
    };
    const view = new DataView(writeConfig(values));
    const fields = fieldsOf(configWgsl, 'Config');
    expect(fields.map(({ name }) => camel(name)).toSorted()).toEqual(Object.keys(values).toSorted());
    fields.forEach(({ name, type }, i) => {
      const read = type === 'u32' ? view.getUint32(4 * i, true) : view.getFloat32(4 * i, true);
      expect(read, name).toBe(values[camel(name) as keyof Config]);
    });
    expect(view.byteLength % 16, 'uniform buffers come in sixteens').toBe(0);
    expect(view.byteLength).toBeGreaterThanOrEqual(4 * fields.length);
  });

  it('in Progress', () => {
    const fields = fieldsOf(configWgsl, 'Progress');
    const view = new DataView(new ArrayBuffer(PROGRESS_BYTES));
    expect(PROGRESS_BYTES).toBe(4 * fields.length);
    const written: Record<string, number> = { epoch: 7, stop_reason: 2, quiet_epochs: 3, loss: 0.75 };
    fields.forEach(({ name, type }, i) => {
      const value = written[name] as number;
      if (type === 'u32') view.setUint32(4 * i, value, true);
      else view.setFloat32(4 * i, value, true);
    });
    expect(readProgress(view.buffer)).toEqual({ epoch: 7, stopReason: 'diverged', quietEpochs: 3, loss: 0.75 });
  });

  it('in stop reasons', () => {
    const numbers = Object.fromEntries(
      Array.from(configWgsl.matchAll(/const (RUNNING|CONVERGED|DIVERGED) = (\d+)u;/g), ([, name = '', value]) => [
        name,
        Number(value),
      ]),
    );
    expect(numbers).toEqual({ RUNNING: 0, CONVERGED: 1, DIVERGED: 2 });
    for (const [name, value] of Object.entries(numbers)) {
      const view = new DataView(new ArrayBuffer(PROGRESS_BYTES));
      view.setUint32(4, value, true);
      expect(readProgress(view.buffer).stopReason).toBe(name.toLowerCase());
    }
  });

  it.each([RESIDUAL, GRADIENT, UPDATE, RESIDUAL_WIDE, GRADIENT_WIDE, fusedNarrow(1), fusedNarrow(16)])(
    'in the bindings of $name',
    ({ wgsl, bindings, name }) => {
      const declared = Array.from(
        wgsl.matchAll(/@group\(0\) @binding\((\d+)\) var<([^>]+)>/g),
        ([, number, kind = '']) => {
          const access = { uniform: 'uniform', 'storage, read': 'read', 'storage, read_write': 'readWrite' }[kind];
          return { number: Number(number), access };
        },
      );
      expect(declared).toEqual(bindings.map((access, number) => ({ number, access })));
      expect(wgsl).toMatch(new RegExp(`@compute @workgroup_size\\(workgroup_size\\)\\s*fn ${name}\\(`));
    },
  );

  it.each([SOFTWARE, HARDWARE])('in workgroups that the trees can add up', ({ workgroupSize }) => {
    const radix = Number(/const RADIX = (\d+)u;/.exec(UPDATE.wgsl)?.[1]);
    for (const size of [workgroupSize.sums, workgroupSize.fold]) expect(size % radix).toBe(0);
    for (const size of Object.values(workgroupSize)) expect(size).toBeLessThanOrEqual(256);
  });
});
