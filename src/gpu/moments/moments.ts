import { inTurns } from '../../base/turns.js';
import type { FloatArray } from '../../data/dataset.js';
import { checkExampleWeights } from '../../data/example-weights.js';
import { type Center, fullCenter, sampleCenter } from '../../moments/centers.js';
import { checkLengths, checkSquares } from '../../moments/checks.js';
import type { MomentColumns } from '../../moments/columns.js';
import { levelConstants } from '../../moments/level-constants.js';
import type { Moments } from '../../moments/moments.js';
import { momentsFromShiftedSums, type ShiftedSums } from '../../moments/shifted-sums.js';
import { compileKernels } from '../device/compile.js';
import type { GpuContext } from '../device/device.js';
import { momentsKernel } from '../kernels/moments-kernels.js';
import { MomentsPass, type PassSums } from './moments-pass.js';
import { planMoments } from './moments-plan.js';
import { WeightedColumns } from './weighted-columns.js';

/**
 * The moments of columns, added up on the device in one pass: in f32 about a shift near the means, bounded in length, and
 * folded in f64. The device holds a few chunks at a time, whatever the number of examples; where it is a software adapter
 * the host takes a part of them (see moments-plan.ts).
 *
 * Throws `SHAPE_MISMATCH`, `TOO_LARGE` for products that fit no binding, `OUT_OF_MEMORY`, `NON_FINITE_VALUE` for columns
 * whose squares f64 cannot hold, counting rows from `firstRow`, and the signal's reason. Whatever happens, what was made
 * is freed.
 */
export async function momentsOnDevice(
  context: GpuContext,
  examples: MomentColumns,
  { signal, firstRow = 0 }: { signal?: AbortSignal | undefined; firstRow?: number } = {},
): Promise<Moments> {
  const columns = [...examples.features, ...examples.targets];
  const names = [...examples.featureNames, ...examples.targetNames];
  checkLengths(columns, names);
  const exampleCount = columns[0]?.length ?? 0;
  if (examples.exampleWeights) checkExampleWeights(examples.exampleWeights, exampleCount, firstRow);
  const weighted =
    examples.exampleWeights && (await inTurns(WeightedColumns.of(columns, examples.exampleWeights), signal));
  const summed = weighted?.columns ?? columns;
  const plan = planMoments(exampleCount, summed.length, context.limits, context.tuning);
  const [compiled] = await compileKernels(context, [momentsKernel(summed.length, context.tuning)], signal);
  if (!compiled) throw new TypeError('a kernel compiles to a kernel');
  const addUp = async (centerOf: (column: FloatArray) => Center) => {
    const centers = weighted?.centers ?? columns.map(centerOf);
    const pass = new MomentsPass(context, compiled, plan, summed, centers, weighted?.scaled);
    return { centers, sums: await pass.run(signal) };
  };
  let { centers, sums } = await addUp(sampleCenter);
  // A value so far from all of the sample that its square leaves f32: once more, by all values.
  if (!weighted && !sums.device.every(Number.isFinite)) ({ centers, sums } = await addUp(fullCenter));
  const inUnits = sumsInUnits(sums, centers, exampleCount);
  const shifted = weighted ? weighted.sumsOf(inUnits) : inUnits;
  columns.forEach((column, i) => {
    const squares = shifted.products[i * columns.length + i] as number;
    const isConstant = squares === 0 && sums.device[rowBegin(i) + 1 + i] === 0; // or too small for f64
    checkSquares(squares, isConstant, { column, name: names[i] as string, firstRow });
  });
  levelConstants(shifted, columns, examples.exampleWeights);
  return momentsFromShiftedSums(shifted, examples.featureNames, examples.targetNames, 'f32');
}

/** Index of the first element of row i in a partial: Σ zᵢ, then its products with the columns up to i. */
function rowBegin(i: number): number {
  return (i * (i + 3)) / 2;
}

/** Both sums together, as if no column had been divided by a power of two. */
function sumsInUnits({ device, host }: PassSums, centers: readonly Center[], count: number): ShiftedSums {
  const size = centers.length;
  const factors = centers.map(({ exponent }) => 2 ** exponent);
  const { shift, sums, products } = host;
  factors.forEach((factor, i) => {
    sums[i] = (sums[i] as number) + (device[rowBegin(i)] as number) * factor;
    for (let j = 0; j <= i; j++) {
      // One factor after the other: their product may leave f64 where this does not.
      const product = (device[rowBegin(i) + 1 + j] as number) * factor * (factors[j] as number);
      products[j * size + i] = (products[j * size + i] as number) + product;
    }
  });
  return { count, shift, sums, products };
}
