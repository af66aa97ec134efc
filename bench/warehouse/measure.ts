import { fit, type LinearModel, Moments } from '../../src/index.js';
import { MergeTree } from '../../src/moments/merge-tree.js';
import { momentsFromShiftedSums } from '../../src/moments/shifted-sums.js';
import { fitFromSql, momentsFromSql } from '../../src/sql.js';
import type { Block, Engine } from './engines.js';
import type { EngineResult, EngineTimes, MergeResult } from './result.js';
import { RowNewton } from './row-newton.js';
import { FEATURE_NAMES, FEATURES, NUMBERS, plainText, productsText } from './rows.js';
import { StreamQr } from './stream-qr.js';

/** Rows as an engine has them, and as they come here. */
export interface RowSet {
  engine: Engine;
  /** SQL after FROM. */
  from: string;
  rows: number;
  bytes: number | null;
  /** The same rows: features and a further column, block by block. */
  blocks: (last: 'y' | 'label') => AsyncIterable<Block>;
}

/** Steps of Newton's method on the rows, from the model of the engine: the second one is below rounding if that is right. */
const ROW_STEPS = 2;

/** Times an engine and compares its models with those of the rows; the logistic one is of fewer rows. */
export async function measureEngine(
  set: RowSet,
  labelled: RowSet,
  repeats: number,
  onStep: (text: string) => void,
): Promise<EngineResult> {
  const { engine, rows, bytes } = set;
  const { name, version } = engine;
  const { seconds, moments, raw } = await timeMoments(set, repeats, onStep);
  const model = await fit(moments);
  onStep(`${name}: QR on the rows`);
  const qr = new StreamQr(FEATURE_NAMES.length);
  for await (const block of set.blocks('y')) qr.add(block);
  const exact = qr.solve();
  const difference = relativeDifference(model.weights, exact.weights);
  const withoutCenters = await differenceOfRawSums(rows, raw, exact.weights);
  onStep(`${name}: weights differ by ${difference}, without centres by ${String(withoutCenters)}`);
  const logistic = await measureLogistic(labelled, onStep);
  return { name, version, rows, features: FEATURE_NAMES.length, bytes, seconds, difference, withoutCenters, logistic };
}

/** Times of the statements, in turn. */
async function timeMoments(
  { engine: { dialect, execute, name }, from }: RowSet,
  repeats: number,
  onStep: (text: string) => void,
): Promise<{ seconds: EngineTimes; moments: Moments; raw: RawSums }> {
  const times: Record<keyof EngineTimes, number[]> = { plain: [], products: [], moments: [], statistics: [] };
  let moments: Moments | undefined;
  let raw: RawSums = { plain: {}, products: {} };
  for (let k = 0; k < repeats; k++) {
    const plain = await timed(() => execute(plainText(from)));
    const products = await timed(() => execute(productsText(from)));
    raw = { plain: plain.result[0] ?? {}, products: products.result[0] ?? {} };
    times.plain.push(plain.seconds);
    times.products.push(products.seconds);
    const statements: number[] = [];
    const timedExecute = async (sql: string) => {
      const { seconds, result } = await timed(() => execute(sql));
      statements.push(seconds);
      return result;
    };
    const query = { dialect, from, features: FEATURE_NAMES, target: 'y', execute: timedExecute };
    const { seconds, result } = await timed(() => momentsFromSql(query));
    moments = result;
    times.moments.push(seconds);
    times.statistics.push(statements[0] as number);
    onStep(`${name}, run ${k + 1}: ${JSON.stringify(Object.fromEntries(Object.entries(times).map(([key, all]) => [key, all.at(-1)])))}`); // prettier-ignore
  }
  const seconds = Object.fromEntries(Object.entries(times).map(([key, all]) => [key, median(all)]));
  return { seconds: seconds as unknown as EngineTimes, moments: moments as Moments, raw };
}

/** The rows of the statements written by hand: sums about 0, as other tools take them. */
interface RawSums {
  plain: Readonly<Record<string, unknown>>;
  products: Readonly<Record<string, unknown>>;
}

/** The difference of a model of such sums. */
async function differenceOfRawSums(
  rows: number,
  { plain, products }: RawSums,
  exact: Float64Array,
): Promise<number | null> {
  const size = NUMBERS.length;
  const square = new Float64Array(size * size);
  const values = Object.values(products).map(Number);
  let at = 0;
  for (let i = 0; i < size; i++) for (let j = i; j < size; j++) square[i * size + j] = values[at++] as number;
  const sums = Float64Array.from(Object.values(plain), Number);
  const raw = { count: rows, shift: new Float64Array(size), sums, products: square };
  try {
    return relativeDifference((await fit(momentsFromShiftedSums(raw, FEATURE_NAMES, ['y']))).weights, exact);
  } catch {
    return null; // sums of which no moments can be
  }
}

/** Times a logistic fit, and goes on from its model on the rows. */
async function measureLogistic(set: RowSet, onStep: (text: string) => void): Promise<EngineResult['logistic']> {
  const { dialect, execute, name } = set.engine;
  let statements = 0;
  const counting = (sql: string) => {
    statements += 1;
    return execute(sql);
  };
  const query = { dialect, from: set.from, features: FEATURE_NAMES, target: 'label', loss: 'logistic' } as const;
  const { seconds, result: model } = await timed(() => fitFromSql({ ...query, execute: counting }));
  onStep(`${name}: logistic in ${statements} statements, ${seconds.toFixed(1)} s; Newton's method on the rows`);
  const centers = FEATURES.map(({ center }) => center);
  let parameters = aboutCenters(model, centers);
  for (let k = 0; k < ROW_STEPS; k++) {
    const newton = new RowNewton(centers, parameters);
    for await (const block of set.blocks('label')) newton.add(block);
    parameters = newton.next();
  }
  const difference = relativeDifference(model.weights, parameters.slice(0, -1));
  onStep(`${name}: logistic weights differ by ${difference}`);
  return { rows: set.rows, statements, seconds, difference };
}

/** [d + 1] The parameters of a model with the bias at some centres. */
function aboutCenters({ weights, bias }: LinearModel, centers: readonly number[]): number[] {
  return [...weights, centers.reduce((sum, center, j) => sum + center * (weights[j] as number), bias)];
}

/** The time of `fit` on copies of moments, each a line of JSON. */
export async function measureMerge(parts: number): Promise<MergeResult> {
  const size = NUMBERS.length;
  const products = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) products[i * size + j] = i === j ? 1000 : 1000 / (2 + i + j);
  const sums = { count: 1000, shift: Float64Array.from(NUMBERS, (_, j) => Math.PI * j), sums: new Float64Array(size) };
  const line = JSON.stringify(momentsFromShiftedSums({ ...sums, products }, FEATURE_NAMES, ['y']));
  const text = `${line}\n`.repeat(parts);
  const { seconds } = await timed(async () => {
    const tree = new MergeTree();
    for (const each of text.trimEnd().split('\n')) tree.add(Moments.fromJSON(JSON.parse(each)));
    return fit(tree.whole as Moments);
  });
  return { parts, bytes: text.length, seconds };
}

export async function timed<Result>(work: () => Promise<Result>): Promise<{ seconds: number; result: Result }> {
  const startMs = performance.now();
  const result = await work();
  return { seconds: (performance.now() - startMs) / 1000, result };
}

function relativeDifference(values: ArrayLike<number>, exact: ArrayLike<number>): number {
  return Math.max(...Array.from(exact, (value, j) => Math.abs((values[j] as number) - value) / Math.abs(value)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
