import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { read } from './read.js';

describe('the published data', () => {
  // The residual standard deviation at the published coefficients is itself published: a wrong number anywhere moves it.
  test.each([
    {
      data: 'norris',
      target: 'y',
      features: ['x'],
      intercept: -0.262323073774029,
      weights: [1.00211681802045],
      residualDeviation: 0.884796396144373,
      tolerance: 1e-12, // certified to 15 digits
    },
    {
      data: 'longley',
      target: 'employed',
      features: ['gnp_deflator', 'gnp', 'unemployed', 'armed_forces', 'population', 'year'],
      intercept: -3482258.63459582,
      weights: [
        15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359, -0.0511041056535807,
        1829.15146461355,
      ],
      residualDeviation: 304.854073561965,
      tolerance: 1e-9, // certified to 15 digits, of which the sum of terms near 3.5e6 loses some
    },
    {
      data: 'stackloss',
      target: 'stack_loss',
      features: ['air_flow', 'water_temp', 'acid_conc'],
      intercept: -39.9197,
      weights: [0.7156, 1.2953, -0.1521],
      residualDeviation: 3.243,
      tolerance: 5e-4, // published to 4 digits
    },
  ])(
    'are copied without a slip: $data',
    async ({ data, target, features, intercept, weights, residualDeviation, tolerance }) => {
      const url = new URL(`../data/${data}.csv`, import.meta.url);
      const open = () => Readable.toWeb(createReadStream(url)) as ReadableStream<Uint8Array>;
      const seen = await read(open, { target });
      expect(seen.features).toEqual(features);
      expect(await read(await readFile(url, 'utf8'), { target })).toEqual(seen);
      let sum = 0;
      for (const [i, y] of seen.targets.entries()) {
        const prediction = weights.reduce((h, weight, j) => h + weight * (seen.columns[j]?.[i] ?? NaN), intercept);
        sum += (prediction - y) ** 2;
      }
      const deviation = Math.sqrt(sum / (seen.targets.length - weights.length - 1));
      expect(Math.abs(deviation / residualDeviation - 1)).toBeLessThan(tolerance);
    },
  );
});
