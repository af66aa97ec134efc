import { isTurnOver, nextTurn } from '../base/turns.js';
import type { ColumnBatch } from '../data/source.js';
import type { BatchSums, BatchSumsPlan } from '../descent/batch-sums.js';
import type { Evaluation } from '../descent/evaluation.js';
import { evaluationOf } from './evaluate.js';
import { fillTiles, type StoredColumn } from './fill.js';
import { columnsOfTile, rowsOfTile, type Shape } from './kernels/shape.js';
import { openRows, type Pass, type Rows } from './rows.js';
import { hasWasm } from './wasm-rows.js';

/** Numbers that are laid out at a time: a quarter of a megabyte in f64, which stays in the second cache until it is added up. */
const NUMBERS_AT_ONCE = 2 ** 15;

/** Passes over batches by the kernels of the engine, in f64: some rows after another are laid out in the same memory and added up. */
export async function openBatchSums(plan: BatchSumsPlan): Promise<BatchSums> {
  const { standardization, isWeighted } = plan;
  const featureCount = standardization.columns.length;
  const shape: Shape = { featureCount, targetCount: 1, isWeighted, storedBytes: 8 };
  const tileRows = rowsOfTile(shape);
  const rowCount = tileRows * Math.max(1, Math.floor(NUMBERS_AT_ONCE / columnsOfTile(shape) / tileRows));
  const rows = openRows(shape, rowCount, (await hasWasm()) ? 'wasm' : 'loops');
  const passes = new Map<string, Promise<Pass>>();
  return {
    kernels: rows.kernels,
    precision: 'f64',
    async evaluate(
      batches,
      parameters,
      { withHessian, huberDelta, signal, loss = plan.objective.loss },
    ): Promise<Evaluation> {
      const kind = { loss, hasTargets: true, isPrecise: true, withHessian };
      const key = `${loss} ${withHessian}`;
      const opening = passes.get(key) ?? rows.pass(kind);
      passes.set(key, opening);
      const pass = await opening;
      const model = Float64Array.of(...standardization.toStored(parameters), huberDelta);
      let all: Float64Array | undefined;
      for await (const batch of batches) {
        await addBatch(rows, pass, model, columnsOf(batch, plan), signal);
        all = all?.map((sum, j) => sum + (pass.read()[j] as number)) ?? pass.read().slice();
      }
      return evaluationOf(all as Float64Array, standardization, plan.totalWeight, withHessian);
    },
    dispose: () => rows.dispose(),
  };
}

/** The columns of a batch as they are stored. */
function columnsOf(
  { features, targets, exampleWeights }: ColumnBatch,
  { standardization }: BatchSumsPlan,
): StoredColumn[] {
  const { columns, targetCenters } = standardization;
  const stored = columns.map(({ center, exponent }, j) => {
    return { values: features[j] as Float64Array, center, scale: 2 ** -exponent };
  });
  stored.push({ values: targets, center: targetCenters[0] as number, scale: 1 });
  if (exampleWeights) stored.push({ values: exampleWeights, center: 0, scale: 1 });
  return stored;
}

/** The sums over one batch, with turns of the event loop in between. */
async function addBatch(
  rows: Rows,
  pass: Pass,
  model: Float64Array,
  columns: readonly StoredColumn[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const count = columns.at(-1)?.values.length ?? 0;
  pass.begin(model);
  for (let first = 0; first < count; first += rows.count) {
    if (isTurnOver()) await nextTurn(signal);
    const end = Math.min(first + rows.count, count);
    fillTiles(rows.numbers, rows.shape, columns, { first, end });
    pass.add(0, end - first, 0);
  }
}
