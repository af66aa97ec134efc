// The commands moments and merge, and fit on what they wrote.

import { computeMoments } from '../../compute-moments.js';
import { fit } from '../../fit.js';
import type { LinearModel } from '../../model/linear-model.js';
import type { ModelSummary } from '../../model/summary/model-summary.js';
import { explainedShareOf } from '../../moments/model-loss.js';
import type { Moments } from '../../moments/moments.js';
import { number, table } from '../../base/text-table.js';
import { learnedJson, ranJson } from '../report/report-json.js';
import { print, requireWritable, writeModels } from '../report/output.js';
import { plural, printable, wrap } from '../report/terminal.js';
import { lineOfMissed } from '../report/warning-text.js';
import type { FitMomentsCommand, MergeCommand, MomentsCommand } from './arguments.js';
import { openSource } from './load.js';
import { readMomentsFiles, writeMoments } from './moments-files.js';

/** Adds up the rows of files, batch by batch, and writes their moments. */
export async function runMoments({ data, output, json }: MomentsCommand): Promise<void> {
  if (output !== undefined) await requireWritable(output, data);
  const { source, name } = await openSource(data, 'squared');
  const moments = await computeMoments(source, { backend: 'cpu' });
  await say(moments, { output, json, source: name });
}

/** Merges the moments of parts, in any order. */
export async function runMerge({ files, output, json }: MergeCommand): Promise<void> {
  if (output !== undefined) await requireWritable(output, { kind: 'files', files: [] });
  await say(await readMomentsFiles(files), { output, json, source: plural(files.length, 'file') });
}

/** The moments themselves on stdout, unless they are written to a file. */
async function say(
  moments: Moments,
  { output, json, source }: { output: string | undefined; json: boolean; source: string },
): Promise<void> {
  if (output === undefined) return print(JSON.stringify(moments));
  await writeMoments(output, moments);
  const { count, featureNames, targetNames } = moments;
  const dataset = { source, count, features: featureNames, target: targetNames[0] };
  const text = `moments    ${printable(`${number(count)} examples of ${source} to ${output}`)}`;
  await print(json ? JSON.stringify({ dataset, output }) : text);
}

/** Fits moments in this process. False if the fit diverged. */
export async function runFitMoments(command: FitMomentsCommand, width: number): Promise<boolean> {
  const { files, settings, output, json } = command;
  if (output !== undefined) await requireWritable(output, { kind: 'files', files });
  const moments = await readMomentsFiles(files);
  const model = await fit(moments, settings);
  const { stopReason, warnings } = reportOf(model);
  const isGood = stopReason !== 'diverged';
  if (output !== undefined && isGood) await writeModels(output, [model]);
  const statistics = command.summary && isGood ? await model.summary(moments) : null;
  if (json) await print(JSON.stringify(jsonOf(moments, model, statistics, files)));
  else await print(textOf(moments, model, statistics, width));
  const missed = lineOfMissed({ warnings }, { settings, data: { kind: 'files' } });
  if (missed !== null) console.error(missed);
  return isGood;
}

type Report = NonNullable<LinearModel['report']>;

const reportOf = ({ report }: LinearModel): Report => report as Report;

function jsonOf(
  moments: Moments,
  model: LinearModel,
  statistics: ModelSummary | null,
  files: readonly string[],
): object {
  const report = reportOf(model);
  const { featureNames, targetName, weights, bias } = model;
  const training = { report, weights: Array.from(weights), bias };
  const score = explainedShareOf(model, moments);
  return {
    ...ranJson(report),
    dataset: { source: plural(files.length, 'file'), rows: moments.count, features: featureNames, target: targetName },
    ...learnedJson({ model, training, score, check: null, optimum: null, statistics }),
  };
}

function textOf(moments: Moments, model: LinearModel, statistics: ModelSummary | null, width: number): string {
  const { converged, optimizer, stopReason } = reportOf(model);
  const { featureNames, weights, bias, targetName } = model;
  const rows = [
    ...featureNames.map((name, j) => [printable(name), number(weights[j] as number)]),
    ['bias', number(bias)],
  ];
  return [
    ...wrap('result     ', converged ? `the optimum, by ${optimizer}` : `not the optimum: ${stopReason}`, width),
    ...wrap('data       ', printable(`moments of ${number(moments.count)} examples, target ${targetName}`), width),
    ...wrap('R²         ', number(explainedShareOf(model, moments)), width),
    '',
    ...table(['feature', 'weight'], rows),
    ...(statistics ? ['', String(statistics)] : []),
  ].join('\n');
}
