import { type ColumnSpread, spreadOf } from '../data/column-layout.js';
import type { Dataset, FloatArray } from '../data/dataset.js';
import { totalWeight } from '../data/example-weights.js';
import { atOnce, type WorkInParts } from '../base/turns.js';
import { type Objective } from '../options/objective.js';
import { centersTargets } from './loss.js';

/**
 * The form in which an engine stores one column, and its consequences for the parameter of the column.
 *
 * Standardising is not done by storing rounded z-scores. Memory holds c = (x − center)·2^−exponent, rounded
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
  return layoutOf(spreadOf(column, weights, isCentered));
}

/** The layout of a column of this center and spread. */
export function layoutOf({ center, deviation, isConstant }: ColumnSpread): ColumnLayout {
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

/** The layouts of a whole dataset, and the way between training units and those of storage and of the caller. */
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

  /** By the means and spreads of the examples themselves, a column in each part of the work. */
  static *measure(
    { columns, targets, exampleWeights }: Dataset,
    standardize: boolean,
    objective: Objective,
    targetColumns: readonly FloatArray[] = [targets],
  ): WorkInParts<Standardization> {
    const { fitIntercept } = objective;
    const isCentered = centersTargets(objective, standardize);
    const layouts: ColumnLayout[] = [];
    for (const column of columns) {
      layouts.push(standardize ? standardizedColumn(column, exampleWeights, fitIntercept) : PLAIN_COLUMN);
      if (standardize) yield;
    }
    const centers: number[] = [];
    for (const column of targetColumns) {
      centers.push(isCentered ? mean(column, exampleWeights) : 0);
      if (isCentered) yield;
    }
    return new Standardization(layouts, centers, fitIntercept);
  }

  /** The same at once. */
  static of(...examples: Parameters<typeof Standardization.measure>): Standardization {
    return atOnce(Standardization.measure(...examples));
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

  /** [d + 1] training units to those of the stored columns. */
  toStored(parameters: Float64Array): Float64Array {
    return this.learned(parameters).map((value, j) => value / (this.columns[j]?.spread ?? 1));
  }

  /** [d + 1] training units to the device's, which are those of the stored columns, in f32. */
  toDevice(parameters: Float64Array): Float32Array {
    return Float32Array.from(this.toStored(parameters));
  }

  /** [d + 1] the device's units to training units. */
  fromDevice(parameters: Float32Array): Float64Array {
    return Float64Array.from(parameters, (value, j) => value * (this.columns[j]?.spread ?? 1));
  }

  /** [d + 1] training units to weights and bias for the caller's features and targets. */
  toCallerUnits(parameters: Float64Array, target = 0): { weights: Float64Array; bias: number } {
    const { columns } = this;
    const weights = new Float64Array(columns.length);
    let shift = 0;
    // A plain loop: thousands of columns are converted as many times where each is looked at by itself.
    for (let j = 0; j < columns.length; j++) {
      const { spread, exponent, center } = columns[j] as ColumnLayout;
      const weight = ((parameters[j] as number) / spread) * 2 ** -exponent;
      weights[j] = weight;
      shift += weight * center;
    }
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

/**
 * The largest squared norm of one of these rows in training units, with a 1 for the bias, times how often the row counts
 * against their average: `Trainer.largestSquare`. A column in each part of the work.
 */
export function* largestSquare(
  { columns, exampleWeights: weights }: Dataset,
  { columns: layouts }: Standardization,
  { fitIntercept }: Objective,
  rows: Uint32Array,
): WorkInParts<number> {
  const squares = new Float64Array(rows.length).fill(fitIntercept ? 1 : 0);
  for (const [j, column] of columns.entries()) {
    const { center, exponent, spread, isConstant } = layouts[j] as ColumnLayout;
    if (isConstant) continue;
    const scale = 2 ** -exponent / spread;
    for (let i = 0; i < rows.length; i++) {
      squares[i] = (squares[i] as number) + (((column[rows[i] as number] as number) - center) * scale) ** 2;
    }
    yield;
  }
  const weightOf = (i: number) => (weights ? (weights[rows[i] as number] as number) : 1);
  let total = 0;
  for (let i = 0; i < rows.length; i++) total += weightOf(i);
  let largest = 0;
  for (let i = 0; i < rows.length; i++) {
    largest = Math.max(largest, ((weightOf(i) * rows.length) / total) * (squares[i] as number));
  }
  return largest;
}
