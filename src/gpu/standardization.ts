import type { Dataset, FloatArray } from '../dataset.js';
import type { SyntheticData } from '../sources/synthetic.js';
import { type ColumnSurvey, scaleOf } from './survey.js';

/**
 * How one column is laid out on the device, and what that means for its parameter.
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

/** Mean and standard deviation (over m, not m − 1) in f64, by two passes; the exponent brings the spread near 1. */
export function standardizedColumn(column: FloatArray): ColumnLayout {
  const center = mean(column);
  let reach = 0;
  let isConstant = true;
  for (const value of column) {
    reach = Math.max(reach, Math.abs(value - center));
    isConstant &&= value === column[0];
  }
  // Every value is the centre: stored as zeros, with a step that goes nowhere.
  if (isConstant) return { center: column[0] as number, exponent: 0, spread: 1, isConstant };
  // Over the largest, so that no square leaves f64.
  let squares = 0;
  for (const value of column) squares += ((value - center) / reach) ** 2;
  const deviation = reach * Math.sqrt(squares / column.length);
  const exponent = Math.round(Math.log2(deviation));
  return { center, exponent, spread: deviation * 2 ** -exponent, isConstant: false };
}

export function mean(values: FloatArray): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The layouts of a whole dataset, and the way between training units and the device's and the caller's. */
export class Standardization {
  readonly columns: readonly ColumnLayout[];
  /** [t] */
  readonly targetCenters: readonly number[];

  constructor(columns: readonly ColumnLayout[], targetCenters: readonly number[]) {
    this.columns = columns;
    this.targetCenters = targetCenters;
  }

  /** By the means and spreads of the examples themselves. */
  static of(
    dataset: Dataset,
    standardize: boolean,
    targets: readonly FloatArray[] = [dataset.targets],
  ): Standardization {
    return new Standardization(
      dataset.columns.map((column) => (standardize ? standardizedColumn(column) : PLAIN_COLUMN)),
      targets.map((column) => (standardize ? mean(column) : 0)),
    );
  }

  /** By what the device found in a caller's buffers. The centres are f32, so that the device takes them off exactly. */
  static ofSurveys(columns: readonly ColumnSurvey[], target: ColumnSurvey, standardize: boolean): Standardization {
    const layout = ({ least, greatest, mean, deviation }: ColumnSurvey): ColumnLayout => {
      // A deviation of 0 under numbers that differ: they are too small for the adapter.
      if (least === greatest || !(deviation > 0)) return { center: least, exponent: 0, spread: 1, isConstant: true };
      const scale = scaleOf(Math.round(Math.log2(deviation)));
      return {
        center: Math.fround(mean),
        exponent: -Math.log2(scale),
        spread: deviation * scale,
        isConstant: false,
      };
    };
    return new Standardization(
      columns.map((column) => (standardize ? layout(column) : PLAIN_COLUMN)),
      [standardize ? Math.fround(target.mean) : 0],
    );
  }

  /** By mean and spread of the distribution, which are known before an example is made; the device holds x itself. */
  static ofSynthetic({ spec }: SyntheticData, standardize: boolean): Standardization {
    const spread = spec.distribution === 'uniform' ? Math.sqrt(1 / 3) : 1;
    const column = standardize ? { ...PLAIN_COLUMN, spread } : PLAIN_COLUMN;
    return new Standardization(new Array<ColumnLayout>(spec.featureCount).fill(column), [0]);
  }

  /** [d + 1] the factor on λ for each parameter as the device holds it. */
  stepScales(): Float32Array {
    return Float32Array.from([...this.columns.map(({ spread, isConstant }) => (isConstant ? 0 : spread ** -2)), 1]);
  }

  /** [d + 1] training units to the device's. */
  toDevice(parameters: Float64Array): Float32Array {
    return Float32Array.from(parameters, (value, j) => {
      const column = this.columns[j];
      return column?.isConstant ? 0 : value / (column?.spread ?? 1);
    });
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
