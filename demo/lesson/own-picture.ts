// What is drawn of the reader's own data: some of the points, and the fitted curve over them.

import { LinearModel } from '../../src/index.js';
import type { OwnResult } from './own-fit.js';
import type { Point } from './presets.js';

/** Points drawn at most; the fit uses all of them. */
const DRAWN = 2000;

/** Places of a curve. */
const CURVE_STEPS = 100;

/** Points and the fitted curve over them. */
export interface OwnPicture {
  /** The quantity along x. */
  across: Across;
  points: readonly Point[];
  curve: readonly Point[];
  /** One of so many rows is drawn. */
  everyRow: number;
}

/** A feature, the prediction h(x), or the log-odds w·x + b of a model of labels. */
export type Across = { feature: string } | 'prediction' | 'log-odds';

/** The quantity along x: of several features the prediction, unless one of them is asked for. */
export function acrossOf({ model }: OwnResult, asked: string | undefined): Across {
  const [first = '', ...others] = model.featureNames;
  if (others.length === 0) return { feature: first };
  if (asked !== undefined && model.featureNames.includes(asked)) return { feature: asked };
  return model.loss === 'logistic' ? 'log-odds' : 'prediction';
}

export async function pictureOf(asRead: OwnResult, asked: string | undefined): Promise<OwnPicture> {
  const result = { ...asRead, model: plain(asRead.model) };
  const { data, model } = result;
  const across = acrossOf(result, asked);
  const everyRow = Math.ceil(data.exampleCount / DRAWN);
  const drawn = Array.from({ length: Math.ceil(data.exampleCount / everyRow) }, (_, i) => i * everyRow);
  const columns = data.columns.map((column) => Float64Array.from(drawn, (row) => column[row] as number));
  const xs = await positionsOf(model, columns, across);
  const points = drawn.map((row, i) => ({ x: xs[i] as number, y: data.targets[row] as number }));
  return { across, points, curve: await curveOf(result, across, [Math.min(...xs), Math.max(...xs)]), everyRow };
}

/** h of another model over the same stretch. */
export function curveOver(result: OwnResult, across: Across, { curve }: OwnPicture): Promise<Point[]> {
  const [from, to] = [curve[0]?.x ?? 0, curve.at(-1)?.x ?? 0];
  return curveOf({ ...result, model: plain(result.model) }, across, [from, to]);
}

/** The same parameters over the columns as they are in the dataset, where words have become 0 and 1. */
export function plain({ weights, bias, featureNames, targetName, loss, classes }: LinearModel): LinearModel {
  return new LinearModel({ weights, bias, featureNames, targetName, loss, classes, report: null });
}

async function positionsOf(
  model: LinearModel,
  columns: readonly Float64Array[],
  across: Across,
): Promise<Float64Array> {
  if (typeof across === 'object') return columns[model.featureNames.indexOf(across.feature)] as Float64Array;
  const rows = (columns[0] as Float64Array).length;
  const flat = Float64Array.from({ length: rows * columns.length }, (_, at) => {
    return columns[at % columns.length]?.[Math.floor(at / columns.length)] as number;
  });
  return (across === 'log-odds' ? logOddsOf(model) : model).predict(flat);
}

/** h over what is along x: of a feature with the others at their means. */
async function curveOf(
  { data, model }: OwnResult,
  across: Across,
  [from, to]: readonly [number, number],
): Promise<Point[]> {
  const xs = Array.from({ length: CURVE_STEPS + 1 }, (_, i) => from + (i / CURVE_STEPS) * (to - from));
  if (across === 'prediction') return xs.map((x) => ({ x, y: x }));
  if (across === 'log-odds') {
    const ofLogOdds = new LinearModel({
      ...{ weights: Float64Array.of(1), bias: 0, featureNames: ['w·x + b'], targetName: model.targetName },
      ...{ loss: 'logistic', report: null },
    });
    const ys = await ofLogOdds.predict(xs);
    return xs.map((x, i) => ({ x, y: ys[i] as number }));
  }
  const means = data.columns.map(meanOf);
  const along = model.featureNames.indexOf(across.feature);
  const ys = await model.predict(xs.map((x) => means.with(along, x)));
  return xs.map((x, i) => ({ x, y: ys[i] as number }));
}

/** The same parameters with w·x + b itself as the prediction. */
function logOddsOf({ weights, bias, featureNames, targetName }: LinearModel): LinearModel {
  return new LinearModel({ weights, bias, featureNames, targetName, loss: 'squared', report: null });
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
