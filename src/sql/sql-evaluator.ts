import type { EvaluateOptions, Evaluation, Evaluator } from '../descent/evaluation.js';
import type { MarginSource } from '../solve/separation.js';
import type { Standardization } from '../descent/standardization.js';
import type { SqlObjective } from './column-sums.js';
import { isExclusive, type Source } from './query.js';
import { readOne } from './result-rows.js';
import type { Statements } from './run-statement.js';
import { type CenteredModel, marginsText, type StepObjective, stepStatements } from './step-text.js';

/** The query of an evaluator, and what is known of its columns. */
export interface EvaluatorParts {
  source: Source;
  /** [d + 1] The centres of the statements. */
  centers: readonly number[];
  units: Standardization;
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
  readonly featureCount: number;
  readonly #parts: EvaluatorParts;
  readonly #units: Standardization;
  /** [d] Of the columns in training units. */
  readonly #means: readonly number[];
  readonly #spreads: readonly number[];
  /** [d + 1] The centres, with 0 for labels, which are to be 0 and 1. */
  readonly #centers: readonly number[];
  #kept: Kept[] = [];

  constructor(parts: EvaluatorParts) {
    this.#parts = parts;
    const { columns } = parts.units;
    this.#units = parts.units;
    this.featureCount = columns.length;
    this.#means = columns.map(({ center }) => center);
    this.#spreads = columns.map(({ spread }) => spread);
    const isLabel = parts.objective.loss === 'logistic';
    this.#centers = isLabel ? [...parts.centers.slice(0, -1), 0] : parts.centers;
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

  /** Parameters in training units as a function of the columns about the statements' centres; of a target that is centred, too. */
  #centered(parameters: Float64Array, targetShift = this.#targetShift()): CenteredModel {
    const weights = Float64Array.from(this.#spreads, (spread, j) => (parameters[j] as number) / spread);
    const bias = weights.reduce(
      (sum, weight, j) => sum + weight * ((this.#centers[j] as number) - (this.#means[j] as number)),
      (parameters[weights.length] as number) + targetShift,
    );
    return { weights, bias };
  }

  /** The units' centre of the target, about that of the statements. */
  #targetShift(): number {
    return (this.#units.targetCenters[0] as number) - (this.#centers[this.featureCount] as number);
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
    const { featureCount } = this;
    const size = featureCount + 1;
    const at = (name: string) => found.get(name) as number;
    const way = this.#means.map((mean, j) => mean - (this.#centers[j] as number));
    const spread = (j: number) => this.#spreads[j] as number;
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
        const product = isExclusive(this.#parts.source, i, j) ? 0 : at(`c${i}_${j}`);
        const moved = product - first * at(`c${j}`) - second * at(`c${i}`) + first * second * whole;
        hessian[i * size + j] = hessian[j * size + i] = moved / spread(i) / spread(j);
      }
    }
    return { loss, gradient, hessian };
  }

  /** The derivatives with 0 for what is not learned. */
  #learned({ loss, gradient, hessian }: Evaluation): Evaluation {
    const size = this.featureCount + 1;
    const isLearned = this.#units.learned(new Float64Array(size).fill(1));
    return {
      loss,
      gradient: this.#units.learned(gradient),
      hessian: hessian?.map((value, i) => (isLearned[Math.floor(i / size)] && isLearned[i % size] ? value : 0)) ?? null,
    };
  }
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, j) => value === b[j]);
}
