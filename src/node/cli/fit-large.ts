// Files larger than the memory budget: trained in this process, a pass for each step.

import { fit } from '../../fit.js';
import type { LinearModel } from '../../model/linear-model.js';
import { isDescent } from '../../options/choose-optimizer.js';
import { differs } from '../../options/check-combinations.js';
import { type FitSettings, MEMORY_BUDGET } from '../../options/specs.js';
import type { ReadProgress } from '../../data/read-watch.js';
import type { TargetsWatch } from '../fit-targets.js';
import type { Outcome } from '../report/report-text.js';
import type { FitCommand } from './arguments.js';
import type { LargeFiles } from './load.js';

/** The options that need examples which are held. */
const HELD = [
  'batchSize',
  'validationFraction',
  'kernels',
  'storage',
] as const satisfies readonly (keyof FitSettings)[];

/** The part of a command that passes over a file cannot do, in words; null if there is none. */
export function obstacleToPasses({ data, settings, summary, check }: FitCommand): string | null {
  if (data.kind === 'files' && (data.targets?.length ?? 0) > 1) return 'several targets';
  if (summary) return '--summary';
  if (settings.backend === 'webgpu' || settings.backend === 'reference') return `backend '${settings.backend}'`;
  const option = HELD.find((name) => differs(settings, name));
  if (option) return option;
  // Steps of descent are compared with those of the reference, which holds the examples. A budget that is given counts for more.
  const isChecked = check && isDescent(settings) && settings.memoryBudget === MEMORY_BUDGET;
  return isChecked ? 'gradient descent and its check' : null;
}

/** The words for the place of such a fit. */
const PLACEMENT = 'Files larger than --memory-budget are read in passes, in this process.';

/** Trains on large files, and scores the model in one more pass. */
export async function fitLarge(
  command: FitCommand,
  { large, source }: LargeFiles,
  warmStart: LinearModel | undefined,
  watch: TargetsWatch & { onRead: (progress: ReadProgress) => void },
): Promise<Outcome> {
  const { backend } = command.settings;
  const { onProgress, ...others } = watch;
  const { epochs } = command.settings;
  const model = await fit(large, {
    ...command.settings,
    ...others,
    backend: 'cpu',
    onProgress: ({ epoch, loss }) => onProgress({ epoch, epochs, loss }),
    ...(warmStart && { warmStart }),
  });
  const { report, weights, bias, featureNames, targetName, encoder, classes } = model;
  const placed = { ...report, placement: PLACEMENT, settings: { ...report.settings, backend } };
  return {
    ...{ command, model, source, truth: null },
    dataset: {
      ...{ exampleCount: report.exampleCount, featureCount: featureNames.length, featureNames, targetName },
      origin: { encoder, labels: classes, reading: report.reading, inputs: null },
    },
    training: { weights: [...weights], bias, report: placed, browser: null },
    ...{ check: null, reference: null, optimum: null, statistics: null },
    score: await model.score(large),
  };
}
