// predict.wgsl, which reads a caller's table row by row.

import { describe, expect, it } from 'vitest';
import { predictKernel } from '../../src/gpu/kernels/table-kernels.js';
import { hits, predict } from '../../src/reference/predict.js';
import { expectClose } from '../support/close.js';
import { numbers, sumOfSizes, tableOf } from '../support/data.js';
import { configFor, raggedAndLong, runKernel, TUNINGS, withContext } from '../support/kernel.js';

const gpu = withContext();

describe.each(TUNINGS)('predict.wgsl, tuned for $name,', ({ tuning }) => {
  it.each(raggedAndLong(tuning))('equals its twin at $rows × $features', async ({ rows, features }) => {
    const X = tableOf(rows, features);
    const parameters = numbers(3, features + 1);
    const y = numbers(2, rows, 3);
    const run = { config: configFor(rows, features), writes: [4 * rows] };
    const workgroups: [number] = [Math.ceil(rows / 1024)];
    const tolerance = {
      absolute: (features + 3) * 2 ** -24 * 1.25 * (sumOfSizes(parameters) + 4),
      because: 'each of the d + 2 additions rounds by at most half a unit; features are under 1.25, targets under 4',
    };
    const [predicted] = await runKernel(gpu.context, predictKernel('prediction', tuning), {
      ...{ ...run, workgroups },
      reads: [X, parameters],
    });
    expectClose(new Float32Array(predicted as ArrayBuffer), predict(X, parameters), tolerance);
    const [probable] = await runKernel(gpu.context, predictKernel('probability', tuning), {
      ...{ ...run, workgroups },
      reads: [X, parameters],
    });
    const probabilities = predict(X, parameters).map((h) => 1 / (1 + Math.exp(-h)));
    expectClose(new Float32Array(probable as ArrayBuffer), probabilities, {
      absolute: tolerance.absolute / 4 + 8 * 2 ** -24,
      because: 'σ is no steeper than 1/4; WGSL allows exp(−|h|) an error of (3 + 2|h|) units, which is under four of 1',
    });
    const [residuals] = await runKernel(gpu.context, predictKernel('residual', tuning), {
      ...{ ...run, workgroups },
      reads: [X, parameters, y],
    });
    expectClose(new Float32Array(residuals as ArrayBuffer), predict(X, parameters, y), tolerance);
    const logOdds = predict(X, parameters);
    // A label by which one of two is right; where the log-odds are too near 0 to tell in f32, the reference has no say.
    const labels = y.map((value, i) => (value + 0.1 * (logOdds[i] as number) > 0 ? 1 : 0));
    const [correct] = await runKernel(gpu.context, predictKernel('correct', tuning), {
      ...{ ...run, workgroups },
      reads: [X, parameters, labels],
    });
    const expected = hits(logOdds, labels);
    const isSure = (i: number) => Math.abs(logOdds[i] as number) > tolerance.absolute;
    const found = new Float32Array(correct as ArrayBuffer);
    expect([...found].filter((_, i) => isSure(i))).toEqual([...expected].filter((_, i) => isSure(i)));
    expect([...found].filter((value) => value !== 0 && value !== 1)).toEqual([]);
  });

  it('leaves log-odds that are not finite in place of 1 and 0', async () => {
    const X = Float64Array.of(3e38, -3e38, 1, -1);
    const [correct] = await runKernel(gpu.context, predictKernel('correct', tuning), {
      config: configFor(4, 1),
      reads: [X, Float64Array.of(2, 0), Float64Array.of(1, 1, 1, 1)],
      writes: [16],
      workgroups: [1],
    });
    expect([...new Float32Array(correct as ArrayBuffer)]).toEqual([Infinity, -Infinity, 1, 0]);
  });
});
