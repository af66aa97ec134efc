import type { Backend } from '../backend.js';
import { ReferenceTrainer } from './trainer.js';

/** The CPU reference: plain f64 loops over the same examples. */
export function openReferenceBackend(): Backend {
  return {
    name: 'cpu',
    adapter: null,
    upload(dataset, { standardize }) {
      const targets = [{ name: dataset.targetName, values: dataset.targets }];
      return Promise.resolve(new ReferenceTrainer({ dataset, targets, folds: [] }, standardize));
    },
    uploadMany: (data, { standardize }) => Promise.resolve(new ReferenceTrainer(data, standardize)),
    dispose: () => undefined,
  };
}
