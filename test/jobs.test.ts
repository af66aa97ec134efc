import { describe, expect, it } from 'vitest';
import modelListWgsl from '../shaders/shared/model_list.wgsl?raw';
import type { Role, Start } from '../src/descent/backend.js';
import { groupsOf, JOB_BYTES, jobLists, writeJobs } from '../src/gpu/kernels/model-list.js';
import { manyRecipeFor } from '../src/gpu/training/many-recipes.js';
import { PLAIN } from '../src/gpu/kernels/variants.js';
import { HARDWARE, SOFTWARE } from '../src/gpu/device/tuning.js';

const role = (target: number, validationFold: number | null = null): Role => ({ target, validationFold });
const modelsOf = (lists: ReturnType<typeof jobLists>) => lists.map((list) => list.map(({ model }) => model));

describe('the jobs of a shard', () => {
  const roles = [role(0, 0), role(0, 1), role(1, 0), role(1, 1), role(0)];

  it('are the models that train on its fold', () => {
    expect(modelsOf(jobLists(roles, 0, 'each'))).toEqual([[1, 3, 4]]);
    expect(modelsOf(jobLists(roles, 1, 'each'))).toEqual([[0, 2, 4]]);
    expect(modelsOf(jobLists(roles, 2, 'each'))).toEqual([[0, 1, 2, 3, 4]]);
    expect(modelsOf(jobLists(roles, null, 'each'))).toEqual([[0, 1, 2, 3, 4]]);
  });

  it('come column by column where a dispatch serves one', () => {
    expect(modelsOf(jobLists(roles, 0, 'one'))).toEqual([[1, 4], [3]]);
    expect(jobLists(roles, 0, 'one')[1]).toEqual([{ model: 3, target: 1 }]);
  });

  it('are none if all models validate on its fold', () => {
    expect(jobLists([role(0, 2), role(1, 2)], 2, 'each')).toEqual([]);
    expect(jobLists([role(0, 2), role(1, 2)], 2, 'one')).toEqual([]);
  });

  it('lie as the shaders read them', () => {
    const fields = Array.from(
      /struct ModelEntry \{([^}]*)\}/.exec(modelListWgsl)?.[1]?.matchAll(/(\w+): u32,/g) ?? [],
      ([, name]) => name,
    );
    expect(fields).toEqual(['model', 'column']);
    expect([...writeJobs([{ model: 5, target: 6 }, { model: 7, target: 8 }])]).toEqual([5, 6, 7, 8]); // prettier-ignore
    expect(JOB_BYTES).toBe(4 * fields.length);
  });
});

describe('the runs that models are cut into', () => {
  const starts = (...epochs: number[]) =>
    epochs.map((count): Start => {
      const settings = { epochs: count, learningRate: 1, tolerance: 0, patience: 1, l1: 0, l2: 0 };
      return { role: role(0), initial: new Float64Array(2), settings };
    });
  const sizes = (groups: Start[][]) => groups.map(({ length }) => length);

  it('have partial sums that fit', () => {
    expect(sizes(groupsOf(starts(1, 1, 1, 1, 1), 400, 800))).toEqual([2, 2, 1]);
    expect(sizes(groupsOf(starts(1, 1, 1, 1, 1), 400, 4000))).toEqual([5]);
  });

  it('have losses that fit', () => {
    expect(sizes(groupsOf(starts(100, 100, 50, 60, 200), 4, 1000))).toEqual([3, 1, 1]);
  });

  it('have paths that fit beside the losses', () => {
    const onPaths = starts(100, 100, 100).map((its) => ({ ...its, settings: { ...its.settings, pathEvery: 10 } }));
    // A hundred losses and ten points of two numbers take 480 bytes.
    expect(sizes(groupsOf(onPaths, 4, 2 * 480))).toEqual([2, 1]);
    expect(sizes(groupsOf(onPaths, 4, 2 * 480 - 1))).toEqual([1, 1, 1]);
  });

  it('have one model, if even that is too large', () => {
    expect(sizes(groupsOf(starts(1, 1), 4000, 100))).toEqual([1, 1]);
  });

  it('have as many models as a dispatch reaches', () => {
    expect(sizes(groupsOf(starts(...new Array<number>(65_540).fill(1)), 4, 2 ** 40))).toEqual([65_535, 5]);
  });
});

describe('the recipe of several models', () => {
  const choice = { kernels: 'auto', storage: 'f32', terms: PLAIN, tuning: SOFTWARE, bindingBytes: 2 ** 27 } as const;
  const of = (features: number, roles: readonly Role[], kernels: 'auto' | 'textbook' = 'auto') =>
    manyRecipeFor(features, roles, { ...choice, kernels });
  const same = (count: number) => Array.from({ length: count }, () => role(0));

  it.each([
    [2, 1, 1],
    [2, 16, 16],
    [2, 17, 9],
    [3, 40, 14],
    [4, 16, 8],
    [8, 9, 5],
    [9, 7, 4],
    [16, 3, 3],
    [17, 9, 3],
    [600, 4, 4],
  ])('takes, for %i features, %i models in passes of %i', (features, count, models) => {
    const recipe = of(features, same(count));
    expect(recipe.many?.models).toBe(models);
    expect(recipe.name).toBe(features <= 16 ? 'many-narrow' : 'many-wide');
  });

  it('holds no more residuals in two passes than a shard has features', () => {
    expect(of(1, same(9), 'textbook').many?.models).toBe(1);
    expect(of(3, same(9), 'textbook').many?.models).toBe(3);
    const quadCount = 2 ** 21; // 128 MiB of X: one binding
    expect(of(4, same(9), 'textbook').many?.mostJobs(quadCount)).toBe(3);
  });

  it('serves one column of targets at a time where each has three models, else all at once', () => {
    const columns = (perColumn: number) => Array.from({ length: 4 * perColumn }, (_, k) => role(k % 4));
    expect(of(2, columns(1)).many).toMatchObject({ targets: 'each', models: 4 });
    expect(of(2, columns(2)).many).toMatchObject({ targets: 'each', models: 8 });
    expect(of(2, columns(3)).many).toMatchObject({ targets: 'one', models: 3 });
    expect(of(2, same(2)).many).toMatchObject({ targets: 'one' });
  });

  it('works for no more models at a time than a submit has time for', () => {
    for (const tuning of [SOFTWARE, HARDWARE]) {
      const { many } = manyRecipeFor(2, same(64), { ...choice, tuning });
      const quadCount = tuning.mostShardBytes / 32; // two columns of 16 bytes fill a shard
      expect(many?.mostJobs(quadCount)).toBe(16);
      expect(many?.mostJobs(quadCount / 4)).toBe(64);
    }
  });
});
