import { spreadOf } from '../../data/column-layout.js';
import type { Dataset, FloatArray } from '../../data/dataset.js';
import { totalWeight } from '../../data/example-weights.js';
import { centersTargets } from '../../descent/loss.js';
import { type Objective } from '../../options/objective.js';
import type { SyntheticData } from '../../data/synthetic.js';
import { type ColumnSurvey, scaleOf } from './column-statistics.js';

/**
 * The layout of one column on the device, and its consequences for the parameter of the column.
 *
 * Standardising is not done by storing rounded z-scores. The device holds c = (x − center)·2^−exponent, rounded
 * once, so that data exact in f32 loses nothing but the subtraction; `spread`, the standard deviation of c, is
 * folded into the step: descent on z = c/spread with rate λ is descent on c with rate λ/spread².
 */
export interface ColumnLayout {
  center: number;
  exponent: number;
  spread: number;
  /** One value only: nothing to learn from it. */
  isConstant: boolean;
}

export const PLAIN_COLUMN: ColumnLayout = { center: 0, exponent: 0, spread: 1, isConstant: false };

/**
 * Mean and standard deviation (over m, not m − 1) in f64 of the examples as they count; the exponent brings the spread near
 * 1. What is not centred has its root mean square in place of the deviation.
 */
export function standardizedColumn(column: FloatArray, weights?: FloatArray, isCentered = true): ColumnLayout {
  const { center, deviation, isConstant } = spreadOf(column, weights, isCentered);
  // Every value is the centre: stored as zeros, with a step that goes nowhere.
  if (isConstant) return { center, exponent: 0, spread: 1, isConstant };
  const exponent = Math.round(Math.log2(deviation));
  return { center, exponent, spread: deviation * 2 ** -exponent, isConstant: false };
}

function mean(values: FloatArray, weights?: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (weights ? (weights[i] as number) : 1) * (values[i] as number);
  return sum / totalWeight(values.length, weights);
}

/** The layouts of a whole dataset, and the way between training units and the device's and the caller's. */
export class Standardization {
  readonly columns: readonly ColumnLayout[];
  /** [t] */
  readonly targetCenters: readonly number[];
  readonly #hasBias: boolean;

  constructor(columns: readonly ColumnLayout[], targetCenters: readonly number[], hasBias: boolean) {
    this.columns = columns;
    this.targetCenters = targetCenters;
    this.#hasBias = hasBias;
  }

  /** By the means and spreads of the examples themselves. */
  static of(
    { columns, targets, exampleWeights }: Dataset,
    standardize: boolean,
    objective: Objective,
    targetColumns: readonly FloatArray[] = [targets],
  ): Standardization {
    const { fitIntercept } = objective;
    const isCentered = centersTargets(objective, standardize);
    return new Standardization(
      columns.map((column) => (standardize ? standardizedColumn(column, exampleWeights, fitIntercept) : PLAIN_COLUMN)),
      targetColumns.map((column) => (isCentered ? mean(column, exampleWeights) : 0)),
      fitIntercept,
    );
  }

  /**
   * By what the device found in a caller's buffers. The centres are f32, so that the device takes them off exactly; what is
   * not centred has its root mean square in place of the deviation.
   */
  static ofSurveys(
    columns: readonly ColumnSurvey[],
    targetMean: number,
    standardize: boolean,
    objective: Objective,
  ): Standardization {
    const { fitIntercept } = objective;
    const layout = ({ least, greatest, mean, deviation }: ColumnSurvey): ColumnLayout => {
      const center = fitIntercept ? Math.fround(mean) : 0;
      const size = fitIntercept ? deviation : Math.hypot(mean, deviation);
      const value = fitIntercept ? least : 0;
      // A size of 0 under numbers that differ: they are too small for the adapter.
      if ((least === value && greatest === value) || !(size > 0)) {
        return { center: value, exponent: 0, spread: 1, isConstant: true };
      }
      const scale = scaleOf(Math.round(Math.log2(size)));
      return { center, exponent: -Math.log2(scale), spread: size * scale, isConstant: false };
    };
    return new Standardization(
      columns.map((column) => (standardize ? layout(column) : PLAIN_COLUMN)),
      [centersTargets(objective, standardize) ? Math.fround(targetMean) : 0],
      fitIntercept,
    );
  }

  /**
   * By mean, which is 0, and spread of the distribution, which are known before an example is made; the device holds x
   * itself.
   */
  static ofSynthetic({ spec }: SyntheticData, standardize: boolean, { fitIntercept }: Objective): Standardization {
    const spread = spec.distribution === 'uniform' ? Math.sqrt(1 / 3) : 1;
    const column = standardize ? { ...PLAIN_COLUMN, spread } : PLAIN_COLUMN;
    return new Standardization(new Array<ColumnLayout>(spec.featureCount).fill(column), [0], fitIntercept);
  }

  /** [d + 1] the factor on λ for each parameter as the device holds it; 0 for what is not learned. */
  stepScales(): Float32Array {
    const ofWeights = this.columns.map(({ spread, isConstant }) => (isConstant ? 0 : spread ** -2));
    return Float32Array.from([...ofWeights, this.#hasBias ? 1 : 0]);
  }

  /** [d + 1] training units, with 0 for what is not learned. */
  learned(parameters: Float64Array): Float64Array {
    return parameters.map((value, j) => ((this.columns[j]?.isConstant ?? !this.#hasBias) ? 0 : value));
  }

  /** [d + 1] training units to the device's. */
  toDevice(parameters: Float64Array): Float32Array {
    return Float32Array.from(this.learned(parameters), (value, j) => value / (this.columns[j]?.spread ?? 1));
  }

  /** [d + 1] the device's units to training units. */
  fromDevice(parameters: Float32Array): Float64Array {
    return Float64Array.from(parameters, (value, j) => value * (this.columns[j]?.spread ?? 1));
  }

  /** [d + 1] training units to weights and bias for the caller's features and targets. */
  toCallerUnits(parameters: Float64Array, target = 0): { weights: Float64Array; bias: number } {
    const weights = Float64Array.from(this.columns, ({ spread, exponent }, j) => {
      return ((parameters[j] as number) / spread) * 2 ** -exponent;
    });
    const shift = weights.reduce((sum, weight, j) => sum + weight * (this.columns[j]?.center ?? 0), 0);
    const center = this.targetCenters[target] as number;
    return { weights, bias: (parameters[weights.length] as number) + center - shift };
  }

  /** [d + 1] weights and bias for the caller's features and targets to training units. */
  toTrainingUnits({ weights, bias }: { weights: ArrayLike<number>; bias: number }, target = 0): Float64Array {
    let shifted = bias - (this.targetCenters[target] as number);
    const scaled = this.columns.map(({ center, spread, exponent }, j) => {
      const weight = weights[j] as number;
      shifted += weight * center;
      return weight * 2 ** exponent * spread;
    });
    return Float64Array.from([...scaled, shifted]);
  }
}
