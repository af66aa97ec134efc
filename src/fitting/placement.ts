import { Dataset } from '../data/dataset.js';
import { threadsFor } from '../cpu/threads/thread-count.js';
import { Moments } from '../moments/moments.js';
import { isDescent } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import type { TrainingData } from './prepare-data.js';
import { takesNewton } from './takes-newton.js';
import { prefersMoments } from './strategy.js';

/** The work of a fit, as far as it is known before it begins. */
export interface Work {
  /** m */
  exampleCount: number;
  /** d */
  featureCount: number;
  /** The sums that a pass over the examples adds up. */
  sums: 'gradient' | 'hessian' | 'moments';
  passes: number;
  /** Updates of the parameters in each pass, of all models. */
  updatesPerPass: number;
}

// Constants of the CPU are rounded from fits timed on 2 cores of an AMD EPYC, at 1,000,000 × 2, 1,000,000 × 8 and 100,000 × 64;
// those of a GPU are assumed. They decide which place finishes first, so that a factor of two does no harm.

/** Nanoseconds in which a number is centered, scaled and laid out, for either engine. */
const LAYOUT_NS = 16;

/** Nanoseconds of a multiply-add on one core: f32 for gradients, f64 for Hessians, f64 and a copy of the rows for moments. */
const CPU_NS = { gradient: 0.08, hessian: 0.2, moments: 0.4 };
/** Microseconds of an update beside its sums. */
const CPU_UPDATE_US = 2;
/** Nanoseconds in which all cores read a number from memory, at 50 GB/s: more cores are no faster. */
const CPU_READ_NS = 0.08;

/**
 * Nanoseconds of a multiply-add on a GPU that reads 100 GB/s, an integrated one. Others are 3 to 40 times faster, which changes
 * little: large fits are for either.
 */
const GPU_NS = 0.02;
/** Nanoseconds in which a number is copied to the device. */
const COPY_NS = 4;
/** Microseconds of an update beside its sums: two dispatches. */
const GPU_UPDATE_US = 10;

/** Milliseconds in which a page finds an adapter and opens a device, before this process has measured it. */
export const OPENING_MS = 90;

/** Epochs after which gradient descent has mostly ended by its tolerance. */
const EPOCHS_TO_PLATEAU = 200;

/** Passes that solvers mostly take. */
const NEWTON_PASSES = 8;
const LBFGS_PASSES = 60;

/** The work of one model or several on the same examples; null for a source, whose examples are not known yet. */
export function workOf(data: Exclude<TrainingData, Moments>, settings: FitSettings, models = 1): Work | null {
  if ('batches' in data) return null;
  return isDescent(settings) ? descentWork(data, settings, models) : solverWork(data, settings);
}

type Size = Pick<Work, 'exampleCount' | 'featureCount'>;

/** The work of gradient descent. */
export function descentWork(data: Size, settings: FitSettings, models = 1): Work {
  const { strategy, epochs, tolerance, batchSize } = settings;
  const isAuto = strategy === 'auto' && models === 1 && data instanceof Dataset && prefersMoments(data, settings);
  if (strategy === 'moments' || isAuto) return momentsWork(data);
  return {
    ...sizeOf(data),
    sums: 'gradient',
    passes: models * (tolerance === 0 ? epochs : Math.min(epochs, EPOCHS_TO_PLATEAU)),
    updatesPerPass: batchSize === 'full' ? 1 : Math.ceil(data.exampleCount / batchSize),
  };
}

/** The work of a solver. */
export function solverWork(data: Size, settings: FitSettings): Work {
  const { optimizer, loss, l1, strategy } = settings;
  if (strategy === 'moments' || (optimizer === 'auto' && loss === 'squared' && l1 === 0)) return momentsWork(data);
  const isNewton = takesNewton(settings, data);
  return {
    ...sizeOf(data),
    sums: isNewton ? 'hessian' : 'gradient',
    passes: isNewton ? NEWTON_PASSES : LBFGS_PASSES,
    updatesPerPass: 1,
  };
}

/** The work of adding up moments. */
export function momentsWork(data: Size): Work {
  return { ...sizeOf(data), sums: 'moments', passes: 1, updatesPerPass: 0 };
}

const sizeOf = ({ exampleCount, featureCount }: Size): Size => ({ exampleCount, featureCount });

/** Milliseconds that the work is predicted to take on the CPU. */
export function predictedCpuMs(work: Work): number {
  const { sums } = work;
  const laidOutNs = sums === 'moments' ? 0 : LAYOUT_NS * numbersOf(work);
  const computedNs = (multiplyAdds(work) * CPU_NS[sums]) / coresFor(work);
  const sumsNs = Math.max(computedNs, work.passes * numbersOf(work) * CPU_READ_NS);
  return (laidOutNs + sumsNs) / 1e6 + (updatesOf(work) * CPU_UPDATE_US) / 1e3;
}

/** Milliseconds that it is predicted to take on a GPU that is open. */
export function predictedGpuMs(work: Work): number {
  const laidOutNs = (LAYOUT_NS + COPY_NS) * numbersOf(work);
  return (laidOutNs + multiplyAdds(work) * GPU_NS) / 1e6 + (updatesOf(work) * GPU_UPDATE_US) / 1e3;
}

/** Multiply-adds of all passes. */
export function multiplyAdds(work: Work): number {
  const { sums, featureCount, passes } = work;
  const perNumber = { gradient: 2, hessian: featureCount / 2 + 2, moments: featureCount / 2 }[sums];
  return passes * numbersOf(work) * perNumber;
}

/** Numbers of the examples, their targets included. */
const numbersOf = ({ exampleCount, featureCount }: Size): number => exampleCount * (featureCount + 1);

const updatesOf = ({ passes, updatesPerPass }: Work): number => passes * updatesPerPass;

/** The threads that the CPU engine starts for the work: one for moments and for mini-batches. */
function coresFor({ sums, exampleCount, featureCount, passes, updatesPerPass }: Work): number {
  if (sums === 'moments' || updatesPerPass > 1) return 1;
  const shape = { featureCount, targetCount: 1, isWeighted: false, storedBytes: 4 } as const;
  return threadsFor(shape, exampleCount, { kernels: 'wasm', epochs: passes });
}
