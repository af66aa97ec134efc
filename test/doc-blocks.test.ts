// Every example of README.md and docs/ that needs no device runs against the built library, and prints what it says.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { DESCENT_ERROR_CODES, type DescentErrorCode } from '../src/index.js';
import { blocksOf, type DocBlock, docBlocks, hostNames, type Modules, runBlock } from './support/doc-blocks.js';
import { BUILT } from './support/built.js';

let modules: Modules;
let names: Record<string, unknown>;

beforeAll(async () => {
  const built = (name: string) => pathToFileURL(join(BUILT, `${name}.js`)).href;
  const load = async <Name extends keyof Modules>(name: Name, file: string) =>
    [name, await import(/* @vite-ignore */ built(file))] as const;
  const loaded = await Promise.all([
    load('webgpu-descent', 'index'),
    load('webgpu-descent/arrow', 'arrow'),
    load('webgpu-descent/csv', 'csv'),
    load('webgpu-descent/model', 'model'),
    load('webgpu-descent/parquet', 'parquet'),
    load('webgpu-descent/sql', 'sql'),
    load('webgpu-descent/worker', 'worker'),
  ]);
  modules = Object.fromEntries(loaded) as unknown as Modules;
  names = await hostNames(modules['webgpu-descent']);
});

/** Runs the TypeScript of a block. */
async function run(code: string, more: Record<string, unknown> = {}): Promise<unknown[][]> {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  return runBlock(outputText, modules, { ...more, ...names });
}

const rounded = (values: Iterable<number>) => Array.from(values, (value) => Number(value.toFixed(2)));

/** What blocks print, by their page and a word that only they have. */
const PRINTED: Record<string, (calls: unknown[][]) => void> = {
  'README.md featureCount': (calls) => {
    const [[weights, bias], [converged, backend], [predictions]] = calls as [
      [Float64Array, number],
      [boolean, string],
      [Float64Array],
    ];
    expect(rounded([...weights, bias])).toEqual([3, -2, 0.5]);
    expect([converged, backend]).toEqual([true, 'cpu']);
    expect(rounded(predictions)).toEqual([3.25]);
  },
  'docs/optimizers.md SEED_PROGRAM': ([rates, epochs]) => {
    const [limit, rate] = rates as [number, number];
    expect(rate).toBeCloseTo(limit / 2, 12);
    expect(epochs).toEqual([100]);
  },
  'docs/optimizers.md conjugateGradient': (calls) => {
    const weights = calls.map(([found]) => rounded(found as Float64Array));
    expect(weights).toEqual(Array.from({ length: 4 }, () => [3, -2]));
    expect(calls[2]?.[1]).toBeLessThan(calls[0]?.[1] as number); // exact steps, and the end by roundings
  },
  'docs/losses.md predictClass': (calls) => {
    const [[probability], [label], [accuracy]] = calls as [[Float64Array], [Uint8Array], [number]];
    expect(probability[0]).toBeGreaterThan(0.9);
    expect(Array.from(label)).toEqual([1]);
    expect(accuracy).toBeGreaterThan(0.95);
  },
  'docs/regularization.md lasso': (calls) => {
    const [[weights, bias, score], [sparse]] = calls as [[Float64Array, number, number], [Float64Array]];
    expect(bias).toBe(0);
    expect(weights[0]).toBeGreaterThan(2);
    expect(weights[0]).toBeLessThan(2.9);
    expect(score).toBeGreaterThan(0.9);
    expect(sparse[0]).toBeGreaterThan(0);
    expect(sparse[1]).toBe(0);
  },
  'docs/data.md exampleWeights': (calls) => {
    const [[weights, score]] = calls as [[Float64Array, number]];
    expect(rounded(weights)).toEqual([3, -2]);
    expect(score).toBeGreaterThan(0.999);
  },
  'docs/data.md csvSource': (calls) => {
    const [[columns], [features, predictions]] = calls as [[string[]], [string[], Float64Array]];
    expect(columns).toEqual(['area', 'rooms', 'price']);
    expect(features).toEqual(['area', 'rooms']);
    expect(predictions[0]).toBeGreaterThan(160);
    expect(predictions[0]).toBeLessThan(180);
  },
  'docs/files.md categories': (calls) => {
    const [[features], [delimiter, decimal], [predictions]] = calls as [[string[]], [string, string], [Float64Array]];
    expect(features).toEqual(['city=Paris', 'city=Rome', 'area']);
    expect([delimiter, decimal]).toEqual([';', ',']);
    expect(Math.round(predictions[0] as number)).toBe(1110);
  },
  'docs/files.md csvTable': ([predictions]) =>
    expect(Array.from(predictions?.[0] as Float64Array, Math.round)).toEqual([21, 41]),
  'docs/files.md classifier': ([printed]) => expect(printed).toEqual([['no', 'yes'], ['yes']]),
  'docs/mini-batches.md batchSize': (calls) => {
    const [[epochs]] = calls as [[number]];
    expect(epochs).toBeGreaterThan(1);
    expect(epochs).toBeLessThanOrEqual(20);
  },
  'docs/live-training.md fitSteps': (calls) => {
    const [weights, bias, stopReason] = calls.at(-1)?.slice(2) as [number[], number, string];
    expect(rounded([...weights, bias])).toEqual([3, -2, 0.5]);
    expect(stopReason).toBe('converged');
    expect(calls.map(([epoch]) => epoch as number).slice(0, 3)).toEqual([10, 20, 30]);
  },
  'docs/live-training.md resume': (calls) => {
    const [[before, after, stopReason]] = calls as [[number, number, string]];
    expect([before, stopReason]).toEqual([10, 'converged']);
    expect(after).toBeGreaterThan(10);
  },
  'docs/early-stopping.md validationFraction': (calls) => {
    const [[epochs, bestEpoch, stopReason]] = calls as [[number, number, string]];
    expect(stopReason).toBe('earlyStopping');
    expect(bestEpoch).toBeGreaterThan(1);
    expect(epochs).toBeGreaterThanOrEqual(bestEpoch);
  },
  'docs/exact.md precisions': (calls) => {
    const [[meaning, degreesOfFreedom, error]] = calls as [[string, number, number]];
    expect([meaning, degreesOfFreedom]).toEqual(['precisions', 47]);
    expect(error).toBeLessThan(0.1);
  },
  'docs/exact.md fromJSON': (calls) => {
    const [[solver], [table], [predictions]] = calls as [[{ rank: number }], [string], [Float64Array]];
    expect(solver.rank).toBe(2);
    expect(table).toMatch(/^area +2\.0\d* /m);
    expect(Math.round((predictions[0] as number) / 10)).toBe(19);
  },
  'docs/moments.md mergeMoments': (calls) => {
    const [[weights, count]] = calls as [[Float64Array, number]];
    expect(weights[0]).toBeGreaterThan(2.5);
    expect(count).toBe(2000); // the same thousand twice
  },
  'docs/many-models.md fitMany': (calls) => {
    const [[stopReasons], [losses], [points]] = calls as [[string[]], [number[][]], [number]];
    expect(stopReasons).toEqual(['converged', 'converged', 'converged']);
    expect(losses.map(([mean = 0]) => mean)).toEqual(losses.map(([mean = 0]) => mean).toSorted((a, b) => a - b));
    expect(points).toBe(4096);
  },
  'docs/synthetic.md standardize': (calls) => {
    const [[learned, truth]] = calls as [[Float64Array, Float64Array]];
    expect(rounded(learned)).toEqual(rounded(truth));
  },
  'docs/choosing.md solved': (calls) => {
    const [, [optimizer, isLonger], [converged, left]] = calls as [unknown, [string, boolean], [boolean, number]];
    expect([optimizer, isLonger, converged]).toEqual(['gradientDescent', true, true]);
    expect(left).toBeLessThan(1e-6);
  },
  'docs/learning-rates.md area': (calls) => {
    const [left, scaled] = calls.map((values) => values.at(-1));
    expect(left).toBeGreaterThan(1e-4);
    expect(scaled).toBeLessThan(1e-6); // far below the other, whatever rounding leaves
  },
  'docs/learning-rates.md SEED_PROGRAM': (calls) => {
    const [[limit], [ratio]] = calls as [[number], [number]];
    // Means and mean squares of 20,000 draws are within a few hundredths of those of the distribution.
    expect(Math.abs(limit - 2)).toBeLessThan(0.05);
    expect(Math.abs(ratio - 2 / 3)).toBeLessThan(0.02);
  },
  'docs/from-other-libraries.md closed': (calls) => {
    const [[closed, weight]] = calls as [[number, number]];
    expect(weight).toBeCloseTo(closed, 9); // the tolerance of the default solver
  },
  'docs/big-data.md mergeMoments': (calls) => expect(calls[0]?.[0]).toBe(100),
  'docs/support.md checkSupport': (calls) => {
    expect(calls[0]?.[0]).toBe('NO_WEBGPU');
    expect(calls.at(-1)).toEqual([false]);
  },
  'docs/files.md readings': (calls) => expect(calls).toEqual([['streamed', true]]),
  'docs/errors.md DescentError,': (calls) => {
    expect(calls).toEqual([['epoch'], [expect.stringContaining("'epochs'")]]);
  },
};

function isErrorCode(heading: string): heading is DescentErrorCode {
  return (DESCENT_ERROR_CODES as readonly string[]).includes(heading);
}

function keysOf({ page, code }: DocBlock): string[] {
  return Object.keys(PRINTED).filter((key) => {
    const [place, word = ''] = key.split(' ');
    return place === page && new RegExp(`\\b${word}`).test(code);
  });
}

/** The blocks of this page run on an engine, in test/engines. */
const ON_ENGINES = 'docs/warehouse.md';

const BLOCKS = docBlocks().filter(({ page }) => page !== ON_ENGINES);
const ON_THE_HOST = BLOCKS.filter(({ needsDevice }) => !needsDevice);

describe('the examples of README and docs', () => {
  for (const block of ON_THE_HOST) {
    const { page, line, heading, code } = block;
    if (isErrorCode(heading)) {
      // The pieces of this page show one call each, without its import.
      it(`${page}:${line} ends with ${heading}`, async () => {
        await expect(
          run(code, {
            ...modules['webgpu-descent'],
            ...modules['webgpu-descent/csv'],
            ...modules['webgpu-descent/sql'],
          }),
        ).rejects.toMatchObject({
          code: heading,
        });
      });
    } else {
      it(`${page}:${line} runs, and prints what it says`, async () => {
        const calls = await run(code);
        for (const key of keysOf(block)) PRINTED[key]?.(calls);
      });
    }
  }

  it('are there, one for each expectation', () => {
    const count = (key: string) => ON_THE_HOST.filter((block) => keysOf(block).includes(key)).length;
    expect(Object.keys(PRINTED).filter((key) => count(key) !== 1)).toEqual([]);
  });

  it('are found with their line and heading, and told apart by what they need', () => {
    const text = '# A\n\ntext\n\n```ts\nawait f();\n```\n\n## B\n\n```ts\nawait f({ context });\n```\n';
    expect(blocksOf('page.md', text)).toEqual([
      { page: 'page.md', line: 5, heading: 'A', code: 'await f();\n', needsDevice: false },
      { page: 'page.md', line: 11, heading: 'B', code: 'await f({ context });\n', needsDevice: true },
    ]);
  });

  it('fail when they throw', async () => {
    await expect(
      run("import { fit } from 'webgpu-descent';\nawait fit({ features: [], targets: [] });"),
    ).rejects.toThrow();
    await expect(run('unknownName();')).rejects.toThrow(ReferenceError);
  });
});
