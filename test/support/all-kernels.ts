// Every kernel that the library can ask for, by all of its answers and constants.

import { syntheticClassification, syntheticRegression } from '../../src/data/synthetic.js';
import { HARDWARE, SOFTWARE, type Tuning } from '../../src/gpu/device/tuning.js';
import * as epoch from '../../src/gpu/kernels/epoch-kernels.js';
import { hessianKernel, hessianNarrowKernel, MOST_NARROW_HESSIAN, secondDerivativesKernel } from '../../src/gpu/kernels/hessian-kernels.js'; // prettier-ignore
import { columnLayout, type Layout } from '../../src/gpu/kernels/layout.js';
import * as many from '../../src/gpu/kernels/many-kernels.js';
import { momentsKernel, MOST_NARROW_COLUMNS } from '../../src/gpu/kernels/moments-kernels.js';
import { syntheticKernel } from '../../src/gpu/kernels/synthetic-kernel.js';
import { columnStatisticsKernel, type Holds, importRowsKernel, predictKernel } from '../../src/gpu/kernels/table-kernels.js'; // prettier-ignore
import type { Terms } from '../../src/gpu/kernels/variants.js';
import { LOSSES } from '../../src/options/names.js';

/** A kernel, and the answers that complete its text. */
export interface NamedKernel {
  kernel: epoch.Kernel;
  answers: string;
}

const STORAGES = ['f32', 'f16'] as const;
const TUNINGS = [SOFTWARE, HARDWARE];
const TERMS: Terms[] = LOSSES.flatMap((loss) => [false, true].map((weighted) => ({ loss, weighted })));
const SUBGROUPS = [1, 2, 4, 8, 16, 32, 64, 128];

const upTo = (most: number) => Array.from({ length: most }, (_, k) => k + 1);
const termsText = ({ loss, weighted }: Terms) => `loss=${loss} weighted=${weighted}`;
const layoutOf = (order: Layout['order'], storage: epoch.Storage): Layout =>
  order === 'columns' ? columnLayout(storage) : { order, storage, rowQuads: 4, exampleMultiple: 4 };

/** All kernels, each as often as sets of answers and constants make its text. */
export function* allKernels(): Generator<NamedKernel> {
  for (const tuning of TUNINGS) yield* ofTuning(tuning);
  for (const storage of STORAGES) {
    for (const terms of TERMS) for (const tuning of TUNINGS) yield* ofTerms(storage, terms, tuning);
    for (const terms of TERMS) yield* wideOnes(storage, terms);
  }
  yield* ofTables();
  yield* synthetics();
}

function* ofTuning(tuning: Tuning): Generator<NamedKernel> {
  const answers = `folders=${tuning.folders === 1 ? 1 : 'many'}`;
  yield { kernel: epoch.updateKernel(tuning), answers };
  yield { kernel: epoch.conjugateKernel(tuning), answers: '' };
  yield { kernel: epoch.validationLossKernel(tuning), answers: '' };
  yield { kernel: epoch.validationModelKernel(tuning), answers: '' };
  for (const columns of upTo(MOST_NARROW_COLUMNS + 1).slice(1)) {
    yield { kernel: momentsKernel(columns, tuning), answers: `sums=${tuning.sums}` };
  }
}

/** The kernels whose text depends on storage, loss, weights and the sums of the adapter. */
function* ofTerms(storage: epoch.Storage, terms: Terms, tuning: Tuning): Generator<NamedKernel> {
  const ofAll = `storage=${storage} ${termsText(terms)}`;
  const answers = `${ofAll} sums=${tuning.sums}`;
  yield { kernel: epoch.residualKernel(tuning, storage, terms), answers: ofAll };
  yield { kernel: epoch.residualWideKernel(tuning, storage, terms), answers: ofAll };
  yield { kernel: epoch.gradientKernel(tuning, storage, terms), answers: `storage=${storage} sums=${tuning.sums}` };
  yield { kernel: epoch.gradientWideKernel(tuning, storage, terms), answers: `storage=${storage} sums=${tuning.sums}` };
  const shape = { quads: 1, parameters: 2, updates: 1, epochs: 1 };
  yield { kernel: epoch.shortBatchesKernel(shape, tuning, storage, terms), answers: ofAll };
  for (const d of upTo(epoch.MOST_SHORT_FEATURES)) yield { kernel: epoch.shortEpochsKernel(d, tuning, storage, terms), answers: ofAll }; // prettier-ignore
  for (const d of upTo(MOST_NARROW_HESSIAN)) yield { kernel: hessianNarrowKernel(d, { storage }, tuning, terms), answers }; // prettier-ignore
  for (const order of ['columns', 'rows'] as const) {
    const layout = layoutOf(order, storage);
    yield { kernel: secondDerivativesKernel(layout, tuning, terms), answers: `layout=${order} ${ofAll}` };
    yield { kernel: hessianKernel(layout, tuning), answers: `layout=${order} storage=${storage} sums=${tuning.sums}` };
  }
  for (const d of upTo(epoch.MOST_NARROW_FEATURES)) {
    yield { kernel: epoch.fusedNarrowKernel(d, tuning, storage, terms), answers };
    for (const models of upTo(many.mostNarrowModels(d))) {
      const options = { models, tuning, storage, terms };
      yield { kernel: many.lossesKernel(d, options), answers: ofAll };
      for (const targets of ['one', 'each'] as const) {
        yield { kernel: many.manyNarrowKernel(d, { ...options, targets }), answers: `${answers} targets=${targets}` };
      }
    }
  }
  for (const models of upTo(many.MOST_WIDE_MODELS)) {
    const options = { models, tuning, storage, terms };
    yield { kernel: many.lossesWideKernel(options), answers };
    yield { kernel: many.manyGradientKernel(options), answers: `storage=${storage} sums=${tuning.sums}` };
    for (const targets of ['one', 'each'] as const) {
      yield { kernel: many.manyResidualKernel({ ...options, targets }), answers: `${ofAll} targets=${targets}` };
    }
  }
}

/** fused_wide for every share of a subgroup's lanes in a row. */
function* wideOnes(storage: epoch.Storage, terms: Terms): Generator<NamedKernel> {
  for (const subgroup of SUBGROUPS) {
    for (let d = 1; d <= epoch.mostWideFeatures(subgroup); d += 16) {
      const shape = epoch.wideShape(d, subgroup);
      for (const isPinned of [false, true]) {
        const answers = `storage=${storage} ${termsText(terms)} pinned=${isPinned}`;
        yield { kernel: epoch.fusedWideKernel(shape, storage, terms, isPinned), answers };
      }
    }
  }
}

function* ofTables(): Generator<NamedKernel> {
  for (const holds of ['numbers', 'labels', 'weights'] satisfies Holds[]) {
    for (const weighted of [false, true]) {
      yield { kernel: columnStatisticsKernel(SOFTWARE, holds, weighted), answers: `weighted=${weighted}` };
    }
  }
  for (const storage of STORAGES) {
    for (const order of ['columns', 'rows'] as const) {
      yield { kernel: importRowsKernel(order, storage, SOFTWARE), answers: `storage=${storage}` };
    }
  }
  for (const output of ['prediction', 'probability', 'residual', 'correct'] as const) {
    yield { kernel: predictKernel(output, SOFTWARE), answers: `output=${output}` };
  }
}

function* synthetics(): Generator<NamedKernel> {
  for (const features of upTo(12)) {
    for (const distribution of ['uniform', 'normal'] as const) {
      for (const correlation of [0, 0.5]) {
        const common = { rows: 1, features, distribution, correlation };
        const specs = [
          syntheticRegression(common).spec,
          syntheticRegression({ ...common, outliers: 0.1 }).spec,
          syntheticClassification(common).spec,
        ];
        for (const spec of specs) {
          for (const order of ['columns', 'rows', 'table'] as const) {
            for (const isPicked of [false, true]) {
              const answers = `layout=${order === 'table' ? 'table' : 'training'} picked=${isPicked}`;
              yield { kernel: syntheticKernel(spec, order, SOFTWARE, isPicked), answers };
            }
          }
        }
      }
    }
  }
}
