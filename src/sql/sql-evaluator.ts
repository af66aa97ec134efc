import type { EvaluateOptions, Evaluation, Evaluator } from '../descent/evaluation.js';
import type { MarginSource } from '../solve/separation.js';
import type { SqlObjective, SqlUnits } from './column-sums.js';
import { exclusiveProduct, isExclusive, type Source } from './query.js';
import { readOne } from './result-rows.js';
import type { Statements } from './run-statement.js';
import { type CenteredModel, marginsText, type StepObjective, stepStatements } from './step-text.js';

/** The query of an evaluator, and what is known of its columns. */
export interface EvaluatorParts {
  source: Source;
  /** [d + 1] The centres of the statements. */
  centers: readonly number[];
  units: SqlUnits;
  objective: SqlObjective;
  statements: Statements;
  /** Evaluations at weights of 0 that follow from sums taken before; null where none does. */
  known?: (bias: number, withHessian: boolean) => Evaluation | null;
}

/** The parameters of an evaluation, and its result. */
interface Kept {
  parameters: Float64Array;
  huberDelta: number;
  evaluation: Evaluation;
}

/** Evaluations that are kept: the last few are asked for again when a fit is judged. */
const MOST_KEPT = 4;

/**
 * The loss over the rows of a query and its derivatives, a statement for each evaluation, in training units. The engine sums about
 * the centres, and what is left to the units is taken off here.
 */
export class SqlEvaluator implements Evaluator, MarginSource {
  readonly units: SqlUnits;
  readonly #parts: EvaluatorParts;
  /** [d + 1] The centres, with 0 for labels, which are to be 0 and 1. */
  readonly #centers: readonly number[];
  #kept: Kept[] = [];

  constructor(parts: EvaluatorParts) {
    this.#parts = parts;
    this.units = parts.units;
    const isLabel = parts.objective.loss === 'logistic';
    this.#centers = isLabel ? [...parts.centers.slice(0, -1), 0] : parts.centers;
  }

  get featureCount(): number {
    return this.units.featureCount;
  }

  async evaluate(parameters: Float64Array, { withHessian, huberDelta }: EvaluateOptions): Promise<Evaluation> {
    const { known, objective } = this.#parts;
    const before = this.#kept.find((kept) => kept.huberDelta === huberDelta && isSame(kept.parameters, parameters));
    if (before && (!withHessian || before.evaluation.hessian)) return before.evaluation;
    const isConstant = parameters.every((value, j) => j === this.featureCount || value === 0);
    const free = isConstant && known?.(parameters[this.featureCount] as number, withHessian);
    const evaluation =
      (free && this.#learned(free)) || (await this.#sum(parameters, { loss: objective.loss, huberDelta, withHessian }));
    this.#kept = [{ parameters: parameters.slice(), huberDelta, evaluation }, ...this.#kept].slice(0, MOST_KEPT);
    return evaluation;
  }

  async margins(direction: Float64Array): Promise<{ least: number; largest: number }> {
    const { source, statements } = this.#parts;
    const text = marginsText(source, this.#centers, this.#centered(direction, 0));
    const row = readOne(await statements.run(text), 'the margins');
    return { least: row.number(`${source.prefix}lo`), largest: row.number(`${source.prefix}hi`) };
  }

  async gramWhere(direction: Float64Array, near: number): Promise<Float64Array> {
    const sums = await this.#sum(direction, { loss: 'boundary', huberDelta: near, withHessian: true });
    return sums.hessian as Float64Array;
  }

  toCallerUnits(parameters: Float64Array): { weights: Float64Array; bias: number } {
    const { spreads, centers, targetCenter } = this.units;
    const weights = spreads.map((spread, j) => (parameters[j] as number) / spread);
    const shift = weights.reduce((sum, weight, j) => sum + weight * (centers[j] as number), 0);
    return { weights, bias: (parameters[weights.length] as number) + targetCenter - shift };
  }

  toTrainingUnits({ weights, bias }: { weights: ArrayLike<number>; bias: number }): Float64Array {
    const { spreads, centers, targetCenter } = this.units;
    const scaled = spreads.map((spread, j) => (weights[j] as number) * spread);
    const atCenter = centers.reduce((sum, center, j) => sum + center * (weights[j] as number), bias - targetCenter);
    return Float64Array.of(...scaled, atCenter);
  }

  /** Parameters in training units as a function of the columns about the statements' centres; of a target that is centred, too. */
  #centered(parameters: Float64Array, targetShift = this.#targetShift()): CenteredModel {
    const { spreads, centers } = this.units;
    const weights = spreads.map((spread, j) => (parameters[j] as number) / spread);
    const bias = weights.reduce(
      (sum, weight, j) => sum + weight * ((this.#centers[j] as number) - (centers[j] as number)),
      (parameters[weights.length] as number) + targetShift,
    );
    return { weights, bias };
  }

  /** The units' centre of the target, about that of the statements. */
  #targetShift(): number {
    return this.units.targetCenter - (this.#centers[this.featureCount] as number);
  }

  async #sum(parameters: Float64Array, objective: StepObjective): Promise<Evaluation> {
    const { source, statements } = this.#parts;
    const model = this.#centered(parameters, objective.loss === 'boundary' ? 0 : this.#targetShift());
    const { statements: texts, parts } = stepStatements(source, this.#centers, model, objective);
    const found = new Map<string, number>();
    let [total, loss] = [0, 0];
    for (const [k, text] of texts.entries()) {
      const row = readOne(await statements.run(text), 'the sums of a step');
      total = source.weights ? row.number(`${source.prefix}sw`) : row.count(`${source.prefix}m`);
      loss = row.number(`${source.prefix}sl`) / total;
      for (const { name } of parts[k] as { name: string }[]) {
        found.set(name.slice(source.prefix.length), row.number(name) / total);
      }
    }
    return this.#learned(this.#inUnits(found, loss, objective.withHessian));
  }

  /** Sums about the statements' centres in training units: a = z − s for the way s from centre to centre, over the spread. */
  #inUnits(found: ReadonlyMap<string, number>, loss: number, withHessian: boolean): Evaluation {
    const { featureCount, spreads, centers } = this.units;
    const size = featureCount + 1;
    const at = (name: string) => found.get(name) as number;
    const way = centers.map((center, j) => center - (this.#centers[j] as number));
    const spread = (j: number) => spreads[j] as number;
    const gradient = Float64Array.from({ length: size }, (_, j) =>
      j === featureCount ? at('g') : (at(`g${j}`) - (way[j] as number) * at('g')) / spread(j),
    );
    if (!withHessian) return { loss, gradient, hessian: null };
    const hessian = new Float64Array(size * size);
    const whole = at('c');
    hessian[size * size - 1] = whole;
    for (let i = 0; i < featureCount; i++) {
      const first = way[i] as number;
      const edge = (at(`c${i}`) - first * whole) / spread(i);
      hessian[i * size + featureCount] = hessian[featureCount * size + i] = edge;
      for (let j = i; j < featureCount; j++) {
        const second = way[j] as number;
        const pair = [this.#centers[i] as number, this.#centers[j] as number] as const;
        const product = isExclusive(this.#parts.source, i, j)
          ? exclusiveProduct(pair, [at(`c${i}`), at(`c${j}`)], whole)
          : at(`c${i}_${j}`);
        const moved = product - first * at(`c${j}`) - second * at(`c${i}`) + first * second * whole;
        hessian[i * size + j] = hessian[j * size + i] = moved / spread(i) / spread(j);
      }
    }
    return { loss, gradient, hessian };
  }

  /** The derivatives with 0 for what is not learned. */
  #learned({ loss, gradient, hessian }: Evaluation): Evaluation {
    const { featureCount, constantFeatures } = this.units;
    const isLearned = (j: number) =>
      j === featureCount ? this.#parts.objective.fitIntercept : !constantFeatures.includes(j);
    const size = featureCount + 1;
    return {
      loss,
      gradient: gradient.map((value, j) => (isLearned(j) ? value : 0)),
      hessian: hessian?.map((value, i) => (isLearned(Math.floor(i / size)) && isLearned(i % size) ? value : 0)) ?? null,
    };
  }
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, j) => value === b[j]);
}
