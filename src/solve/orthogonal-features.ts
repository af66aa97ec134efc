import { giveWay, inTurns, type WorkInParts } from '../base/turns.js';
import { Dataset } from '../data/dataset.js';
import { totalWeight } from '../data/example-weights.js';
import { rootsOf } from '../data/relative-weights.js';
import { HostEvaluator } from './host-evaluator.js';
import { PivotedQr, type UpperFactor } from './pivoted-qr.js';

/**
 * Other features of the same examples, orthogonal and of one size, of which those of an evaluator are combinations: Z = Q·R of
 * the features in training units. Sums of products of features lose what tells near copies apart, since it is squared; Q
 * keeps it (Golub, "Numerical methods for solving linear least squares problems", Numerische Mathematik 7 (1965), 206–216).
 */
export class OrthogonalFeatures {
  /** The loss of the same examples, with Q in place of the features. */
  readonly evaluator: HostEvaluator;
  readonly #factor: UpperFactor;
  readonly #hasBias: boolean;
  /** The factor from a coordinate of R·θ to a parameter of the evaluator of Q; for the bias, with the sign of its column. */
  readonly #scale: number;
  readonly #biasScale: number;
  /** The difference between the biases of both evaluators for the same predictions. */
  readonly #shift: number;

  /** For an evaluator whose examples are in memory. Rejects with the signal's reason. */
  static async of(host: HostEvaluator, signal?: AbortSignal): Promise<OrthogonalFeatures> {
    if (!host.inMemory) throw new TypeError('examples that are not in memory');
    const { dataset, problem } = host.inMemory;
    const { exampleCount, exampleWeights, targets, targetName } = dataset;
    const roots = rootsOf(exampleWeights, exampleCount);
    const hasBias = problem.fitIntercept;
    const weighted: Float64Array[] = [];
    for (const [j, column] of dataset.columns.entries()) {
      weighted.push(host.inTrainingUnits(column, j).map((value, i) => value * (roots[i] as number)));
      await giveWay(signal);
    }
    const qr = await inTurns(PivotedQr.of(hasBias ? [roots.slice(), ...weighted] : weighted, Number(hasBias)), signal);
    const size = Math.sqrt(totalWeight(exampleCount, exampleWeights));
    const first = Number(hasBias);
    const columns: Float64Array[] = [];
    for (let k = first; k < qr.upper.rank; k++) {
      columns.push(unweighted(await inTurns(columnOf(qr, k, exampleCount), signal), roots, size));
      await giveWay(signal);
    }
    const names = columns.map((_, k) => `q${k}`);
    const orthogonal = new Dataset(columns, targets, names, targetName, exampleWeights);
    const evaluator = await HostEvaluator.of(orthogonal, { ...problem, standardize: false }, signal);
    await inTurns(qr.upper.prepare(), signal);
    return new OrthogonalFeatures(host, evaluator, qr.upper, size);
  }

  private constructor(host: HostEvaluator, evaluator: HostEvaluator, factor: UpperFactor, size: number) {
    const hasBias = host.inMemory?.problem.fitIntercept ?? false;
    this.evaluator = evaluator;
    this.#factor = factor;
    this.#hasBias = hasBias;
    this.#scale = 1 / size;
    this.#biasScale = Math.sign(factor.rows[0]?.[0] ?? 1) / size;
    this.#shift = hasBias ? host.targetCenter - this.evaluator.targetCenter : 0;
  }

  /** [d + 1] parameters of the features to those of Q. */
  fromTraining(parameters: Float64Array): Float64Array {
    const unknowns = this.#toUnknowns(parameters);
    const coordinates = Float64Array.from(this.#factor.rows, (row) => {
      return row.reduce((sum, value, j) => sum + value * (unknowns[j] as number), 0);
    });
    if (!this.#hasBias) return Float64Array.from([...coordinates.map((value) => value * this.#scale), 0]);
    const [ofBias = 0, ...others] = coordinates;
    return Float64Array.from([...others.map((value) => value * this.#scale), ofBias * this.#biasScale + this.#shift]);
  }

  /** Parameters of Q to those of the features, [d + 1]; of dependent features, the smallest. */
  toTraining(parameters: Float64Array): Float64Array {
    const others = parameters.subarray(0, -1).map((value) => value / this.#scale);
    const bias = (parameters.at(-1) as number) - this.#shift;
    const solution = this.#factor.solve(
      this.#hasBias ? Float64Array.from([bias / this.#biasScale, ...others]) : others,
    );
    return this.#toParameters(solution);
  }

  /** [d + 1] The gradient by the features, from that by Q. */
  gradientOf(gradient: Float64Array): Float64Array {
    const { rows, size } = this.#factor;
    const byUnknowns = new Float64Array(size);
    const first = Number(this.#hasBias);
    rows.forEach((row, k) => {
      const isBias = k < first;
      const slope = isBias
        ? (gradient.at(-1) as number) * this.#biasScale
        : (gradient[k - first] as number) * this.#scale;
      for (let j = 0; j < size; j++) byUnknowns[j] = (byUnknowns[j] as number) + slope * (row[j] as number);
    });
    return this.#toParameters(byUnknowns);
  }

  /** R has the bias first. */
  #toUnknowns(parameters: Float64Array): Float64Array {
    const weights = parameters.subarray(0, -1);
    return this.#hasBias ? Float64Array.from([parameters.at(-1) as number, ...weights]) : weights;
  }

  #toParameters(unknowns: Float64Array): Float64Array {
    if (!this.#hasBias) return Float64Array.from([...unknowns, 0]);
    return Float64Array.from([...unknowns.subarray(1), unknowns[0] as number]);
  }
}

/** Column k of Q. */
function* columnOf(qr: PivotedQr, k: number, rowCount: number): WorkInParts<Float64Array> {
  const column = new Float64Array(rowCount);
  column[k] = 1;
  yield* qr.apply(column);
  return column;
}

/** Takes the roots of the weights off again; an example of weight 0 counts nowhere, whatever its features. */
function unweighted(column: Float64Array, roots: Float64Array, size: number): Float64Array {
  return column.map((value, i) => ((roots[i] as number) > 0 ? (value * size) / (roots[i] as number) : 0));
}
