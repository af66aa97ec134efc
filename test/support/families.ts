import type { FitReport } from '../../src/descent/report.js';

/** A family of kernels that trains one model, and what asks for it on a software adapter with subgroups. */
export interface Family {
  name: FitReport['kernels'];
  features: number;
  kernels: 'auto' | 'textbook';
}

export const FAMILIES: readonly Family[] = [
  { name: 'short', features: 3, kernels: 'auto' },
  { name: 'textbook', features: 3, kernels: 'textbook' },
  { name: 'fused-narrow', features: 12, kernels: 'auto' },
  { name: 'fused-wide', features: 40, kernels: 'auto' },
];
