// The files that come with the page: published measurements, whose sources stand in demo/data/README.md and on the page.

const FILES = import.meta.glob<string>('../data/*.csv', { query: '?raw', import: 'default' });

/** Files to begin with, and the columns that are fitted first. */
export const SAMPLES = {
  heights: { target: 'weight_lb', features: ['height_in'], fitLoss: 'squared' },
  braking: { target: 'distance_ft', features: ['speed_mph'], fitLoss: 'squared' },
  fuel: { target: 'miles_per_gallon', features: ['weight_1000lb', 'horsepower'], fitLoss: 'squared' },
  'o-rings': { target: 'damaged', features: ['temperature_f'], fitLoss: 'logistic' },
} as const;

export type SampleName = keyof typeof SAMPLES;
export const SAMPLE_NAMES = Object.keys(SAMPLES) as SampleName[];

export async function sampleFile(name: SampleName): Promise<File> {
  const load = FILES[`../data/${name}.csv`];
  if (!load) throw new TypeError(`no file ${name}.csv`);
  return new File([await load()], `${name}.csv`, { type: 'text/csv' });
}
