import type { ReadingSettings } from '../../options/reading.js';
import { Dataset } from '../checked-dataset.js';
import type { FloatArray } from '../numbers.js';
import { encode, withMeansOf } from './encode.js';
import type { Encoder, KeptEncoding } from './encoder.js';
import type { KnownPlan } from './known-plan.js';
import type { Roles } from './plan-columns.js';
import type { ReadingReport } from './reading-report.js';

/** All that datasets take from the table that they are made of, beside its values. */
interface TableOfDatasets {
  roles: Roles;
  settings: ReadingSettings;
  use: { kept?: KeptEncoding };
  reading: ReadingReport | null;
  /** True if every value was found to be finite. */
  isChecked: boolean;
}

/** A dataset for each target, of the same features, and the encoder with the means that it has learned. */
export function datasetsOf(
  known: KnownPlan,
  values: readonly FloatArray[],
  { roles, settings, use, reading, isChecked }: TableOfDatasets,
): { encoder: Encoder; datasets: Dataset[] } {
  const { featureCount, targetCount } = known;
  const inputs = values.slice(0, featureCount);
  const targets = values.slice(featureCount, featureCount + targetCount);
  const isFilled = settings.missing === 'mean' && !use.kept;
  const encoder = use.kept?.encoder ?? (isFilled ? withMeansOf(known.encoder, inputs) : known.encoder);
  const hasGaps = isFilled && inputs.some((column) => column.some(Number.isNaN));
  const features = encode(encoder, inputs);
  const weights = values[featureCount + targetCount];
  const datasets = targets.map((target, t) => {
    const origin = {
      encoder: encoder.isIdentity ? null : encoder,
      labels: known.classes[t] ?? null,
      reading,
      inputs: hasGaps ? inputs : null,
    };
    const name = roles.targets[t] as string;
    return new Dataset(features, target, encoder.featureNames, name, weights, origin, isChecked && encoder.isIdentity);
  });
  return { encoder, datasets };
}
