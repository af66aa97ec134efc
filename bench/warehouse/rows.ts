// The rows of the benchmark: an engine draws them, and its file is what all others read.

/** A feature: uniform about a centre that is thousands of its spreads away, as years and prices are. */
interface Feature {
  name: string;
  center: number;
  /** Half of the range. */
  spread: number;
  /** True for values on a grid of 65,536, of which files keep two bytes each; others have all digits. */
  isCoarse: boolean;
  weight: number;
}

const FEATURE_COUNT = 10;

export const FEATURES: readonly Feature[] = Array.from({ length: FEATURE_COUNT }, (_, j) => {
  const spread = 2 ** ((j % 5) - 2);
  return {
    name: `x${j + 1}`,
    center: (j % 2 === 0 ? 1 : -1) * 4096 * spread * (1 + (j % 3)),
    spread,
    isCoarse: j % 2 === 1,
    weight: ((j % 4) - 1.5) / spread,
  };
});

export const FEATURE_NAMES = FEATURES.map(({ name }) => name);

/** Features and target, as all statements of the benchmark have them. */
export const NUMBERS = [...FEATURE_NAMES, 'y'];

/** The statement that draws rows into a file of Parquet: features, the target y, and a label of 0 or 1. */
export function drawText(rows: number, file: string): string {
  const drawn = FEATURES.map(({ name, isCoarse }) => {
    const unit = isCoarse ? 'FLOOR(random() * 65536) / 32768 - 1' : '2 * random() - 1';
    return `CAST(${unit} AS DOUBLE) AS u_${name}`;
  });
  const values = FEATURES.map(({ name, center, spread }) => `${center} + ${spread} * u_${name} AS ${name}`);
  const effect = FEATURES.map(({ name, weight, spread }) => `${weight * spread} * u_${name}`).join(' + ');
  // The noise is a sum of two uniform numbers; that of the label is logistic.
  const noise = '2 * (random() + random() - 1)';
  const label = `CAST(${effect} + LN(1 / (0.000001 + 0.999998 * random()) - 1) > 0.5 AS INTEGER)`;
  const units = `SELECT ${drawn.join(', ')} FROM range(${rows})`;
  return `COPY (SELECT ${values.join(', ')}, 100 + ${effect} + ${noise} AS y, ${label} AS label FROM (${units})) TO '${file}' (FORMAT parquet)`;
}

/** The sums of the columns alone: what a scan costs. */
export const plainText = (from: string): string =>
  `SELECT ${NUMBERS.map((name) => `SUM(${name})`).join(', ')} FROM ${from}`;

/** The sums of all products, as somebody writes them by hand. */
export function productsText(from: string): string {
  const sums = NUMBERS.flatMap((a, i) => NUMBERS.slice(i).map((b) => `SUM(${a} * ${b})`));
  return `SELECT ${sums.join(', ')} FROM ${from}`;
}
