import type { FloatArray } from '../dataset.js';
import { type Center, fullCenter, sampleCenter } from '../moments/centers.js';
import { checkLengths, checkSquares } from '../moments/checks.js';
import type { MomentColumns } from '../moments/columns.js';
import type { Moments } from '../moments/moments.js';
import { momentsFromShiftedSums, type ShiftedSums } from '../moments/shifted-sums.js';
import { compileKernels } from './compile.js';
import type { GpuContext } from './device.js';
import { momentsKernel } from './moments-kernels.js';
import { MomentsPass } from './moments-pass.js';
import { planMoments } from './moments-plan.js';

/**
 * The moments of columns, added up on the device in one pass: in f32 about a shift near the means, bounded in length, and
 * folded in f64. The device holds a few chunks at a time, whatever the number of examples.
 *
 * Throws `SHAPE_MISMATCH`, `TOO_LARGE` for products that fit no binding, `OUT_OF_MEMORY`, `NON_FINITE_VALUE` for columns
 * whose squares f64 cannot hold, counting rows from `firstRow`, and the signal's reason. Whatever happens, what was made
 * is freed.
 */
export async function momentsOnDevice(
  context: GpuContext,
  given: MomentColumns,
  { signal, firstRow = 0 }: { signal?: AbortSignal | undefined; firstRow?: number } = {},
): Promise<Moments> {
  const columns = [...given.features, ...given.targets];
  const names = [...given.featureNames, ...given.targetNames];
  checkLengths(columns, names);
  const plan = planMoments(columns[0]?.length ?? 0, columns.length, context.limits, context.tuning);
  const [compiled] = await compileKernels(context, [momentsKernel(columns.length, context.tuning)]);
  if (!compiled) throw new TypeError('a kernel compiles to a kernel');
  const addUp = async (centerOf: (column: FloatArray) => Center) => {
    const centers = columns.map(centerOf);
    const pass = new MomentsPass(context, compiled, plan, columns, centers);
    return { centers, triangle: await pass.run(signal) };
  };
  let { centers, triangle } = await addUp(sampleCenter);
  // A value so far from all of the sample that its square leaves f32: once more, by all values.
  if (!triangle.every(Number.isFinite)) ({ centers, triangle } = await addUp(fullCenter));
  columns.forEach((column, i) => {
    const squares = triangle[rowBegin(i) + 1 + i] as number;
    const inUnits = squares * 4 ** (centers[i]?.exponent ?? 0);
    checkSquares(inUnits, squares === 0, { column, name: names[i] as string, firstRow });
  });
  const sums = sumsInUnits(triangle, centers, columns[0]?.length ?? 0);
  return momentsFromShiftedSums(sums, given.featureNames, given.targetNames, 'f32');
}

/** Where row i begins in a partial: Σ zᵢ, then its products with the columns up to i. */
function rowBegin(i: number): number {
  return (i * (i + 3)) / 2;
}

/** The sums as if no column had been divided by a power of two, the products in both triangles. */
function sumsInUnits(triangle: Float64Array, centers: readonly Center[], count: number): ShiftedSums {
  const size = centers.length;
  const factors = centers.map(({ exponent }) => 2 ** exponent);
  const sums = new Float64Array(size);
  const products = new Float64Array(size * size);
  factors.forEach((factor, i) => {
    sums[i] = (triangle[rowBegin(i)] as number) * factor;
    for (let j = 0; j <= i; j++) {
      // One factor after the other: their product may leave f64 where this does not.
      const product = (triangle[rowBegin(i) + 1 + j] as number) * factor * (factors[j] as number);
      products[i * size + j] = products[j * size + i] = product;
    }
  });
  return { count, shift: Float64Array.from(centers, ({ shift }) => shift), sums, products };
}
