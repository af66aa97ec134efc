import type * as Csv from '../../src/data/csv.js';
import type * as Main from '../../src/index.js';
import type { Tolerance } from '../support/close.js';

/** The library of a host. */
export type Library = typeof Main & Pick<typeof Csv, 'csvSource'>;

/** The engine that a host computes a vector with. */
export interface Place {
  /** Options of fits. */
  fits: { backend: 'webgpu'; context: Main.GpuContext } | { backend: 'reference' };
  /** Options of sums. */
  sums: { backend: 'webgpu'; context: Main.GpuContext } | { backend: 'cpu' };
}

/** The result of a vector: numbers that are compared within a tolerance, and words that are equal. */
export interface Answer {
  numbers: number[];
  words?: string[];
}

/** An input whose answer every host has to give. */
export interface Vector {
  name: string;
  answer: (library: Library, place: Place) => Promise<Answer>;
  /** The tolerance between a host and the reference, and between two hosts. */
  tolerance: Tolerance;
  /** The right answer from elsewhere: published, or that of the model which the examples were drawn from. */
  right?: { numbers: readonly number[]; tolerance: Tolerance };
  /** The words of the right answer. */
  words?: readonly string[];
}
