// The kernels of an epoch on one batch of a shard, wherever it begins and ends.

import { describe, expect, it } from 'vitest';
import {
  type Config,
  PROGRESS_BYTES,
  readProgress,
  writeProgress,
  writeSettings,
} from '../../src/gpu/kernels/uniforms.js';
import {
  fusedNarrowKernel,
  gradientKernel,
  gradientWideKernel,
  residualKernel,
  residualWideKernel,
  updateKernel,
  WIDE_COLUMNS,
} from '../../src/gpu/kernels/epoch-kernels.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { partialsOf, type Tuning } from '../../src/gpu/device/tuning.js';
import { fusedNarrow } from '../../src/reference/fused-narrow.js';
import { emptyOptimizerState, update } from '../../src/reference/update.js';
import { expectClose } from '../support/close.js';
import { columns, numbers } from '../support/data.js';
import { configFor, inQuads, runKernel, RUNNING, shareOf, TUNINGS, withContext } from '../support/kernel.js';
import { expectPartials } from '../support/partials.js';
import { onDevice, RULES } from '../support/rules.js';
import {
  HUBER_DELTA,
  OTHER_TERMS,
  sizesOfTargets,
  sizeTerms,
  targetsFor,
  termsFor,
  withWeights,
} from '../support/terms.js';

const gpu = withContext();

const ROWS = 1031;
const WORKGROUPS = 3;

/** Within a quad, across quads, whole quads, all of the shard, and up to its ragged end. */
const RANGES = [
  [0, 1],
  [5, 6],
  [3, 6],
  [4, 8],
  [7, 9],
  [2, 250],
  [101, 1028],
  [1024, ROWS],
  [0, ROWS],
] as const;

/** The examples of a batch, what training makes of them, and their sums. */
function batchOf([first, end]: readonly [number, number], features: number, form: Terms) {
  const X = columns(4, ROWS, features);
  const y = targetsFor(form, numbers(5, ROWS, 2));
  const terms = termsFor(form, ROWS);
  const parameters = numbers(6, features + 1);
  const part = (column: Float64Array) => column.subarray(first, end);
  const partTerms = { ...terms, exampleWeights: terms.exampleWeights && part(terms.exampleWeights) };
  const expected = new Float64Array(features + 2);
  fusedNarrow(X.map(part), part(y), parameters, expected, partTerms);
  const sizes = new Float64Array(features + 2);
  const absolute = (values: Float64Array) => values.map(Math.abs);
  fusedNarrow(
    X.map((column) => absolute(part(column))),
    sizesOfTargets(part(y)),
    absolute(parameters),
    sizes,
    sizeTerms(partTerms),
  );
  const examples = [inQuads(X), inQuads(withWeights([y], terms))] as const;
  return { examples, parameters, expected, sizes };
}

function configOf([first, end]: readonly [number, number], features: number, tuning: Tuning): Config {
  const rest = { huberDelta: HUBER_DELTA, batch: { first, end, weight: 0 } };
  return configFor(ROWS, features, partialsOf(WORKGROUPS, tuning), rest);
}

const FORMS = [PLAIN, ...OTHER_TERMS];
const casesOf = (forms: readonly Terms[]) => forms.flatMap((form) => RANGES.map((range) => ({ ...form, form, range })));

describe.each(TUNINGS)('the sums of a batch, tuned for $name,', ({ tuning }) => {
  const cases = casesOf(shareOf(tuning, FORMS));
  it.each(cases)('come from fused_narrow: $range, $loss, weighted: $weighted', async ({ range, form }) => {
    for (const features of [1, 3]) {
      const { examples, parameters, expected, sizes } = batchOf(range, features, form);
      const config = configOf(range, features, tuning);
      const [output] = await runKernel(gpu.context, fusedNarrowKernel(features, tuning, 'f32', form), {
        config,
        reads: [...examples, parameters, RUNNING],
        writes: [4 * (features + 2) * config.partialCount],
        workgroups: [WORKGROUPS],
      });
      expectPartials(new Float32Array(output as ArrayBuffer), config.partialCount, expected, sizes);
    }
  });

  it.each(cases)('come from residual and gradient: $range, $loss, weighted: $weighted', async ({ range, form }) => {
    for (const [features, isWide] of [
      [2, false],
      [9, true],
    ] as const) {
      const { examples, parameters, expected, sizes } = batchOf(range, features, form);
      const config = configOf(range, features, tuning);
      const [makeResidual, makeGradient] = isWide
        ? [residualWideKernel, gradientWideKernel]
        : [residualKernel, gradientKernel];
      const [residuals] = await runKernel(gpu.context, makeResidual(tuning, 'f32', form), {
        config,
        reads: [...examples, parameters, RUNNING],
        writes: [2 * 16 * config.quadCount],
        workgroups: [WORKGROUPS],
      });
      const touched = new Float32Array(residuals as ArrayBuffer, 0, 4 * config.quadCount);
      const [first, end] = range;
      touched.forEach((r, i) => {
        const isInQuads = i >= first - (first % 4) && i < 4 * Math.ceil(end / 4);
        if (i < first || i >= end) expect(Math.abs(r), `residual ${i}`).toBe(isInQuads ? 0 : Number.NaN);
      });
      const [output] = await runKernel(gpu.context, makeGradient(tuning, 'f32', form), {
        config,
        reads: [examples[0], residuals as ArrayBuffer, RUNNING],
        writes: [4 * (features + 2) * config.partialCount],
        workgroups: [WORKGROUPS, isWide ? Math.ceil(features / WIDE_COLUMNS) : features + 2],
      });
      expectPartials(new Float32Array(output as ArrayBuffer), config.partialCount, expected, sizes);
    }
  });
});

describe.each(TUNINGS)('update.wgsl by batches, tuned for $name,', ({ tuning }) => {
  const COUNTS = [7, 3, 5];
  const EPOCHS = 4;

  it.each(RULES)('equals its twin by $name', async ({ rule, l1, l2 }) => {
    const size = 4;
    const total = COUNTS.reduce((sum, count) => sum + count, 0);
    const batches = { count: COUNTS.length, size: 7, halfBits: 0, keys: [0, 0] as const };
    const evenWeight = 5;
    const initial = numbers(8, size);
    const stepScales = numbers(9, size, 0.5, 1);
    const learningRate = 0.375;
    const settings = writeSettings([
      {
        ...{ exampleCount: total, learningRate, tolerance: 0, patience: 1, epochs: EPOCHS, firstLoss: 0, l1, l2 },
        rule: onDevice(rule),
      },
    ]);
    const held = new Float64Array(4 * size);
    held.set(initial);
    let parameters: ArrayBuffer = Float32Array.from(held).buffer;
    let progress = writeProgress([{ epoch: 0, stopReason: 'running', quietEpochs: 0, loss: 0 }]);
    const expected = initial.slice();
    const optimizerState = emptyOptimizerState(size);
    const options = { learningRate, l1, l2, stepScales, rule, updatesPerEpoch: COUNTS.length };
    const because =
      'roundings of 2^-24 of values under 4 in up to twelve updates, where adam has an ε of an eighth or none';
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      let loss = 0;
      for (const [k, count] of COUNTS.entries()) {
        const sums = numbers(100 + 10 * epoch + k, size + 1, 3, 1);
        sums[size] = Math.abs(sums[size] as number) + 1;
        const outputs: ArrayBuffer[] = await runKernel(gpu.context, updateKernel(tuning), {
          config: configFor(15, size - 1, 1, {
            mini: { batches, evenWeight },
            batch: { first: 0, end: count, weight: count },
          }),
          reads: [settings, sums, Float64Array.of(...stepScales, ...rule.factors), parameters, progress],
          writes: [4 * 4 * size, PROGRESS_BYTES, 4 * EPOCHS],
          workgroups: [Math.ceil(size / (tuning.foldSize / tuning.folders))],
        });
        const [next, after, history] = outputs as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
        const paced = { ...options, learningRate: (learningRate * count) / evenWeight };
        loss += (update(sums, count, paced, expected, optimizerState) * count) / total;
        expectClose(new Float32Array(next, 0, size), expected, { absolute: 1e-5, because });
        const { epoch: done, within, loss: last } = readProgress(after);
        const isEnd = k === COUNTS.length - 1;
        expect([done, within?.batch]).toEqual(isEnd ? [epoch + 1, undefined] : [epoch, k + 1]);
        const written = new Float32Array(history)[epoch] as number;
        expectClose(isEnd ? [last, written] : [within?.lastLosses ?? 0], isEnd ? [loss, loss] : [loss], {
          relative: 1e-5,
          because: 'some ten roundings',
        });
        if (!isEnd) expect(written).toBe(Number.NaN);
        [parameters, progress] = [next, after];
      }
    }
  });
});
