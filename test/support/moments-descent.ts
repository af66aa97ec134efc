import type { RunSettings } from '../../src/descent/backend.js';
import { createDataset, type Dataset } from '../../src/data/dataset.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { MomentsTrainer } from '../../src/moments/descent/trainer.js';
import { openReferenceBackend } from '../../src/reference/backend.js';
import { normals, uniforms } from './examples.js';
import { hardColumns, hardTargets } from './moments.js';
import { RUN } from './run-settings.js';

export const SETTINGS: RunSettings = { ...RUN, epochs: 100, learningRate: 0.3 };

export const reference = (dataset: Dataset, standardize: boolean) =>
  openReferenceBackend().upload(dataset, { standardize, kernels: 'auto', storage: 'f32' });
export const onMoments = (dataset: Dataset, standardize: boolean) =>
  new MomentsTrainer(momentsOfDataset(dataset), { standardize });

/** Offsets, sizes, a constant: as real tables have them. */
export const table = () => {
  const named = Object.fromEntries(hardColumns(90).map((column, j) => [`x${j}`, column]));
  return createDataset({ columns: { ...named, same: new Float64Array(90).fill(0.1) }, targets: hardTargets(90) });
};

/** Temperatures in kelvin, whose offset is many times their spread, twice. */
export const kelvin = () => {
  const [inside, outside] = [uniforms(1, 80), uniforms(2, 80)].map((u) => u.map((value) => 285 + 35 * value)) as [
    Float64Array,
    Float64Array,
  ];
  const targets = normals(3, 80).map((e, i) => 0.7 * (inside[i] as number) - 0.2 * (outside[i] as number) + e);
  return createDataset({ columns: { inside, outside }, targets });
};
