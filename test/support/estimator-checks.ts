// What may be asked of any estimator, after scikit-learn's common checks (sklearn.utils.estimator_checks), whose names
// stand in the comments; each test runs on either backend.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import type { GpuContext } from '../../src/gpu/device/device.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { expectClose } from './close.js';
import { examples, rowsOf } from './examples.js';
import { expectRefusal } from './refusal.js';
import { parametersOf } from './models.js';

/** Roundings of f32 that sums and steps leave in a weight of size 1. */
const F32 = { relative: 1e-4, absolute: 1e-5, because: 'sums and parameters in f32, over a hundred epochs' };

/** `open` gives a context that all of it is tried on. */
export function checkEstimator(options: FitOptions, open?: () => Promise<GpuContext>): void {
  const on: { context?: GpuContext } = {};
  const train = (data: Parameters<typeof fit>[0], more: FitOptions = {}) =>
    fit(data, { ...options, ...on, epochs: 100, ...more });
  const bitsOf = ({ weights, bias, report }: LinearModel) => [...weights, bias, ...(report?.lossHistory ?? [])];
  const dataset = examples(2, 70, 3);
  const rows = Array.from(dataset.targets, (_, i) => dataset.columns.map((column) => column[i] as number));
  const columns = (data: Dataset, order: readonly number[]) =>
    Object.fromEntries(order.map((j) => [`x${j + 1}`, data.columns[j] as Float64Array]));

  describe(`an estimator, ${JSON.stringify(options)}`, () => {
    beforeAll(async () => {
      if (open) on.context = await open();
    });
    afterAll(() => on.context?.dispose());

    // check_fit_idempotent, check_estimators_overwrite_params
    it('fits to the same bits again, and leaves earlier models as they are', async () => {
      const first = await train(dataset);
      const before = bitsOf(first);
      const settings = structuredClone(first.report.settings);
      await train(examples(9, 30, 3), { seed: 5, l2: 0.3 });
      expect(bitsOf(await train(dataset))).toEqual(before);
      expect(bitsOf(first)).toEqual(before);
      expect(first.report.settings).toEqual(settings);
    });

    // check_readonly_memmap_input, check_dict_unchanged, check_dont_overwrite_attributes
    it('writes to nothing that it is given, and predicting changes no model', async () => {
      const given = {
        features: rows.map((row) => Object.freeze([...row])),
        targets: Object.freeze([...dataset.targets]),
      };
      const asked = Object.freeze({ ...options, ...on, epochs: 5, initialParameters: Object.freeze({ weights: Object.freeze([1, 2, 3]), bias: 4 }) }); // prettier-ignore
      const model = await fit(Object.freeze(given), asked);
      const before = structuredClone(model);
      const typed = { columns: columns(dataset, [0, 1, 2]), targets: dataset.targets.slice() };
      const copies = structuredClone(typed);
      await train(typed);
      await model.predict(typed.columns);
      await model.score(typed);
      await model.summary({ ...typed, targets: typed.targets });
      expect(typed).toEqual(copies);
      expect(structuredClone(model)).toEqual(before);
    });

    // check_methods_subset_invariance, check_methods_sample_order_invariance, check_fit2d_predict1d
    it('predicts a row the same, alone, among others and in any order', async () => {
      const model = await train(dataset);
      const together = await model.predict(rows);
      for (const [i, row] of rows.entries()) expect([...(await model.predict([row]))]).toEqual([together[i]]);
      const turned = await model.predict(rows.toReversed());
      expect([...turned].reverse()).toEqual([...together]);
    });

    // check_fit2d_1feature, check_fit2d_1sample
    it('takes one feature, and one example with a warning', async () => {
      const one = await train({ features: [[1], [2], [4], [7]], targets: [3, 5, 9, 15] });
      expectClose(parametersOf(one), [2, 1], F32);
      const single = await train({ features: [[3, 4]], targets: [5] }, { epochs: 1000 });
      expect(single.report.warnings.map(({ code }) => code)).toContain('UNDERDETERMINED');
      expectClose(await single.predict([[3, 4]]), [5], F32);
    });

    // check_estimators_dtypes, check_regressors_int, check_regressor_data_not_an_array, check_f_contiguous_array_estimator
    it('learns the same from lists, f64, f32, whole numbers, rows and columns', async () => {
      const whole = examples(4, 40, 2);
      const rounded = createDataset({
        columns: { x1: whole.columns[0]!.map((value) => Math.round(50 * value)), x2: whole.columns[1]!.map((value) => Math.round(50 * value)) }, // prettier-ignore
        targets: whole.targets.map((value) => Math.round(100 * value)),
      });
      const list = rounded.targets.map((_, i) => i);
      const flat = Array.from(list, (i) => [rounded.columns[0]![i]!, rounded.columns[1]![i]!]).flat();
      const targets = Array.from(rounded.targets);
      const forms: Parameters<typeof fit>[0][] = [
        { features: flat, targets, featureCount: 2 },
        { features: Float64Array.from(flat), targets: Float64Array.from(targets), featureCount: 2 },
        { features: Float32Array.from(flat), targets: Float32Array.from(targets), featureCount: 2 },
        { features: Int16Array.from(flat), targets: Int32Array.from(targets), featureCount: 2 },
        { features: Array.from(list, (i) => flat.slice(2 * i, 2 * i + 2)), targets },
        { columns: { x1: Array.from(rounded.columns[0]!), x2: Float32Array.from(rounded.columns[1]!) }, targets },
      ];
      const expected = parametersOf(await train(rounded));
      const because = 'moments in f32 are added up about a shift that is rounded as the column is';
      for (const form of forms) expectClose(parametersOf(await train(form)), expected, { relative: 2e-7, because });
    });

    // the features' order is a matter of names alone
    it('gives each feature its weight, whatever the order', async () => {
      const initialParameters = { weights: [0, 0, 0], bias: 0 };
      const model = await train(dataset, { initialParameters });
      const turned = await train(
        { columns: columns(dataset, [2, 0, 1]), targets: dataset.targets },
        { initialParameters },
      );
      expect(turned.featureNames).toEqual(['x3', 'x1', 'x2']);
      const [w3, w1, w2] = turned.weights as unknown as [number, number, number];
      expectClose([w1, w2, w3, turned.bias], parametersOf(model), F32);
    });

    // check_methods_sample_order_invariance of fit, check_sample_weights_invariance
    it('learns the same from examples in another order, and twice over', async () => {
      const expected = parametersOf(await train(dataset));
      const all = Array.from(dataset.targets.keys());
      expectClose(parametersOf(await train(rowsOf(dataset, all.toReversed()))), expected, F32);
      expectClose(parametersOf(await train(rowsOf(dataset, [...all, ...all]))), expected, F32);
    });

    // check_n_features_in_after_fitting, check_dataframe_column_names_consistency
    it('knows its features by number and by name', async () => {
      const model = await train({ columns: { area: dataset.columns[0]!, rooms: dataset.columns[1]! }, targets: dataset.targets }); // prettier-ignore
      await expectRefusal(() => model.predict([[1, 2, 3]]), 'SHAPE_MISMATCH', '2 in each row: area, rooms');
      await expectRefusal(() => model.predict({ area: [1], room: [1] }), 'UNKNOWN_COLUMN', "'rooms'");
      await expectRefusal(() => model.score(dataset), 'SHAPE_MISMATCH', '3 features');
    });

    // check_estimators_nan_inf, check_supervised_y_no_nan, check_estimators_empty_data_messages, check_dtype_object
    it('refuses what is no data', async () => {
      await expectRefusal(() => train({ features: [[Number.NaN]], targets: [1] }), 'NON_FINITE_VALUE');
      await expectRefusal(() => train({ features: [[1]], targets: [Infinity] }), 'NON_FINITE_VALUE');
      await expectRefusal(() => train({ features: [], targets: [], featureCount: 1 }), 'EMPTY_DATA');
      await expectRefusal(() => train({ features: [['7']], targets: [1] } as never), 'INVALID_VALUE');
      await expectRefusal(() => train({ features: [[1], [2]], targets: [1] }), 'SHAPE_MISMATCH');
    });

    // check_regressors_train, check_non_transformer_estimators_n_iter
    it('explains what can be explained, and says in how many epochs', async () => {
      const model = await train(dataset);
      expect(await model.score(dataset)).toBeGreaterThan(0.9);
      expect(model.report.epochsRun).toBe(model.report.lossHistory.length);
      expect(model.report.epochsRun).toBeGreaterThan(0);
    });
  });
}
