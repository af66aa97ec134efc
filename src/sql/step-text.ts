import type { Loss } from '../options/names.js';
import type { Dialect } from './dialects.js';
import { numberText } from './quote.js';
import { isExclusive, type Source } from './query.js';
import { centeredText } from './rows-text.js';
import { inParts, type Sum } from './sums.js';

/** The prediction at which exp leaves the numbers in some engine, as an error: PostgreSQL at 710 and −746. */
const MOST_EXPONENT = 700;

/** A linear function of the columns about their centres: h = bias + Σ weightⱼ·zⱼ. */
export interface CenteredModel {
  /** [d] */
  weights: Float64Array;
  bias: number;
}

/** The loss whose sums a statement takes. */
export interface StepObjective {
  /** 'boundary' sums [z 1][z 1]ᵀ over the rows whose prediction is within huberDelta of 0. */
  loss: Loss | 'boundary';
  huberDelta: number;
  withHessian: boolean;
}

/** The text of h. */
function predictionText({ dialect, prefix }: Source, { weights, bias }: CenteredModel): string {
  const terms = Array.from(weights, (weight, j) => `${numberText(weight, dialect)} * ${prefix}z${j}`);
  return [numberText(bias, dialect), ...terms.filter((_, j) => weights[j] !== 0)].join(' + ');
}

/** The text of 1/(1 + e^−h), for any h. */
export function sigmoidText(h: string, dialect: Dialect): string {
  const { greatest, least } = dialect;
  const number = (value: number) => numberText(value, dialect);
  const clamped = `${least}(${greatest}(${h}, ${number(-MOST_EXPONENT)}), ${number(MOST_EXPONENT)})`;
  return `${number(1)} / (${number(1)} + EXP(-(${clamped})))`;
}

/** The texts of the loss, its slope and its curvature by the prediction, of the prediction h and the target y. */
function lossTexts(source: Source, { loss, huberDelta }: StepObjective, y: string) {
  const { dialect, prefix } = source;
  const { greatest, least } = dialect;
  const number = (value: number) => numberText(value, dialect);
  const h = `${prefix}h`;
  if (loss === 'logistic') {
    const tail = `LN(${number(1)} + EXP(-(${least}(ABS(${h}), ${number(MOST_EXPONENT)}))))`;
    return {
      first: `${sigmoidText(h, dialect)} AS ${prefix}q`,
      value: `${greatest}(${h}, ${number(0)}) + ${tail} - ${y} * ${h}`,
      slope: `${prefix}q - ${y}`,
      curvature: `${prefix}q * (${number(1)} - ${prefix}q)`,
    };
  }
  if (loss === 'boundary') {
    const isNear = `${prefix}q <= ${number(huberDelta)}`;
    const curvature = `CASE WHEN ${isNear} THEN ${number(1)} ELSE ${number(0)} END`;
    return { first: `ABS(${h}) AS ${prefix}q`, value: `${prefix}q`, slope: h, curvature };
  }
  const first = `${h} - ${y} AS ${prefix}q`;
  const residual = `${prefix}q`;
  const square = `${residual} * ${residual} / ${number(2)}`;
  if (loss === 'squared') return { first, value: square, slope: residual, curvature: number(1) };
  const delta = number(huberDelta);
  const isWithin = `ABS(${residual}) <= ${delta}`;
  return {
    first,
    value: `CASE WHEN ${isWithin} THEN ${square} ELSE ${delta} * (ABS(${residual}) - ${number(huberDelta / 2)}) END`,
    slope: `${least}(${greatest}(${residual}, ${number(-huberDelta)}), ${delta})`,
    curvature: `CASE WHEN ${isWithin} THEN ${number(1)} ELSE ${number(0)} END`,
  };
}

/**
 * The statements of one step: Σ w of the loss, of its slope s times [z 1] and of its curvature c times [z 1][z 1]ᵀ, about the
 * centres, at a model.
 */
export function stepStatements(
  source: Source,
  centers: readonly number[],
  model: CenteredModel,
  objective: StepObjective,
): { statements: string[]; parts: Sum[][] } {
  const { columns, weights, dialect, prefix } = source;
  const featureCount = columns.length - 1;
  const z = Array.from({ length: featureCount }, (_, j) => `${prefix}z${j}`);
  const y = `${prefix}z${featureCount}`;
  const texts = lossTexts(source, objective, y);
  const by = (text: string) => (weights ? `${prefix}w * (${text})` : text);
  const kept = [...z, y, ...(weights ? [`${prefix}w`] : [])].join(', ');
  const curved = objective.withHessian ? [`${by(texts.curvature)} AS ${prefix}x`] : [];
  const derived = [`${by(texts.slope)} AS ${prefix}r`, ...curved, `${by(texts.value)} AS ${prefix}l`];
  const head = [
    `WITH ${centeredText(source, centers)}`,
    partText(source, 'b', `SELECT ${kept}, ${predictionText(source, model)} AS ${prefix}h FROM ${prefix}z`),
    partText(source, 'e', `SELECT ${kept}, ${prefix}h, ${texts.first} FROM ${prefix}b`),
    partText(
      source,
      'i',
      `SELECT ${z.join(', ')}${weights ? `, ${prefix}w` : ''}, ${derived.join(', ')} FROM ${prefix}e`,
    ),
  ].join(',\n');
  const sums: Sum[] = [{ name: `${prefix}g`, sql: `SUM(${prefix}r)` }];
  z.forEach((name, j) => sums.push({ name: `${prefix}g${j}`, sql: `SUM(${prefix}r * ${name})` }));
  if (objective.withHessian) {
    sums.push({ name: `${prefix}c`, sql: `SUM(${prefix}x)` });
    z.forEach((name, j) => sums.push({ name: `${prefix}c${j}`, sql: `SUM(${prefix}x * ${name})` }));
    z.forEach((name, i) => {
      for (let j = i; j < featureCount; j++) {
        if (isExclusive(source, i, j)) continue;
        sums.push({ name: `${prefix}c${i}_${j}`, sql: `SUM(${prefix}x * ${name} * ${z[j] as string})` });
      }
    });
  }
  const beside = [
    `COUNT(*) AS ${prefix}m`,
    ...(weights ? [`SUM(${prefix}w) AS ${prefix}sw`] : []),
    `SUM(${prefix}l) AS ${prefix}sl`,
  ];
  const parts = inParts(sums, dialect.mostSums - beside.length, dialect.mostBytes - head.length - 1000);
  const statements = parts.map((part) => {
    const fields = [...beside, ...part.map(({ name, sql }) => `${sql} AS ${name}`)];
    return `${head}\nSELECT ${fields.join(',\n  ')}\nFROM ${prefix}i`;
  });
  return { statements, parts };
}

/** The statement of the least and the largest (2y − 1)·h of a direction h: one scan. */
export function marginsText(source: Source, centers: readonly number[], direction: CenteredModel): string {
  const { columns, dialect, prefix } = source;
  const y = `${prefix}z${columns.length - 1}`;
  const margin = `CASE WHEN ${y} > ${numberText(0.5, dialect)} THEN ${prefix}h ELSE -${prefix}h END`;
  const parts = [
    centeredText(source, centers),
    partText(source, 'b', `SELECT ${y}, ${predictionText(source, direction)} AS ${prefix}h FROM ${prefix}z`),
    partText(source, 'e', `SELECT ${margin} AS ${prefix}q FROM ${prefix}b`),
  ];
  return `WITH ${parts.join(',\n')}\nSELECT MIN(${prefix}q) AS ${prefix}lo, MAX(${prefix}q) AS ${prefix}hi FROM ${prefix}e`;
}

/** A part of a statement, which the planner does not merge into the parts that read it. */
const partText = ({ dialect, prefix }: Source, name: string, select: string): string =>
  `${prefix}${name} AS (${dialect.fence(select, prefix)})`;
