import { describe, expect, it } from 'vitest';
import configWgsl from '../shaders/shared/config.wgsl?raw';
import sumsTogether from '../shaders/variants/partial_sum/per_workgroup.wgsl?raw';
import type { Access } from '../src/gpu/device/buffers.js';
import {
  type Config,
  type UniformSettings,
  PROGRESS_BYTES,
  readProgress,
  writeConfig,
  writeProgress,
  writeSettings,
} from '../src/gpu/kernels/uniforms.js';
import {
  conjugateKernel,
  fusedNarrowKernel,
  fusedWideKernel,
  gradientKernel,
  gradientWideKernel,
  residualKernel,
  residualWideKernel,
  rowQuadsOf,
  shortBatchesKernel,
  shortEpochsKernel,
  updateKernel,
  wideShape,
} from '../src/gpu/kernels/epoch-kernels.js';
import {
  lossesKernel,
  lossesWideKernel,
  manyGradientKernel,
  manyNarrowKernel,
  manyResidualKernel,
} from '../src/gpu/kernels/many-kernels.js';
import { OPTIMIZERS } from '../src/options/names.js';
import { HARDWARE, SOFTWARE } from '../src/gpu/device/tuning.js';

/** The fields of a WGSL struct of four-byte scalars, in order: their offsets are 0, 4, 8, … */
function fieldsOf(wgsl: string, struct: string): { name: string; type: string }[] {
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(wgsl)?.[1] ?? '';
  return Array.from(body.matchAll(/^\s*(\w+): (u32|f32),/gm), ([, name = '', type = '']) => ({ name, type }));
}

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

describe('the host', () => {
  it('writes Config as the shaders read it', () => {
    const values = {
      exampleCount: 11,
      quadCount: 12,
      featureCount: 13,
      rowQuads: 14,
      firstPartial: 15,
      partialCount: 16,
      huberDelta: 1.5,
    } satisfies Config;
    const batches = { count: 17, size: 18, halfBits: 3, keys: [0xf0000001, 20] as const };
    const batch = { first: 21, end: 22, weight: 2.5 };
    const written: Record<string, number> = {
      ...values,
      firstExample: 21,
      endExample: 22,
      batchWeight: 2.5,
      evenWeight: 3.5,
      batchCount: 17,
      batchSize: 18,
      halfBits: 3,
      orderKey0: 0xf0000001,
      orderKey1: 20,
    };
    const view = new DataView(writeConfig({ ...values, mini: { batches, evenWeight: 3.5 }, batch }));
    const fields = fieldsOf(configWgsl, 'Config');
    const read = (its: DataView, { type }: { type: string }, i: number) =>
      type === 'u32' ? its.getUint32(4 * i, true) : its.getFloat32(4 * i, true);
    expect(fields.map(({ name }) => camel(name)).toSorted()).toEqual(Object.keys(written).toSorted());
    fields.forEach((field, i) => expect(read(view, field, i), field.name).toBe(written[camel(field.name)]));
    const whole = new DataView(writeConfig(values));
    const full = { ...values, firstExample: 0, endExample: 11, batchCount: 1, batchSize: 11, halfBits: 0 };
    fields.forEach((field, i) =>
      expect(read(whole, field, i), field.name).toBe((full as Record<string, number>)[camel(field.name)] ?? 0),
    );
    expect(view.byteLength % 16, 'uniform buffers come in sixteens').toBe(0);
    expect(view.byteLength).toBeGreaterThanOrEqual(4 * fields.length);
  });

  it('writes Progress as the shaders read it', () => {
    const fields = fieldsOf(configWgsl, 'Progress');
    const view = new DataView(new ArrayBuffer(PROGRESS_BYTES));
    expect(PROGRESS_BYTES).toBe(4 * fields.length);
    const written: Record<string, number> = {
      epoch: 7,
      stop_reason: 2,
      quiet_epochs: 3,
      loss: 0.75,
      batch: 5,
      loss_sum: 2.5,
      last_losses: 0.25,
    };
    fields.forEach(({ name, type }, i) => {
      const value = written[name] as number;
      if (type === 'u32') view.setUint32(4 * i, value, true);
      else view.setFloat32(4 * i, value, true);
    });
    const progress = readProgress(view.buffer);
    expect(progress).toEqual({
      epoch: 7,
      stopReason: 'diverged',
      quietEpochs: 3,
      loss: 0.75,
      within: { batch: 5, lossSum: 2.5, lastLosses: 0.25 },
    });
    const others = { epoch: 9, stopReason: 'finished', quietEpochs: 1, loss: 0.5 } as const;
    expect([PROGRESS_BYTES, 0].map((at) => readProgress(writeProgress([progress, others]), at))).toEqual([
      others,
      progress,
    ]);
  });

  it('numbers the stop reasons as the shaders do', () => {
    const numbers = Object.fromEntries(
      Array.from(
        configWgsl.matchAll(/const (RUNNING|PLATEAU|DIVERGED|FINISHED) = (\d+)u;/g),
        ([, name = '', value]) => [name, Number(value)],
      ),
    );
    expect(numbers).toEqual({ RUNNING: 0, PLATEAU: 1, DIVERGED: 2, FINISHED: 3 });
    for (const [name, value] of Object.entries(numbers)) {
      const view = new DataView(new ArrayBuffer(PROGRESS_BYTES));
      view.setUint32(4, value, true);
      expect(readProgress(view.buffer).stopReason).toBe(name.toLowerCase());
    }
  });

  it('writes Settings as the shaders read them', () => {
    const values: UniformSettings = {
      exampleCount: 11,
      learningRate: 0.5,
      tolerance: 0.25,
      patience: 12,
      epochs: 13,
      firstLoss: 14,
      l1: 0.125,
      l2: 0.75,
      rule: {
        firstFactor: 15,
        factorCount: 16,
        optimizer: 'adam',
        momentum: 0.25,
        beta1: Math.exp(-0.5),
        beta2: 0, // whose logarithm is not finite
        epsilon: 2 ** -20,
        averageFrom: 17,
      },
      pathEvery: 15,
      firstPoint: 16,
    };
    const { rule, ...rest } = values;
    const written: Record<string, number> = { ...rest, ...rule, optimizer: 3, logBeta1: -0.5, logBeta2: -100 };
    delete written['beta1'];
    delete written['beta2'];
    const contents = writeSettings([{ ...values, epochs: 99 }, values]);
    const fields = fieldsOf(configWgsl, 'Settings');
    expect(contents.byteLength).toBe(2 * 4 * fields.length);
    expect(fields.map(({ name }) => camel(name)).toSorted()).toEqual(Object.keys(written).toSorted());
    const view = new DataView(contents, 4 * fields.length);
    fields.forEach(({ name, type }, i) => {
      const read = type === 'u32' ? view.getUint32(4 * i, true) : view.getFloat32(4 * i, true);
      expect(read, name).toBeCloseTo(written[camel(name)] as number, 7);
    });
  });

  it('writes a model without a rule as gradient descent without average', () => {
    const plain = {
      exampleCount: 1,
      learningRate: 1,
      tolerance: 0,
      patience: 1,
      epochs: 1,
      firstLoss: 0,
      l1: 0,
      l2: 0,
    };
    const words = new Uint32Array(writeSettings([plain]));
    const fields = fieldsOf(configWgsl, 'Settings').map(({ name }) => name);
    const word = (name: string) => words[fields.indexOf(name)];
    expect([word('optimizer'), word('factor_count'), word('average_from')]).toEqual([0, 0, 0xffffffff]);
  });

  it('numbers the optimizers as the shaders do', () => {
    const names = /const GRADIENT_DESCENT[^]*?CONJUGATE_GRADIENT = \d+u;/.exec(configWgsl)?.[0] ?? '';
    const numbers = Array.from(names.matchAll(/const (\w+) = (\d+)u;/g), ([, name = '', value]) => ({ name, value }));
    expect(numbers.map(({ name }) => camel(name.toLowerCase()))).toEqual(OPTIMIZERS);
    expect(numbers.map(({ value }) => Number(value))).toEqual(OPTIMIZERS.map((_, k) => k));
  });

  const kernels = [SOFTWARE, HARDWARE].flatMap((tuning) => [
    residualKernel(tuning),
    gradientKernel(tuning),
    updateKernel(tuning),
    conjugateKernel(tuning),
    residualWideKernel(tuning),
    gradientWideKernel(tuning),
    fusedNarrowKernel(1, tuning),
    fusedNarrowKernel(16, tuning),
    fusedWideKernel(wideShape(64, 4)),
    shortEpochsKernel(3, tuning),
    shortBatchesKernel({ quads: 2, parameters: 4, updates: 64, epochs: 1 }, tuning),
    manyNarrowKernel(3, { models: 16, targets: 'one', tuning }),
    manyNarrowKernel(16, { models: 4, targets: 'each', tuning }),
    manyResidualKernel({ models: 4, targets: 'each', tuning }),
    manyGradientKernel({ models: 4, tuning }),
    lossesKernel(2, { models: 16, tuning }),
    lossesWideKernel({ models: 4, tuning }),
  ]);
  it.each(kernels)('binds what $name declares', ({ wgsl, bindings, name }) => {
    const declared = Array.from(
      wgsl.matchAll(/@group\(0\) @binding\((\d+)\) var<([^>]+)>/g),
      ([, number, kind = '']) => {
        const access = { uniform: 'uniform', 'storage, read': 'read', 'storage, read_write': 'readWrite' }[kind];
        return { number: Number(number), access };
      },
    );
    const declaredAs = (access: Access) => (access === 'uniformAt' ? 'uniform' : access);
    expect(declared).toEqual(bindings.map((access, number) => ({ number, access: declaredAs(access) })));
    expect(wgsl).toMatch(new RegExp(`@compute @workgroup_size\\((workgroup_size|SUBGROUP)\\)\\s*fn ${name}\\(`));
  });

  it('has workgroups of sizes that the trees can add up', () => {
    const radix = Number(/const RADIX = (\d+)u;/.exec(sumsTogether)?.[1]);
    expect(HARDWARE.sumsSize % radix).toBe(0);
    expect(HARDWARE.foldSize % HARDWARE.folders).toBe(0);
    for (const { residualSize, sumsSize, foldSize } of [SOFTWARE, HARDWARE]) {
      for (const size of [residualSize, sumsSize, foldSize]) expect(size).toBeLessThanOrEqual(256);
    }
  });
});

describe('the rows of fused_wide', () => {
  it.each([
    [17, 4, { lanes: 2, segments: 1 }],
    [33, 4, { lanes: 4, segments: 1 }],
    [64, 4, { lanes: 4, segments: 1 }],
    [65, 4, { lanes: 4, segments: 2 }],
    [512, 4, { lanes: 4, segments: 8 }],
    [64, 32, { lanes: 4, segments: 1 }],
    [513, 32, { lanes: 32, segments: 2 }],
    [4096, 32, { lanes: 32, segments: 8 }],
  ])('hold %i features in subgroups of %i', (features, subgroup, shape) => {
    expect(wideShape(features, subgroup)).toEqual({ subgroup, ...shape });
    expect(4 * rowQuadsOf(wideShape(features, subgroup))).toBeGreaterThanOrEqual(features);
  });
});
