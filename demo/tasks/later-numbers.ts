// What the numbers of later tasks are calculated with, in a part of the script that loads when one of them is asked for.

import { csvSource } from '../../src/data/csv.js';
import { fit, SEED_PROGRAM } from '../../src/index.js';
import { sampleFile } from '../lesson/own-samples.js';
import { ON_CPU, programData } from '../lesson/program-data.js';
import { NOISE } from '../lesson/scale-data.js';

/** The limit of λ of the program on x from 0 to 10. */
export async function limitOfLarge(): Promise<number> {
  const { report } = await fit(programData('large', 9, 7), { ...SEED_PROGRAM, ...ON_CPU, epochs: 1 });
  return report.learningRateLimit ?? Number.NaN;
}

export function halfVariance(): number {
  return NOISE ** 2 / 2;
}

/** Miles per gallon that 1,000 pounds more cost, by weight alone. */
export async function fuelPerWeight(): Promise<number> {
  const file = await sampleFile('fuel');
  const { weights } = await fit(csvSource(file, { target: 'miles_per_gallon', features: ['weight_1000lb'] }));
  return -(weights[0] as number);
}
