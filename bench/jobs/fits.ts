import type { FitOptions } from '../../src/fitting/fit-options.js';
import type { JobArmResult, JobName } from './job.js';

/** One way to have the library do a job: options beside those of the objective. */
export interface JobFit extends Pick<JobArmResult, 'name' | 'mustReach' | 'describe'> {
  options: FitOptions;
  /** The jobs that it is for, if not for all. */
  jobs?: readonly JobName[];
}

/** `fit` as it is called without a thought, and its default of before, which is compared with it. */
export const WITHOUT_OPTIONS = 'webgpu-descent without options';
export const DESCENT_ON_MOMENTS = 'descent on moments';

/** All that the library does a job with. */
export const JOB_FITS: readonly JobFit[] = [
  { name: 'webgpu-descent', mustReach: true, describe: "fit with backend 'webgpu'", options: { backend: 'webgpu' } },
  { name: 'webgpu-descent cpu', mustReach: true, describe: "fit with backend 'cpu'", options: { backend: 'cpu' } },
  { name: WITHOUT_OPTIONS, mustReach: true, describe: 'fit, which chooses the place itself', options: {} },
  {
    name: DESCENT_ON_MOMENTS,
    mustReach: false,
    describe: "fit with optimizer 'gradientDescent' and strategy 'moments' on an open device, its default before",
    options: { backend: 'webgpu', optimizer: 'gradientDescent', strategy: 'moments' },
    jobs: ['squared'],
  },
  {
    name: '1,000 epochs of gradient descent',
    mustReach: false,
    describe: "fit with optimizer 'gradientDescent' on the examples themselves, its default before for most losses",
    options: {
      backend: 'webgpu',
      optimizer: 'gradientDescent',
      strategy: 'streaming',
      epochs: 1000,
      tolerance: 0,
    },
  },
];
