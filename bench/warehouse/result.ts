/** Seconds of one statement or several, the median of the runs. */
export interface EngineTimes {
  /** SELECT SUM(x1), … of all columns: a scan. */
  plain: number;
  /** All products, by a statement written by hand. */
  products: number;
  /** Both statements of `momentsFromSql`. */
  moments: number;
  /** The first of them. */
  statistics: number;
}

/** One engine on its rows. */
export interface EngineResult {
  name: string;
  version: string;
  rows: number;
  features: number;
  /** Bytes of the file of Parquet; null for a table. */
  bytes: number | null;
  seconds: EngineTimes;
  /** The largest relative difference of a weight from that of QR on the rows. */
  difference: number;
  /** The same of sums about 0; null if no model came of them. */
  withoutCenters: number | null;
  logistic: {
    rows: number;
    statements: number;
    seconds: number;
    /** The largest relative difference of a weight from Newton's method on the rows. */
    difference: number;
  };
}

/** The time of `fit` on moments of so many parts, read from lines of JSON. */
export interface MergeResult {
  parts: number;
  bytes: number;
  seconds: number;
}

export interface WarehouseResult {
  environment: { runtime: string; cpu: string; cores: number; memory: string; repeats: number; date: string };
  engines: EngineResult[];
  merges: MergeResult[];
}

/** Promises: weights and logistic weights this near to those from the rows, and this many statements. */
export const PROMISED = { difference: 1e-9, logistic: 1e-8, statements: 10 };

/** The time that moments may take: two scans and the arithmetic. */
export const boundOf = ({ plain, products }: EngineTimes): number => 2 * plain + products;

/** The promises that a result breaks, in words. */
export function brokenIn({ engines }: Pick<WarehouseResult, 'engines'>): string[] {
  return engines.flatMap(({ name, difference, withoutCenters, logistic }) => [
    ...(difference <= PROMISED.difference ? [] : [`${name}: weights differ by ${difference}`]),
    ...(withoutCenters === null || withoutCenters > PROMISED.difference
      ? []
      : [`${name}: sums without centres are as good, so that the rows show nothing`]),
    ...(logistic.difference <= PROMISED.logistic ? [] : [`${name}: logistic weights differ by ${logistic.difference}`]),
    ...(logistic.statements <= PROMISED.statements ? [] : [`${name}: ${logistic.statements} statements`]),
  ]);
}

/** Reads a saved result. Throws a RangeError for text that is none. */
export function parseWarehouseResult(json: string): WarehouseResult {
  let parsed: Partial<WarehouseResult> | null;
  try {
    parsed = JSON.parse(json) as Partial<WarehouseResult> | null;
  } catch (cause) {
    throw new RangeError('no JSON; expected a result of npm run bench:warehouse', { cause });
  }
  if (!parsed?.environment || !Array.isArray(parsed.engines) || !Array.isArray(parsed.merges))
    throw new RangeError('not a result of npm run bench:warehouse');
  return parsed as WarehouseResult;
}
